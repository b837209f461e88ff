//! JSON as a tree whose scalars are as written: a number keeps its digits, an object its order.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// A number, `true`, `false` or `null`, as written.
    Literal(String),
    /// Text, unescaped, and as written with its quotes.
    Text { text: String, json: String },
    /// An array.
    List(Vec<Tree>),
    /// An object.
    Object(Vec<(String, Tree)>),
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
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

        deserializer.deserialize_map(InOrder)
    }
}

impl Tree {
    /// Reads JSON text.
    pub(crate) fn parse(json: &str) -> serde_json::Result<Self> {
        let json = json.trim_ascii();
        Ok(match json.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(json)?;
                let read = |(name, value): (String, &RawValue)| Ok((name, Self::parse(value.get())?));
                Self::Object(members.into_iter().map(read).collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(json)?;
                Self::List(elements.into_iter().map(|value| Self::parse(value.get())).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text { text: serde_json::from_str(json)?, json: json.to_owned() },
            _ => Self::Literal(serde_json::from_str::<&RawValue>(json)?.get().to_owned()),
        })
    }

    /// Indented JSON. Arrays of scalars, such as the levels of a book, stay on a line.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0);
        out
    }

    fn write_pretty(&self, out: &mut String, depth: usize) {
        let indent = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        };
        match self {
            Self::List(elements) if !elements.iter().all(Self::is_scalar) => {
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
                    out.push_str(&format!("{}: ", serde_json::Value::from(name.as_str())));
                    value.write_pretty(out, depth + 1);
                }
                indent(out, depth);
                out.push('}');
            }
            _ => out.push_str(&self.compact()),
        }
    }

    /// JSON on a line.
    pub(crate) fn compact(&self) -> String {
        match self {
            Self::Literal(json) | Self::Text { json, .. } => json.clone(),
            Self::List(elements) => {
                format!("[{}]", elements.iter().map(Self::compact).collect::<Vec<_>>().join(", "))
            }
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| {
                    format!("{}: {}", serde_json::Value::from(name.as_str()), value.compact())
                };
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }

    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self, Self::Literal(_) | Self::Text { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_order_and_text_stay_as_they_were() {
        let json = r#"{"z":1.10000000000000000000001,"a":["\u00e9",[],{}],"e":1E+5,"n":null,"o":{"":true}}"#;
        let tree = Tree::parse(json).unwrap();
        assert_eq!(tree.compact().replace(": ", ":").replace(", ", ","), json);
        assert_eq!(
            tree.pretty(),
            r#"{
  "z": 1.10000000000000000000001,
  "a": [
    "\u00e9",
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
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "[1,]", "nul", "{} {}", "[\"]"] {
            assert!(Tree::parse(text).is_err(), "{text}");
        }
    }
}
