//! Converts OpenAPI 2.0 (Swagger) to OpenAPI 3.0.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::media::MediaKind;
use crate::source::node::{Kind, Members, Node, Position};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// The keys of a parameter or a header that OpenAPI 3.0 has in the schema of the parameter or the
/// header.
const SCHEMA_KEYS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "x-nullable",
    "x-enum-varnames",
    "x-enum-descriptions",
];

/// The sections at the root of OpenAPI 2.0, each with its name under `components` in OpenAPI 3.0.
const SECTIONS: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// Converts a document.
pub(super) fn convert(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let root = Root::read(document.root());
    // Body parameters that are components become request bodies where they are used.
    let shared: Vec<(String, Node)> = document
        .node("/parameters")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(Members::iter)
        .map(|(name, parameter)| (format!("#{}", pointer_join("/parameters", name)), parameter.clone()))
        .collect();
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        let common = item.child_mut("parameters").map(Node::take_elements).unwrap_or_default();
        let mut kept = Vec::new();
        let mut bodies = Vec::new();
        for parameter in common {
            if is_body(&parameter, &shared) { bodies.push(parameter) } else { kept.push(parameter) }
        }
        for method in METHODS {
            if let Some(operation) = item.child_mut(method) {
                root.operation(&pointer_join(&path, method), operation, &bodies, &shared, &mut remarks);
            }
        }
        let at = item.position();
        let kept: Vec<Node> = kept.into_iter().map(parameter).collect();
        if let Some(members) = item.as_map_mut().filter(|_| !kept.is_empty()) {
            members.insert("parameters", Node::new(at, Kind::Seq(kept.into_boxed_slice())));
        }
    }
    root.components(document, &mut remarks);
    references(document.root_mut());
    remarks.note(document, notes);
}

/// What the root of the document states for all operations.
struct Root {
    at: Position,
    servers: Vec<String>,
    /// The end of each base URL, if the document names no host.
    base_path: Option<String>,
    consumes: Vec<String>,
    produces: Vec<String>,
}

impl Root {
    fn read(root: &Node) -> Self {
        let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
        let (host, base) = (text("host"), text("basePath").trim_end_matches('/'));
        let mut schemes = texts(root, "schemes");
        if schemes.is_empty() {
            schemes.push("https".to_owned());
        }
        if schemes.iter().any(|scheme| scheme == "https") {
            schemes.retain(|scheme| scheme != "http");
        }
        schemes.retain(|scheme| scheme.starts_with("http"));
        let servers = if host.is_empty() {
            Vec::new()
        } else {
            schemes.iter().map(|scheme| format!("{scheme}://{host}{base}")).collect()
        };
        // Without a host, the user gives the base URL.
        let base_path = Some(base.to_owned()).filter(|base| host.is_empty() && !base.is_empty());
        let (consumes, produces) = (texts(root, "consumes"), texts(root, "produces"));
        Self { at: root.position(), servers, base_path, consumes, produces }
    }

    fn operation(
        &self,
        pointer: &str,
        operation: &mut Node,
        common: &[Node],
        shared: &[(String, Node)],
        remarks: &mut Remarks,
    ) {
        let at = operation.position();
        let own = |key: &str, otherwise: &[String]| {
            let own = texts(operation, key);
            let mut media = if own.is_empty() { otherwise.to_vec() } else { own };
            if media.is_empty() {
                media.push("application/json".to_owned());
            }
            media
        };
        let (consumes, produces) = (own("consumes", &self.consumes), own("produces", &self.produces));
        let listed = operation.child_mut("parameters").map(Node::take_elements).unwrap_or_default();
        let mut parameters = Vec::new();
        let mut bodies = common.to_vec();
        for parameter in listed {
            if is_body(&parameter, shared) { bodies.push(parameter) } else { parameters.push(parameter) }
        }
        let bodies: Vec<Node> = bodies.iter().map(|body| followed(body, shared)).collect();
        for body in &bodies {
            ignored_keys(&pointer_join(pointer, "parameters"), body, remarks);
        }
        for body in bodies.iter().filter(|body| place(body) == "body").skip(1) {
            let message = "a second body parameter is ignored: a request has one body";
            remarks.ignored(&pointer_join(pointer, "parameters"), body, message, "remove it by an overlay");
        }
        let body = request_body(at, &bodies, &consumes);
        let has_file = bodies.iter().any(|body| place(body) == "formData" && is_file(body));
        if let Some(listed) = operation.get("consumes").filter(|_| has_file) {
            for media in consumes.iter().filter(|media| !media.starts_with("multipart/")) {
                let message = format!("`{media}` is ignored: a form with a file has parts");
                let help = "leave it out by an overlay";
                remarks.ignored(&pointer_join(pointer, "consumes"), listed, message, help);
            }
        }
        if let Some(schemes) = operation.get("schemes") {
            let message = "`schemes` of an operation are ignored";
            remarks.ignored(&pointer_join(pointer, "schemes"), schemes, message, "the servers are those of the root");
        }
        let responses = operation.child_mut("responses").and_then(Node::as_map_mut);
        for (status, response) in responses.into_iter().flat_map(Members::iter_mut) {
            let place = pointer_join(&pointer_join(pointer, "responses"), status);
            self::response(&place, response, &produces, remarks);
        }
        operation.remove_all(|key| matches!(key, "consumes" | "produces" | "schemes" | "parameters"));
        let Some(members) = operation.as_map_mut() else { return };
        let parameters: Vec<Node> = parameters.into_iter().map(parameter).collect();
        members.insert("parameters", Node::new(at, Kind::Seq(parameters.into_boxed_slice())));
        if let Some(body) = body {
            members.insert("requestBody", body);
        }
    }

    /// Moves the sections of the root under `components`.
    fn components(&self, document: &mut Document, remarks: &mut Remarks) {
        let root = document.root_mut();
        if let Some(schemes) = root.get("schemes").filter(|schemes| has_other_schemes(schemes)) {
            let message = "the schemes other than `https` and `http` are ignored";
            remarks.ignored("/schemes", schemes, message, "the client only sends HTTP requests");
        }
        let mut components: Vec<(Box<str>, Node)> = Vec::new();
        for (old, new) in SECTIONS {
            let Some(mut section) = root.remove(old) else { continue };
            let Some(members) = section.as_map_mut() else {
                let message = format!("`{old}` is ignored: it is {}, not an object", section.kind_name());
                remarks.ignored(&pointer_join("", old), &section, message, "correct it in an overlay");
                continue;
            };
            match new {
                "parameters" => {
                    let kept = members.take().into_iter().filter(|(_, parameter)| !is_body_itself(parameter));
                    *members = Members::from(kept.map(|(name, one)| (name, parameter(one))).collect::<Vec<_>>());
                }
                "responses" => {
                    for (name, one) in members.iter_mut() {
                        let place = pointer_join("/responses", name);
                        let produces = if self.produces.is_empty() {
                            vec!["application/json".to_owned()]
                        } else {
                            self.produces.clone()
                        };
                        response(&place, one, &produces, remarks);
                    }
                }
                _ => {}
            }
            components.push((new.into(), section));
        }
        let text = |text: &str| Node::new(self.at, Kind::String(text.into()));
        // This version has one host, and no object for a server.
        let environment = if self.servers.is_empty() { None } else { root.remove("x-environment") };
        let servers = self.servers.iter().map(|url| {
            let mut members: Vec<(Box<str>, Node)> = vec![("url".into(), text(url))];
            members.extend(environment.iter().map(|environment| ("x-environment".into(), environment.clone())));
            Node::new(self.at, Kind::Map(Box::new(Members::from(members))))
        });
        let servers: Vec<Node> = servers.collect();
        root.remove_all(|key| matches!(key, "swagger" | "host" | "basePath" | "schemes" | "consumes" | "produces"));
        let Some(members) = root.as_map_mut() else { return };
        members.insert("openapi", text("3.0.3"));
        if !servers.is_empty() {
            members.insert("servers", Node::new(self.at, Kind::Seq(servers.into_boxed_slice())));
        }
        if let Some(base) = self.base_path.as_deref().filter(|_| !members.contains_key("x-base-path")) {
            members.insert("x-base-path", text(base));
        }
        members.insert("components", Node::new(self.at, Kind::Map(Box::new(Members::from(components)))));
    }
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    node.get(key).and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str).map(str::to_owned).collect()
}

fn place(parameter: &Node) -> &str {
    parameter.get("in").and_then(Node::as_str).unwrap_or_default()
}

fn is_body_itself(parameter: &Node) -> bool {
    matches!(place(parameter), "body" | "formData")
}

fn is_body(parameter: &Node, shared: &[(String, Node)]) -> bool {
    is_body_itself(&followed(parameter, shared))
}

/// Returns a parameter, or the target of its `$ref`.
fn followed(parameter: &Node, shared: &[(String, Node)]) -> Node {
    let reference = parameter.get("$ref").and_then(Node::as_str);
    let target = reference.and_then(|reference| shared.iter().find(|(known, _)| known == reference));
    target.map_or_else(|| parameter.clone(), |(_, target)| target.clone())
}

/// Removes those keys from a parameter or a header that belong to its schema, and returns them as a
/// schema.
fn schema_of(holder: &mut Members) -> Option<Node> {
    let (schema, rest): (Vec<_>, Vec<_>) =
        holder.take().into_iter().partition(|(key, _)| SCHEMA_KEYS.contains(&&**key));
    *holder = Members::from(rest);
    let at = schema.first()?.1.position();
    Some(Node::new(at, Kind::Map(Box::new(Members::from(schema)))))
}

/// Returns the style and `explode` that OpenAPI 3.0 has for an array with this `collectionFormat`.
/// The default of OpenAPI 2.0 is `csv`; that of 3.0 is what 2.0 calls `multi`.
fn style(format: Option<&str>) -> (Option<&'static str>, bool) {
    match format {
        Some("ssv") => (Some("spaceDelimited"), false),
        Some("pipes") => (Some("pipeDelimited"), false),
        // OpenAPI 3 has no such style, so the check reports it.
        Some("tsv") => (Some("tsv"), false),
        Some("multi") => (None, true),
        _ => (None, false),
    }
}

/// Returns how the array of a form field is written, as `encoding` states it.
fn field_encoding(field: &Node) -> Option<Node> {
    let at = field.position();
    if field.get("type").and_then(Node::as_str) != Some("array") {
        return None;
    }
    let (style, explodes) = style(field.get("collectionFormat").and_then(Node::as_str));
    let style = Node::new(at, Kind::String(style.unwrap_or("form").into()));
    let members: Vec<(Box<str>, Node)> =
        vec![("style".into(), style), ("explode".into(), Node::new(at, Kind::Bool(explodes)))];
    Some(Node::new(at, Kind::Map(Box::new(Members::from(members)))))
}

/// Converts a parameter in the path, the query or a header.
fn parameter(mut parameter: Node) -> Node {
    let at = parameter.position();
    let is_query = place(&parameter) == "query";
    let Some(members) = parameter.as_map_mut() else { return parameter };
    if members.contains_key("$ref") {
        return parameter;
    }
    let format = members.remove("collectionFormat").and_then(|format| format.as_str().map(str::to_owned));
    let is_array = members.get("type").and_then(Node::as_str) == Some("array");
    if let Some(schema) = schema_of(members) {
        members.insert("schema", schema);
    }
    let (style, explodes) = style(format.as_deref());
    if let Some(style) = style.filter(|_| is_array) {
        members.insert("style", Node::new(at, Kind::String(style.into())));
    }
    if is_array && is_query {
        members.insert("explode", Node::new(at, Kind::Bool(explodes)));
    }
    parameter
}

/// Returns the request body that the body parameter or the form parameters describe; `None` if
/// there are none.
fn request_body(at: Position, bodies: &[Node], consumes: &[String]) -> Option<Node> {
    let flag = |parameter: &Node| parameter.get("required").and_then(Node::as_bool) == Some(true);
    let map = |members: Vec<(Box<str>, Node)>| Node::new(at, Kind::Map(Box::new(Members::from(members))));
    if let Some(body) = bodies.iter().find(|body| place(body) == "body") {
        let schema = body.get("schema").cloned().unwrap_or_else(|| map(Vec::new()));
        let mut members: Vec<(Box<str>, Node)> = vec![
            ("required".into(), Node::new(at, Kind::Bool(flag(body)))),
            ("content".into(), content(at, &schema, consumes)),
        ];
        members.extend(body.get("description").cloned().map(|text| ("description".into(), text)));
        return Some(map(members));
    }
    let form: Vec<&Node> = bodies.iter().filter(|body| place(body) == "formData").collect();
    if form.is_empty() {
        return None;
    }
    let mut properties: Vec<(Box<str>, Node)> = Vec::new();
    let mut required = Vec::new();
    let mut encodings: Vec<(Box<str>, Node)> = Vec::new();
    let mut has_file = false;
    for field in &form {
        let Some(name) = field.get("name").and_then(Node::as_str) else { continue };
        let mut copy = (*field).clone();
        has_file |= is_file(field);
        let Some(mut schema) = copy.as_map_mut().and_then(schema_of) else { continue };
        file_as_bytes(&mut schema);
        if let (Some(text), Some(members)) = (field.get("description").cloned(), schema.as_map_mut()) {
            members.insert("description", text);
        }
        if properties.iter().all(|(known, _)| &**known != name) {
            properties.push((name.into(), schema));
            encodings.extend(field_encoding(field).map(|encoding| (name.into(), encoding)));
        }
        if flag(field) {
            required.push(Node::new(at, Kind::String(name.into())));
        }
    }
    let schema = map(vec![
        ("type".into(), Node::new(at, Kind::String("object".into()))),
        ("required".into(), Node::new(at, Kind::Seq(required.into_boxed_slice()))),
        ("properties".into(), map(properties)),
    ]);
    // A form with a file has parts.
    let is_usable = |media: &&String| media.contains("form") && (!has_file || media.starts_with("multipart/"));
    let media: Vec<String> = consumes.iter().filter(is_usable).cloned().collect();
    let media = match (media.is_empty(), has_file) {
        (false, _) => media,
        (true, true) => vec!["multipart/form-data".to_owned()],
        (true, false) => vec!["application/x-www-form-urlencoded".to_owned()],
    };
    let mut content = content(at, &schema, &media);
    // In a form of parts, an array is several parts, or one part with its elements joined.
    if !encodings.is_empty() {
        for (_, body) in content.as_map_mut().into_iter().flat_map(Members::iter_mut) {
            if let Some(body) = body.as_map_mut() {
                body.insert("encoding", map(encodings.clone()));
            }
        }
    }
    Some(map(vec![
        ("required".into(), Node::new(at, Kind::Bool(form.iter().any(|field| flag(field))))),
        ("content".into(), content),
    ]))
}

fn is_file(schema: &Node) -> bool {
    schema.get("type").and_then(Node::as_str) == Some("file")
}

/// Makes `type: file` binary text. Returns whether it was a file.
fn file_as_bytes(schema: &mut Node) -> bool {
    let at = schema.position();
    let is_file = is_file(schema);
    if let Some(members) = schema.as_map_mut().filter(|_| is_file) {
        let text = |text: &str| Node::new(at, Kind::String(text.into()));
        members.insert("type", text("string"));
        members.insert("format", text("binary"));
    }
    is_file
}

fn content(at: Position, schema: &Node, media: &[String]) -> Node {
    let one = |name: &String| {
        let members: Vec<(Box<str>, Node)> = vec![("schema".into(), schema.clone().without_key())];
        (name.as_str().into(), Node::new(at, Kind::Map(Box::new(Members::from(members)))))
    };
    let mut all: Vec<(Box<str>, Node)> = Vec::new();
    for name in media {
        if all.iter().all(|(known, _)| **known != **name) {
            all.push(one(name));
        }
    }
    Node::new(at, Kind::Map(Box::new(Members::from(all))))
}

/// Returns whether a list of schemes names one that is not HTTP.
fn has_other_schemes(schemes: &Node) -> bool {
    schemes.as_seq().into_iter().flatten().any(|scheme| !matches!(scheme.as_str(), Some("https" | "http")))
}

/// Adds a warning on each key of a body or form parameter that has no place in a request body.
fn ignored_keys(pointer: &str, parameter: &Node, remarks: &mut Remarks) {
    let is_form = place(parameter) == "formData";
    let is_array = parameter.get("type").and_then(Node::as_str) == Some("array");
    let is_known = |key: &str| {
        matches!(key, "in" | "name" | "required" | "description")
            || if is_form {
                SCHEMA_KEYS.contains(&key) || is_array && key == "collectionFormat"
            } else {
                key == "schema"
            }
    };
    for (key, value) in parameter.as_map().into_iter().flat_map(Members::iter).filter(|(key, _)| !is_known(key)) {
        let message = format!("`{key}` of a body or form parameter is ignored");
        remarks.ignored(pointer, value, message, "leave it out");
    }
}

/// Converts a response.
fn response(pointer: &str, response: &mut Node, produces: &[String], remarks: &mut Remarks) {
    let at = response.position();
    let Some(members) = response.as_map_mut() else { return };
    if let Some(mut schema) = members.remove("schema") {
        let is_file = file_as_bytes(&mut schema);
        let content_of = |media: &[String]| content(at, &schema, media);
        let mut content = content_of(produces);
        if is_file {
            // A file is not JSON, also if the document produces only JSON.
            let is_json = |media: &String| {
                content.get(media).is_some_and(|content| MediaKind::new(media, content) == MediaKind::Json)
            };
            let mut others: Vec<String> = produces.iter().filter(|media| !is_json(media)).cloned().collect();
            for media in produces.iter().filter(|media| !others.is_empty() && is_json(media)) {
                let message = format!("`{media}` is ignored: a file is not JSON");
                remarks.ignored(pointer, &schema, message, "leave it out by an overlay");
            }
            if others.is_empty() {
                others.push("application/octet-stream".to_owned());
            }
            content = content_of(&others);
        }
        // The keys of `examples` are media types.
        if let Some(mut examples) = members.remove("examples") {
            for (media, example) in examples.as_map_mut().map(Members::take).unwrap_or_default() {
                match content.child_mut(&media).and_then(Node::as_map_mut) {
                    Some(body) => body.insert("example", example),
                    None => {
                        let place = pointer_join(&pointer_join(pointer, "examples"), &media);
                        let message = format!("the example of `{media}` is ignored");
                        remarks.ignored(&place, &example, message, "the operation does not produce it");
                    }
                }
            }
        }
        members.insert("content", content);
    } else if let Some(examples) = members.remove("examples") {
        let message = "`examples` are ignored: the response has no `schema`";
        remarks.ignored(&pointer_join(pointer, "examples"), &examples, message, "write its `schema` into an overlay");
    }
    for (_, header) in members.get_mut("headers").and_then(Node::as_map_mut).into_iter().flat_map(Members::iter_mut) {
        if let Some(header) = header.as_map_mut() {
            let format = header.remove("collectionFormat");
            if let Some(format) = format.filter(|format| format.as_str() != Some("csv")) {
                let message = "the `collectionFormat` of a header is ignored";
                remarks.ignored(&pointer_join(pointer, "headers"), &format, message, "read the header as text");
            }
            if let Some(schema) = schema_of(header) {
                header.insert("schema", schema);
            }
        }
    }
}

/// Changes each `$ref` that leads to a section at the root, so that it leads to the section under
/// `components`.
fn references(node: &mut Node) {
    let position = node.position();
    match node.kind_mut() {
        Kind::Seq(nodes) => nodes.iter_mut().for_each(references),
        Kind::Map(members) => {
            let new = members.get("$ref").and_then(Node::as_str).and_then(|reference| {
                let rest = reference.strip_prefix("#/")?;
                let (section, name) = rest.split_once('/')?;
                let (_, new) = SECTIONS.iter().find(|(old, _)| *old == section)?;
                Some(format!("#/components/{new}/{name}"))
            });
            if let Some(new) = new {
                members.insert("$ref", Node::new(position, Kind::String(new.into())));
            }
            members.iter_mut().for_each(|(_, node)| references(node));
        }
        _ => {}
    }
}
