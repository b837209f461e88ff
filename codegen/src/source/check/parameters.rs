//! The parameters of OpenAPI: the part of the request that has them, and their types.

use std::collections::HashSet;

use super::names::header_name;
use super::sites::Sites;
use crate::diagnostic::{Change, Help};
use crate::source::findings::{Findings, leave_out};
use crate::source::located::Located;
use crate::source::openapi::{ParameterIn, style};
use crate::source::parameters::identity;
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::schema::types::JsonType;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for parameter in sites.all(ObjectKind::Parameter) {
        check_parameter(sites, &parameter, findings);
    }
    for holder in [ObjectKind::PathItem, ObjectKind::Operation].into_iter().flat_map(|kind| sites.all(kind)) {
        twice(sites, &holder, findings);
    }
}

/// Refuses two parameters of one name in one place.
fn twice(sites: &Sites<'_>, holder: &Located<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for place in holder.list("parameters") {
        let Some(parameter) = sites.resolved(place.clone(), ComponentKind::Parameter) else { continue };
        let (Some(location), Some(name)) = identity(&parameter) else { continue };
        // Upper and lower case are the same in the name of a header.
        let name = if location == "header" { name.to_lowercase() } else { name.to_owned() };
        if !seen.insert((location, name.clone())) {
            let help = leave_out("remove one of them");
            findings.at(&place.pointer, format!("there are two parameters `{name}` in `{location}`"), help);
        }
    }
}

fn check_parameter(sites: &Sites<'_>, parameter: &Located<'_>, findings: &mut Findings<'_>) {
    if parameter.text("in").is_none() {
        return;
    }
    let Some(location) = findings.take(ParameterIn::read(parameter)) else { return };
    let at = |key: &str| pointer_join(&parameter.pointer, key);
    match location {
        ParameterIn::Query => {}
        ParameterIn::Path => {
            if !parameter.flag("required") {
                let help = Help::from("write required: true").with(at("required"), Change::Set("true".to_owned()));
                findings.at(&parameter.pointer, "a parameter in the path is always required", help);
            }
        }
        ParameterIn::Header => {
            let name = parameter.text("name").unwrap_or_default();
            header_name(&at("name"), name, findings);
            if ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str()) {
                let help = "leave it out; authorisation is a security scheme, the others are the client's";
                findings.at(&at("name"), format!("OpenAPI has no header parameter `{name}`"), help);
            }
        }
    }
    if parameter.text("style").is_some() {
        findings.take(style(parameter, location));
    }
    if let Some(schema) = parameter.get("schema") {
        parameter_type(sites, schema, location.name(), findings);
    }
}

/// Refuses a type that cannot be written as text. Only a scalar can and, in the query, a list of
/// scalars.
fn parameter_type(sites: &Sites<'_>, schema: Located<'_>, location: &str, findings: &mut Findings<'_>) {
    let pointer = schema.pointer.clone();
    let Some(resolved) = sites.resolved(schema, ComponentKind::Schema) else { return };
    match JsonType::from_schema(&resolved) {
        Some(JsonType::Object) => {
            let help = "write its properties as parameters each";
            findings.at(&pointer, "a parameter that is an object is not supported", help);
        }
        Some(JsonType::Array) if location != "query" => {
            let help = "write type: string and say in the description how it is put together";
            findings.at(&pointer, format!("a list in `{location}` is not supported"), help);
        }
        Some(JsonType::Array) => {
            let items = resolved.get("items").and_then(|items| sites.resolved(items, ComponentKind::Schema));
            if items.is_some_and(|items| !is_scalar(sites, &items)) {
                findings.at(
                    &pointer,
                    "a list of other than scalars is not supported",
                    "give its `items` a scalar type",
                );
            }
        }
        Some(_) => {}
        None if resolved.node.get("type").is_some() => {}
        None if is_scalar(sites, &resolved) => {}
        None => findings.at(
            &pointer,
            "a parameter has to have a type",
            "write its type; text that may be anything is type: string",
        ),
    }
}

/// Returns whether a schema is a scalar, or a choice of scalars. An id that is an integer or text
/// is written the same.
fn is_scalar(sites: &Sites<'_>, schema: &Located<'_>) -> bool {
    let stated = |schema: &Located<'_>| {
        JsonType::from_schema(schema).is_some_and(|json_type| !matches!(json_type, JsonType::Object | JsonType::Array))
    };
    let mut alternatives = schema.list("oneOf").peekable();
    if alternatives.peek().is_none() {
        return stated(schema);
    }
    alternatives.all(|alternative| {
        sites.resolved(alternative, ComponentKind::Schema).is_some_and(|alternative| stated(&alternative))
    })
}
