//! Parameters: where they travel, and whether they can be written there.

use std::collections::HashSet;

use super::findings::{Findings, leave_out, write_text};
use super::grammar::Sort;
use super::names::header_name;
use super::nearest::did_you_mean;
use super::schemas::JsonType;
use super::tree::{Found, Tree};
use crate::diagnostic::{Change, Help};
use crate::spec::pointer::parent;
use crate::spec::pointer_join;

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for parameter in tree.sites(Sort::Parameter) {
        check_parameter(tree, &parameter, findings);
    }
    for holder in [Sort::PathItem, Sort::Operation].into_iter().flat_map(|sort| tree.sites(sort)) {
        twice(tree, &holder, findings);
    }
}

/// The parameters of an operation or method as (where it is listed, the parameter itself): those of the path first,
/// unless the operation has its own.
pub(super) fn parameters<'a>(tree: &Tree<'a>, operation: &Found<'a>) -> impl Iterator<Item = (Found<'a>, Found<'a>)> {
    let path = parent(&operation.pointer).and_then(|pointer| tree.at(pointer));
    let shared = path.into_iter().flat_map(|path| path.list("parameters"));
    let own: Vec<_> =
        operation.list("parameters").chain(operation.list("params")).filter_map(|at| resolved(tree, at)).collect();
    let places: HashSet<_> = own.iter().map(|(_, own)| place(own)).collect();
    let shared: Vec<_> =
        shared.filter_map(|at| resolved(tree, at)).filter(|(_, shared)| !places.contains(&place(shared))).collect();
    shared.into_iter().chain(own)
}

fn resolved<'a>(tree: &Tree<'a>, at: Found<'a>) -> Option<(Found<'a>, Found<'a>)> {
    Some((at.clone(), tree.resolve(at)?))
}

fn place<'a>(parameter: &Found<'a>) -> (Option<&'a str>, Option<&'a str>) {
    (parameter.text("in"), parameter.text("name"))
}

/// Two parameters of one name in one place.
fn twice(tree: &Tree<'_>, holder: &Found<'_>, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for (at, parameter) in holder.list("parameters").filter_map(|at| resolved(tree, at)) {
        let (Some(location), Some(name)) = place(&parameter) else { continue };
        // The names of headers are the same in any case.
        let name = if location == "header" { name.to_lowercase() } else { name.to_owned() };
        if !seen.insert((location, name.clone())) {
            let help = leave_out("remove one of them");
            findings.at(&at.pointer, format!("there are two parameters `{name}` in `{location}`"), help);
        }
    }
}

fn check_parameter(tree: &Tree<'_>, parameter: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(location) = parameter.text("in") else { return };
    let at = |key: &str| pointer_join(&parameter.pointer, key);
    match location {
        "query" => {}
        "path" => {
            if !parameter.flag("required") {
                let help = Help::from("write required: true").with(at("required"), Change::Set("true".to_owned()));
                findings.at(&parameter.pointer, "a parameter in the path is always required", help);
            }
        }
        "header" => {
            let name = parameter.text("name").unwrap_or_default();
            header_name(&at("name"), name, findings);
            if ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str()) {
                let help = "leave it out; authorisation is a security scheme, the others are the client's";
                findings.at(&at("name"), format!("OpenAPI has no header parameter `{name}`"), help);
            }
        }
        "cookie" => {
            findings.at(&at("in"), "cookies are not supported", "leave it out, or find out what else the venue takes");
            return;
        }
        "body" | "formData" => {
            findings.at(&at("in"), format!("parameters in `{location}` are OpenAPI 2.0's"), "write a `requestBody`");
            return;
        }
        _ => {
            let help = did_you_mean(location, ["query", "path", "header"], "write in: query, in: path or in: header");
            findings.at(&at("in"), format!("a parameter cannot be in `{location}`"), help);
            return;
        }
    }
    style(parameter, location, findings);
    if let Some(schema) = parameter.get("schema") {
        parameter_type(tree, schema, location, findings);
    }
}

fn style(parameter: &Found<'_>, location: &str, findings: &mut Findings<'_>) {
    let usual = if location == "query" { "form" } else { "simple" };
    let pointer = pointer_join(&parameter.pointer, "style");
    match parameter.text("style") {
        None => {}
        Some(style) if style == usual => {}
        Some(style @ ("form" | "simple")) => {
            findings.at(
                &pointer,
                format!("a parameter in `{location}` has no style `{style}`"),
                write_text(format!("write style: {usual}"), usual),
            );
        }
        Some(style @ ("deepObject" | "spaceDelimited" | "pipeDelimited" | "matrix" | "label")) => {
            let help = match location {
                "query" => {
                    "write style: form with explode: true (a=1&a=2) or false (a=1,2); members of an object as parameters each"
                }
                _ => "write style: simple",
            };
            findings.at(&pointer, format!("the style `{style}` is not supported"), help);
        }
        Some(style) => {
            let help = write_text(format!("write style: {usual}"), usual);
            findings.at(&pointer, format!("there is no style `{style}`"), help);
        }
    }
}

/// What can be written as text: a scalar, in the query also a list of them.
fn parameter_type(tree: &Tree<'_>, schema: Found<'_>, location: &str, findings: &mut Findings<'_>) {
    let pointer = schema.pointer.clone();
    let Some(resolved) = tree.resolve(schema) else { return };
    match JsonType::of(&resolved) {
        Some(JsonType::Object) => {
            let help = "write its members as parameters each";
            findings.at(&pointer, "a parameter that is an object is not supported", help);
        }
        Some(JsonType::Array) if location != "query" => {
            let help = "write type: string and say in the description how it is put together";
            findings.at(&pointer, format!("a list in `{location}` is not supported"), help);
        }
        Some(JsonType::Array) => {
            let items = resolved.get("items").and_then(|items| tree.resolve(items));
            if items.is_some_and(|items| !is_scalar(tree, &items)) {
                findings.at(
                    &pointer,
                    "a list of other than scalars is not supported",
                    "give its `items` a scalar type",
                );
            }
        }
        Some(_) => {}
        None if resolved.node.get("type").is_some() => {}
        None if is_scalar(tree, &resolved) => {}
        None => findings.at(
            &pointer,
            "a parameter has to have a type",
            "write its type; text that may be anything is type: string",
        ),
    }
}

/// Returns whether a schema is a scalar, or one of several: an id that is an integer or text is the same when written.
fn is_scalar(tree: &Tree<'_>, schema: &Found<'_>) -> bool {
    let stated = |schema: &Found<'_>| {
        JsonType::of(schema).is_some_and(|json_type| !matches!(json_type, JsonType::Object | JsonType::Array))
    };
    let mut alternatives = schema.list("oneOf").peekable();
    if alternatives.peek().is_none() {
        return stated(schema);
    }
    alternatives.all(|alternative| tree.resolve(alternative).is_some_and(|alternative| stated(&alternative)))
}
