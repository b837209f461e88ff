//! Writes the parts of the help text that come from a spec: bounds, defaults, the values of enums,
//! and the statuses of errors.

use serde_json::Value;
use venuekit::meta::{OperationMeta, ParameterMeta, VenueMeta};
use venuekit::operation::{Bounds, Parameter};

use crate::output::one_line;
use crate::value::{Kind, json_type, resolve, schema};

/// The maximum depth of nested objects and lists that are described. Without a maximum, a type that
/// contains itself would have no end.
const MAX_DEPTH: usize = 4;

/// Returns the bounds of a value as sentences: `At least 1, at most 1000. Default: 500.`
pub(crate) fn sentences(bounds: &Bounds) -> Option<String> {
    let mut sentences = Vec::new();
    write_sentences(bounds, "", 0, &mut sentences);
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn write_sentences(bounds: &Bounds, of: &str, depth: usize, out: &mut Vec<String>) {
    let mut add = |text: String| out.push(capitalized(&if of.is_empty() { text } else { format!("{of}: {text}") }));
    let phrases = bounds.phrases();
    if !phrases.is_empty() {
        add(format!("{}.", phrases.join(", ")));
    }
    if let Some(pattern) = bounds.pattern() {
        add(format!("pattern: {pattern}"));
    }
    if let Some(json) = bounds.default_value() {
        add(format!("default: {}.", text_of(json)));
    }
    for (name, inner) in [("each element", bounds.elements()), ("each value", bounds.values())] {
        if let Some(inner) = inner.filter(|_| depth < MAX_DEPTH) {
            let of = if of.is_empty() { name.to_owned() } else { format!("{name} of {of}") };
            write_sentences(inner, &of, depth + 1, out);
        }
    }
}

/// Returns a JSON value as text: a string without its quotes.
fn text_of(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| format!("{}{}", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

/// Returns the sentences of the help for a parameter.
pub(crate) fn parameter(parameter: &Parameter, meta: &ParameterMeta) -> Vec<String> {
    let bounds = parameter.bounds().and_then(sentences);
    let deprecated = meta.deprecated.then(|| "Deprecated by the venue.".to_owned());
    bounds.into_iter().chain(deprecated).collect()
}

/// Returns the section of the help with the properties of the body, their bounds and the meanings
/// of their values; `None` if the body has no properties.
pub(crate) fn body(venue: &VenueMeta, meta: &OperationMeta) -> Option<String> {
    let json = meta.body.as_ref()?.schema;
    let mut lines = Vec::new();
    let object = schema(venue, json);
    // The properties of an object have flags, whose help describes them.
    let has_flags = object.get("properties").is_some();
    let place = Place { path: "", depth: 0, has_flags };
    write_members(venue, &place, &object, meta.operation.body_bounds(), &mut lines);
    let title = if has_flags { "Inside the values of the body:" } else { "Body:" };
    (!lines.is_empty()).then(|| format!("{title}\n{}", lines.join("\n")))
}

/// The place of a schema in a body.
struct Place<'a> {
    /// The path of the object with a dot at its end, such as `orders[].`; empty for the body.
    path: &'a str,
    depth: usize,
    /// True if the properties have flags. Then the help lists the flags, and not the properties.
    has_flags: bool,
}

fn write_members(
    venue: &VenueMeta,
    place: &Place<'_>,
    schema: &Value,
    bounds: Option<&Bounds>,
    lines: &mut Vec<String>,
) {
    if place.depth > MAX_DEPTH {
        return;
    }
    if let Some(items) = schema.get("items").filter(|_| schema.get("x-tuple").is_none()) {
        let path = format!("{}[].", place.path.trim_end_matches('.'));
        let place = Place { path: &path, depth: place.depth + 1, has_flags: false };
        write_members(venue, &place, &resolve(venue, items), bounds.and_then(Bounds::elements), lines);
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let property = resolve(venue, property);
        if is_read_only(&property) {
            continue;
        }
        let known = bounds.map(Bounds::members).unwrap_or_default().iter().find(|(known, _)| known == name);
        let bounds = known.map(|(_, bounds)| *bounds);
        if !place.has_flags {
            lines.push(member(place, name, schema, &property, bounds));
            for (value, meaning) in Kind::of(venue, &property).meanings() {
                lines.push(format!("      {value}: {}", one_line(&meaning)));
            }
        }
        let path = format!("{}{name}.", place.path);
        write_members(
            venue,
            &Place { path: &path, depth: place.depth + 1, has_flags: false },
            &property,
            bounds,
            lines,
        );
    }
}

/// Returns whether a property is not part of requests.
pub(crate) fn is_read_only(property: &Value) -> bool {
    property.get("readOnly") == Some(&Value::Bool(true))
}

/// Returns whether an object needs the property of this name.
pub(crate) fn is_required(object: &Value, name: &str) -> bool {
    let listed = |list: Option<&Value>| {
        list.and_then(Value::as_array).is_some_and(|names| names.iter().any(|listed| listed == name))
    };
    listed(object.get("required")) || listed(object.get("x-always").and_then(|x| x.get("members")))
}

/// Returns the line of a property.
fn member(place: &Place<'_>, name: &str, object: &Value, property: &Value, bounds: Option<&Bounds>) -> String {
    let required = if is_required(object, name) { ", required" } else { "" };
    let mut line = format!("  {}{name} ({}{required})", place.path, json_type(property));
    let description = property.get("description").and_then(Value::as_str).map(one_line);
    let deprecated = property.get("deprecated") == Some(&Value::Bool(true));
    let deprecated = deprecated.then(|| "Deprecated by the venue.".to_owned());
    for sentence in [description, bounds.and_then(sentences), deprecated].into_iter().flatten() {
        line.push(' ');
        line.push_str(&sentence);
    }
    line
}

/// Returns the section of the help with the statuses of errors; `None` if there are none.
pub(crate) fn statuses(meta: &OperationMeta) -> Option<String> {
    let open = meta.operation.unknown_statuses();
    let line = |(status, description): &(&str, &str)| {
        let is_open = status.parse().is_ok_and(|status| open.contains(&status));
        let effect = if is_open { " The outcome is unknown then." } else { "" };
        format!("  {status}: {}{effect}", one_line(description))
    };
    let lines: Vec<String> = meta.statuses.iter().map(line).collect();
    (!lines.is_empty()).then(|| format!("Statuses of errors:\n{}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_defaults_are_written_as_sentences() {
        static ELEMENT: Bounds = Bounds::new().with_min_length(1).with_max_bytes(30).with_pattern("^[a-z]+$");
        let bounds = Bounds::new().with_minimum("1").with_exclusive_maximum("1000").with_default("500");
        assert_eq!(sentences(&bounds).as_deref(), Some("At least 1, less than 1000. Default: 500."));
        let list = Bounds::new().with_max_items(1).with_elements(&ELEMENT).with_default("[\"a\"]");
        assert_eq!(
            sentences(&list).as_deref(),
            Some(
                "At most 1 element. Default: [\"a\"]. Each element: at least 1 character, at most 30 bytes. Each element: pattern: ^[a-z]+$"
            )
        );
        assert_eq!(sentences(&Bounds::new()), None);
        assert_eq!(sentences(&Bounds::new().with_default("\"ACK\"")).as_deref(), Some("Default: ACK."));
    }
}
