//! Writes JSON as YAML.
//!
//! It is written by hand because the libraries take numbers as floats or integers, which would
//! change the digits of a price. Texts are written as JSON strings, which YAML 1.2 contains, unless
//! they are plain words.

use venuekit_json::{Tree, quoted};

/// Returns a document of YAML.
pub(crate) fn document(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, 0, &mut out);
    out
}

/// Writes a value that begins at the beginning of a line, behind `indent` spaces that are written
/// already.
fn write(tree: &Tree, indent: usize, out: &mut String) {
    match tree {
        Tree::Array(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str("- ");
                write(element, indent + 2, out);
            }
        }
        Tree::Object(members) if !members.is_empty() => {
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(&text(name));
                out.push(':');
                if is_block(value) {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent + 2));
                    write(value, indent + 2, out);
                } else {
                    out.push(' ');
                    write(value, indent, out);
                }
            }
        }
        Tree::Array(_) => out.push_str("[]\n"),
        Tree::Object(_) => out.push_str("{}\n"),
        Tree::Text(value) => out.push_str(&format!("{}\n", text(value))),
        scalar => out.push_str(&format!("{}\n", scalar.to_json())),
    }
}

fn is_block(tree: &Tree) -> bool {
    !tree.is_scalar() && tree != &Tree::Array(Vec::new()) && tree != &Tree::Object(Vec::new())
}

/// Returns a text as a scalar: as it is if all readers of YAML take it as this text.
fn text(text: &str) -> String {
    /// Words that YAML 1.1 or 1.2 reads as another value. A reader may ignore their case.
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan"];
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let begins_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well && text.chars().all(is_word) && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in quoted(text).chars() {
        match u32::from(c) {
            _ if venuekit::is_printable(c) => out.push(c),
            // YAML has no pairs of surrogates, as JSON has.
            code @ ..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_texts_that_look_like_other_values_are_quoted() {
        let json = r#"{"price":8000.10,"big":123456789012345678901234567890.00,"id":"0123","side":"BUY","no":"no","market":"BTC-USD","empty":[],"none":null,"object":{},"levels":[[1.50,"2"],[]],"orders":[{"a":1,"b":{"c":"x: y"}},{"a":true}],"k y":"\u001b[2J\n","tag":"\udb40\udc01"}"#;
        insta::assert_snapshot!(document(&Tree::parse(json).unwrap()));
        assert_eq!(document(&Tree::number("1.50")), "1.50\n");
        assert_eq!(document(&Tree::Array(vec![Tree::text("a")])), "- a\n");
    }
}
