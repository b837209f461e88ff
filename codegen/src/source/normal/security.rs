//! Normalises the security schemes and requirements of published documents.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Gives schemes and requirements the form that the check accepts.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let has_crate = document.node("/x-auth").is_some();
    let certificates = take_certificates(document, &mut remarks);
    let schemes = document.node_mut("/components/securitySchemes").and_then(Node::as_map_mut);
    for (name, scheme) in schemes.into_iter().flat_map(Members::iter_mut) {
        normalise_scheme(name, scheme, &mut remarks);
    }
    if let Some(list) = document.node_mut("/security") {
        drop_schemes(list, &certificates);
        normalise_list("/security", list, has_crate, &mut remarks);
    }
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        for method in METHODS {
            if let Some(list) = item.child_mut(method).and_then(|operation| operation.child_mut("security")) {
                let pointer = [path, method, "security"];
                let pointer = pointer.iter().fold("/paths".to_owned(), |above, key| pointer_join(&above, key));
                drop_schemes(list, &certificates);
                normalise_list(&pointer, list, has_crate, &mut remarks);
            }
        }
    }
    remarks.note(document, notes);
}

/// Removes the schemes of type `mutualTLS`, and returns their names. The transport has the
/// certificate, so nothing is added to a request.
fn take_certificates(document: &mut Document, remarks: &mut Remarks) -> Vec<String> {
    let place = "/components/securitySchemes";
    let Some(schemes) = document.node_mut(place).and_then(Node::as_map_mut) else { return Vec::new() };
    let is_certificate = |scheme: &Node| scheme.get("type").and_then(Node::as_str) == Some("mutualTLS");
    let schemes_found = schemes.iter().filter(|(_, scheme)| is_certificate(scheme));
    let names: Vec<String> = schemes_found.map(|(name, _)| name.to_owned()).collect();
    for name in &names {
        if let Some(scheme) = schemes.remove(name) {
            let message = format!("the scheme `{name}` is a client certificate, which the client does not have itself");
            let help = "give the client a reqwest builder that has the certificate: `.http(builder.identity(..))`";
            remarks.ignored(&pointer_join(place, name), &scheme, message, help);
        }
    }
    names
}

/// Leaves out schemes that add nothing to a request. A way to authorise that consists of them is
/// left out if there is another way.
fn drop_schemes(list: &mut Node, names: &[String]) {
    // A list that cannot be read stays, so that its operations are left out.
    let is_readable = list.as_seq().is_some_and(|ways| ways.iter().all(|way| way.as_map().is_some()));
    if names.is_empty() || !is_readable {
        return;
    }
    let mut others = Vec::new();
    for mut way in list.take_elements() {
        let Some(members) = way.as_map_mut() else { continue };
        let count = names.iter().filter(|name| members.remove(name).is_some()).count();
        if count == 0 || !members.is_empty() {
            others.push(way);
        }
    }
    // Without another way, nothing is added to a request.
    list.set_kind(Kind::Seq(others.into_boxed_slice()));
}

/// Converts `basic` of OpenAPI 2.0 to the HTTP scheme of 3.0, removes the keys of OAuth 2 that a
/// client does not need, and converts an HTTP scheme that is not supported to the header that
/// carries it.
fn normalise_scheme(name: &str, scheme: &mut Node, remarks: &mut Remarks) {
    let text = |key: &str| scheme.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let (kind, http) = (text("type"), text("scheme").to_ascii_lowercase());
    let at = scheme.position();
    let value = |text: &str| Node::new(at, Kind::String(text.into()));
    match kind.as_str() {
        "basic" => {
            let Some(members) = scheme.as_map_mut() else { return };
            members.insert("type", value("http"));
            members.insert("scheme", value("basic"));
        }
        "oauth2" => {
            let pointer = pointer_join("/components/securitySchemes", name);
            for key in ["flows", "flow", "authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = scheme.get(key).filter(|value| value.as_map().is_none_or(|map| !map.is_empty())) {
                    let message = format!("`{key}` is ignored: the client gets no token itself");
                    let help = "give a token to `Credentials`, or an async function that returns one";
                    remarks.add_of(Effect::Ignored, &pointer_join(&pointer, key), value, message, help);
                }
            }
            scheme.remove_all(|key| matches!(key, "flow" | "authorizationUrl" | "tokenUrl" | "scopes"));
            state(scheme, "flows");
        }
        "openIdConnect" => state(scheme, "openIdConnectUrl"),
        "http" if !matches!(http.as_str(), "basic" | "bearer" | "") => {
            let pointer = pointer_join("/components/securitySchemes", name);
            let message = format!("the scheme `{name}` is the header `Authorization`, whose whole text you give");
            remarks.relaxed(&pointer, scheme, message, "give the text to `Credentials`, or give the client a `Signer`");
            let Some(members) = scheme.as_map_mut() else { return };
            members.remove("scheme");
            members.insert("type", value("apiKey"));
            members.insert("in", value("header"));
            members.insert("name", value("Authorization"));
        }
        _ => {}
    }
}

/// Adds an empty value for a key that the client does not use, so that it is not missing.
fn state(scheme: &mut Node, key: &str) {
    let at = scheme.position();
    if let Some(members) = scheme.as_map_mut().filter(|members| !members.contains_key(key)) {
        let empty = if key == "flows" { Kind::Map(Box::default()) } else { Kind::String("".into()) };
        members.insert(key, Node::new(at, empty));
    }
}

/// Removes scopes. If one of the alternatives needs no scheme, it becomes the last one, so that a
/// client with credentials sends them. If a crate signs (`x-auth`), only the first of several
/// alternatives is kept, and none is required if one needs no scheme.
fn normalise_list(pointer: &str, list: &mut Node, has_crate: bool, remarks: &mut Remarks) {
    let Some(ways) = list.as_seq() else { return };
    let is_optional = ways.iter().any(|way| way.as_map().is_some_and(Members::is_empty));
    let takes_first = has_crate && ways.len() > 1;
    if has_crate && (takes_first || is_optional) {
        let (effect, message) = if is_optional {
            (Effect::Relaxed, "authorisation is optional; the operation is assumed to be public")
        } else {
            (Effect::Ignored, "the first of several ways to authorise is taken")
        };
        remarks.add_of(effect, pointer, list, message, "write the way that you use into an overlay");
    }
    let mut ways = list.take_elements();
    if is_optional {
        let is_empty = |way: &Node| way.as_map().is_some_and(Members::is_empty);
        let empty = ways.iter().find(|way| is_empty(way)).cloned();
        ways.retain(|way| !is_empty(way));
        if has_crate {
            ways.clear();
        } else if !ways.is_empty() {
            ways.extend(empty);
        }
    } else if takes_first {
        ways.truncate(1);
    }
    for way in &mut ways {
        for (_, scopes) in way.as_map_mut().into_iter().flat_map(Members::iter_mut) {
            scopes.set_kind(Kind::Seq(Box::default()));
        }
    }
    list.set_kind(Kind::Seq(ways.into_boxed_slice()));
}
