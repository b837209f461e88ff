//! Paths and operations: templates and their parameters, ids.

use super::findings::Findings;
use super::grammar::Sort;
use super::nearest::did_you_mean;
use super::parameters::parameters;
use super::tree::{Found, Tree};
use super::version::Dialect;
use crate::spec::pointer_join;

pub(super) fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    if let Some(paths) = tree.root().get("paths").filter(|_| tree.dialect == Dialect::OpenApi) {
        check_paths(&paths, findings);
        for (path, item) in paths.members() {
            for (method, operation) in operations(&item) {
                path_parameters(tree, path, &item, &operation, findings);
                if let Some(body) = operation.get("requestBody").filter(|_| method == "get") {
                    let help = "write its members as parameters in the query";
                    findings.at_key(&body.pointer, "a GET cannot have a body", help);
                }
            }
        }
    }
    unique_ids(tree, findings);
}

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch"];

fn operations<'a>(item: &Found<'a>) -> impl Iterator<Item = (&'static str, Found<'a>)> {
    METHODS.iter().filter_map(|method| Some((*method, item.get(method).filter(|found| found.node.as_map().is_some())?)))
}

fn check_paths(paths: &Found<'_>, findings: &mut Findings<'_>) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for (path, item) in paths.members() {
        let key = &item.pointer;
        if !path.starts_with('/') {
            findings.at_key(key, format!("the path `{path}` does not begin with a slash"), format!("write /{path}"));
        } else if path.contains("//") {
            findings.at_key(key, "a path with an empty segment", "leave one slash out");
        } else if path.contains(['?', '#']) {
            findings.at_key(key, "a path has neither a query nor a fragment", "describe the query as parameters");
        } else if path.contains(char::is_whitespace) {
            findings.at_key(key, "a path with a space", "leave it out");
        }
        if item.members().all(|(key, _)| matches!(key, "summary" | "description" | "parameters")) {
            findings.at_key(
                key,
                format!("the path `{path}` has no operations"),
                "write get, post, put, patch or delete",
            );
        }
        let anonymous = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        let template = anonymous.collect::<Vec<_>>().join("/");
        match seen.iter().find(|(known, _)| *known == template) {
            Some((_, other)) => {
                let message = format!("`{path}` and `{other}` are the same path");
                findings.at_key(key, message, "write the operations of both under one");
            }
            None => seen.push((template, path)),
        }
    }
}

/// `{name}`s of a template; said once a path where it is malformed.
fn template_names<'a>(path: &'a str, item: &Found<'_>, findings: &mut Findings<'_>) -> Vec<&'a str> {
    let mut names = Vec::new();
    for segment in path.split('/').filter(|segment| segment.contains(['{', '}'])) {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name.filter(|name| !name.is_empty() && !name.contains(['{', '}'])) {
            Some(name) if names.contains(&name) => {
                let help = "give each its own name";
                findings.at_key(&item.pointer, format!("`{{{name}}}` stands twice in the path"), help);
            }
            Some(name) => names.push(name),
            None => {
                let help = "a parameter is a whole segment: /orders/{id}";
                findings.at_key(&item.pointer, format!("the segment `{segment}` is not supported"), help);
            }
        }
    }
    names
}

fn path_parameters(tree: &Tree<'_>, path: &str, item: &Found<'_>, operation: &Found<'_>, findings: &mut Findings<'_>) {
    let names = template_names(path, item, findings);
    let parameters: Vec<_> =
        parameters(tree, operation).filter(|(_, found)| found.text("in") == Some("path")).collect();
    for name in &names {
        if !parameters.iter().any(|(_, parameter)| parameter.text("name") == Some(name)) {
            let help = format!("write {{name: {name}, in: path, required: true, schema: .., example: ..}}");
            findings.at(
                &operation.pointer,
                format!("the path has `{{{name}}}`, the operation no such parameter"),
                help,
            );
        }
    }
    for (at, parameter) in &parameters {
        if let Some(name) = parameter.text("name").filter(|name| !names.contains(name)) {
            let help =
                did_you_mean(name, names.iter().copied(), format!("write {{{name}}} into the path, or another `in`"));
            findings.at(&at.pointer, format!("the path has no `{{{name}}}`"), help);
        }
    }
}

fn unique_ids(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for operation in tree.sites(Sort::Operation) {
        let Some(id) = operation.text("operationId") else { continue };
        let pointer = pointer_join(&operation.pointer, "operationId");
        if seen.contains(&id) {
            findings.at(&pointer, format!("there are two operations `{id}`"), "give each an id of its own");
        } else if !id.starts_with(|c: char| c.is_ascii_alphabetic())
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        {
            let help = "begin with a letter, go on with letters and digits: placeOrder";
            findings.at(&pointer, format!("`{id}` cannot become a name in Rust"), help);
        }
        seen.push(id);
    }
}
