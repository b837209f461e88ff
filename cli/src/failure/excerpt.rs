//! Shows the beginning of the body of a response, as one printable line.

use std::borrow::Cow;

use venuekit::Error;

use crate::secrets;

/// Returns the beginning of the response's body; `None` if the venue's message is known or the body
/// has no text.
pub(crate) fn body(error: &Error) -> Option<String> {
    let is_stated = error.api_error().is_some_and(|venue| venue.message().is_some());
    let shown = |text: &str| {
        let is_torn = error.is_truncated() && !text.ends_with("..");
        let known = if is_torn { secrets::redact_torn(text) } else { secrets::redact(text) };
        excerpt(&known, error.is_truncated())
    };
    error.excerpt().filter(|_| !is_stated).map(shown).filter(|text| !text.is_empty())
}

/// Returns the beginning of a text as one printable line.
///
/// Masks each run of 40 or more characters that a signature in hexadecimal or base64 can have. A
/// venue that refuses a signature may show the one that it expected. The client does not know that
/// one, so it cannot redact it. A run at a cut may be the beginning of a longer one, so it is
/// masked from 37 characters on: a shorter one may be the id of an order, of which a UUID with its
/// 36 characters is the longest. `is_cut`: the body itself is cut; a text that ends with `..` is
/// cut too.
fn excerpt(text: &str, is_cut: bool) -> String {
    const MOST: usize = 200;
    const SIGNATURE: usize = 40;
    const TORN: usize = 37;
    let in_signature = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '%' | '/' | '-' | '_');
    let printable = |c: char| if venuekit::is_printable(c) { c } else { char::REPLACEMENT_CHARACTER };
    let whole = text.strip_suffix("..").or(is_cut.then_some(text));
    let before_cut_run = whole.map(|whole| (whole, whole.trim_end_matches(in_signature)));
    let text = match before_cut_run.filter(|(whole, before)| whole.len() - before.len() >= TORN) {
        Some((_, before)) => Cow::Owned(format!("{before}***..")),
        None => Cow::Borrowed(text),
    };
    let mut line: Vec<char> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        while let Some(first) = rest.chars().next().filter(|_| line.len() <= MOST) {
            let is_run = in_signature(first);
            let end = rest.find(|c| in_signature(c) != is_run).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            if is_run && part.len() >= SIGNATURE {
                line.extend("***".chars());
            } else {
                line.extend(part.chars().map(printable).take(MOST + 1));
            }
            rest = after;
        }
        if line.len() > MOST {
            line.truncate(MOST - 2);
            line.extend("..".chars());
            break;
        }
    }
    line.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_printable_line() {
        for (body, expected) in [
            ("", ""),
            (" \r\n\t\0 ", ""),
            ("<html>\r\n <b>404</b>\n", "<html> <b>404</b>"),
            (r#"{"a": "it's \n"}"#, r#"{"a": "it's \n"}"#),
            ("a\x1b[2Jb", "a [2Jb"),
            ("a\u{202e}b\u{feff}c é🚀", "a\u{fffd}b\u{fffd}c é🚀"),
        ] {
            assert_eq!(excerpt(body, false), expected, "{body:?}");
        }
    }

    #[test]
    fn an_excerpt_is_never_longer_than_200_characters() {
        for (unit, is_cut) in [("é,", true), ("ab ", true), (",", true), ("a", false), ("a\n", true)] {
            for count in [1, 66, 67, 100, 101, 199, 200, 201, 100_000] {
                let text = unit.repeat(count);
                let shown = excerpt(&text, false);
                assert!(shown.chars().count() <= 200, "{unit} {count}: {shown}");
                assert_eq!(
                    shown.ends_with(".."),
                    is_cut && text.trim().chars().count() > 200,
                    "{unit} {count}: {shown}"
                );
            }
        }
    }

    #[test]
    fn an_excerpt_shows_no_part_of_a_signature() {
        let signature = "0123456789abcdef".repeat(4);
        assert_eq!(excerpt(&format!("/x?signature={signature}&y"), false), "/x?signature=***&y");
        for in_base64 in ["q/8Zt+1hB/4kd9/Xw0/pLm3/Rr7+Vv2/Yy6/Qq5/Nn8=", "q_8Zt-1hB_4kd9_Xw0_pLm3_Rr7-Vv2_Yy6_Qq5_Nn8"]
        {
            let shown = excerpt(&format!("expected \"{in_base64}\""), false);
            assert!(shown.starts_with("expected \"***") && shown.len() < 20, "{shown}");
        }
        for before in 100..210 {
            let shown = excerpt(&format!("{}{signature}", ".".repeat(before)), false);
            assert!(!shown.contains("01"), "{shown}");
        }
    }

    /// The runtime cuts the text, so that less of the signature is left than a whole one has.
    #[test]
    fn an_excerpt_shows_the_id_at_its_torn_end_and_no_signature_of_which_more_is_left() {
        let signature = "0123456789abcdef".repeat(4);
        for kept in 1..64 {
            let cut = format!("expected \"{}", &signature[..kept]);
            let shown = if kept < 37 { cut.clone() } else { "expected \"***".to_owned() };
            assert_eq!(excerpt(&format!("{cut}.."), false), format!("{shown}.."), "{kept}");
            let end = if kept < 37 { "" } else { ".." };
            assert_eq!(excerpt(&cut, true), format!("{shown}{end}"), "{kept}");
        }
        for torn in [r#"{"id":"17"#, r#"{"total":"1.50"#, r#"{"id":"0b7c1d2e-5a1b-4c3d-9e8f-001122334455"#] {
            assert_eq!(excerpt(torn, true), torn);
        }
        assert_eq!(excerpt("expected \"..", true), "expected \"..");
        assert_eq!(excerpt("a b", false), "a b");
    }
}
