//! Writes the values of parameters in their styles.
//!
//! Names and values are percent-encoded in a URL and in a cookie. A comma, a period and an equals
//! sign are not encoded where they are delimiters. If elements are joined, an element with the
//! delimiter is an error, because a server may decode the value before it splits it.

use std::borrow::Cow;

use super::encode::{Kept, encode_into, encode_keeping};
use super::text::{Text, is_blank};
use super::values::Value;
use crate::error::Error;
use crate::operation::parameter::{Parameter, ParameterIn};
use crate::operation::style::Style;

/// A delimiter between texts.
#[derive(Clone, Copy)]
struct Delimiter {
    character: char,
    /// Its form in a URL.
    encoded: &'static str,
    /// Its name in messages.
    name: &'static str,
}

const COMMA: Delimiter = Delimiter { character: ',', encoded: ",", name: "a comma" };
const PERIOD: Delimiter = Delimiter { character: '.', encoded: ".", name: "a period" };
const EQUALS: Delimiter = Delimiter { character: '=', encoded: "=", name: "an equals sign" };
const SPACE: Delimiter = Delimiter { character: ' ', encoded: "%20", name: "a space" };
const BAR: Delimiter = Delimiter { character: '|', encoded: "%7C", name: "a vertical bar" };

/// A part of a value: a delimiter, or a text.
#[derive(Clone, Copy)]
enum Piece<'v> {
    Delimiter(Delimiter),
    Text(&'v str),
}

/// A name with its value.
pub(super) struct Pair<'v> {
    name: Cow<'v, str>,
    value: Vec<Piece<'v>>,
}

impl<'v> Pair<'v> {
    fn new(name: impl Into<Cow<'v, str>>, text: &'v str) -> Self {
        Self { name: name.into(), value: vec![Piece::Text(text)] }
    }

    /// Appends `name=value`, both encoded.
    pub(super) fn write(&self, out: &mut String, kept: Kept) {
        encode_into(out, &self.name);
        out.push('=');
        write(out, &self.value, kept);
    }
}

fn unencoded(value: &[Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in value {
        match piece {
            Piece::Delimiter(delimiter) => text.push(delimiter.character),
            Piece::Text(piece) => text.push_str(piece),
        }
    }
    text
}

fn write(out: &mut String, value: &[Piece<'_>], kept: Kept) {
    for piece in value {
        match piece {
            Piece::Delimiter(delimiter) => out.push_str(delimiter.encoded),
            Piece::Text(text) => encode_keeping(out, text, kept),
        }
    }
}

/// Returns the pairs of a parameter in the query or in a cookie, or of a parameter of the path in
/// the style `matrix`.
///
/// # Errors
/// - When the value is null, an empty array or an empty object, unless it is sent as JSON. No style
///   can express these: the parameter would be missing or have no value.
/// - When joined values contain the delimiter.
/// - When the style cannot express this kind of value.
pub(super) fn pairs<'v>(parameter: &'static Parameter, value: &'v Value) -> Result<Vec<Pair<'v>>, Error> {
    let name = parameter.name;
    let delimiter = match parameter.style {
        Style::SpaceDelimited => SPACE,
        Style::PipeDelimited => BAR,
        _ => COMMA,
    };
    let is_deep = parameter.style == Style::DeepObject;
    let pairs = match value {
        Value::Text(text @ (Text::List(_) | Text::Object(_))) if is_deep => {
            let mut pairs = Vec::new();
            deep(name, name.to_owned(), text, &mut pairs)?;
            pairs
        }
        Value::Text(Text::List(elements)) if parameter.explode => {
            elements.iter().map(|text| Ok(Pair::new(name, element_text(name, text)?))).collect::<Result<_, Error>>()?
        }
        Value::Text(Text::Object(members)) if parameter.explode => members
            .iter()
            .map(|(member, text)| Ok(Pair::new(&**member, member_text(name, member, text)?)))
            .collect::<Result<_, Error>>()?,
        value => vec![Pair { name: name.into(), value: pieces(parameter, value, delimiter)? }],
    };
    if pairs.is_empty() { Err(empty(parameter)) } else { Ok(pairs) }
}

/// Returns the text of a scalar, or of JSON. `None` for any other value.
pub(super) fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::Json(json) => Some(json),
        Value::Text(Text::Scalar(text)) => Some(text),
        _ => None,
    }
}

/// Returns the value of a header. It is not percent-encoded.
///
/// # Errors
/// As [`pairs`].
pub(super) fn header(parameter: &'static Parameter, value: &Value) -> Result<String, Error> {
    Ok(unencoded(&pieces(parameter, value, COMMA)?))
}

/// Appends a parameter of the path in its style, encoded.
///
/// # Errors
/// As [`pairs`], and for an empty text in the styles `simple` and `label`: the segment of the path
/// would be empty, or a single period. A text of whitespace counts as empty, because a server may
/// strip it.
pub(super) fn push_path(path: &mut String, parameter: &'static Parameter, value: &Value) -> Result<(), Error> {
    if parameter.style == Style::Matrix {
        for pair in pairs(parameter, value)? {
            path.push(';');
            encode_into(path, &pair.name);
            if !matches!(pair.value.as_slice(), [Piece::Text("")]) {
                path.push('=');
                write(path, &pair.value, Kept::Unreserved);
            }
        }
        return Ok(());
    }
    let is_label = parameter.style == Style::Label;
    let delimiter = if is_label && parameter.explode { PERIOD } else { COMMA };
    let pieces = pieces(parameter, value, delimiter)?;
    if matches!(pieces.as_slice(), [Piece::Text(text)] if is_blank(text)) {
        let message = format!("`{}` is empty, and a segment of the path cannot be empty", parameter.name);
        return Err(Error::request(message));
    }
    if is_label {
        path.push('.');
    }
    write(path, &pieces, Kept::Unreserved);
    Ok(())
}

/// Returns the pieces of a value: its elements, or the names and values of its members, with
/// delimiters between them. A scalar or JSON is one piece.
fn pieces<'v>(parameter: &'static Parameter, value: &'v Value, delimiter: Delimiter) -> Result<Vec<Piece<'v>>, Error> {
    let name = parameter.name;
    let mut pieces = Vec::new();
    let mut push = |between: Delimiter, text: &'v str, others: &[Delimiter]| {
        for unusable in [delimiter].iter().chain(others) {
            if text.contains(unusable.character) {
                let message = format!("a name or a value in `{name}` contains {}, which is a delimiter", unusable.name);
                return Err(Error::request(message));
            }
        }
        if !pieces.is_empty() {
            pieces.push(Piece::Delimiter(between));
        }
        pieces.push(Piece::Text(text));
        Ok(())
    };
    if let Some(text) = scalar(value) {
        return Ok(vec![Piece::Text(text)]);
    }
    match value {
        Value::Json(_) | Value::Text(Text::Null | Text::Scalar(_)) | Value::Files(_) => {}
        Value::Text(Text::List(elements)) => {
            elements.iter().try_for_each(|text| push(delimiter, element_text(name, text)?, &[]))?;
        }
        Value::Text(Text::Object(members)) => {
            for (member, text) in members {
                let text = member_text(name, member, text)?;
                let (before_value, also_unusable): (_, &[Delimiter]) =
                    if parameter.explode { (EQUALS, &[EQUALS]) } else { (delimiter, &[]) };
                push(delimiter, member, also_unusable)?;
                push(before_value, text, &[])?;
            }
        }
    }
    if pieces.is_empty() { Err(empty(parameter)) } else { Ok(pieces) }
}

/// Appends the pairs of a list or an object in the style `deepObject`: one for each scalar inside
/// it, with the path to the scalar in brackets, as a form is written. An element has its index.
fn deep<'v>(name: &str, path: String, text: &'v Text, pairs: &mut Vec<Pair<'v>>) -> Result<(), Error> {
    let empty = |inside: &str, kind: &str| {
        Error::request(format!("`{inside}` in `{name}` is an empty {kind}, which a query cannot express"))
    };
    let inside = path.rsplit(['[', ']']).find(|part| !part.is_empty()).unwrap_or_default().to_owned();
    let is_whole = path == name;
    match text {
        Text::Null => {}
        Text::Scalar(text) => pairs.push(Pair::new(path, text)),
        Text::Object(members) if members.is_empty() && !is_whole => return Err(empty(&inside, "object")),
        Text::List(elements) if elements.is_empty() && !is_whole => return Err(empty(&inside, "list")),
        Text::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                deep(name, format!("{path}[{index}]"), element, pairs)?;
            }
        }
        Text::Object(members) => {
            for (member, text) in members {
                if member.contains(['[', ']']) {
                    return Err(Error::request(format!(
                        "the member name `{member}` in `{name}` contains a bracket, which is a delimiter"
                    )));
                }
                deep(name, format!("{path}[{member}]"), text, pairs)?;
            }
        }
    }
    Ok(())
}

/// Returns the text of an element that has to be a scalar.
fn element_text<'v>(name: &str, text: &'v Text) -> Result<&'v str, Error> {
    match text {
        Text::Scalar(text) => Ok(text),
        _ => Err(Error::request(format!(
            "an element of `{name}` is a list or an object, and the style of `{name}` can express only scalars there"
        ))),
    }
}

/// Returns the text of a member that has to be a scalar.
fn member_text<'v>(name: &str, member: &str, text: &'v Text) -> Result<&'v str, Error> {
    match text {
        Text::Scalar(text) => Ok(text),
        _ => Err(Error::request(format!(
            "`{member}` in `{name}` is not a scalar, and the style of `{name}` can express only scalars there"
        ))),
    }
}

fn empty(parameter: &Parameter) -> Error {
    let place = match parameter.place {
        ParameterIn::Path => {
            let message = format!("`{}` is null or empty, and the path needs a value for it", parameter.name);
            return Error::request(message);
        }
        ParameterIn::Header => "a header",
        ParameterIn::Cookie => "a cookie",
        _ => "a query",
    };
    Error::request(format!("`{}` is null or empty, which {place} cannot express; help: leave it out", parameter.name))
}
