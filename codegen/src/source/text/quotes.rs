//! Indents quoted texts of several lines whose later lines are indented no deeper than their key.
//!
//! YAML requires that these lines are indented deeper, and the parser refuses the text otherwise.
//! Many other parsers accept it. Blanks at the beginning of such a line have no meaning, so adding
//! blanks does not change the text.

use crate::source::lines;
use crate::source::node::Position;

/// Returns the same document with deeper lines in the quoted text that begins at `at`; `None` if
/// there is no such text, or if it has only one line.
pub(super) fn indented(text: &str, at: Position) -> Option<String> {
    let (before, rest) = text.split_at_checked(lines::byte_at(text, at)?)?;
    let (inside, after) = rest.split_at_checked(end(rest)?)?;
    if !inside.contains(['\n', '\r']) {
        return None;
    }
    Some([before, &lines::indented(inside, &" ".repeat(at.column)), after].concat())
}

/// Returns the length, in bytes, of the quoted text at the beginning of `text`; `None` if there is
/// none, or if it has no end.
fn end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => drop(chars.next()),
            '\'' if quote == c && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\'')) => drop(chars.next()),
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::source::document::Document;

    fn read(text: &str) -> String {
        let document = Document::parse("acme.yaml", text).unwrap_or_else(|findings| panic!("{findings}"));
        document.root().to_json()
    }

    #[test]
    fn the_lines_of_a_quoted_text_may_be_indented_no_deeper_than_their_key() {
        let text = "a:\n  b: 'x ''y''\n  z'\n  c: \"d \\\"\n\n e\\\n f\" # é\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            assert_eq!(read(&text), r#"{"a":{"b":"x 'y' z","c":"d \"\nef"}}"#, "{text:?}");
        }
    }

    #[test]
    fn a_quoted_text_without_an_end_is_refused() {
        assert!(Document::parse("acme.yaml", "a:\n  b: 'x\n  z\nc: d\n").is_err());
    }
}
