//! JSON that keeps the digits of its numbers and the order of its members.

use std::fmt::Write as _;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use venuekit::Decimal;

/// Deeper than any venue's JSON; what is deeper is taken for garbage.
const MAX_DEPTH: usize = 64;

/// A JSON value; numbers are kept as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(json).ok()?;
        Self::read(raw, 0)
    }

    fn read(raw: &RawValue, depth: usize) -> Option<Self> {
        let text = raw.get();
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match text.as_bytes().first()? {
            b'n' => Self::Null,
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'"' => Self::Text(serde_json::from_str(text).ok()?),
            b'[' => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Self::List(elements.into_iter().map(|raw| Self::read(raw, depth + 1)).collect::<Option<_>>()?)
            }
            b'{' => {
                let Members(members) = serde_json::from_str(text).ok()?;
                let read = |(name, raw): (String, &RawValue)| Some((name, Self::read(raw, depth + 1)?));
                Self::Object(members.into_iter().map(read).collect::<Option<_>>()?)
            }
            _ => Self::Number(text.to_owned()),
        })
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    pub(crate) fn get(&self, member: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == member).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What a JSON pointer points at.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, |node, segment| match node {
            Self::List(elements) => elements.get(segment.parse::<usize>().ok()?),
            node => node.get(segment),
        })
    }

    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        pointer.split('/').skip(1).try_fold(self, |node, segment| match node {
            Self::List(elements) => elements.get_mut(segment.parse::<usize>().ok()?),
            Self::Object(members) => members.iter_mut().find(|(name, _)| name == segment).map(|(_, value)| value),
            _ => None,
        })
    }

    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a scalar: a string's characters, a number's digits.
    pub(crate) fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            Self::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    pub(crate) fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Text(text) | Self::Number(text) => decimal(text),
            _ => None,
        }
    }

    /// This value in the JSON kind of another: `1` and `"1"` are the same to some venues, here and there.
    pub(crate) fn like(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(number), Self::Text(_)) => Self::Text(number),
            (Self::Text(text), Self::Number(_)) if is_number(&text) => Self::Number(text),
            (node, _) => node,
        }
    }

    /// Whether two values mean the same: of numbers, also as text, the value counts.
    pub(crate) fn means(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means(b)),
            (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| b.iter().any(|(other, b)| name == other && a.means(b)))
            }
            (a, b) => a == b || a.decimal().zip(b.decimal()).is_some_and(|(a, b)| a == b),
        }
    }

    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Self::Number(number) => out.push_str(number),
            Self::Text(text) => write_text(text, out),
            Self::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    member.write(out);
                }
                out.push('}');
            }
        }
    }

    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

fn write_text(text: &str, out: &mut String) {
    // A string always has a form in JSON, and a `String` takes whatever is written to it.
    let _ = write!(out, "{}", serde_json::Value::from(text));
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number as JSON and [`Node::Number`] write it.
pub(crate) fn is_number(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'-' | b'0'..=b'9'))
        && serde_json::from_str::<&RawValue>(text).is_ok()
        && !text.ends_with(char::is_whitespace)
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// The members of an object, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_order_stay() {
        let json = r#"{"b":1518074034.9090531,"a":[1.00,"é\n",null,true,{}]}"#;
        assert_eq!(Node::parse(json).unwrap().to_json(), json);
    }

    #[test]
    fn what_is_too_deep_is_garbage() {
        assert_eq!(Node::parse(&"[".repeat(100_000)), None);
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(Node::parse(&deep), None);
    }

    #[test]
    fn numbers_mean_the_same_whatever_their_zeros() {
        let node = |json: &str| Node::parse(json).unwrap();
        assert!(node("1.0").means(&node("\"1\"")));
        assert!(!node("1.0").means(&node("1.1")));
        assert!(!node("\"1_0\"").means(&node("10")));
    }
}
