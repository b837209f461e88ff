//! Security: one way to authorise for each operation.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Gives schemes and requirements the form that signers need.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let schemes = document.node_mut("/components/securitySchemes").and_then(Node::as_map_mut);
    for (name, scheme) in schemes.into_iter().flat_map(Members::iter_mut) {
        normalise_scheme(name, scheme, &mut remarks);
    }
    if let Some(list) = document.node_mut("/security") {
        normalise_list("/security", list, &mut remarks);
    }
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        for method in METHODS {
            if let Some(list) = item.child_mut(method).and_then(|operation| operation.child_mut("security")) {
                let pointer = [path, method, "security"];
                let pointer = pointer.iter().fold("/paths".to_owned(), |above, key| pointer_join(&above, key));
                normalise_list(&pointer, list, &mut remarks);
            }
        }
    }
    remarks.note(document, notes);
}

/// Turns a scheme of HTTP, OAuth or OpenID Connect into a header that the user's signer sets.
fn normalise_scheme(name: &str, scheme: &mut Node, remarks: &mut Remarks) {
    let text = |key: &str| scheme.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let (kind, place) = (text("type"), text("in"));
    let header = match (kind.as_str(), place.as_str()) {
        ("http" | "oauth2" | "openIdConnect" | "basic", _) => "Authorization",
        ("apiKey", "cookie") => "Cookie",
        _ => return,
    };
    let at = scheme.position();
    let pointer = pointer_join("/components/securitySchemes", name);
    let message = format!("the scheme `{name}` is the header `{header}`, which your signer sets");
    remarks.add(&pointer, scheme, message, "give the client a `Signer`");
    let description = scheme.get("description").cloned();
    let value = |text: &str| Node::new(at, Kind::String(text.into()));
    let mut members: Vec<(Box<str>, Node)> =
        vec![("type".into(), value("apiKey")), ("in".into(), value("header")), ("name".into(), value(header))];
    members.extend(description.map(|text| ("description".into(), text)));
    scheme.set_kind(Kind::Map(Box::new(Members::from(members))));
}

/// Takes the first of several ways to authorise. If none is needed, the operation is public.
fn normalise_list(pointer: &str, list: &mut Node, remarks: &mut Remarks) {
    let Some(ways) = list.as_seq() else { return };
    let is_optional = ways.iter().any(|way| way.as_map().is_some_and(Members::is_empty));
    if ways.len() > 1 || is_optional {
        let message = if is_optional {
            "authorisation is optional; the operation is assumed to be public"
        } else {
            "the first of several ways to authorise is taken"
        };
        remarks.add(pointer, list, message, "write the way that you use into an overlay");
    }
    let mut ways = list.take_elements();
    ways.truncate(usize::from(!is_optional));
    for way in &mut ways {
        for (_, scopes) in way.as_map_mut().into_iter().flat_map(Members::iter_mut) {
            scopes.set_kind(Kind::Seq(Box::default()));
        }
    }
    list.set_kind(Kind::Seq(ways.into_boxed_slice()));
}
