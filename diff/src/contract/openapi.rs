//! OpenAPI 3.

use super::{
    Body, Content, Header, Location, Operation, Parameter, Reply, content, is_json, place_in_path, resolve, root,
    security,
};
use crate::schemas::view::View;
use venuekit_codegen::model::Route;
use venuekit_codegen::spec::Document;
use venuekit_codegen::spec::found::Found;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

pub(super) fn operations(document: &Document) -> Vec<Operation<'_>> {
    let Some(paths) = root(document).get("paths") else { return Vec::new() };
    let mut operations = Vec::new();
    for (path, item) in paths.members().filter(|(path, _)| !path.starts_with("x-")) {
        let item = resolve(document, item);
        for (method, at) in item.members().filter(|(key, _)| METHODS.contains(key)) {
            operations.push(operation(document, path, method, &item, at));
        }
    }
    operations
}

fn operation<'d>(document: &'d Document, path: &str, method: &str, item: &Found<'d>, at: Found<'d>) -> Operation<'d> {
    let route = Route::Http { method: method.to_ascii_uppercase(), path: path.to_owned() };
    let id = at.text("operationId");
    let signs = |scheme: &str| {
        let schemes = root(document).get("components").and_then(|components| components.get("securitySchemes"));
        let scheme = schemes.and_then(|schemes| schemes.get(scheme)).map(|scheme| resolve(document, scheme));
        scheme.is_some_and(|scheme| scheme.flag("x-signature"))
    };
    let replies: Vec<(&str, Found<'d>)> =
        at.get("responses").map(|replies| replies.members().collect()).unwrap_or_default();
    let no_success = !replies.iter().any(|(status, _)| status.starts_with('2'));
    let replies = replies.into_iter().filter(|(status, _)| !status.starts_with("x-"));
    Operation {
        name: id.map_or_else(|| format!("{} {path}", method.to_ascii_uppercase()), str::to_owned),
        named: id.is_some(),
        route,
        parameters: parameters(document, path, item, &at),
        body: at.get("requestBody").map(|body| {
            let site = body.pointer.clone();
            let at = resolve(document, body);
            Body { site, required: at.flag("required"), content: content(document, &at), at }
        }),
        replies: replies
            .map(|(status, at)| {
                let site = at.pointer.clone();
                let at = resolve(document, at);
                // Where no success is described, `default` is what there is.
                let success = status.starts_with('2') || (status == "default" && no_success);
                Reply {
                    status: status.to_owned(),
                    site,
                    headers: headers(document, &at),
                    content: content(document, &at),
                    success,
                    at,
                }
            })
            .collect(),
        security: security(document, &at, "security", &signs),
        at,
    }
}

/// The parameters of the path, save those that the operation has its own of; then those of the operation.
fn parameters<'d>(document: &'d Document, path: &str, item: &Found<'d>, operation: &Found<'d>) -> Vec<Parameter<'d>> {
    let mut found: Vec<Parameter<'d>> = Vec::new();
    for at in item.list("parameters").chain(operation.list("parameters")) {
        let site = at.pointer.clone();
        let at = resolve(document, at);
        let (Some(name), Some(location)) = (at.text("name"), at.text("in")) else { continue };
        let location = match (location, place_in_path(path, name)) {
            ("path", Some(place)) => Location::Path(place),
            (other, _) => Location::Named(other.to_owned()),
        };
        found.retain(|other| !(other.name == name && other.location == location));
        found.push(parameter(document, name, location, site, at));
    }
    found
}

fn parameter<'d>(document: &'d Document, name: &str, location: Location, site: String, at: Found<'d>) -> Parameter<'d> {
    let content: Vec<Content<'d>> = content(document, &at);
    let (schema, json) = match content.into_iter().next() {
        Some(content) => (content.schema, is_json(&content.media)),
        None => (at.get("schema"), false),
    };
    let compound = schema.clone().is_some_and(|schema| {
        let types = View::of(document, schema).types();
        types.contains(&"array") || types.contains(&"object")
    });
    let query = matches!(&location, Location::Named(location) if location == "query" || location == "cookie");
    let style = at.text("style").unwrap_or(if query { "form" } else { "simple" });
    let explode = at.node.get("explode").and_then(|explode| explode.as_bool()).unwrap_or(style == "form");
    let style = match (compound, json, explode) {
        (_, true, _) => "as JSON".to_owned(),
        (false, false, _) if matches!(style, "form" | "simple") => String::new(),
        (false, false, _) => style.to_owned(),
        (true, false, true) => format!("{style}, one by one"),
        (true, false, false) => format!("{style}, joined"),
    };
    Parameter {
        name: name.to_owned(),
        location,
        required: at.flag("required"),
        style,
        compound: compound && !json,
        schema,
        json,
        site,
        at,
    }
}

fn headers<'d>(document: &'d Document, reply: &Found<'d>) -> Vec<Header<'d>> {
    let Some(headers) = reply.get("headers") else { return Vec::new() };
    let headers = headers.members().map(|(name, at)| {
        let site = at.pointer.clone();
        let at = resolve(document, at);
        Header { site, name: name.to_owned(), required: at.flag("required"), schema: at.get("schema"), at }
    });
    headers.collect()
}
