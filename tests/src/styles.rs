//! Decodes parameters of a request by the definition of their styles in OpenAPI, apart from the
//! code that writes them and from the mock.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use venuekit::operation::{Parameter, ParameterIn, Style};
use venuekit_json::Tree;

/// The parts of a request that have parameters, as they were sent.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'r> {
    /// The path of the operation, with parameters in braces.
    pub template: &'r str,
    /// The path of the request, percent-encoded.
    pub path: &'r str,
    /// The query of the request, percent-encoded.
    pub query: &'r str,
    /// The headers of the request.
    pub headers: &'r [(String, String)],
}

/// Returns a parameter as it arrived. Scalars are texts, because no style tells their type, and so
/// is a value that is sent as JSON. The given value, from [`texts`], tells only whether it is a
/// scalar, a list or an object, and which members it has.
///
/// # Errors
/// If the parameter is not in the request, or is not written in its style.
pub fn decode(parameter: &Parameter, parts: &Parts<'_>, given: &Value) -> Result<Value, String> {
    let sent = match parameter.place() {
        ParameterIn::Path => vec![(parameter.name().to_owned(), in_path(parameter, parts)?)],
        ParameterIn::Header => {
            let own = parts.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(parameter.name()));
            let (_, value) = own.ok_or("there is no such header")?;
            vec![(parameter.name().to_owned(), value.clone())]
        }
        ParameterIn::Cookie => {
            let cookies = parts.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
            cookies.flat_map(|(_, line)| line.split("; ")).map(pair).collect()
        }
        _ => parts.query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect(),
    };
    // A header is not percent-encoded.
    let decoded = |text: &str| match parameter.place() {
        ParameterIn::Header => text.to_owned(),
        _ => percent_decode_str(text).decode_utf8_lossy().into_owned(),
    };
    let own = |name: &str| {
        let own = sent.iter().filter(|(other, _)| decoded(other) == name);
        own.map(|(_, text)| text.clone()).collect::<Vec<_>>()
    };
    let one = |name: &str| match own(name).as_slice() {
        [one] => Ok(one.clone()),
        others => Err(format!("`{name}` arrived {} times", others.len())),
    };
    let is_pair = matches!(parameter.place(), ParameterIn::Query | ParameterIn::Cookie);
    let name = parameter.name();
    match (parameter.style(), given) {
        (Style::Json, _) => Ok(Value::from(decoded(&one(name)?))),
        (Style::DeepObject, given) => deep(name, given, &|path: &str| one(path).map(|text| decoded(&text))),
        (_, Value::Array(_)) if is_pair && parameter.explodes() => {
            Ok(own(name).iter().map(|text| Value::from(decoded(text))).collect())
        }
        (_, Value::Object(members)) if is_pair && parameter.explodes() => {
            let member = |name: &String| Ok((name.clone(), Value::from(decoded(&one(name)?))));
            Ok(Value::Object(members.keys().map(member).collect::<Result<_, String>>()?))
        }
        (style, given) => {
            let text = one(name)?;
            let delimiter = match (style, parameter.explodes()) {
                (Style::SpaceDelimited, _) => "%20",
                (Style::PipeDelimited, _) => "%7C",
                (Style::Label, true) => ".",
                (Style::Matrix, true) => ";",
                _ => ",",
            };
            let body = match style {
                Style::Label => text.strip_prefix('.').ok_or("a label begins with a period")?,
                Style::Matrix => text.strip_prefix(';').ok_or("a matrix begins with a semicolon")?,
                _ => &text,
            };
            let is_exploded_matrix = style == Style::Matrix && parameter.explodes();
            let named = |text: &str| text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).map(str::to_owned);
            let body = match (style, given) {
                (Style::Matrix, Value::Array(_) | Value::Object(_)) if is_exploded_matrix => body.to_owned(),
                (Style::Matrix, _) => named(body).ok_or("a matrix has a name and an equals sign")?,
                _ => body.to_owned(),
            };
            let parts: Vec<&str> = body.split(delimiter).collect();
            match given {
                Value::Array(_) => parts
                    .into_iter()
                    .map(|text| match is_exploded_matrix {
                        true => named(text).ok_or_else(|| format!("`{text}` has no name")),
                        false => Ok(text.to_owned()),
                    })
                    .map(|text| text.map(|text| Value::from(decoded(&text))))
                    .collect(),
                Value::Object(_) => object(&parts, parameter.explodes(), &decoded),
                _ => Ok(Value::from(decoded(&body))),
            }
        }
    }
}

/// Reads JSON into a value with the exact text of each scalar, and without members that are null.
///
/// # Errors
/// If the text is not JSON.
pub fn texts(json: &str) -> Result<Value, String> {
    Tree::parse(json).map(|tree| of_tree(&tree)).map_err(|error| error.to_string())
}

fn of_tree(tree: &Tree) -> Value {
    match tree {
        Tree::Array(elements) => elements.iter().map(of_tree).collect(),
        Tree::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(name, value)| (name.clone(), of_tree(value))).collect())
        }
        Tree::Text(text) | Tree::Number(text) => Value::from(text.clone()),
        Tree::Bool(flag) => Value::from(flag.to_string()),
        Tree::Null => Value::Null,
    }
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.to_owned(), value.to_owned())
}

/// Returns the text at the place of a parameter in the path.
fn in_path(parameter: &Parameter, parts: &Parts<'_>) -> Result<String, String> {
    // The path of the host stands before the path of the operation.
    let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (template, sent) = (segments(parts.template), segments(parts.path));
    let before = sent.len().checked_sub(template.len()).ok_or("the path is too short")?;
    let wanted = format!("{{{}}}", parameter.name());
    let found = template.iter().zip(sent.iter().skip(before)).find(|(segment, _)| segment.contains(&wanted));
    let (segment, sent) = found.ok_or("the path has no such parameter")?;
    let (prefix, suffix) = segment.split_once(&wanted).unwrap_or_default();
    // Beside other parameters in one segment, the text up to the next literal is the value.
    let sent = match prefix.split_once('{') {
        None => sent.strip_prefix(prefix),
        Some(_) => {
            let literal = prefix.rsplit('}').next().unwrap_or_default();
            sent.split_once(literal).map(|(_, rest)| rest)
        }
    };
    let sent = sent.ok_or_else(|| format!("the segment does not begin with `{prefix}`"))?;
    let literal = suffix.split('{').next().unwrap_or_default();
    let end = if literal.is_empty() { Some(sent.len()) } else { sent.find(literal) };
    let end = end.ok_or_else(|| format!("the segment has no `{literal}`"))?;
    sent.get(..end).map(str::to_owned).ok_or_else(|| "the segment is cut".to_owned())
}

/// Returns an object from its parts: `name=value` if it is exploded, or names and values in turns.
fn object(parts: &[&str], is_exploded: bool, decoded: &dyn Fn(&str) -> String) -> Result<Value, String> {
    let mut members = Map::new();
    let mut rest = parts.iter();
    while let Some(part) = rest.next() {
        let (name, value) = match is_exploded {
            true => part.split_once('=').ok_or_else(|| format!("`{part}` has no equals sign"))?,
            false => (*part, *rest.next().ok_or_else(|| format!("`{part}` has no value"))?),
        };
        if members.insert(decoded(name), Value::from(decoded(value))).is_some() {
            return Err(format!("`{name}` arrived twice"));
        }
    }
    Ok(Value::Object(members))
}

/// Returns a value in the style `deepObject`.
fn deep(path: &str, given: &Value, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Value, String> {
    match given {
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| Ok((name.clone(), deep(&format!("{path}[{name}]"), value, read)?));
            Ok(Value::Object(members.iter().map(member).collect::<Result<_, String>>()?))
        }
        Value::Array(elements) => {
            let element = |(index, value)| deep(&format!("{path}[{index}]"), value, read);
            Ok(Value::Array(elements.iter().enumerate().map(element).collect::<Result<_, String>>()?))
        }
        _ => Ok(Value::from(read(path)?)),
    }
}
