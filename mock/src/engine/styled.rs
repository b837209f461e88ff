//! Reads the values of parameters that are written in the styles of OpenAPI.

use serde_json::Value;
use venuekit::operation::{Parameter, ParameterIn, Style};
use venuekit_json::Tree;

use super::brackets::insert;
use crate::json;
use crate::schema::Schemas;

/// Returns whether a name in the query belongs to a parameter. It does if it is the name of the
/// parameter, the name of a member of an exploded object, or `p[member]` for a parameter `p`.
pub(super) fn is_named(schemas: &Schemas, parameter: &Parameter, schema: &Value, name: &str) -> bool {
    match parameter.style() {
        Style::DeepObject => name == parameter.name() || deep_member(parameter.name(), name).is_some(),
        Style::Json => name == parameter.name(),
        _ if parameter.explodes() && schemas.is_object(schema) => {
            name == parameter.name() || schemas.has_member(schema, name)
        }
        _ => name == parameter.name(),
    }
}

/// Returns the member names in `p[a][b]`, where `p` is the parameter: `a` and `b`. Returns `None`
/// for any other name.
fn deep_member<'n>(parameter: &str, name: &'n str) -> Option<Vec<&'n str>> {
    let inside = name.strip_prefix(parameter)?.strip_prefix('[')?.strip_suffix(']')?;
    Some(inside.split("][").collect())
}

/// Reads a parameter from its pairs of name and text. In the path and in a header, there is one
/// pair. An error is the end of a sentence that begins with the name of the parameter.
pub(super) fn read(
    schemas: &Schemas,
    parameter: &Parameter,
    schema: &Value,
    pairs: &[(String, String)],
) -> Result<Tree, String> {
    let [(_, text), rest @ ..] = pairs else { return Err(" is missing".to_owned()) };
    if parameter.style() == Style::Json {
        return json::parse(text).ok_or_else(|| " is not valid JSON".to_owned());
    }
    if parameter.style() == Style::DeepObject {
        let mut tree = Tree::Object(Vec::new());
        for (name, text) in pairs {
            insert(&mut tree, schemas, schema, &deep_member(parameter.name(), name).unwrap_or_default(), text);
        }
        return Ok(tree);
    }
    let is_list = schemas.items(schema).is_some();
    if schemas.is_object(schema) {
        return Ok(object(schemas, parameter, schema, pairs));
    }
    let bare = bare(parameter, text);
    if let Some(items) = schemas.items(schema).filter(|_| is_list) {
        let texts: Vec<String> = match delimiter(parameter) {
            None => pairs.iter().map(|(_, text)| text.clone()).collect(),
            Some(_) if !rest.is_empty() => return Err(" is given more than once".to_owned()),
            Some(_) if bare.is_empty() => Vec::new(),
            Some(delimiter) => elements(parameter, &bare, delimiter),
        };
        return Ok(Tree::Array(texts.iter().map(|text| schemas.read(items, text)).collect()));
    }
    if rest.is_empty() { Ok(schemas.read(schema, &bare)) } else { Err(" is given more than once".to_owned()) }
}

/// Returns the text of a path parameter without its prefix.
fn bare(parameter: &Parameter, text: &str) -> String {
    let name = parameter.name();
    let bare = match parameter.style() {
        Style::Label => text.strip_prefix('.'),
        Style::Matrix => text.strip_prefix(';').and_then(|text| text.strip_prefix(name)),
        _ => None,
    };
    let bare = bare.unwrap_or(text);
    let is_matrix = parameter.style() == Style::Matrix;
    bare.strip_prefix('=').filter(|_| is_matrix).unwrap_or(bare).to_owned()
}

/// Splits a text into the elements of a list.
fn elements(parameter: &Parameter, bare: &str, delimiter: char) -> Vec<String> {
    let again = format!("{}=", parameter.name());
    let is_matrix = parameter.style() == Style::Matrix;
    let element = |text: &str| text.strip_prefix(&again).filter(|_| is_matrix).unwrap_or(text).to_owned();
    bare.split(delimiter).map(element).collect()
}

/// Returns the delimiter of a list or an object in one text; `None` if each element is a pair.
fn delimiter(parameter: &Parameter) -> Option<char> {
    let is_pair = matches!(parameter.place(), ParameterIn::Query | ParameterIn::Cookie);
    match parameter.style() {
        _ if is_pair && parameter.explodes() => None,
        Style::SpaceDelimited => Some(' '),
        Style::PipeDelimited => Some('|'),
        Style::Label if parameter.explodes() => Some('.'),
        Style::Matrix if parameter.explodes() => Some(';'),
        _ => Some(','),
    }
}

fn object(schemas: &Schemas, parameter: &Parameter, schema: &Value, pairs: &[(String, String)]) -> Tree {
    let mut members = Tree::Object(Vec::new());
    let mut add = |name: &str, text: &str| insert(&mut members, schemas, schema, &[name], text);
    match (delimiter(parameter), pairs) {
        (Some(delimiter), [(_, text), ..]) => {
            let is_exploded_matrix = parameter.style() == Style::Matrix && parameter.explodes();
            let bare = if is_exploded_matrix { text.trim_start_matches(';').to_owned() } else { bare(parameter, text) };
            let parts: Vec<&str> = bare.split(delimiter).collect();
            if parameter.explodes() {
                for (name, value) in parts.iter().filter_map(|part| part.split_once('=')) {
                    add(name, value);
                }
            } else {
                for part in parts.chunks(2) {
                    if let [name, value] = part {
                        add(name, value);
                    }
                }
            }
        }
        _ => {
            for (name, text) in pairs {
                add(name, text);
            }
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reads(parameter: &Parameter, schema: &Value, pairs: &[(&str, &str)], expected: &str) {
        let schemas = Schemas::new(&[]);
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert!(pairs.iter().all(|(name, _)| is_named(&schemas, parameter, schema, name)), "{pairs:?}");
        assert_eq!(read(&schemas, parameter, schema, &pairs).unwrap().to_json(), expected, "{pairs:?}");
    }

    #[test]
    fn each_style_is_read_as_the_value_that_was_written() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let object = json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "string"}}});
        let deep = json!({"type": "object", "properties": {"a": object, "b": {"type": "boolean"}}});
        let (numbers, members) = ("[1,2]", r#"{"x":1,"y":"2"}"#);
        let query = Parameter::optional("p", ParameterIn::Query);
        let path = |style, explode| Parameter::required("p", ParameterIn::Path).with_style(style, explode);
        reads(&query, &json!({"type": "integer"}), &[("p", "1")], "1");
        reads(&query, &list, &[("p", "1"), ("p", "2")], numbers);
        reads(&query, &object, &[("x", "1"), ("y", "2")], members);
        reads(&query.with_style(Style::Form, false), &object, &[("p", "x,1,y,2")], members);
        reads(&query.with_style(Style::SpaceDelimited, false), &list, &[("p", "1 2")], numbers);
        reads(&query.with_style(Style::PipeDelimited, false), &list, &[("p", "1|2")], numbers);
        reads(&query.with_style(Style::Json, false), &list, &[("p", numbers)], numbers);
        let all = [("p[a][x]", "1"), ("p[a][y]", "2"), ("p[b]", "true")];
        reads(&query.with_style(Style::DeepObject, true), &deep, &all, r#"{"a":{"x":1,"y":"2"},"b":true}"#);
        let lists = json!({"type": "object", "properties": {"a": {"type": "array", "items": object}}});
        let all = [("p[a][0][x]", "1"), ("p[a][0][y]", "2"), ("p[a][1][x]", "3")];
        let either =
            json!({"oneOf": [{"type": "object", "properties": {"gt": {"type": "integer"}}}, {"type": "integer"}]});
        let deep = query.with_style(Style::DeepObject, true);
        reads(&deep, &either, &[("p[gt]", "1")], r#"{"gt":1}"#);
        reads(&deep, &either, &[("p", "1")], "1");
        reads(&deep, &lists, &all, r#"{"a":[{"x":1,"y":"2"},{"x":3}]}"#);
        reads(&deep, &list, &[("p[0]", "1"), ("p[1]", "2")], numbers);
        reads(&deep, &json!({"type": "integer"}), &[("p", "1")], "1");
        reads(&path(Style::Simple, false), &list, &[("p", "1,2")], numbers);
        reads(&path(Style::Simple, true), &object, &[("p", "x=1,y=2")], members);
        reads(&path(Style::Label, true), &list, &[("p", ".1.2")], numbers);
        reads(&path(Style::Label, false), &list, &[("p", ".1,2")], numbers);
        reads(&path(Style::Matrix, false), &list, &[("p", ";p=1,2")], numbers);
        reads(&path(Style::Matrix, true), &list, &[("p", ";p=1;p=2")], numbers);
        reads(&path(Style::Matrix, false), &json!({"type": "string"}), &[("p", ";p=1")], r#""1""#);
    }
}
