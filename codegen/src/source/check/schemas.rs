//! Checks the keys of a schema that depend on each other.

use std::collections::HashSet;

use super::names::rust_name;
use super::sites::Sites;
use crate::diagnostic::Change;
use crate::source::findings::{Findings, leave_out, write_json};
use crate::source::located::Located;
use crate::source::market_rules::MarketRule;
use crate::source::nearest::did_you_mean;
use crate::source::node::{Kind, Node, json_text};
use crate::source::number::{FEWER_DIGITS, bounds_an_integer, fits_decimal, is_above_zero, too_many_digits};
use crate::source::pointer::pointer_join;
use crate::source::schema::alternatives::{alternatives, is_null_alternative, is_null_result};
use crate::source::schema::enums::{EnumValues, Scalar};
use crate::source::schema::formats::{decimal_number, integer_format, text_format};
use crate::source::schema::keys::misplaced_keys;
use crate::source::schema::read::{is_any_number, items, members_beside_map, no_values};
use crate::source::schema::spellings::spellings;
use crate::source::schema::types::{JsonType, TypeName, beside, stated_type};
use crate::source::schema::union::union;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;
use crate::source::times::TimeFormat;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let standard = sites.view.standard;
    let is_null = |schema: &Located<'_>| is_null_alternative(standard, schema) || is_null_result(standard, schema);
    for schema in sites.all(ObjectKind::Schema).filter(|schema| !is_null(schema)) {
        let (type_name, refusal) = stated_type(standard, &schema);
        refusal.into_iter().for_each(|refusal| findings.refuse(refusal));
        misplaced_keys(&schema, type_name).into_iter().for_each(|refusal| findings.refuse(refusal));
        nullable(standard, &schema, findings);
        if let TypeName::Known(json_type) = type_name {
            values(&schema, json_type, findings);
        }
        bounds(standard, &schema, findings);
        enumeration(&schema, type_name, findings);
        enum_names(&schema, type_name, findings);
        if let TypeName::Known(JsonType::String | JsonType::Integer) = type_name {
            spellings(&schema, type_name).1.into_iter().for_each(|refusal| findings.refuse(refusal));
        }
        if let Some(choice) = schema.get("oneOf").filter(|_| union(&sites.view, &schema).is_none()) {
            let (_, refusals) = alternatives(&sites.view, &choice);
            refusals.into_iter().for_each(|refusal| findings.refuse(refusal));
        }
    }
}

/// Checks the keys that describe the values of a type.
fn values(schema: &Located<'_>, json_type: JsonType, findings: &mut Findings<'_>) {
    findings.take(TimeFormat::read(schema, json_type));
    findings.take(MarketRule::read(schema));
    match json_type {
        JsonType::Object => object(schema, findings),
        JsonType::Array => array(schema, findings),
        JsonType::Boolean => {}
        JsonType::Number if is_any_number(findings.document(), schema) => {}
        JsonType::Number => {
            findings.take(decimal_number(schema));
            for (bound, text) in numeric_bounds(schema).filter(|(_, text)| !fits_decimal(text)) {
                findings.at(&bound.pointer, too_many_digits(text), FEWER_DIGITS);
            }
        }
        JsonType::Integer => {
            findings.take(integer_format(schema));
            for (bound, text) in numeric_bounds(schema).filter(|(_, text)| !bounds_an_integer(text)) {
                let help = "write a 64-bit integer";
                findings.at(&bound.pointer, format!("`{text}` cannot bound an integer"), help);
            }
        }
        JsonType::String => {
            findings.take(text_format(schema));
        }
    }
}

/// Returns the bounds that are numbers.
fn numeric_bounds<'a>(schema: &Located<'a>) -> impl Iterator<Item = (Located<'a>, &'a str)> {
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let bounds = keys.map(|key| schema.get(key)).into_iter().flatten();
    bounds.filter_map(|bound| Some((bound.clone(), bound.node.as_number()?)))
}

fn nullable(standard: Standard, schema: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(nullable) = schema.get("nullable") else { return };
    if standard == Standard::OpenRpc {
        let null = findings.document().quoted("null");
        let help = match (nullable.node.as_bool(), schema.text("type")) {
            (Some(true), Some(name)) if JsonType::parse(name).is_some() => {
                let list = format!("[{}, \"null\"]", json_text(name));
                leave_out(format!("write type: [{name}, {null}]"))
                    .with(beside(&nullable.pointer, "type"), Change::Set(list))
            }
            (Some(true), _) if schema.node.get("oneOf").is_some() => {
                format!("leave it out, and write {{type: {null}}} as one more alternative").into()
            }
            (Some(true), None) => leave_out("leave it out; a schema without a type is any JSON value, null too"),
            _ => leave_out("leave it out"),
        };
        findings.at_key(&nullable.pointer, "`nullable` is part of OpenAPI, not of OpenRPC", help);
    } else if schema.node.get("type").is_none() && schema.node.get("oneOf").is_none() {
        let help =
            leave_out("leave it out: a schema without a `type` is any JSON value, null too; or write its `type`");
        findings.at_key(&nullable.pointer, "`nullable` has no effect without a `type`", help);
    }
}

fn array(schema: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(tuple) = schema.get("x-tuple") else {
        findings.take(items(schema));
        return;
    };
    match schema.get("items") {
        None => findings.at(&schema.pointer, "an array with `x-tuple` has no `items`", "write items: {}"),
        Some(items) if items.node.as_map().is_none_or(|items| items.is_empty()) => {}
        Some(items) => {
            let help = write_json("write items: {}; the columns have a schema each", "{}");
            findings.at(&items.pointer, "`items` is not empty beside `x-tuple`", help);
        }
    }
    let columns = tuple.node.as_seq().map_or(0, <[Node]>::len);
    if columns == 0 && tuple.node.as_seq().is_some() {
        findings.at(&tuple.pointer, "`x-tuple` has no columns", "write a list of {name, description, schema}");
    }
    let least = schema.get("minItems");
    let count = least.as_ref().and_then(|least| least.node.as_number()).and_then(|text| text.parse::<usize>().ok());
    if let (Some(least), Some(count)) = (least, count.filter(|count| *count > columns)) {
        let message = format!("`minItems` is {count}, and there are {columns} columns");
        findings.at(&least.pointer, message, "describe all columns that are always present");
    }
    if let Some(most) = schema.get("maxItems") {
        findings.at_key(
            &most.pointer,
            "`maxItems` has no effect beside `x-tuple`",
            leave_out("leave it out; rows may be longer than known"),
        );
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for column in tuple.elements() {
        let Some(name) = column.text("name") else { continue };
        if !seen.insert(name) {
            let pointer = pointer_join(&column.pointer, "name");
            findings.at(&pointer, format!("there are two columns `{name}`"), "give each a different name");
        }
    }
}

fn object(schema: &Located<'_>, findings: &mut Findings<'_>) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    let required: Vec<Located<'_>> = schema.list("required").collect();
    let always = schema.get("x-always");
    let members: Vec<Located<'_>> = always.iter().flat_map(|always| always.list("members")).collect();
    let names = |list: &[Located<'_>]| list.iter().filter_map(|name| name.node.as_str().map(str::to_owned)).collect();
    let (required_names, always_names): (HashSet<String>, HashSet<String>) = (names(&required), names(&members));
    let is_free = |name: &str| !required_names.contains(name) && !always_names.contains(name);
    members_exist(&required, &is_free, schema, findings);
    members_exist(&members, &is_free, schema, findings);
    for member in &members {
        if let Some(name) = member.node.as_str().filter(|name| required_names.contains(*name)) {
            let message = format!("`{name}` is `required` already");
            let help = "leave it out here";
            // `members` needs at least one name, so a help that removes its only name would not be
            // accepted.
            let help = if members.len() > 1 { leave_out(help) } else { help.into() };
            findings.at(&member.pointer, message, help);
        }
    }
    if let Some(always) = always.filter(|always| always.list("members").next().is_none()) {
        findings.at(&always.pointer, "`x-always` names no properties", "write members: [..], or leave it out");
    }
    let map = schema.get("additionalProperties").filter(|others| others.node.as_map().is_some());
    let has_properties = properties.is_some_and(|properties| !properties.is_empty());
    if let (Some(map), true, false) = (map, has_properties, findings.document().is_normal()) {
        findings.refuse(members_beside_map(&map));
    }
    for (name, member) in schema.get("properties").iter().flat_map(|properties| properties.members()) {
        // In a document in normal form, every name can become a name in Rust.
        if name.is_empty() && !findings.document().is_normal() {
            findings.at_key(&member.pointer, "a property has an empty name", "write the name that it has on the wire");
        }
    }
}

/// Refuses names that no property has, and names that are listed twice. `is_free` returns whether a
/// name is in neither of the two lists.
fn members_exist<'a>(
    list: &[Located<'a>],
    is_free: &dyn Fn(&str) -> bool,
    schema: &Located<'a>,
    findings: &mut Findings<'_>,
) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    let mut seen: HashSet<&str> = HashSet::new();
    for element in list {
        let Some(name) = element.node.as_str() else { continue };
        if !seen.insert(name) {
            findings.at(&element.pointer, format!("`{name}` is listed twice"), leave_out("remove one of them"));
        } else if properties.is_none_or(|properties| !properties.contains_key(name)) {
            let otherwise = if properties.is_some() {
                "write it under `properties`, or leave it out here"
            } else {
                "write the properties of the object under `properties`"
            };
            let known = properties.into_iter().flat_map(|properties| properties.keys());
            let help = did_you_mean(name, known.filter(|known| is_free(known)), otherwise);
            findings.at(&element.pointer, format!("there is no property `{name}`"), help);
        }
    }
}

/// Checks the values of an `enum`.
fn enumeration(schema: &Located<'_>, type_name: TypeName, findings: &mut Findings<'_>) {
    let Some(list) = schema.get("enum") else { return };
    if list.node.as_seq().is_some_and(|values| values.is_empty()) {
        findings.refuse(no_values(&list));
    }
    let values = EnumValues::new(&list, type_name);
    let mut seen: HashSet<Scalar<'_>> = HashSet::new();
    for value in list.elements() {
        if Scalar::new(value.node).is_some_and(|scalar| !seen.insert(scalar)) {
            let message = format!("`{}` is listed twice", value.node.to_json());
            findings.at(&value.pointer, message, "remove one of them, and its name");
        } else {
            findings.take(values.read(&value));
        }
    }
    if type_name == TypeName::Known(JsonType::String) && schema.node.get("format").is_some() {
        let help = "leave `format` out";
        findings.at_key(&pointer_join(&schema.pointer, "format"), "`format` beside an `enum` is not supported", help);
    }
}

/// Checks the names and the descriptions of the values of an `enum`.
fn enum_names(schema: &Located<'_>, type_name: TypeName, findings: &mut Findings<'_>) {
    let Some(values) = schema.get("enum") else {
        for key in ["x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
            if let Some(names) = schema.get(key) {
                findings.at_key(
                    &names.pointer,
                    format!("`{key}` without an `enum`"),
                    "write the `enum`, or leave it out",
                );
            }
        }
        return;
    };
    let count = values.node.as_seq().map_or(0, <[Node]>::len);
    for key in ["x-enum-varnames", "x-enum-descriptions"] {
        let Some(names) = schema.get(key) else { continue };
        let Some(length) = names.node.as_seq().map(<[Node]>::len) else { continue };
        if length != count {
            let message = format!("`{key}` is not as long as the `enum`: {length} of {count}");
            findings.at(&names.pointer, message, "write one for each value, in the same order");
        }
    }
    let mut names: HashSet<&str> = HashSet::new();
    for name in schema.list("x-enum-varnames") {
        let Some(text) = name.node.as_str() else { continue };
        if !names.insert(text) {
            findings.at(&name.pointer, format!("two values have the name `{text}`"), "give each a different name");
        }
        if !findings.document().is_normal() {
            rust_name(&name, text, findings);
        }
    }
    if type_name == TypeName::Known(JsonType::Integer) && schema.node.get("x-enum-varnames").is_none() {
        let help = "write x-enum-varnames: [..], a name for each value";
        findings.at(&values.pointer, "the values of an integer `enum` have no names", help);
    }
}

/// Checks bounds. In OpenAPI 3.0, `exclusiveMinimum` is `true` or `false` and says how `minimum` is
/// meant. In JSON Schema, it is a bound itself.
fn bounds(standard: Standard, schema: &Located<'_>, findings: &mut Findings<'_>) {
    for (key, beside) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(bound) = schema.get(key) else { continue };
        let beside_it = schema.node.get(beside).and_then(Node::as_number);
        let place = pointer_join(&schema.pointer, beside);
        match (standard, bound.node.kind()) {
            (Standard::OpenApi, Kind::Number(text)) => {
                let help = write_json(format!("write {beside}: {text} and {key}: true"), "true");
                let help = help.with(place, Change::Set(text.to_string()));
                findings.at(
                    &bound.pointer,
                    format!("`{key}` with a number is part of JSON Schema, not of OpenAPI 3.0"),
                    help,
                );
            }
            (Standard::OpenApi, Kind::Bool(_)) if schema.node.get(beside).is_none() => {
                let help = leave_out(format!("write {beside}, or leave it out"));
                findings.at_key(&bound.pointer, format!("`{key}` has no effect without `{beside}`"), help);
            }
            (Standard::OpenRpc, Kind::Bool(exclusive)) => {
                let help = match beside_it {
                    Some(number) if *exclusive => {
                        let help = format!("write {key}: {number} in place of `{beside}`");
                        write_json(help, number).with(place, Change::Remove)
                    }
                    _ => leave_out("leave it out"),
                };
                findings.at(
                    &bound.pointer,
                    format!("`{key}` with true or false is part of OpenAPI, not of OpenRPC"),
                    help,
                );
            }
            _ => {}
        }
    }
    if let Some(step) = schema.get("multipleOf")
        && step.node.as_number().is_some_and(|text| !is_above_zero(text))
    {
        findings.at(&step.pointer, "`multipleOf` is not above 0", "write the step between two values, or leave it out");
    }
    if let (Some(least), Some(most)) = (schema.get("minLength"), schema.node.get("x-max-bytes"))
        && let (Some(least_count), Some(most)) = (count(least.node), count(most))
        && least_count > most
    {
        let message = "`minLength` is above `x-max-bytes`: each character has at least one byte";
        findings.at(&least.pointer, message, "write a smaller `minLength`, or a larger `x-max-bytes`");
    }
    for (least, most) in [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
        let bound =
            |key: &str| schema.node.get(key).and_then(Node::as_number).and_then(|text| text.parse::<f64>().ok());
        let text = |key: &str| schema.node.get(key).and_then(Node::as_number).unwrap_or_default().to_owned();
        if let (Some(low), Some(high)) = (bound(least), bound(most))
            && low > high
        {
            let message = format!("`{least}` is above `{most}`");
            let help = write_json("exchange the two", text(most));
            let help = help.with(pointer_join(&schema.pointer, most), Change::Set(text(least)));
            findings.at(&pointer_join(&schema.pointer, least), message, help);
        }
    }
}

fn count(bound: &Node) -> Option<u32> {
    bound.as_number()?.parse().ok()
}
