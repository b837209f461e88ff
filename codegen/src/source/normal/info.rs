//! Completes the title, the version and the servers of a document.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::pointer::pointer_join;

/// Adds the title and the version if `info` lacks them, and replaces the variables in the URLs of
/// servers by their defaults.
pub(super) fn complete(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let venue = document.venue().to_owned();
    let at = document.root().position();
    if document.root().get("info").is_none()
        && let Some(members) = document.root_mut().as_map_mut()
    {
        members.insert("info", Node::new(at, Kind::Map(Box::default())));
    }
    for (key, value) in [("title", venue.as_str()), ("version", "unknown")] {
        let Some(info) = document.root_mut().child_mut("info") else { continue };
        if info.get(key).is_some_and(|stated| stated.as_str().is_none_or(|text| !text.trim().is_empty())) {
            continue;
        }
        let message = format!("the {key} of the API is made up: `{value}`");
        remarks.add_of(Effect::Synthesised, "/info", info, message, format!("write `info.{key}` into an overlay"));
        if let Some(members) = info.as_map_mut() {
            members.insert(key, Node::new(at, Kind::String(value.into())));
        }
    }
    if let Some(Kind::Seq(servers)) = document.root_mut().child_mut("servers").map(Node::kind_mut) {
        for (index, server) in servers.iter_mut().enumerate() {
            variables(&pointer_join("/servers", &index.to_string()), server, &mut remarks);
        }
    }
    remarks.note(document, notes);
}

/// Replaces the variables in a server's URL by their defaults. A variable is written `{name}`, or
/// in OpenRPC `${name}`.
fn variables(pointer: &str, server: &mut Node, remarks: &mut Remarks) {
    let Some(variables) = server.remove("variables") else { return };
    let Some(mut url) = server.get("url").and_then(Node::as_str).map(str::to_owned) else { return };
    for (name, variable) in variables.as_map().into_iter().flat_map(|variables| variables.iter()) {
        let pointer = pointer_join(&pointer_join(pointer, "variables"), name);
        if !url.contains(&format!("{{{name}}}")) {
            let message = format!("`{name}` is ignored: the URL has no such variable");
            remarks.add_of(Effect::Ignored, &pointer, variable, message, "remove it by an overlay");
        }
        remarks.add_others(&pointer, variable, &["default", "description"]);
        let default = variable.get("default").and_then(|value| value.as_str().or_else(|| value.as_number()));
        let Some(default) = default else { continue };
        // The check of URLs reports a name without its value, such as `https://{id}.example.com`.
        let filled = url.replace(&format!("${{{name}}}"), default).replace(&format!("{{{name}}}"), default);
        if default.is_empty() && ["//.", "..", "./", "//:"].iter().any(|part| filled.contains(part)) {
            continue;
        }
        url = url.replace(&format!("${{{name}}}"), default).replace(&format!("{{{name}}}"), default);
    }
    let help = "write the URLs of the other values as servers into an overlay, or give the client a base URL";
    remarks.add_of(
        Effect::Synthesised,
        &pointer_join(pointer, "variables"),
        &variables,
        format!("the server is `{url}`"),
        help,
    );
    let at = server.position();
    if let Some(members) = server.as_map_mut() {
        members.insert("url", Node::new(at, Kind::String(url.into())));
    }
}
