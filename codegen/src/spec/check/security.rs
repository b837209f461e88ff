//! Security schemes and who requires them.

use super::findings::{Findings, write_json, write_text};
use super::grammar::Sort;
use super::nearest::{did_you_mean, did_you_mean_key};
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::spec::{Kind, Node, pointer_join};

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for scheme in tree.sites(Sort::SecurityScheme) {
        check_scheme(&scheme, findings);
    }
    let (schemes, key, sort) = match tree.dialect {
        Dialect::OpenApi => ("/components/securitySchemes", "security", Sort::Operation),
        Dialect::OpenRpc => ("/x-security-schemes", "x-security", Sort::Method),
    };
    let none = Node::new(crate::spec::Position { line: 1, column: 1 }, Kind::Null);
    let known = tree.at(schemes).unwrap_or(Found { pointer: schemes.to_owned(), node: &none });
    let root = tree.root().get(key);
    if let Some(root) = &root {
        requirements(root, &known, schemes, findings);
    }
    for operation in tree.sites(sort) {
        match operation.get(key) {
            Some(own) => requirements(&own, &known, schemes, findings),
            None if root.is_none() && known.members().next().is_some() => {
                let help = format!("list the schemes that it needs, or write {key}: []");
                findings.at(&operation.pointer, format!("{} has no `{key}`, nor has the root", sort.name()), help);
            }
            None => {}
        }
    }
}

fn check_scheme(scheme: &Found<'_>, findings: &mut Findings<'_>) {
    match scheme.text("type") {
        None | Some("apiKey") => {}
        Some(other @ ("http" | "oauth2" | "openIdConnect")) => {
            let help = "describe the header that carries it: type: apiKey, in: header, name: Authorization";
            findings.at(
                &pointer_join(&scheme.pointer, "type"),
                format!("schemes of type `{other}` are not supported"),
                help,
            );
        }
        Some(other) => {
            let pointer = pointer_join(&scheme.pointer, "type");
            let help = write_text("write type: apiKey", "apiKey");
            findings.at(&pointer, format!("there are no schemes of type `{other}`"), help);
        }
    }
    match scheme.text("in") {
        None | Some("header" | "query") => {}
        Some("cookie") => {
            let help = "cookies are no way to authorise a client here; write in: header or in: query";
            findings.at(&pointer_join(&scheme.pointer, "in"), "cookies are not supported", help);
        }
        Some(other) => {
            let help = did_you_mean(other, ["header", "query"], "write in: header or in: query");
            findings.at(&pointer_join(&scheme.pointer, "in"), format!("a scheme cannot be in `{other}`"), help);
        }
    }
}

fn requirements(list: &Found<'_>, known: &Found<'_>, schemes: &str, findings: &mut Findings<'_>) {
    for (i, requirement) in list.elements().enumerate() {
        if i > 0 {
            let help = "name all schemes that are needed together in one element, and keep one way to authorise";
            findings.at(&requirement.pointer, "alternative ways to authorise are not supported", help);
        }
        if requirement.node.as_map().is_some_and(|schemes| schemes.is_empty()) {
            let help = "write [] if none is needed, else name the schemes";
            findings.at(&requirement.pointer, "authorisation that is optional is not supported", help);
        }
        for (name, scopes) in requirement.members() {
            if known.node.get(name).is_none() {
                let otherwise = format!("describe it under `{}`", schemes.trim_start_matches('/').replace('/', "."));
                let free =
                    known.members().map(|(known, _)| known).filter(|known| requirement.node.get(known).is_none());
                let help = did_you_mean_key(name, free, otherwise);
                findings.at_key(&scopes.pointer, format!("there is no security scheme `{name}`"), help);
            } else if scopes.node.as_seq().and_then(<[Node]>::first).is_some() {
                findings.at(&scopes.pointer, "scopes are not supported", write_json(format!("write {name}: []"), "[]"));
            }
        }
    }
}
