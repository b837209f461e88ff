//! The schemas of a spec. Requests are checked against them, and responses are made from them.

use std::collections::HashMap;

use serde_json::Value;
use venuekit::Decimal;
use venuekit_json::{Tree, is_number};

use crate::clock::parse_utc;
use crate::json::{self, decimal};
use crate::seed::Rng;

/// The maximum depth of nested values and of references. Schemas can refer to themselves. No real
/// value nests this deep.
const MAX_DEPTH: usize = 64;

/// The named schemas of a venue.
#[derive(Debug)]
pub(crate) struct Schemas {
    named: HashMap<&'static str, Value>,
}

/// The reason why a value does not match a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The place, as a JSON pointer into the value.
    pub(crate) at: String,
    pub(crate) why: String,
}

impl Misfit {
    fn new(why: impl Into<String>) -> Self {
        Self { at: String::new(), why: why.into() }
    }

    fn below(mut self, segment: impl std::fmt::Display) -> Self {
        self.at = format!("/{segment}{}", self.at);
        self
    }
}

impl Schemas {
    pub(crate) fn new(named: &[(&'static str, &'static str)]) -> Self {
        let read = |(name, json): &(&'static str, &'static str)| Some((*name, serde_json::from_str(json).ok()?));
        Self { named: named.iter().filter_map(read).collect() }
    }

    fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        for _ in 0..MAX_DEPTH {
            let named = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
            match named.and_then(|name| self.named.get(name)) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// Returns the `default` of a schema; `None` if it is no natural number.
    pub(crate) fn default_number(&self, schema: &Value) -> Option<usize> {
        let default = schema.get("default").or_else(|| self.resolve(schema).get("default"));
        usize::try_from(default?.as_u64()?).ok()
    }

    /// Returns the schema of the elements of an array schema; `None` for any other schema.
    pub(crate) fn items<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let schema = self.resolve(schema);
        (kind(schema) == Some("array")).then(|| schema.get("items").unwrap_or(&Value::Null))
    }

    /// Returns whether the objects of a schema can have a property of this name: one that it lists,
    /// or any if it allows others. False for a schema whose values are not objects.
    pub(crate) fn has_member(&self, schema: &Value, name: &str) -> bool {
        self.has_member_at(schema, name, 0)
    }

    fn has_member_at(&self, schema: &Value, name: &str, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        let schema = self.resolve(schema);
        let alternatives = alternatives(schema);
        let in_alternative = || alternatives.iter().any(|other| self.has_member_at(other, name, depth + 1));
        match (schema.get("properties"), kind(schema)) {
            (Some(properties), _) => {
                let others = schema.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false));
                properties.get(name).is_some() || others || in_alternative()
            }
            (None, _) if !alternatives.is_empty() => in_alternative(),
            (None, kind) => matches!(kind, Some("object") | None),
        }
    }

    /// Returns whether the values of a schema are objects.
    pub(crate) fn is_object(&self, schema: &Value) -> bool {
        kind(self.resolve(schema)) == Some("object")
    }

    /// Returns the schema of a member of an object; `None` if the schema has no such member.
    pub(crate) fn member<'a>(&'a self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        self.member_at(schema, name, 0)
    }

    fn member_at<'a>(&'a self, schema: &'a Value, name: &str, depth: usize) -> Option<&'a Value> {
        let schema = self.resolve(schema);
        let property = schema.get("properties").and_then(|properties| properties.get(name));
        let others = || schema.get("additionalProperties").filter(|others| others.is_object());
        property.or_else(others).or_else(|| {
            let mut alternatives = alternatives(schema).iter().filter(|_| depth < MAX_DEPTH);
            alternatives.find_map(|other| self.member_at(other, name, depth + 1))
        })
    }

    /// Returns the names of the required properties.
    pub(crate) fn required_members<'a>(&'a self, schema: &'a Value) -> Vec<&'a str> {
        required(self.resolve(schema)).collect()
    }

    /// Reads a text from a query, a path or a header as a value of the schema.
    pub(crate) fn read(&self, schema: &Value, text: &str) -> Tree {
        let schema = self.resolve(schema);
        match kind(schema) {
            Some("integer" | "number") if is_number(text) => Tree::number(text),
            Some("boolean") if text == "true" || text == "false" => Tree::Bool(text == "true"),
            None => alternatives(schema)
                .iter()
                .map(|alternative| self.read(alternative, text))
                .find(|node| !matches!(node, Tree::Text(_)))
                .unwrap_or_else(|| Tree::text(text)),
            _ => Tree::text(text),
        }
    }

    /// Checks a value of a request against a schema.
    pub(crate) fn check(&self, schema: &Value, node: &Tree) -> Result<(), Misfit> {
        self.check_at(schema, node, 0)
    }

    fn check_at(&self, schema: &Value, node: &Tree, depth: usize) -> Result<(), Misfit> {
        let schema = self.resolve(schema);
        if depth > MAX_DEPTH {
            return Err(Misfit::new("is nested too deep"));
        }
        if node.is_null() {
            return if is_nullable(schema) { Ok(()) } else { Err(Misfit::new("is null")) };
        }
        let alternatives = alternatives(schema);
        if !alternatives.is_empty() {
            let mut misfit = Misfit::new("matches no alternative");
            for alternative in alternatives {
                match self.check_at(alternative, node, depth + 1) {
                    Ok(()) => return Ok(()),
                    Err(error) => misfit = error,
                }
            }
            return Err(misfit);
        }
        match (kind(schema), node) {
            (None, _) | (Some("boolean"), Tree::Bool(_)) => {}
            (Some("string"), Tree::Text(text)) => check_text(schema, text)?,
            (Some("integer"), Tree::Number(number)) => check_integer(schema, number)?,
            (Some("number"), Tree::Number(number)) => check_range(schema, number)?,
            (Some("array"), Tree::Array(elements)) => self.check_list(schema, elements, depth)?,
            (Some("object"), Tree::Object(members)) => self.check_object(schema, node, members, depth)?,
            (Some(kind), _) => return Err(Misfit::new(format!("is not {}", with_article(kind)))),
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let known = values.iter().any(|value| match (value, node) {
                (Value::String(value), Tree::Text(text)) => value == text,
                (Value::Number(value), Tree::Number(number)) => value.to_string() == *number,
                (Value::Null, node) => node.is_null(),
                _ => false,
            });
            if !known {
                return Err(Misfit::new(format!("is not one of {}", Value::from(values.clone()))));
            }
        }
        Ok(())
    }

    fn check_list(&self, schema: &Value, elements: &[Tree], depth: usize) -> Result<(), Misfit> {
        let size = |name: &str| schema.get(name).and_then(Value::as_u64);
        let columns = schema.get("x-tuple").and_then(Value::as_array);
        let count = elements.len() as u64;
        let least = size("minItems").or_else(|| columns.map(|columns| columns.len() as u64));
        if let Some(least) = least.filter(|least| count < *least) {
            return Err(Misfit::new(format!("has {count} elements (expected at least {least})")));
        }
        if let Some(most) = size("maxItems").filter(|most| count > *most) {
            return Err(Misfit::new(format!("has {count} elements (expected at most {most})")));
        }
        let none = Value::Null;
        for (index, element) in elements.iter().enumerate() {
            let schema = match columns {
                Some(columns) => columns.get(index).and_then(|column| column.get("schema")),
                None => schema.get("items"),
            };
            self.check_at(schema.unwrap_or(&none), element, depth + 1).map_err(|misfit| misfit.below(index))?;
        }
        Ok(())
    }

    fn check_object(
        &self,
        schema: &Value,
        node: &Tree,
        members: &[(String, Tree)],
        depth: usize,
    ) -> Result<(), Misfit> {
        let properties = schema.get("properties");
        for name in required(schema) {
            // A request never has a read-only property, even if it is required.
            let read_only = properties.and_then(|all| all.get(name)).is_some_and(is_read_only);
            if node.get(name).is_none() && !read_only {
                return Err(Misfit::new("is missing").below(name));
            }
        }
        for (index, (name, member)) in members.iter().enumerate() {
            if members.iter().skip(index + 1).any(|(other, _)| other == name) {
                return Err(Misfit::new("is given twice").below(name));
            }
            match properties.and_then(|all| all.get(name)) {
                Some(property) if is_read_only(property) => {
                    return Err(Misfit::new("is read-only").below(name));
                }
                // Null means absent where a property may be left out.
                Some(_) if member.is_null() && !required(schema).any(|required| required == name) => {}
                Some(property) => {
                    self.check_at(property, member, depth + 1).map_err(|misfit| misfit.below(name))?;
                }
                None => {
                    if let Some(schema @ Value::Object(_)) = schema.get("additionalProperties") {
                        self.check_at(schema, member, depth + 1).map_err(|misfit| misfit.below(name))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns a value of this schema, always the same for the same seed.
    pub(crate) fn make(&self, schema: &Value, rng: &mut Rng) -> Tree {
        self.make_at(schema, rng, 0)
    }

    fn make_at(&self, schema: &Value, rng: &mut Rng, depth: usize) -> Tree {
        let schema = self.resolve(schema);
        if depth > MAX_DEPTH {
            return Tree::Null;
        }
        if let Some(first) = alternatives(schema).first() {
            return self.make_at(first, rng, depth + 1);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let value = values.get(rng.below(values.len())).unwrap_or(&Value::Null);
            return json::parse(&value.to_string()).unwrap_or(Tree::Null);
        }
        match kind(schema) {
            Some("boolean") => Tree::Bool(rng.below(2) == 1),
            Some("integer") => {
                let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
                let least = bound("minimum").unwrap_or(1);
                let most = bound("maximum").unwrap_or(least.saturating_add(9_999)).max(least);
                let width = usize::try_from(most - least).unwrap_or(usize::MAX).saturating_add(1);
                Tree::number(least.saturating_add(i64::try_from(rng.below(width)).unwrap_or(0)))
            }
            Some("number") => Tree::number(format!("{}.{:02}", 1 + rng.below(999), rng.below(100))),
            Some("string") => Tree::Text(match schema.get("format").and_then(Value::as_str) {
                Some("decimal") => format!("{}.{:08}", 1 + rng.below(999), rng.below(100_000_000)),
                Some("date-time") => format!("2024-01-{:02}T{:02}:00:00Z", 1 + rng.below(28), rng.below(24)),
                Some("date") => format!("2024-01-{:02}", 1 + rng.below(28)),
                Some("uuid") => format!("00000000-0000-4000-8000-{:012x}", rng.below(usize::MAX) & 0xffff_ffff_ffff),
                Some("byte") => "bW9jaw==".to_owned(),
                _ => {
                    let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
                    let text = format!("mock-{}", rng.below(10_000));
                    format!("{text:-<width$}", width = usize::try_from(least.min(1024)).unwrap_or(0))
                }
            }),
            Some("array") => match schema.get("x-tuple").and_then(Value::as_array) {
                Some(columns) => {
                    let none = Value::Null;
                    let schemas = columns.iter().map(|column| column.get("schema").unwrap_or(&none));
                    Tree::Array(schemas.map(|schema| self.make_at(schema, rng, depth + 1)).collect())
                }
                None => {
                    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 100);
                    let items = schema.get("items").unwrap_or(&Value::Null);
                    // A list ends here at some depth, because a schema may contain itself.
                    let count = if depth > 8 { 0 } else { least };
                    Tree::Array((0..count).map(|_| self.make_at(items, rng, depth + 1)).collect())
                }
            },
            Some("object") => {
                let properties = schema.get("properties").and_then(Value::as_object);
                let always: Vec<&str> = required(schema).collect();
                let wanted = |name: &str| depth <= 8 || always.contains(&name);
                let mut members = Vec::new();
                for (name, property) in properties.into_iter().flatten().filter(|(name, _)| wanted(name)) {
                    members.push((name.clone(), self.make_at(property, rng, depth + 1)));
                }
                if let Some(schema @ Value::Object(_)) = schema.get("additionalProperties") {
                    members.push(("MOCK".to_owned(), self.make_at(schema, rng, depth + 1)));
                }
                Tree::Object(members)
            }
            _ => Tree::Null,
        }
    }

    /// Calls `visit` for all parts of a value and then for the value, each with its schema.
    pub(crate) fn visit(&self, schema: &Value, node: &mut Tree, visit: &mut dyn FnMut(&Value, &mut Tree)) {
        self.visit_at(schema, node, visit, 0);
    }

    fn visit_at(&self, schema: &Value, node: &mut Tree, visit: &mut dyn FnMut(&Value, &mut Tree), depth: usize) {
        let schema = self.resolve(schema);
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(fitting) = alternatives(schema).iter().find(|schema| self.check(schema, node).is_ok()) {
            return self.visit_at(fitting, node, visit, depth + 1);
        }
        let none = Value::Null;
        match node {
            Tree::Array(elements) => {
                let columns = schema.get("x-tuple").and_then(Value::as_array);
                for (index, element) in elements.iter_mut().enumerate() {
                    let schema = match columns {
                        Some(columns) => columns.get(index).and_then(|column| column.get("schema")),
                        None => schema.get("items"),
                    };
                    self.visit_at(schema.unwrap_or(&none), element, visit, depth + 1);
                }
            }
            Tree::Object(members) => {
                for (name, member) in members {
                    let property = schema.get("properties").and_then(|all| all.get(name.as_str()));
                    let schema = property.or_else(|| schema.get("additionalProperties")).unwrap_or(&none);
                    self.visit_at(schema, member, visit, depth + 1);
                }
            }
            _ => {}
        }
        visit(schema, node);
    }
}

/// Returns the `type`. `[string, 'null']` of JSON Schema counts as `string`.
fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

/// Returns the name of a JSON type with its article.
fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {kind}")
}

fn is_nullable(schema: &Value) -> bool {
    let listed = schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.contains(&Value::from("null")));
    let any = schema.as_object().is_none_or(|schema| !schema.contains_key("type") && !schema.contains_key("oneOf"));
    // A nullable schema of OpenRPC is a `oneOf` of a schema and null.
    let alternative = alternatives(schema).iter().any(|schema| schema.get("type") == Some(&Value::from("null")));
    listed || any || alternative || schema.get("nullable") == Some(&Value::Bool(true))
}

fn is_read_only(schema: &Value) -> bool {
    schema.get("readOnly") == Some(&Value::Bool(true))
}

fn alternatives(schema: &Value) -> &[Value] {
    schema.get("oneOf").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns the properties that `required` or the specification extension `x-always` names.
fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let always = schema.get("x-always").and_then(|always| always.get("members"));
    let both = [schema.get("required"), always];
    both.into_iter().flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_str)
}

fn check_text(schema: &Value, text: &str) -> Result<(), Misfit> {
    let size = |name: &str| schema.get(name).and_then(Value::as_u64);
    let count = text.chars().count() as u64;
    if size("minLength").is_some_and(|least| count < least) {
        return Err(Misfit::new("is too short"));
    }
    if size("maxLength").is_some_and(|most| count > most) {
        return Err(Misfit::new("is too long"));
    }
    if size("x-max-bytes").is_some_and(|most| text.len() as u64 > most) {
        return Err(Misfit::new("has too many bytes"));
    }
    let fits = match schema.get("format").and_then(Value::as_str) {
        Some("decimal") => return check_range(schema, text),
        Some("date-time") => is_date_time(text),
        Some("date") => parse_utc(&format!("{text}T00:00:00Z")).is_some(),
        Some("uuid") => {
            text.len() == 36
                && text.bytes().enumerate().all(|(index, byte)| match index {
                    8 | 13 | 18 | 23 => byte == b'-',
                    _ => byte.is_ascii_hexdigit(),
                })
        }
        _ => true,
    };
    let format = || schema.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
    if fits { Ok(()) } else { Err(Misfit::new(format!("is not a valid {}", format()))) }
}

/// Returns whether a text is an RFC 3339 time, with or without a zone.
fn is_date_time(text: &str) -> bool {
    let at = text.rfind(['+', '-']).filter(|at| *at > 10);
    let zone = at.and_then(|at| text.get(at..)).unwrap_or_default();
    let hours = zone.get(1..).and_then(|zone| zone.split_once(':'));
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = text.strip_suffix(zone).unwrap_or(text);
    let zoned = zone.is_empty() || hours.is_some_and(|(hours, minutes)| digits(hours) && digits(minutes));
    zoned && parse_utc(plain).is_some()
}

fn check_integer(schema: &Value, number: &str) -> Result<(), Misfit> {
    let format = schema.get("format").and_then(Value::as_str);
    let is_integer = match format {
        Some("uint64") => number.parse::<u64>().is_ok(),
        _ => number.parse::<i64>().is_ok(),
    };
    if !is_integer {
        return Err(Misfit::new("is not an integer"));
    }
    let fits = match format {
        Some("int32") => number.parse::<i32>().is_ok(),
        Some("uint32") => number.parse::<u32>().is_ok(),
        _ => true,
    };
    if fits { check_range(schema, number) } else { Err(Misfit::new("does not fit into 32 bits")) }
}

/// Checks the bounds and the step of a number, or of a decimal in text.
fn check_range(schema: &Value, number: &str) -> Result<(), Misfit> {
    if !is_number(number) {
        return Err(Misfit::new("is not a decimal"));
    }
    // A number with more digits than a `Decimal` is valid, but cannot be compared.
    let Some(number) = decimal(number) else { return Ok(()) };
    let bound = |name: &str| schema.get(name).and_then(|bound| decimal(&bound.to_string()));
    let exclusive = |name: &str| schema.get(name) == Some(&Value::Bool(true));
    let too_small = |least: Decimal| number < least || number == least && exclusive("exclusiveMinimum");
    let too_large = |most: Decimal| number > most || number == most && exclusive("exclusiveMaximum");
    // In JSON Schema, and so in OpenRPC, the exclusive bounds are separate numbers.
    if bound("minimum").is_some_and(too_small) || bound("exclusiveMinimum").is_some_and(|least| number <= least) {
        return Err(Misfit::new("is too small"));
    }
    if bound("maximum").is_some_and(too_large) || bound("exclusiveMaximum").is_some_and(|most| number >= most) {
        return Err(Misfit::new("is too large"));
    }
    let is_between_steps = |step: Decimal| number.checked_rem(step).is_some_and(|rest| !rest.is_zero());
    if bound("multipleOf").is_some_and(is_between_steps) {
        return Err(Misfit::new("is not a multiple"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &str, json: &str) -> Result<(), String> {
        let schemas = Schemas::new(&[("Side", r#"{"type":"string","enum":["BUY","SELL"]}"#)]);
        let schema = serde_json::from_str(schema).unwrap();
        let node = json::parse(json).unwrap();
        schemas.check(&schema, &node).map_err(|misfit| format!("{} {}", misfit.at, misfit.why))
    }

    #[test]
    fn only_objects_have_members_and_only_those_that_their_schema_allows() {
        let schemas = Schemas::new(&[
            ("Order", r#"{"type":"object","properties":{"id":{}}}"#),
            ("Endless", r##"{"oneOf":[{"$ref":"#/components/schemas/Endless"}]}"##),
        ]);
        for (schema, expected) in [
            (r##"{"$ref":"#/components/schemas/Order"}"##, [true, false]),
            (r#"{"properties":{"id":{}},"additionalProperties":false}"#, [true, false]),
            (r#"{"properties":{"id":{}},"additionalProperties":{"type":"string"}}"#, [true, true]),
            (r#"{"properties":{"id":{}},"additionalProperties":true}"#, [true, true]),
            (r##"{"oneOf":[{"type":"string"},{"$ref":"#/components/schemas/Order"}]}"##, [true, false]),
            (r##"{"oneOf":[{"$ref":"#/components/schemas/Order"},{"type":"object"}]}"##, [true, true]),
            (r#"{"type":"object"}"#, [true, true]),
            (r#"{"type":"object","additionalProperties":{}}"#, [true, true]),
            ("{}", [true, true]),
            (r#"{"type":"string"}"#, [false, false]),
            (r#"{"type":["array","null"],"items":{}}"#, [false, false]),
            (r##"{"$ref":"#/components/schemas/Endless"}"##, [false, false]),
        ] {
            let schema: Value = serde_json::from_str(schema).unwrap();
            assert_eq!(["id", "other"].map(|name| schemas.has_member(&schema, name)), expected, "{schema}");
        }
    }

    #[test]
    fn values_that_match_their_schema_are_accepted() {
        for (schema, json) in [
            (r##"{"$ref":"#/components/schemas/Side"}"##, "\"BUY\""),
            (r#"{"type":"integer","maximum":60}"#, "60"),
            (r#"{"type":"string","x-max-bytes":3}"#, "\"€\""),
            (r#"{"type":"number","format":"decimal","multipleOf":0.1}"#, "0.30"),
            (r#"{"type":"integer","format":"uint64"}"#, "18446744073709551615"),
            (r#"{"type":"string","format":"decimal"}"#, "\"-1.50\""),
            (r#"{"type":["string","null"]}"#, "null"),
            (r#"{"type":"string","nullable":true}"#, "null"),
            ("{}", "null"),
            (r#"{"oneOf":[{"type":"integer"},{"type":"null"}]}"#, "null"),
            (r#"{"oneOf":[{"type":"integer"},{"type":"null"}]}"#, "5"),
            (r#"{"oneOf":[{"type":"integer"},{"type":"string"}]}"#, "\"a\""),
            (
                r#"{"type":"array","items":{},"minItems":1,"x-tuple":[{"name":"a","schema":{"type":"integer"}}]}"#,
                "[1,2]",
            ),
            (r#"{"type":"object","properties":{"a":{"type":"integer"}}}"#, r#"{"b":1,"a":null}"#),
            (r#"{"type":"string","format":"date-time"}"#, "\"2024-01-28T14:15:22.5+08:00\""),
        ] {
            assert_eq!(check(schema, json), Ok(()), "{schema} {json}");
        }
    }

    #[test]
    fn values_that_do_not_match_have_an_error_with_place_and_reason() {
        for (schema, json, why) in [
            (r##"{"$ref":"#/components/schemas/Side"}"##, "\"buy\"", r#" is not one of ["BUY","SELL"]"#),
            (
                r#"{"type":"string","enum":["BUY","SELL"],"x-enum-spellings":[["buy"],[]]}"#,
                "\"buy\"",
                r#" is not one of ["BUY","SELL"]"#,
            ),
            (r#"{"type":"integer","enum":[66,83],"x-enum-spellings":[["BUY",0],[]]}"#, "0", " is not one of [66,83]"),
            (r#"{"type":"integer","maximum":60}"#, "61", " is too large"),
            (r#"{"type":"integer","format":"int32"}"#, "3000000000", " does not fit into 32 bits"),
            (r#"{"type":"integer","format":"uint32"}"#, "4294967296", " does not fit into 32 bits"),
            (r#"{"type":"integer","format":"uint32"}"#, "-1", " does not fit into 32 bits"),
            (r#"{"type":"integer","format":"uint64"}"#, "-1", " is not an integer"),
            (r#"{"type":"integer"}"#, "1.5", " is not an integer"),
            (r#"{"type":"string","format":"decimal"}"#, "\"1_000\"", " is not a decimal"),
            (r#"{"type":"string","maxLength":3}"#, "\"abcd\"", " is too long"),
            (r#"{"type":"string","maxLength":3,"x-max-bytes":3}"#, "\"aé€\"", " has too many bytes"),
            (r#"{"type":"integer","multipleOf":5}"#, "7", " is not a multiple"),
            (r#"{"type":"number","format":"decimal","multipleOf":0.1}"#, "0.35", " is not a multiple"),
            (r#"{"type":"string"}"#, "null", " is null"),
            (r#"{"type":"object","x-always":{"members":["a"]},"properties":{"a":{}}}"#, "{}", "/a is missing"),
            (r#"{"type":"object","properties":{"a":{"readOnly":true}}}"#, r#"{"a":1}"#, "/a is read-only"),
            (r#"{"type":"array","items":{"type":"boolean"}}"#, "[true,1]", "/1 is not a boolean"),
            (
                r#"{"type":"object","properties":{"a":{"type":"object","required":["b"]}}}"#,
                r#"{"a":{}}"#,
                "/a/b is missing",
            ),
        ] {
            assert_eq!(check(schema, json), Err(why.to_owned()), "{schema} {json}");
        }
    }

    #[test]
    fn made_values_match_their_schema_and_are_the_same_for_the_same_seed() {
        for venue in venuekit_venues::VENUES {
            let schemas = Schemas::new(venue.schemas);
            for (name, json) in venue.schemas {
                let schema: Value = serde_json::from_str(json).unwrap();
                if json.contains("readOnly") || name.ends_with("Request") {
                    continue;
                }
                let made = schemas.make(&schema, &mut Rng::new(7));
                assert_eq!(schemas.check(&schema, &made), Ok(()), "{name}: {}", made.to_json());
                assert_eq!(made, schemas.make(&schema, &mut Rng::new(7)));
            }
        }
    }
}
