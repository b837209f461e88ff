//! The text of an overlay.

/// The maximum width of a line that can be broken.
const WIDTH: usize = 96;

/// A value of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Yaml {
    Text(String),
    Flag(bool),
    /// Values, each with a comment. A list with comments has one value per line.
    List(Vec<(Yaml, Option<String>)>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a list without comments.
    pub(super) fn list<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| (Self::text(text), None)).collect())
    }

    pub(super) fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Returns the value on one line, if it has one.
    fn flow(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(scalar(text, true)),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::List(elements) => {
                let one = |(value, comment): &(Self, Option<String>)| value.flow().filter(|_| comment.is_none());
                let all: Option<Vec<String>> = elements.iter().map(one).collect();
                Some(format!("[{}]", all?.join(", ")))
            }
            Self::Map(members) => {
                let one = |(key, value): &(String, Self)| Some(format!("{}: {}", scalar(key, true), value.flow()?));
                let all: Option<Vec<String>> = members.iter().map(one).collect();
                Some(format!("{{{}}}", all?.join(", ")))
            }
        }
    }

    /// Appends the value after `key:`, whose line is indented by `indent`.
    fn write(&self, key: &str, indent: usize, out: &mut String) {
        let spaces = " ".repeat(indent);
        let key = scalar(key, false);
        if let Some(flow) = self.flow().filter(|flow| indent + key.len() + 2 + flow.len() <= WIDTH) {
            out.push_str(&format!("{spaces}{key}: {flow}\n"));
            return;
        }
        match self {
            Self::Text(text) => out.push_str(&format!("{spaces}{key}: {}\n", scalar(text, false))),
            Self::Flag(flag) => out.push_str(&format!("{spaces}{key}: {flag}\n")),
            Self::List(elements) => {
                out.push_str(&format!("{spaces}{key}:\n"));
                for (value, comment) in elements {
                    let comment = comment.as_deref().map(|text| format!(" # {text}")).unwrap_or_default();
                    let value = value.flow().unwrap_or_default();
                    out.push_str(&format!("{spaces}  - {value}{comment}\n"));
                }
            }
            Self::Map(members) => {
                out.push_str(&format!("{spaces}{key}:\n"));
                members.iter().for_each(|(key, value)| value.write(key, indent + 2, out));
            }
        }
    }
}

/// An action of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) target: String,
    pub(super) description: String,
    /// The value to merge; `None` to remove the target.
    pub(super) update: Option<Yaml>,
}

/// Returns the text of an overlay. `head` is its comment.
pub(super) fn overlay(head: &str, title: &str, actions: &[Action]) -> String {
    let mut out = String::new();
    wrapped(head, "# ", &mut out);
    out.push_str("overlay: 1.1.0\n");
    Yaml::map([("title", Yaml::text(title)), ("version", Yaml::text("1.0.0"))]).write("info", 0, &mut out);
    out.push_str("actions:\n");
    for Action { target, description, update } in actions {
        out.push_str(&format!("  - target: {}\n", scalar(target, false)));
        // A folded text is read as one line.
        out.push_str("    description: >-\n");
        wrapped(description, "      ", &mut out);
        match update {
            Some(update) => update.write("update", 4, &mut out),
            None => out.push_str("    remove: true\n"),
        }
    }
    out
}

/// Appends a text in lines with this prefix.
fn wrapped(text: &str, prefix: &str, out: &mut String) {
    let mut line = prefix.to_owned();
    for word in text.split_whitespace() {
        let word: String = word.chars().map(|c| if is_printable(c) { c } else { '\u{fffd}' }).collect();
        let is_first = line.len() == prefix.len();
        if !is_first && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(&line);
            out.push('\n');
            prefix.clone_into(&mut line);
        } else if !is_first {
            line.push(' ');
        }
        line.push_str(&word);
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Returns whether every reader of YAML takes a character as it is, in text without quotes.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns a text as a scalar, without quotes if every reader takes it for this text.
fn scalar(text: &str, is_in_flow: bool) -> String {
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | '-' | '$' | '@')
            || (!is_in_flow && matches!(c, '[' | ']' | '\'' | '?' | '=' | '*' | '(' | ')' | ' '))
    };
    let begins_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '/' | '_'));
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if begins_well && !is_word && text.chars().all(is_plain) && !text.ends_with(' ') && !text.contains("  ") {
        return text.to_owned();
    }
    // YAML reads `1.0` as a number, but `1.0.0` as text, so such a version needs no quotes.
    let is_version = text.split('.').count() == 3
        && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if is_version {
        return text.to_owned();
    }
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_printable(c) => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a name as a segment of a JSONPath: `['price']`.
pub(super) fn segment(name: &str) -> String {
    format!("[{}]", literal(name))
}

/// Returns a text as a literal of a JSONPath: `'price'`.
pub(super) fn literal(text: &str) -> String {
    let mut out = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Document;

    #[test]
    fn every_text_is_read_as_it_was_written() {
        let odd = "a: #b\n\t\"\\\u{7f}\u{2028}\u{1F600}'";
        let texts = ["price", "", "true", "No", "~", "1.0", "0x1F", "1.0.0", "- a", "a ", " a", "[x]", "*a", "é", odd];
        let actions = texts.map(|text| Action {
            target: format!("$.paths{}", segment(text)),
            description: format!("Why {text}."),
            update: Some(Yaml::map([(text, Yaml::text(text)), ("x-list", Yaml::list([text]))])),
        });
        let text = overlay("A comment.", "Acme: #1", &actions);
        let read = Document::parse("acme.overlay.yaml", &text).unwrap_or_else(|findings| panic!("{findings}\n{text}"));
        assert_eq!(read.node("/info/title").and_then(|node| node.as_str()), Some("Acme: #1"));
        for (index, text) in texts.iter().enumerate() {
            let at = |rest: &str| read.node(&format!("/actions/{index}/{rest}")).and_then(|node| node.as_str());
            assert_eq!(at("target"), Some(format!("$.paths{}", segment(text)).as_str()));
            assert_eq!(at("update/x-list/0"), Some(*text));
        }
        let is_short = |line: &str| line.chars().count() <= 100 || line.contains("\\U0000000A");
        assert!(text.lines().all(is_short), "{text}");
    }

    #[test]
    fn a_literal_of_a_path_selects_its_name() {
        for name in ["a", "it's", "back\\slash", "tab\there", "/v1/{id}", "é", "\u{1}"] {
            let path = format!("${}", segment(name));
            let path = serde_json_path::JsonPath::parse(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(path.query(&serde_json::json!({ name: 1 })).all().len(), 1, "{name}");
        }
    }
}
