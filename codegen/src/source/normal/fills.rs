//! Removes the parameters that a signing scheme fills in (`x-fills`). An operation that had one
//! requires the scheme.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// A security scheme, with the names of the parameters that it fills in.
struct Filling {
    scheme: String,
    names: Vec<String>,
}

/// Removes the parameters that a scheme fills in, and adds the scheme to the security of their
/// operations.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let fillings = fillings(document);
    if fillings.is_empty() {
        return;
    }
    let shared: Vec<(String, String)> = document
        .node("/components/parameters")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(Members::iter)
        .filter_map(|(key, parameter)| {
            let name = parameter.get("name").and_then(Node::as_str)?;
            Some((format!("#{}", pointer_join("/components/parameters", key)), name.to_owned()))
        })
        .collect();
    let root_security = document.node("/security").cloned();
    let mut remarks = Remarks::default();
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        let of_path = take(&path, item, &fillings, &shared, &mut remarks);
        for method in METHODS {
            let Some(operation) = item.child_mut(method) else { continue };
            let mut schemes = of_path.clone();
            schemes.extend(take(&pointer_join(&path, method), operation, &fillings, &shared, &mut remarks));
            for scheme in schemes {
                require(operation, &scheme, root_security.as_ref());
            }
        }
    }
    remarks.note(document, notes);
}

fn fillings(document: &Document) -> Vec<Filling> {
    let schemes = document.node("/components/securitySchemes").and_then(Node::as_map);
    let filling = |(scheme, node): (&str, &Node)| {
        let names = node.get("x-fills").and_then(Node::as_seq)?;
        let names = names.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        Some(Filling { scheme: scheme.to_owned(), names })
    };
    schemes.into_iter().flat_map(Members::iter).filter_map(filling).collect()
}

/// Removes the parameters of a path or an operation that a scheme fills in. Returns the schemes.
fn take(
    pointer: &str,
    holder: &mut Node,
    fillings: &[Filling],
    shared: &[(String, String)],
    remarks: &mut Remarks,
) -> Vec<String> {
    let pointer = pointer_join(pointer, "parameters");
    let Some(list) = holder.child_mut("parameters") else { return Vec::new() };
    let (mut kept, mut schemes) = (Vec::new(), Vec::new());
    for (index, parameter) in list.take_elements().into_iter().enumerate() {
        let reference = parameter.get("$ref").and_then(Node::as_str);
        let component = shared.iter().find(|(known, _)| Some(known.as_str()) == reference);
        let name = component.map(|(_, name)| name.as_str()).or_else(|| parameter.get("name").and_then(Node::as_str));
        let filling = fillings.iter().find(|filling| filling.names.iter().any(|known| Some(known.as_str()) == name));
        let Some(Filling { scheme, .. }) = filling else {
            kept.push(parameter);
            continue;
        };
        let message = format!("the scheme `{scheme}` fills in the parameter `{}`", name.unwrap_or_default());
        let pointer = pointer_join(&pointer, &index.to_string());
        remarks.ignored(&pointer, &parameter, message, "leave it out of `x-fills` to set it yourself");
        schemes.push(scheme.clone());
    }
    list.set_kind(Kind::Seq(kept.into_boxed_slice()));
    schemes
}

/// Adds a scheme to each alternative in the `security` of an operation.
fn require(operation: &mut Node, scheme: &str, root: Option<&Node>) {
    let at = operation.position();
    let security = operation.get("security").or(root).and_then(Node::as_seq).unwrap_or_default();
    let mut ways: Vec<Node> = security.to_vec();
    if ways.is_empty() {
        ways.push(Node::new(at, Kind::Map(Box::default())));
    }
    for way in &mut ways {
        if let Some(members) = way.as_map_mut() {
            members.insert(scheme, Node::new(at, Kind::Seq(Box::default())));
        }
    }
    if let Some(members) = operation.as_map_mut() {
        members.insert("security", Node::new(at, Kind::Seq(ways.into_boxed_slice())));
    }
}
