//! Forms: `application/x-www-form-urlencoded`, and the fields of `multipart/form-data`.
//!
//! `serde_urlencoded` does not fit: it has no nested values, and does not keep the digits of a raw
//! JSON number.

use venuekit_json::Tree;

use crate::error::Error;
use crate::operation::form::FormStyle;

/// A field of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    /// True if the value is JSON.
    pub(super) is_json: bool,
}

/// Returns the fields of a property, whose value is JSON. A property that is null has no fields.
///
/// # Errors
/// When the style cannot express the value, or when the value is nested too deeply.
pub(super) fn fields(name: &str, style: FormStyle, json: &str) -> Result<Vec<Field>, Error> {
    let tree = Tree::parse(json)
        .map_err(|_| Error::request(format!("`{name}` is nested too deeply for a form; help: leave it out")))?;
    let field = |name: &str, value: String| Field { name: name.to_owned(), value, is_json: false };
    let text = |name: &str, tree: &Tree| match scalar(tree) {
        Some(text) => field(name, text),
        None => Field { name: name.to_owned(), value: tree.to_json(), is_json: true },
    };
    Ok(match (style, &tree) {
        (_, Tree::Null) => Vec::new(),
        (FormStyle::Json, tree) => vec![Field { name: name.to_owned(), value: tree.to_json(), is_json: true }],
        (FormStyle::Joined(separator), Tree::Array(elements)) => {
            let texts: Option<Vec<String>> = elements.iter().map(scalar).collect();
            let texts = texts.ok_or_else(|| {
                Error::request(format!("`{name}` has an element that is not a scalar, which its style cannot express"))
            })?;
            if texts.is_empty() {
                return Err(empty(name));
            }
            if texts.iter().any(|text| text.contains(separator)) {
                let message = format!("a value in `{name}` contains `{separator}`, which is a delimiter");
                return Err(Error::request(message));
            }
            vec![field(name, texts.join(separator))]
        }
        (FormStyle::Members, Tree::Object(members)) => {
            members.iter().filter(|(_, member)| !member.is_null()).map(|(name, member)| text(name, member)).collect()
        }
        (FormStyle::Brackets, tree) => {
            let mut fields = Vec::new();
            in_brackets(name.to_owned(), tree, &mut fields)?;
            if fields.is_empty() {
                return Err(empty(name));
            }
            fields
        }
        (_, Tree::Array(elements)) if elements.is_empty() => return Err(empty(name)),
        (_, Tree::Array(elements)) => elements.iter().map(|element| text(name, element)).collect(),
        (_, tree) => vec![text(name, tree)],
    })
}

/// Returns the error of an empty list or object. A form cannot express it, and the call would be
/// sent without the property.
pub(super) fn empty(name: &str) -> Error {
    Error::request(format!("`{name}` is empty, which a form cannot express; help: leave it out"))
}

/// Appends the fields of a value. `Tree` has a limit of nesting, so this ends. An empty list or
/// object inside the value is an error, because it would not be sent.
fn in_brackets(name: String, tree: &Tree, fields: &mut Vec<Field>) -> Result<(), Error> {
    match tree {
        Tree::Null => {}
        Tree::Object(members) if members.is_empty() => return Err(empty(&name)),
        Tree::Array(elements) if elements.is_empty() => return Err(empty(&name)),
        Tree::Object(members) => {
            for (member, value) in members {
                in_brackets(format!("{name}[{member}]"), value, fields)?;
            }
        }
        Tree::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                in_brackets(format!("{name}[{index}]"), element, fields)?;
            }
        }
        scalar => fields.extend(self::scalar(scalar).map(|value| Field { name, value, is_json: false })),
    }
    Ok(())
}

/// Returns the text of a scalar, with the digits of a number unchanged; `None` for an array or an
/// object.
fn scalar(tree: &Tree) -> Option<String> {
    match tree {
        Tree::Null => Some("null".to_owned()),
        Tree::Bool(yes) => Some(yes.to_string()),
        Tree::Number(digits) => Some(digits.clone()),
        Tree::Text(text) => Some(text.clone()),
        Tree::Array(_) | Tree::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(style: FormStyle, json: &str) -> String {
        match fields("a", style, json) {
            Ok(fields) => fields.iter().map(|field| format!("{}={};", field.name, field.value)).collect(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_style_writes_scalars_arrays_and_objects() {
        use FormStyle::{Brackets, Joined, Json, Members, Plain};
        let nested = r#"{"b":{"c":[1.50,{"d":"x"}]},"e":null}"#;
        for (style, json, expected) in [
            (Plain, "1.50", "a=1.50;"),
            (Plain, r#""é&""#, "a=é&;"),
            (Plain, "null", ""),
            (Plain, "[1,true,\"x\"]", "a=1;a=true;a=x;"),
            (Plain, r#"[{"b":1.50}]"#, r#"a={"b":1.50};"#),
            (Plain, nested, r#"a={"b":{"c":[1.50,{"d":"x"}]},"e":null};"#),
            (Joined(","), "[1,2]", "a=1,2;"),
            (Joined("|"), "7", "a=7;"),
            (Members, r#"{"b":1,"c":null,"d":[2]}"#, "b=1;d=[2];"),
            (Brackets, nested, "a[b][c][0]=1.50;a[b][c][1][d]=x;"),
            (Brackets, "7", "a=7;"),
            (Json, "\"x\"", "a=\"x\";"),
        ] {
            assert_eq!(written(style, json), expected, "{style:?} {json}");
        }
        for (style, json) in [
            (Plain, "[]"),
            (Joined(","), "[]"),
            (Brackets, "{}"),
            (Brackets, r#"{"b":[],"c":1}"#),
            (Brackets, r#"[1,{}]"#),
            (Joined(","), r#"["a,b"]"#),
        ] {
            assert!(fields("a", style, json).is_err(), "{style:?} {json}");
        }
        assert!(fields("a", Joined(","), "[[1]]").is_err());
    }
}
