//! OpenAPI 3.

use super::common::{content, is_json, security};
use super::parts::{Body, Content, Header, Joined, Operation, Parameter, ParameterPlace, Response};
use super::path::{index_in_path, template};
use super::servers::prefix;
use crate::document::root;
use crate::schema::resolved::ResolvedSchema;
use venuekit_codegen::model::Route;
use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::{follow, split_path_key};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Returns the operations of an OpenAPI document.
pub(super) fn operations(document: &Document) -> Vec<Operation<'_>> {
    let Some(paths) = root(document).get("paths") else { return Vec::new() };
    let mut operations = Vec::new();
    let prefix = prefix(document);
    for (key, item) in paths.members().filter(|(key, _)| !key.starts_with("x-")) {
        let item = follow(document, item);
        for (method, at) in item.members().filter(|(key, _)| METHODS.contains(key)) {
            let operation = operation(document, (key, method), &item, at);
            let full_route =
                format!("{} {}", method.to_ascii_uppercase(), template(&format!("{prefix}{}", split_path_key(key).0)));
            operations.push(Operation { full_route, ..operation });
        }
    }
    operations
}

fn operation<'d>(
    document: &'d Document,
    (key, method): (&str, &str),
    item: &Located<'d>,
    at: Located<'d>,
) -> Operation<'d> {
    let (path, _) = split_path_key(key);
    let route = Route::Http { method: method.to_ascii_uppercase(), path: path.to_owned() };
    let id = at.text("operationId");
    let signs = |scheme: &str| {
        let schemes = root(document).get("components").and_then(|components| components.get("securitySchemes"));
        let scheme = schemes.and_then(|schemes| schemes.get(scheme)).map(|scheme| follow(document, scheme));
        scheme.is_some_and(|scheme| scheme.flag("x-signature"))
    };
    let responses: Vec<(&str, Located<'d>)> =
        at.get("responses").map(|responses| responses.members().collect()).unwrap_or_default();
    let no_success = !responses.iter().any(|(status, _)| status.starts_with('2'));
    let responses = responses.into_iter().filter(|(status, _)| !status.starts_with("x-"));
    Operation {
        name: id.map_or_else(|| format!("{} {key}", method.to_ascii_uppercase()), str::to_owned),
        named: id.is_some(),
        route,
        full_route: String::new(),
        parameters: parameters(document, path, item, &at),
        body: at.get("requestBody").map(|body| {
            let site = body.pointer.clone();
            let at = follow(document, body);
            Body { site, required: at.flag("required"), content: content(document, &at), at }
        }),
        responses: responses
            .map(|(status, at)| {
                let site = at.pointer.clone();
                let at = follow(document, at);
                // If there is no other success, `default` is the success.
                let success = status.starts_with('2') || (status == "default" && no_success);
                Response {
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
        is_either: false,
        errors: Vec::new(),
        at,
    }
}

/// Returns the parameters of the path and of the operation. A parameter of the operation replaces
/// the same one of the path.
fn parameters<'d>(
    document: &'d Document,
    path: &str,
    item: &Located<'d>,
    operation: &Located<'d>,
) -> Vec<Parameter<'d>> {
    let mut found: Vec<Parameter<'d>> = Vec::new();
    for at in item.list("parameters").chain(operation.list("parameters")) {
        let site = at.pointer.clone();
        let at = follow(document, at);
        let (Some(name), Some(place)) = (at.text("name"), at.text("in")) else { continue };
        let place = match (place, index_in_path(path, name)) {
            ("path", Some(place)) => ParameterPlace::Path(place),
            (other, _) => ParameterPlace::Named(other.to_owned()),
        };
        found.retain(|other| !(other.name == name && other.place == place));
        found.push(parameter(document, name, place, site, at));
    }
    found
}

fn parameter<'d>(
    document: &'d Document,
    name: &str,
    place: ParameterPlace,
    site: String,
    at: Located<'d>,
) -> Parameter<'d> {
    let content: Vec<Content<'d>> = content(document, &at);
    let (schema, json) = match content.into_iter().next() {
        Some(content) => (content.schema, is_json(&content.media)),
        None => (at.get("schema"), false),
    };
    let query = matches!(&place, ParameterPlace::Named(place) if place == "query" || place == "cookie");
    let style = style(document, &at, schema.as_ref(), json, if query { "form" } else { "simple" });
    Parameter {
        name: name.to_owned(),
        place,
        required: at.flag("required"),
        style: style.text,
        joined: style.joined,
        compound: style.compound && !json,
        schema,
        json,
        site,
        at,
    }
}

/// The style of a parameter or a header.
struct ReadStyle {
    /// The way in which several values are joined; empty for a single value.
    text: String,
    joined: Option<Joined>,
    /// True if it is a list or an object.
    compound: bool,
}

fn style<'d>(
    document: &'d Document,
    at: &Located<'d>,
    schema: Option<&Located<'d>>,
    json: bool,
    usual: &str,
) -> ReadStyle {
    let compound = schema.is_some_and(|schema| {
        let types = ResolvedSchema::new(document, schema.clone()).types();
        types.contains(&"array") || types.contains(&"object")
    });
    let style = at.text("style").unwrap_or(usual);
    let explode = at.node.get("explode").and_then(|explode| explode.as_bool()).unwrap_or(style == "form");
    let joined = match (style, explode) {
        _ if json => None,
        ("form", true) => Some(Joined::Repeated),
        ("form" | "simple", _) => Some(Joined::ByComma),
        _ => None,
    };
    let text = match (compound, json, explode) {
        (_, true, _) => "as JSON".to_owned(),
        (false, false, _) if matches!(style, "form" | "simple") => String::new(),
        (false, false, _) => style.to_owned(),
        (true, false, true) => format!("{style}, one by one"),
        (true, false, false) => format!("{style}, joined"),
    };
    ReadStyle { text, joined, compound }
}

fn headers<'d>(document: &'d Document, response: &Located<'d>) -> Vec<Header<'d>> {
    let Some(headers) = response.get("headers") else { return Vec::new() };
    let headers = headers.members().map(|(name, at)| {
        let site = at.pointer.clone();
        let at = follow(document, at);
        let (schema, json) = match content(document, &at).into_iter().next() {
            Some(content) => (content.schema, is_json(&content.media)),
            None => (at.get("schema"), false),
        };
        let style = style(document, &at, schema.as_ref(), json, "simple");
        // The elements of an array are joined alike with and without `explode`.
        let is_object = schema
            .as_ref()
            .is_some_and(|schema| ResolvedSchema::new(document, schema.clone()).types().contains(&"object"));
        let text = if is_object || json { style.text } else { String::new() };
        Header { site, name: name.to_owned(), required: at.flag("required"), style: text, schema, at }
    });
    headers.collect()
}
