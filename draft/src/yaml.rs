//! Writes a tree as YAML.

use venuekit_json::{Tree, is_number, quoted};

/// The maximum width of a value on one line.
const WIDTH: usize = 96;

/// Returns a tree as a YAML document in block style. Short lists and objects are on one line.
pub(crate) fn write(tree: &Tree) -> String {
    let mut out = String::new();
    for (key, value) in tree.members() {
        member(&mut out, 0, key, value);
    }
    out
}

fn member(out: &mut String, indent: usize, key: &str, value: &Tree) {
    let key = scalar(key);
    out.push_str(&" ".repeat(indent));
    out.push_str(&key);
    out.push(':');
    rest(out, indent, indent + key.chars().count() + 2, value);
}

/// Writes the value after a key or after the dash of an element.
fn rest(out: &mut String, indent: usize, column: usize, value: &Tree) {
    if let Some(text) = flow(value).filter(|text| is_short(value) && column + text.chars().count() <= WIDTH) {
        out.push(' ');
        out.push_str(&text);
        out.push('\n');
        return;
    }
    match value {
        Tree::Object(members) if !members.is_empty() => {
            out.push('\n');
            members.iter().for_each(|(key, value)| member(out, indent + 2, key, value));
        }
        Tree::Array(elements) if !elements.is_empty() => {
            out.push('\n');
            elements.iter().for_each(|element| list_element(out, indent + 2, element));
        }
        value => {
            out.push(' ');
            out.push_str(&flow(value).unwrap_or_default());
            out.push('\n');
        }
    }
}

fn list_element(out: &mut String, indent: usize, value: &Tree) {
    out.push_str(&" ".repeat(indent));
    out.push('-');
    let short = flow(value).filter(|text| is_short(value) && indent + 2 + text.chars().count() <= WIDTH);
    match (short, value) {
        (None, Tree::Object(members)) if !members.is_empty() => {
            let mut inner = String::new();
            members.iter().for_each(|(key, value)| member(&mut inner, indent + 2, key, value));
            out.push(' ');
            out.push_str(inner.trim_start());
        }
        _ => rest(out, indent, indent + 2, value),
    }
}

/// Returns whether a value reads well on one line: scalars, and objects of scalars.
fn is_short(value: &Tree) -> bool {
    let depth = depth(value);
    depth <= 1 || depth == 2 && flow(value).is_some_and(|text| text.chars().count() <= 60)
}

fn depth(value: &Tree) -> usize {
    match value {
        Tree::Object(members) => 1 + members.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        Tree::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn flow(value: &Tree) -> Option<String> {
    Some(match value {
        Tree::Null => "null".to_owned(),
        Tree::Bool(value) => value.to_string(),
        Tree::Number(digits) => digits.clone(),
        Tree::Text(text) => scalar(text),
        Tree::Array(elements) => {
            let all: Option<Vec<String>> = elements.iter().map(flow).collect();
            format!("[{}]", all?.join(", "))
        }
        Tree::Object(members) => {
            let all: Option<Vec<String>> =
                members.iter().map(|(key, value)| Some(format!("{}: {}", scalar(key), flow(value)?))).collect();
            format!("{{{}}}", all?.join(", "))
        }
    })
}

/// Returns a text plain if YAML 1.1 and 1.2 both read it as that text, and quoted otherwise.
fn scalar(text: &str) -> String {
    let is_word = |word: &str| {
        matches!(word, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "nan" | "inf")
    };
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let plain =
        text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | '$' | '(' | ')'));
    let safe = begins && plain && !text.ends_with(' ') && !text.contains("  ") && !is_word(&text.to_ascii_lowercase());
    let is_ref = text == "$ref";
    if is_ref || safe && !is_number(text) { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_like_other_values_are_quoted() {
        let tree = Tree::parse(r#"{"200": "yes", "a": ["1", 2, "b: c"], "d": {"e": {"f": [], "$ref": "x"}}}"#).unwrap();
        assert_eq!(write(&tree), "\"200\": \"yes\"\na: [\"1\", 2, \"b: c\"]\nd:\n  e: {f: [], $ref: x}\n");
    }
}
