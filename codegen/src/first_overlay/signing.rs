//! The security that a document tells: parameters that signing fills in, and operations that are
//! private by their responses.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToLowerCamelCase;

use super::yaml::{Action, Yaml, segment};
use crate::source::openapi::METHODS;
use crate::source::{Document, Members, Node};

/// The part of a request that a parameter gives to the venue for its authorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// The key of the user, or another fixed text of theirs.
    Key,
    Signature,
    /// A time, a nonce or a window beside a signature or a key.
    Stamp,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Parameter {
    name: String,
    place: String,
}

/// An operation of the document.
struct Operation<'a> {
    path: &'a str,
    method: &'static str,
    node: &'a Node,
    parameters: Vec<Parameter>,
}

/// The names of the sections of a version of the standard.
struct Sections {
    schemes: &'static [&'static str],
    parameters: &'static str,
    security: &'static str,
}

/// The place of a member of a body, and of a parameter of JSON-RPC. No scheme of a document can
/// describe such a place, so these are filled in beside another scheme only.
const IN_BODY: &str = "body";

/// Returns the actions on security schemes and on the security of operations.
pub(super) fn actions(document: &Document) -> Vec<Action> {
    let has = |key: &str| document.root().get(key).is_some();
    let sections = if has("swagger") {
        Sections { schemes: &["securityDefinitions"], parameters: "#/parameters/", security: "security" }
    } else if has("openrpc") {
        let parameters = "#/components/contentDescriptors/";
        Sections { schemes: &["x-security-schemes"], parameters, security: "x-security" }
    } else {
        let parameters = "#/components/parameters/";
        Sections { schemes: &["components", "securitySchemes"], parameters, security: "security" }
    };
    let operations = operations(document, &sections);
    let schemes = sections.schemes.iter().try_fold(document.root(), |node, key| node.get(key)).and_then(Node::as_map);
    let own_signing = signing_scheme(schemes);
    let filled = filled(document, &operations, &sections, own_signing.is_some());
    let mut fills: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut actions = Vec::new();
    let mut added: Vec<(String, Yaml)> = Vec::new();
    let has_signature = filled.values().any(|role| *role == Role::Signature);
    let mut signing = None;
    for (parameter, role) in filled.iter().filter(|(_, role)| **role != Role::Stamp) {
        let name = match scheme_of(schemes, parameter) {
            Some(name) => name.to_owned(),
            None => {
                let name = free_name(parameter, schemes, &added);
                added.push((name.clone(), scheme(parameter, *role)));
                name
            }
        };
        if *role == Role::Signature || (!has_signature && signing.is_none()) {
            signing = Some(name.clone());
        }
        fills.entry(name).or_default().push(parameter.name.clone());
    }
    let step = |key: &&str| if key.contains('-') { segment(key) } else { format!(".{key}") };
    let path: String = sections.schemes.iter().map(step).collect();
    let stamps: Vec<String> =
        filled.iter().filter(|(_, role)| **role == Role::Stamp).map(|(parameter, _)| parameter.name.clone()).collect();
    let signing = signing.or_else(|| own_signing.filter(|_| !stamps.is_empty()).map(str::to_owned));
    if let Some(signing) = &signing {
        fills.entry(signing.clone()).or_default().extend(stamps.iter().cloned());
    }
    // A scheme of the document that no parameter of an operation repeats.
    for (name, scheme) in schemes.into_iter().flat_map(Members::iter).filter(|(name, _)| !fills.contains_key(*name)) {
        let text = |key: &str| scheme.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
        let parameter = Parameter { name: text("name"), place: text("in") };
        if text("type") == "apiKey" && role(&parameter) == Some(Role::Signature) && scheme.get("x-signature").is_none()
        {
            actions.push(Action {
                target: format!("${path}{}", segment(name)),
                description: "Its name tells that it carries a signature. Check it.".to_owned(),
                update: Some(Yaml::map([("x-signature", Yaml::Flag(true))])),
            });
        }
    }
    if !added.is_empty() {
        let new = sections.schemes.iter().rev().fold(Yaml::Map(added), |inner, key| Yaml::map([(*key, inner)]));
        actions.push(Action {
            target: "$".to_owned(),
            description: "The parameters of operations tell these security schemes. Check them.".to_owned(),
            update: Some(new),
        });
    }
    for (name, names) in &fills {
        if schemes.and_then(|schemes| schemes.get(name)).is_some_and(|scheme| scheme.get("x-fills").is_some()) {
            continue;
        }
        let is_signed = signing.as_ref() == Some(name) && (has_signature || !stamps.is_empty());
        let mut seen = BTreeSet::new();
        let names: Vec<String> = names.iter().filter(|name| seen.insert(*name)).cloned().collect();
        let mut members = vec![("x-fills", Yaml::list(names))];
        if is_signed {
            members.insert(0, ("x-signature", Yaml::Flag(true)));
        }
        actions.push(Action {
            target: format!("${path}{}", segment(name)),
            description: "Signing fills in the parameters of these names: they are no parameters of an operation, and \
                          an operation that has one needs the scheme. Check them."
                .to_owned(),
            update: Some(Yaml::map(members)),
        });
    }
    let known = schemes.into_iter().flat_map(Members::keys).map(str::to_owned);
    let all: BTreeSet<String> = known.chain(fills.into_keys()).collect();
    if !has("openrpc") {
        actions.extend(private(document, &operations, &filled, &all));
    }
    actions
}

/// Returns the parameters that are part of the authorisation. A time or a nonce alone is one only
/// if the document has a scheme for signatures.
fn filled(
    document: &Document,
    operations: &[Operation<'_>],
    sections: &Sections,
    has_signing: bool,
) -> BTreeMap<Parameter, Role> {
    let roles: Vec<Vec<(&Parameter, Role)>> = operations
        .iter()
        .map(|operation| operation.parameters.iter().filter_map(|one| Some((one, role(one)?))).collect())
        .collect();
    let mut filled: BTreeMap<Parameter, Role> = BTreeMap::new();
    let mut plain: BTreeSet<&Parameter> = BTreeSet::new();
    for (operation, found) in operations.iter().zip(&roles) {
        let has_credentials = found.iter().any(|(_, role)| *role != Role::Stamp);
        for (parameter, role) in found {
            if *role != Role::Stamp || has_credentials || is_secured(document, operation.node, sections) {
                filled.insert((*parameter).clone(), *role);
            } else {
                // A public operation has it too, for another purpose.
                plain.insert(parameter);
            }
        }
    }
    filled.retain(|parameter, role| *role != Role::Stamp || !plain.contains(parameter));
    // Without a key or a signature nothing tells what fills them in.
    if !has_signing && filled.values().all(|role| *role == Role::Stamp) {
        filled.clear();
    }
    filled
}

/// Returns the role of a parameter, by its name.
fn role(Parameter { name, place }: &Parameter) -> Option<Role> {
    let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_header = place == "header";
    if !is_header && place != "query" && place != IN_BODY {
        return None;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let role = if ends(&["signature", "apisign"])
        || matches!(word.as_str(), "sign" | "sig" | "xsign")
        || (is_header && ends(&["sign", "sig"]))
    {
        Some(Role::Signature)
    } else if ends(&["apikey", "accesskey", "passphrase"]) || (is_header && matches!(word.as_str(), "key" | "xkey")) {
        Some(Role::Key)
    } else if ends(&["timestamp", "nonce", "recvwindow", "apiexpires"]) || (is_header && word == "expires") {
        Some(Role::Stamp)
    } else {
        None
    };
    if place == IN_BODY { role.map(|_| Role::Stamp) } else { role }
}

/// Returns the name of the scheme that carries a signature.
fn signing_scheme(schemes: Option<&Members>) -> Option<&str> {
    schemes.into_iter().flat_map(Members::iter).find_map(|(name, scheme)| {
        let text = |key: &str| scheme.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
        let parameter = Parameter { name: text("name"), place: text("in") };
        let is_stated = scheme.get("x-signature").and_then(Node::as_bool) == Some(true);
        let is_named = text("type") == "apiKey" && role(&parameter) == Some(Role::Signature);
        (is_stated || is_named).then_some(name)
    })
}

/// Returns the scheme of the document that carries a parameter.
fn scheme_of<'a>(schemes: Option<&'a Members>, parameter: &Parameter) -> Option<&'a str> {
    schemes.into_iter().flat_map(Members::iter).find_map(|(name, scheme)| {
        let text = |key: &str| scheme.get(key).and_then(Node::as_str);
        let is_same = text("type") == Some("apiKey")
            && text("in") == Some(&parameter.place)
            && text("name").is_some_and(|name| match parameter.place.as_str() {
                "header" => name.eq_ignore_ascii_case(&parameter.name),
                _ => name == parameter.name,
            });
        is_same.then_some(name)
    })
}

/// Returns a name for a new scheme.
fn free_name(parameter: &Parameter, schemes: Option<&Members>, added: &[(String, Yaml)]) -> String {
    let words: String = parameter.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = words.to_lower_camel_case();
    let is_taken = |name: &str| {
        schemes.is_some_and(|schemes| schemes.contains_key(name)) || added.iter().any(|(known, _)| known == name)
    };
    let mut free = name.clone();
    let mut number = 2;
    while is_taken(&free) {
        free = format!("{name}{number}");
        number += 1;
    }
    free
}

fn scheme(parameter: &Parameter, role: Role) -> Yaml {
    let description = match role {
        Role::Signature => "The signature of the request.",
        Role::Key | Role::Stamp => "The key of the user.",
    };
    Yaml::map([
        ("type", Yaml::text("apiKey")),
        ("in", Yaml::text(&*parameter.place)),
        ("name", Yaml::text(&*parameter.name)),
        ("description", Yaml::text(description)),
    ])
}

/// Returns an action for each operation that states no security and can be refused with 401 or 403.
fn private(
    document: &Document,
    operations: &[Operation<'_>],
    filled: &BTreeMap<Parameter, Role>,
    schemes: &BTreeSet<String>,
) -> Vec<Action> {
    let is_silent = |operation: &&Operation<'_>| {
        operation.node.get("security").is_none() && !operation.parameters.iter().any(|one| filled.contains_key(one))
    };
    let is_refused = |operation: &&Operation<'_>| {
        ["401", "403"].iter().any(|status| operation.node.get("responses").is_some_and(|all| all.get(status).is_some()))
    };
    // If each operation can be refused, the responses tell nothing.
    let tells = !operations.iter().all(|operation| is_refused(&operation));
    if document.root().get("security").is_some() || !tells {
        return Vec::new();
    }
    // Of several schemes, nothing tells which ones an operation needs.
    let Some(scheme) = schemes.iter().next().filter(|_| schemes.len() == 1) else { return Vec::new() };
    let action = |operation: &Operation<'_>| Action {
        target: format!("$.paths{}.{}", segment(operation.path), operation.method),
        description: "The operation can be refused with 401 or 403, so it needs credentials. Check it.".to_owned(),
        update: Some(Yaml::map([(
            "security",
            Yaml::List(vec![(Yaml::map([(scheme, Yaml::list::<&str>([]))]), None)]),
        )])),
    };
    operations.iter().filter(is_silent).filter(is_refused).map(action).collect()
}

/// Returns whether an operation states that it needs credentials.
fn is_secured(document: &Document, operation: &Node, sections: &Sections) -> bool {
    let security = operation.get(sections.security).or(document.root().get(sections.security));
    security.and_then(Node::as_seq).is_some_and(|ways| !ways.is_empty())
}

fn operations<'a>(document: &'a Document, sections: &Sections) -> Vec<Operation<'a>> {
    let mut operations = Vec::new();
    let paths = document.root().get("paths").and_then(Node::as_map);
    for (path, item) in paths.into_iter().flat_map(Members::iter) {
        for method in METHODS {
            let Some(node) = item.get(method) else { continue };
            let mut parameters = parameters(document, item, sections);
            parameters.extend(self::parameters(document, node, sections));
            parameters.extend(members_of_body(document, node));
            operations.push(Operation { path, method, node, parameters });
        }
    }
    for node in document.root().get("methods").and_then(Node::as_seq).into_iter().flatten() {
        let listed = node.get("params").and_then(Node::as_seq).into_iter().flatten();
        let names = listed.filter_map(|param| resolved(document, param).get("name").and_then(Node::as_str));
        let parameters = names.map(in_body).collect();
        operations.push(Operation { path: "", method: "", node, parameters });
    }
    operations
}

fn in_body(name: &str) -> Parameter {
    Parameter { name: name.to_owned(), place: IN_BODY.to_owned() }
}

/// Returns the members of the body of an operation.
fn members_of_body(document: &Document, operation: &Node) -> Vec<Parameter> {
    let body = operation.get("requestBody").map(|body| resolved(document, body));
    let contents = body.and_then(|body| body.get("content")).and_then(Node::as_map);
    let schemas = contents.into_iter().flat_map(Members::iter).filter_map(|(_, content)| content.get("schema"));
    let properties = schemas.filter_map(|schema| resolved(document, schema).get("properties").and_then(Node::as_map));
    let names: BTreeSet<&str> = properties.flat_map(Members::keys).collect();
    names.into_iter().map(in_body).collect()
}

/// Returns the target of a reference in this document; the node itself if it is none.
fn resolved<'d>(document: &'d Document, node: &'d Node) -> &'d Node {
    let reference = node.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| document.node(pointer)).unwrap_or(node)
}

fn parameters(document: &Document, holder: &Node, sections: &Sections) -> Vec<Parameter> {
    let list = holder.get("parameters").and_then(Node::as_seq).unwrap_or_default();
    let resolved = list.iter().filter_map(|stated| match stated.get("$ref").and_then(Node::as_str) {
        Some(reference) => {
            document.node(reference.strip_prefix('#').filter(|_| reference.starts_with(sections.parameters))?)
        }
        None => Some(stated),
    });
    resolved
        .filter_map(|one| {
            let text = |key: &str| one.get(key).and_then(Node::as_str).map(str::to_owned);
            Some(Parameter { name: text("name")?, place: text("in")? })
        })
        .collect()
}
