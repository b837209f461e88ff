//! Removes the parameters that carry the key of a security scheme. The signer sends the key of an
//! operation that requires the scheme, so the parameter would be sent twice.

use super::notes::Notes;
use super::remarks::Remarks;
use super::resolved::resolved;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// A part of requests that carries the key of a scheme.
struct Key {
    scheme: String,
    location: String,
    name: String,
}

impl Key {
    fn is(&self, parameter: &Node) -> bool {
        let text = |key: &str| parameter.get(key).and_then(Node::as_str).unwrap_or_default();
        // The case of letters makes no difference in the name of a header.
        let is_same = |name: &str| match self.location.as_str() {
            "header" => name.eq_ignore_ascii_case(&self.name),
            _ => name == self.name,
        };
        text("in") == self.location && is_same(text("name"))
    }
}

/// Removes each parameter that carries the key of a scheme from the operations that require it.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let keys = keys(document);
    if keys.is_empty() {
        return;
    }
    let shared: Vec<(String, Node)> = document
        .node("/components/parameters")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(Members::iter)
        .map(|(name, parameter)| {
            let place = pointer_join("/components/parameters", name);
            (format!("#{place}"), resolved(document, parameter).clone())
        })
        .collect();
    let of_root = document.node("/security").map(schemes).unwrap_or_default();
    let mut remarks = Remarks::default();
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        let required = |operation: &Node| operation.get("security").map_or_else(|| of_root.clone(), schemes);
        let all: Vec<String> = METHODS.iter().filter_map(|method| item.get(method)).flat_map(&required).collect();
        let of_path = take(&path, item, &keys, &shared, &all, &mut remarks);
        for method in METHODS {
            let Some(operation) = item.child_mut(method) else { continue };
            let required = required(operation);
            take(&pointer_join(&path, method), operation, &keys, &shared, &required, &mut remarks);
            // An operation that does not require the scheme keeps the parameter.
            let kept = of_path.iter().filter(|(scheme, _)| !required.contains(scheme));
            let kept: Vec<Node> = kept.map(|(_, parameter)| parameter.clone().without_key()).collect();
            add(operation, kept);
        }
    }
    remarks.note(document, notes);
}

/// Returns the parts of requests that carry the keys of schemes.
fn keys(document: &Document) -> Vec<Key> {
    let schemes = document.node("/components/securitySchemes").and_then(Node::as_map);
    let key = |(scheme, node): (&str, &Node)| {
        let node = resolved(document, node);
        let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        text("type").filter(|kind| kind == "apiKey")?;
        Some(Key { scheme: scheme.to_owned(), location: text("in")?, name: text("name")? })
    };
    schemes.into_iter().flat_map(Members::iter).filter_map(key).collect()
}

/// Returns the names of the schemes in a list of requirements.
fn schemes(list: &Node) -> Vec<String> {
    let ways = list.as_seq().unwrap_or_default().iter().filter_map(Node::as_map);
    ways.flat_map(Members::keys).map(str::to_owned).collect()
}

/// Removes the parameters that carry the keys of these schemes. Returns them with their schemes.
fn take(
    pointer: &str,
    holder: &mut Node,
    keys: &[Key],
    shared: &[(String, Node)],
    schemes: &[String],
    remarks: &mut Remarks,
) -> Vec<(String, Node)> {
    let pointer = pointer_join(pointer, "parameters");
    let Some(list) = holder.child_mut("parameters").filter(|list| list.as_seq().is_some()) else { return Vec::new() };
    let (mut kept, mut taken) = (Vec::new(), Vec::new());
    for (index, parameter) in list.take_elements().into_iter().enumerate() {
        let reference = parameter.get("$ref").and_then(Node::as_str);
        let described = shared.iter().find(|(known, _)| Some(known.as_str()) == reference);
        let described = described.map_or(&parameter, |(_, described)| described);
        let Some(Key { scheme, name, .. }) = keys.iter().find(|key| schemes.contains(&key.scheme) && key.is(described))
        else {
            kept.push(parameter);
            continue;
        };
        let message = format!("the parameter `{name}` is ignored: it is the key of the scheme `{scheme}`");
        let help = "give the key to `Credentials`; leave the scheme out of `security` to set it yourself";
        remarks.ignored(&pointer_join(&pointer, &index.to_string()), &parameter, message, help);
        taken.push((scheme.clone(), parameter));
    }
    list.set_kind(Kind::Seq(kept.into_boxed_slice()));
    taken
}

/// Adds parameters to an operation.
fn add(operation: &mut Node, parameters: Vec<Node>) {
    if parameters.is_empty() {
        return;
    }
    let at = operation.position();
    match operation.child_mut("parameters") {
        Some(list) => list.append(parameters),
        None => {
            let list = Node::new(at, Kind::Seq(parameters.into_boxed_slice()));
            if let Some(members) = operation.as_map_mut() {
                members.insert("parameters", list);
            }
        }
    }
}
