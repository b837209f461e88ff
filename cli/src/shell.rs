//! Writes texts for a POSIX shell.

/// Returns a text quoted as one argument of a POSIX shell. Characters that control the terminal or
/// hide other text are written as the escapes of `printf`, so that the line can be printed.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut out = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' => out.push_str(r"'\''"),
            '\n' => out.push(c),
            c if venuekit::is_printable(c) => out.push(c),
            c => {
                let bytes = c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:03o}")).collect::<String>();
                out.push_str(&format!("'\"$(printf '{bytes}')\"'"));
            }
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_a_quoted_text_as_it_was() {
        for text in ["", "a b", "it's", "$HOME `x` \"y\" \\ !z", "a\nb", "é中", "a\u{1b}[31m\u{202e}b\tc\r", "-x", "'"]
        {
            let quoted = quoted(text);
            assert!(quoted.chars().all(|c| c == '\n' || venuekit::is_printable(c)), "{quoted:?}");
            let script = format!("printf '%s' {quoted}");
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{quoted}");
        }
    }
}
