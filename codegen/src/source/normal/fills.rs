//! Removes the parameters, and the members of bodies, that a signing scheme fills in (`x-fills`).
//! An operation that had one requires the scheme.

use std::collections::{BTreeMap, BTreeSet};

use super::notes::Notes;
use super::remarks::Remarks;
use crate::diagnostic::Change;
use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::nearest::{nearest, question};
use crate::source::node::{Kind, Members, Node, json_text};
use crate::source::openapi::METHODS;
use crate::source::openrpc::is_by_name;
use crate::source::pointer::pointer_join;

/// The longest chain of references that is followed.
const DEPTH: usize = 16;

/// A security scheme, with the names of the parameters that it fills in.
struct Filling {
    scheme: String,
    names: Vec<String>,
}

/// Removes the parameters that a scheme fills in, and adds the scheme to the security of their
/// operations.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    methods(document, &mut remarks);
    remarks.note(document, notes);
    let fillings = fillings(document, "/components/securitySchemes");
    if fillings.is_empty() {
        return;
    }
    let shared: Vec<(String, String)> = document
        .node("/components/parameters")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(Members::iter)
        .filter_map(|(key, parameter)| {
            let place = pointer_join("/components/parameters", key);
            let name = name(document, &place, parameter)?;
            Some((format!("#{place}"), name.to_owned()))
        })
        .collect();
    let root_security = document.node("/security").cloned();
    let mut remarks = Remarks::default();
    misspelled(document, "/components/securitySchemes", &fillings, &names_in_paths(document), &mut remarks);
    let mut bodies = bodies(document, &fillings);
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        let of_path = take(&path, item, &fillings, &shared, &mut remarks);
        for method in METHODS {
            let Some(operation) = item.child_mut(method) else { continue };
            let mut schemes = of_path.clone();
            let pointer = pointer_join(&path, method);
            schemes.extend(take(&pointer, operation, &fillings, &shared, &mut remarks));
            if let Some(body) = bodies.remove(&pointer)
                && let Some(members) = operation.as_map_mut()
            {
                members.insert("requestBody", body.without_members);
                for (place, reference) in &body.references {
                    remarks.add_others(place, reference, &["$ref"]);
                }
                for FilledMember { scheme, name, place, schema } in body.taken {
                    let message = format!("the scheme `{scheme}` fills in the member `{name}` of the body");
                    remarks.ignored(&place, &schema, message, "leave it out of `x-fills` to set it yourself");
                    schemes.push(scheme);
                }
            }
            for scheme in schemes {
                require(operation, "security", &scheme, root_security.as_ref());
            }
        }
    }
    remarks.note(document, notes);
}

/// Removes the parameters of methods that a scheme fills in, and adds the scheme to the security of
/// their methods. A parameter by position stays if another one stands after it.
fn methods(document: &mut Document, remarks: &mut Remarks) {
    let fillings = fillings(document, "/x-security-schemes");
    if fillings.is_empty() {
        return;
    }
    let root_security = document.node("/x-security").cloned();
    let names = names_in_methods(document);
    let known = names.iter().flatten().cloned().collect();
    misspelled(document, "/x-security-schemes", &fillings, &known, remarks);
    let Some(methods) = document.node_mut("/methods") else { return };
    let mut changed = methods.take_elements();
    for ((index, method), names) in changed.iter_mut().enumerate().zip(names) {
        let pointer = pointer_join("/methods", &index.to_string());
        let by_name = is_by_name(&Located { pointer: pointer.clone(), node: method });
        let Some(params) = method.child_mut("params") else { continue };
        let place = pointer_join(&pointer, "params");
        let (mut kept, mut schemes, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for ((index, param), name) in params.take_elements().into_iter().enumerate().zip(names).rev() {
            let filling = fillings.iter().find(|filling| filling.names.contains(&name));
            let pointer = pointer_join(&place, &index.to_string());
            match filling {
                Some(Filling { scheme, .. }) if by_name || kept.is_empty() => {
                    let message = format!("the scheme `{scheme}` fills in the parameter `{name}`");
                    remarks.ignored(&pointer, &param, message, "leave it out of `x-fills` to set it yourself");
                    schemes.push(scheme.clone());
                    dropped.push(index);
                }
                Some(Filling { scheme, .. }) => {
                    let message = format!("the parameter `{name}` stays, although the scheme `{scheme}` fills it in");
                    let help = "only the last parameters by position can be filled in";
                    remarks.ignored(&pointer, &param, message, help);
                    kept.push(param);
                }
                None => kept.push(param),
            }
        }
        kept.reverse();
        params.set_kind(Kind::Seq(kept.into_boxed_slice()));
        if let Some(Kind::Seq(pairings)) = method.child_mut("examples").map(Node::kind_mut) {
            pairings.iter_mut().for_each(|pairing| without_params(pairing, &dropped));
        }
        for scheme in schemes {
            require(method, "x-security", &scheme, root_security.as_ref());
        }
    }
    if let Some(methods) = document.node_mut("/methods") {
        methods.set_kind(Kind::Seq(changed.into_boxed_slice()));
    }
}

/// Returns the names of the parameters of each method; an empty name for a parameter without one.
fn names_in_methods(document: &Document) -> Vec<Vec<String>> {
    let methods = document.node("/methods").and_then(Node::as_seq).unwrap_or_default().iter().enumerate();
    let of_method = |(index, method): (usize, &Node)| {
        let place = pointer_join(&pointer_join("/methods", &index.to_string()), "params");
        let params = method.get("params").and_then(Node::as_seq).unwrap_or_default();
        params.iter().map(|param| name(document, &place, param).unwrap_or_default().to_owned()).collect()
    };
    methods.map(of_method).collect()
}

/// Returns the names of all parameters and of the members of all bodies.
fn names_in_paths(document: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let items = document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter);
    for (_, item) in items {
        let operations = METHODS.iter().filter_map(|method| item.get(method));
        for holder in operations.chain([item]) {
            let parameters = holder.get("parameters").and_then(Node::as_seq).unwrap_or_default();
            names.extend(parameters.iter().filter_map(|one| name(document, "", one)).map(str::to_owned));
            let Some(body) = holder.get("requestBody") else { continue };
            let (_, body) = target(document, String::new(), body, &mut Vec::new());
            let contents = body.get("content").and_then(Node::as_map).into_iter().flat_map(Members::iter);
            for schema in contents.filter_map(|(_, content)| content.get("schema")) {
                let (_, schema) = target(document, String::new(), schema, &mut Vec::new());
                let members = schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::keys);
                names.extend(members.map(str::to_owned));
            }
        }
    }
    names
}

/// Returns the name of a parameter, which may be a `$ref`.
fn name<'d>(document: &'d Document, place: &str, parameter: &'d Node) -> Option<&'d str> {
    let (_, parameter) = target(document, place.to_owned(), parameter, &mut Vec::new());
    parameter.get("name").and_then(Node::as_str)
}

/// Warns of each name in `x-fills` that no parameter has, if a parameter has a similar name. A name
/// without a similar one is a value that the document does not list.
fn misspelled(document: &Document, place: &str, fillings: &[Filling], known: &BTreeSet<String>, remarks: &mut Remarks) {
    for Filling { scheme, names } in fillings {
        let place = pointer_join(&pointer_join(place, scheme), "x-fills");
        let Some(list) = document.node(&place).and_then(Node::as_seq) else { continue };
        for (index, node) in list.iter().enumerate() {
            let Some(name) = node.as_str().filter(|name| !known.contains(*name)) else { continue };
            let others = known.iter().map(String::as_str).filter(|other| !names.iter().any(|name| name == other));
            let Some(near) = nearest(name, others) else { continue };
            let message = format!("no operation has a parameter `{name}` (`x-fills`)");
            let help = question(near, Change::Set(json_text(near)));
            remarks.ignored(&pointer_join(&place, &index.to_string()), node, message, help);
        }
    }
}

/// Removes the values of the parameters at these indices from an example of a method.
fn without_params(pairing: &mut Node, dropped: &[usize]) {
    let Some(values) = pairing.child_mut("params") else { return };
    let others = values.take_elements().into_iter().enumerate().filter(|(index, _)| !dropped.contains(index));
    let others: Vec<Node> = others.map(|(_, value)| value).collect();
    values.set_kind(Kind::Seq(others.into_boxed_slice()));
}

fn fillings(document: &Document, place: &str) -> Vec<Filling> {
    let schemes = document.node(place).and_then(Node::as_map);
    let filling = |(scheme, node): (&str, &Node)| {
        let names = node.get("x-fills").and_then(Node::as_seq)?;
        let names = names.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        Some(Filling { scheme: scheme.to_owned(), names })
    };
    schemes.into_iter().flat_map(Members::iter).filter_map(filling).collect()
}

/// A body without the members that schemes fill in.
struct FilledBody {
    without_members: Node,
    /// The references that were replaced by their targets, each with its place.
    references: Vec<(String, Node)>,
    taken: Vec<FilledMember>,
}

/// A member of a body that a scheme fills in.
struct FilledMember {
    scheme: String,
    name: String,
    place: String,
    schema: Node,
}

/// Returns the bodies with members that a scheme fills in, by the place of their operation. Such a
/// body gets a schema of its own, because its component may also be the type of a response.
fn bodies(document: &Document, fillings: &[Filling]) -> BTreeMap<String, FilledBody> {
    let mut bodies = BTreeMap::new();
    for (path, item) in document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        for method in METHODS {
            let pointer = pointer_join(&pointer_join("/paths", path), method);
            let Some(body) = item.get(method).and_then(|operation| operation.get("requestBody")) else { continue };
            let mut references = Vec::new();
            let body_place = pointer_join(&pointer, "requestBody");
            let (body_place, body) = target(document, body_place, body, &mut references);
            let mut without_members = body.clone().without_key();
            let mut taken = Vec::new();
            let contents = without_members.child_mut("content").and_then(Node::as_map_mut);
            for (media, content) in contents.into_iter().flat_map(Members::iter_mut) {
                let place =
                    ["content", media, "schema"].iter().fold(body_place.clone(), |at, key| pointer_join(&at, key));
                let Some(schema) = content.get("schema") else { continue };
                let (place, found) = target(document, place, schema, &mut references);
                let mut schema = found.clone().without_key();
                let found = take_members(&mut schema, &place, fillings);
                if found.is_empty() {
                    continue;
                }
                if let Some(content) = content.as_map_mut() {
                    content.insert("schema", schema);
                }
                without_examples(content, &found);
                taken.extend(found);
            }
            if !taken.is_empty() {
                bodies.insert(pointer, FilledBody { without_members, references, taken });
            }
        }
    }
    bodies
}

/// Removes the members of an object that schemes fill in, also from its list of required members.
fn take_members(schema: &mut Node, place: &str, fillings: &[Filling]) -> Vec<FilledMember> {
    let mut taken = Vec::new();
    for Filling { scheme, names } in fillings {
        for name in names {
            let properties = schema.child_mut("properties").and_then(Node::as_map_mut);
            let Some(member) = properties.and_then(|properties| properties.remove(name)) else { continue };
            if let Some(required) = schema.child_mut("required") {
                let kept: Vec<Node> =
                    required.take_elements().into_iter().filter(|other| other.as_str() != Some(name)).collect();
                required.set_kind(Kind::Seq(kept.into_boxed_slice()));
            }
            let place = pointer_join(&pointer_join(place, "properties"), name);
            taken.push(FilledMember { scheme: scheme.clone(), name: name.clone(), place, schema: member });
        }
    }
    let is_empty = schema.get("required").and_then(Node::as_seq).is_some_and(<[Node]>::is_empty);
    if let Some(members) = schema.as_map_mut().filter(|_| is_empty && !taken.is_empty()) {
        members.remove("required");
    }
    taken
}

/// Removes members from the examples of a body and of its schema.
fn without_examples(content: &mut Node, taken: &[FilledMember]) {
    let remove = |example: &mut Node| {
        for member in taken {
            example.as_map_mut().and_then(|members| members.remove(&member.name));
        }
    };
    content.child_mut("example").into_iter().for_each(remove);
    content.child_mut("schema").and_then(|schema| schema.child_mut("example")).into_iter().for_each(remove);
    let listed = content.child_mut("examples").and_then(Node::as_map_mut);
    for (_, example) in listed.into_iter().flat_map(Members::iter_mut) {
        example.child_mut("value").into_iter().for_each(remove);
    }
}

/// Returns the node that references in this document lead to, and its place. Adds the references.
fn target<'d>(
    document: &'d Document,
    mut place: String,
    mut node: &'d Node,
    references: &mut Vec<(String, Node)>,
) -> (String, &'d Node) {
    // References may lead in a circle.
    for _ in 0..DEPTH {
        let reference = node.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
        let Some((pointer, next)) = reference.and_then(|pointer| Some((pointer, document.node(pointer)?))) else {
            break;
        };
        references.push((place, node.clone()));
        (place, node) = (pointer.to_owned(), next);
    }
    (place, node)
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

/// Adds a scheme to each alternative in the list `key`, the security of an operation.
fn require(operation: &mut Node, key: &str, scheme: &str, root: Option<&Node>) {
    let at = operation.position();
    let security = operation.get(key).or(root).and_then(Node::as_seq).unwrap_or_default();
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
        members.insert(key, Node::new(at, Kind::Seq(ways.into_boxed_slice())));
    }
}
