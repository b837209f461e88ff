//! A JSON value that keeps the digits of its numbers and the order of its members.
//!
//! `serde_json::Value` is not used, because it reads numbers as floats. Its feature
//! `arbitrary_precision` changes the `serde_json` of every crate in the program. Here `serde_json`
//! checks the JSON, and returns each value as its text (`RawValue`).

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::pointer;

/// The maximum depth of nested arrays and objects. `read` is recursive, so a limit is needed.
const MAX_DEPTH: usize = 128;

/// A JSON value. A number keeps its text, and an object keeps the order of its members.
///
/// Two numbers are equal only if their texts are equal: `1.0` differs from `1.00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as its text.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    Array(Vec<Tree>),
    /// The members of an object, in their order.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Parses JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not one JSON value, or nests values more than 128 levels deep.
    pub fn parse(json: &str) -> serde_json::Result<Self> {
        Self::read(serde_json::from_str(json)?, MAX_DEPTH)
    }

    fn read(raw: &RawValue, depth: usize) -> serde_json::Result<Self> {
        let json = raw.get();
        let deeper = || depth.checked_sub(1).ok_or_else(|| serde_json::Error::custom("recursion limit exceeded"));
        Ok(match json.as_bytes().first() {
            Some(b'{') => {
                let (depth, Members(members)) = (deeper()?, serde_json::from_str(json)?);
                let read = |(name, raw): (String, &RawValue)| Ok((name, Self::read(raw, depth)?));
                Self::Object(members.into_iter().map(read).collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let (depth, elements): (_, Vec<&RawValue>) = (deeper()?, serde_json::from_str(json)?);
                Self::Array(elements.into_iter().map(|raw| Self::read(raw, depth)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(json)?),
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'n') => Self::Null,
            _ => Self::Number(json.to_owned()),
        })
    }

    /// Creates a string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Creates a number from its digits.
    pub fn number(digits: impl ToString) -> Self {
        Self::Number(digits.to_string())
    }

    /// Returns a member of an object: the first, if several have the same name. `None` if there is
    /// none.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Returns a mutable member of an object: the first, if several have the same name; `None` if
    /// there is none.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.members_mut()?.iter_mut().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Sets a member of an object, or appends it. Returns `None` if this is not an object.
    pub fn set(&mut self, name: &str, value: Self) -> Option<()> {
        let members = self.members_mut()?;
        match members.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => *own = value,
            None => members.push((name.to_owned(), value)),
        }
        Some(())
    }

    /// Removes a member of an object, and returns it; `None` if there is none.
    pub fn remove(&mut self, name: &str) -> Option<Self> {
        let members = self.members_mut()?;
        let index = members.iter().position(|(own, _)| own == name)?;
        Some(members.remove(index).1)
    }

    /// Returns the value at a JSON pointer; `None` if there is none.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        pointer::segments(pointer)?.iter().try_fold(self, |tree, segment| match tree {
            Self::Array(elements) => elements.get(pointer::index(segment)?),
            tree => tree.get(segment),
        })
    }

    /// Returns the mutable value at a JSON pointer; `None` if there is none.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        pointer::segments(pointer)?.iter().try_fold(self, |tree, segment| match tree {
            Self::Array(elements) => elements.get_mut(pointer::index(segment)?),
            tree => tree.get_mut(segment),
        })
    }

    /// Returns the elements of an array; empty for any other value.
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::Array(elements) => elements,
            _ => &[],
        }
    }

    /// Returns the mutable elements of an array; `None` for any other value.
    pub fn elements_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the members of an object; empty for any other value.
    pub fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Returns the mutable members of an object; `None` for any other value.
    pub fn members_mut(&mut self) -> Option<&mut Vec<(String, Self)>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns the characters of a string; `None` for any other value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the digits of a number; `None` for any other value.
    pub fn digits(&self) -> Option<&str> {
        match self {
            Self::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Returns whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether this is neither an array nor an object.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// Returns the characters of a string, the digits of a number, or `true` or `false`. Returns
    /// `None` for `null`, an array and an object.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            Self::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// Returns JSON without white space.
    pub fn to_json(&self) -> String {
        self.written([",", ":"])
    }

    /// Returns JSON on one line, with a space after each comma and colon.
    pub fn to_line(&self) -> String {
        self.written([", ", ": "])
    }

    /// Returns indented JSON. Arrays of scalars, such as the levels of a book, stay on one line.
    pub fn to_pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0);
        out
    }

    fn written(&self, separators: [&str; 2]) -> String {
        let mut out = String::new();
        self.write(&mut out, separators);
        out
    }

    fn write(&self, out: &mut String, separators: [&str; 2]) {
        let [comma, colon] = separators;
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { comma } else { "" });
                    element.write(out, separators);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { comma } else { "" });
                    out.push_str(&quoted(name));
                    out.push_str(colon);
                    value.write(out, separators);
                }
                out.push('}');
            }
        }
    }

    fn write_pretty(&self, out: &mut String, depth: usize) {
        let indent = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        };
        match self {
            Self::Array(elements) if !elements.iter().all(Self::is_scalar) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    indent(out, depth + 1);
                    element.write_pretty(out, depth + 1);
                }
                indent(out, depth);
                out.push(']');
            }
            Self::Object(members) if !members.is_empty() => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    indent(out, depth + 1);
                    out.push_str(&quoted(name));
                    out.push_str(": ");
                    value.write_pretty(out, depth + 1);
                }
                indent(out, depth);
                out.push('}');
            }
            _ => self.write(out, [", ", ": "]),
        }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_json())
    }
}

/// Returns a text as a JSON string.
///
/// ```
/// assert_eq!(venuekit_json::quoted("é\n"), r#""é\n""#);
/// ```
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns whether a text is a number in JSON's grammar.
///
/// ```
/// use venuekit_json::is_number;
///
/// assert!(is_number("-1.50e3"));
/// assert!(!is_number("1_0") && !is_number("01") && !is_number("1 "));
/// ```
#[must_use]
pub fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && !text.ends_with(char::is_whitespace)
        && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// The members of an object, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_order_stay() {
        let json = r#"{"z":1.10000000000000000000001,"a":["é\n",[],{}],"e":1E+5,"n":null,"o":{"":true}}"#;
        let tree = Tree::parse(&format!(" {json}\n")).unwrap();
        assert_eq!(tree.to_json(), json);
        assert_eq!(tree.to_line(), json.replace(':', ": ").replace(',', ", "));
        assert_eq!(
            tree.to_pretty(),
            r#"{
  "z": 1.10000000000000000000001,
  "a": [
    "é\n",
    [],
    {}
  ],
  "e": 1E+5,
  "n": null,
  "o": {
    "": true
  }
}"#
        );
    }

    #[test]
    fn a_text_that_is_not_json_is_an_error() {
        for text in ["", "{", "[1,]", "nul", "{} {}", "[\"]", "01", "[1 2]", "{\"a\"}", "\u{feff}1"] {
            assert!(Tree::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_that_nest_too_deeply_are_an_error() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Tree::parse(&nested(MAX_DEPTH)).is_ok());
        assert!(Tree::parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(Tree::parse(&nested(100_000)).is_err());
        assert!(Tree::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_pointer_leads_to_members_with_a_slash_or_a_tilde_in_their_names() {
        let mut tree = Tree::parse(r#"{"a/b":{"~":[1,{"x":1.50}]},"~1":2}"#).unwrap();
        assert_eq!(tree.at("/a~1b/~0/1/x"), Some(&Tree::number("1.50")));
        assert_eq!(tree.at("/~01"), Some(&Tree::number(2)));
        assert_eq!(tree.at("/~1"), None);
        assert_eq!(tree.at("/a~1b/~0/01"), None);
        assert_eq!(tree.at("").map(Tree::to_json), Some(tree.to_json()));
        *tree.at_mut("/a~1b/~0/0").unwrap() = Tree::Null;
        assert_eq!(tree.to_json(), r#"{"a/b":{"~":[null,{"x":1.50}]},"~1":2}"#);
    }

    #[test]
    fn members_are_set_in_place_and_removed() {
        let mut tree = Tree::parse(r#"{"a":1,"b":2}"#).unwrap();
        tree.set("a", Tree::text("x")).unwrap();
        tree.set("c", Tree::Bool(true)).unwrap();
        assert_eq!(tree.remove("b"), Some(Tree::number(2)));
        assert_eq!((tree.remove("b"), Tree::Null.set("a", Tree::Null)), (None, None));
        assert_eq!(tree.to_json(), r#"{"a":"x","c":true}"#);
    }
}
