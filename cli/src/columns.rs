//! The columns that responses of a type have, before a response is there.

use serde_json::Value;
use venuekit::meta::VenueMeta;

use crate::value::{is_nullable, json_type, resolve};

/// The maximum depth of nested values. A type that contains itself has no end.
const MAX_DEPTH: usize = 8;

/// The column with the names of a map.
pub(crate) const NAME: &str = "name";

/// The columns of a type.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// The title of the part, and the name of the column.
    names: Vec<(String, String)>,
    /// True if responses may have other columns too.
    is_open: bool,
}

impl Columns {
    /// Returns the columns of the responses of a schema.
    pub(crate) fn of(venue: &VenueMeta, schema: &Value) -> Self {
        let mut columns = Self::default();
        columns.collect(venue, schema, "", 0);
        columns
    }

    /// Returns whether responses may have other columns too.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Returns whether there is a column with this name or this path, in upper or lower case.
    pub(crate) fn has(&self, wanted: &str) -> bool {
        let is = |(title, name): &(String, String)| {
            name.eq_ignore_ascii_case(wanted) || path(title, name).eq_ignore_ascii_case(wanted)
        };
        self.names.iter().any(is)
    }

    /// Returns the names with which the user chooses the columns.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.names.iter().map(|(title, name)| path(title, name)).collect()
    }

    fn collect(&mut self, venue: &VenueMeta, schema: &Value, title: &str, depth: usize) {
        let schema = resolve(venue, schema);
        if depth > MAX_DEPTH {
            self.is_open = true;
            return;
        }
        if let Some(alternatives) = schema.get("oneOf").and_then(Value::as_array) {
            alternatives.iter().for_each(|schema| self.collect(venue, schema, title, depth + 1));
            return;
        }
        if let Some(members) = members(&schema) {
            self.is_open |= is_extended(&schema);
            for (name, schema) in members {
                let schema = resolve(venue, schema);
                if !is_structured(venue, &schema) || is_nullable(&schema) || may_be_scalar(venue, &schema) {
                    self.names.push((title.to_owned(), name.clone()));
                }
                self.collect(venue, &schema, &path(title, &name), depth + 1);
            }
            return;
        }
        match (json_type(&schema), of_elements(venue, &schema)) {
            // A list of scalars in an object is a cell of that object.
            ("array", Some(names)) if title.is_empty() || is_structured(venue, &schema) => {
                self.names.extend(names.into_iter().map(|name| (title.to_owned(), name)));
            }
            ("object", Some(names)) => self.names.extend(names.into_iter().map(|name| (title.to_owned(), name))),
            ("array", Some(_)) => {}
            ("array" | "object" | "any", _) => self.is_open = true,
            _ => {}
        }
    }
}

fn path(title: &str, name: &str) -> String {
    if title.is_empty() { name.to_owned() } else { format!("{title}.{name}") }
}

/// Returns whether objects of a schema may have properties that it does not name.
fn is_extended(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false))
}

/// Returns the members of a schema that describes one record: the properties of an object, or the
/// columns of a row that have names.
fn members<'a>(schema: &'a Value) -> Option<Vec<(String, &'a Value)>> {
    if let Some(columns) = schema.get("x-tuple").and_then(Value::as_array) {
        let column = |(index, column): (usize, &'a Value)| {
            let name = column.get("name").and_then(Value::as_str);
            let name = name.map_or_else(|| (index + 1).to_string(), str::to_owned);
            (name, column.get("schema").unwrap_or(&Value::Null))
        };
        return Some(columns.iter().enumerate().map(column).collect());
    }
    let properties = schema.get("properties").and_then(Value::as_object)?;
    Some(properties.iter().map(|(name, schema)| (name.clone(), schema)).collect())
}

/// Returns whether the values of a schema become a separate part: records, maps, and lists of them.
fn is_structured(venue: &VenueMeta, schema: &Value) -> bool {
    match json_type(schema) {
        "array" if schema.get("x-tuple").is_none() => {
            let items = resolve(venue, schema.get("items").unwrap_or(&Value::Null));
            !is_scalar(&items)
        }
        "array" | "object" => true,
        _ => alternatives(venue, schema).iter().any(|schema| is_structured(venue, schema)),
    }
}

/// Returns whether a value of a schema may be a scalar.
fn may_be_scalar(venue: &VenueMeta, schema: &Value) -> bool {
    is_scalar(schema) || alternatives(venue, schema).iter().any(is_scalar)
}

fn is_scalar(schema: &Value) -> bool {
    matches!(json_type(schema), "string" | "integer" | "number" | "boolean")
}

fn alternatives(venue: &VenueMeta, schema: &Value) -> Vec<Value> {
    let alternatives = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    alternatives.map(|schema| resolve(venue, schema)).collect()
}

/// Returns the scalar members of a record, which stand in one part.
pub(crate) fn of_scalars(venue: &VenueMeta, schema: &Value) -> Vec<String> {
    let members = members(schema).unwrap_or_default().into_iter();
    members.filter(|(_, schema)| !is_structured(venue, &resolve(venue, schema))).map(|(name, _)| name).collect()
}

/// Returns the columns of a list, or of a map, whose type is this schema; `None` if the type does
/// not tell.
pub(crate) fn of_elements(venue: &VenueMeta, schema: &Value) -> Option<Vec<String>> {
    if json_type(schema) == "array" {
        return fields(venue, schema.get("items")?, 0);
    }
    let values = schema.get("additionalProperties").filter(|_| schema.get("properties").is_none())?;
    let is_object = json_type(&resolve(venue, values)) == "object";
    let names = if is_object { fields(venue, values, 0)? } else { return None };
    Some(std::iter::once(NAME.to_owned()).chain(names).collect())
}

/// Returns the columns of an element of a list. Members of a nested record are named `outer.inner`.
fn fields(venue: &VenueMeta, schema: &Value, depth: usize) -> Option<Vec<String>> {
    let schema = resolve(venue, schema);
    if depth > MAX_DEPTH {
        return None;
    }
    let Some(members) = members(&schema) else {
        return (is_scalar(&schema) && depth == 0).then(|| vec!["value".to_owned()]);
    };
    if is_extended(&schema) {
        return None;
    }
    let mut names = Vec::new();
    for (name, schema) in members {
        let schema = resolve(venue, schema);
        match self::members(&schema) {
            Some(_) => {
                names.extend(is_nullable(&schema).then(|| name.clone()));
                names.extend(fields(venue, &schema, depth + 1)?.into_iter().map(|inner| path(&name, &inner)));
            }
            // The names of a map, and of a value of any type, are not known.
            None if json_type(&schema) == "object" => return None,
            None if json_type(&schema) == "any"
                && (!may_be_scalar(venue, &schema) || is_structured(venue, &schema)) =>
            {
                return None;
            }
            None => names.push(name),
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use venuekit_venues::VENUES;

    use super::*;

    fn columns(schema: &str) -> (Vec<String>, bool) {
        let columns = Columns::of(VENUES[0], &serde_json::from_str(schema).unwrap());
        (columns.paths(), columns.is_open())
    }

    #[test]
    fn columns_are_known_from_the_type_unless_a_part_may_be_anything() {
        for (schema, expected, is_open) in [
            (r#"{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}}"#, &["a"][..], false),
            (
                r#"{"type":"array","items":{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}}}}}"#,
                &["a.b"],
                false,
            ),
            (
                r#"{"type":"object","properties":{"n":{"type":"integer"},"l":{"type":"array","items":{"type":"array","x-tuple":[{"name":"price","schema":{"type":"string"}}]}},"tags":{"type":"array","items":{"type":"string"}}}}"#,
                &["n", "l.price", "tags"],
                false,
            ),
            (
                r#"{"type":"object","additionalProperties":{"type":"object","properties":{"free":{"type":"string"}}}}"#,
                &["name", "free"],
                false,
            ),
            (r#"{"type":"array","items":{"type":"string"}}"#, &["value"], false),
            (r#"{"type":"string"}"#, &[], false),
            (r#"{"type":"object","properties":{"a":{}}}"#, &["a"], true),
            (r#"{"type":"array","items":{}}"#, &[], true),
            ("{}", &[], true),
        ] {
            let (names, open) = columns(schema);
            let mut expected: Vec<&str> = expected.to_vec();
            expected.sort_unstable();
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!((names, open), (expected, is_open), "{schema}");
        }
    }
}
