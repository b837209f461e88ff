//! External texts in printable form: on one line, bounded, and without characters that control a
//! terminal or hide the text around them.
//!
//! `char::escape_debug` does not fit: it also escapes combining marks, which several scripts need.

use std::fmt::{self, Write as _};

/// A text on one line of at most this many bytes, followed by `..` if the text is longer. `Debug`
/// adds quotes, and counts the bytes before they are escaped.
pub(crate) struct Line<'a>(pub(crate) &'a str, pub(crate) usize);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, most) = *self;
        let mut out = String::new();
        for c in text.chars() {
            let end = out.len();
            if is_printable(c) {
                out.push(c);
            } else {
                out.extend(c.escape_default());
            }
            if out.len() > most {
                f.write_str(out.get(..end).unwrap_or_default())?;
                return f.write_str("..");
            }
        }
        f.write_str(&out)
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, most) = *self;
        let shown = text.get(..boundary_before(text, most)).unwrap_or_default();
        f.write_char('"')?;
        for c in shown.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if is_printable(c) => f.write_char(c)?,
                c => write!(f, "{}", c.escape_default())?,
            }
        }
        f.write_char('"')?;
        if shown.len() < text.len() { write!(f, ".. ({} bytes)", text.len()) } else { Ok(()) }
    }
}

/// Returns whether a character shows as itself and does not change how other characters show.
///
/// This is false for control characters (ESC starts the commands of a terminal), line separators,
/// marks that change the direction of a text, and characters without a width.
///
/// Use it in programs that show a text of a venue, such as the body of an error.
pub fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns the last character boundary at or before `at`.
pub(crate) fn boundary_before(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Returns the first character boundary at or after `at`.
pub(crate) fn boundary_after(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped() {
        for (text, shown) in [
            ("no such\nmarket\r\t", r"no such\nmarket\r\t"),
            ("\u{1b}[2J\u{7f}\u{9b}", r"\u{1b}[2J\u{7f}\u{9b}"),
            ("\u{202e}evil\u{2066}\u{200b}\u{feff}", r"\u{202e}evil\u{2066}\u{200b}\u{feff}"),
            ("\u{2028}\u{2029}", r"\u{2028}\u{2029}"),
            (r#"it's "so" \n"#, r#"it's "so" \n"#),
            ("余额不足 é हिन्दी 🚀", "余额不足 é हिन्दी 🚀"),
        ] {
            assert_eq!(Line(text, 1_000).to_string(), shown, "{text:?}");
        }
        assert_eq!(format!("{:?}", Line("a\"\\\n\u{202e}", 99)), r#""a\"\\\n\u{202e}""#);
    }

    #[test]
    fn a_line_is_never_longer_than_its_bound() {
        for unit in ["a", "é", "🚀", "\u{1b}", "\n"] {
            let text = unit.repeat(100);
            for most in 0..120 {
                let shown = Line(&text, most).to_string();
                let kept = shown.strip_suffix("..").unwrap_or(&shown);
                assert!(kept.len() <= most, "{unit:?} {most}: {shown}");
                assert_eq!(format!("{:?}", Line(&text, most)).contains(".. ("), most < text.len());
            }
        }
    }
}
