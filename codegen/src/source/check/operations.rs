//! Checks paths and operations: path templates and their parameters, and ids.

use std::collections::{HashMap, HashSet};

use super::sites::Sites;
use crate::diagnostic::{Change, Help, thousands};
use crate::source::findings::{Findings, HERE, Later};
use crate::source::located::Located;
use crate::source::nearest::nearest;
use crate::source::node::json_text;
use crate::source::openapi::{METHODS, split_path_key, split_query};
use crate::source::parameters::{Listed, known};
use crate::source::pointer::pointer_join;
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    if let Some(paths) = sites.root().get("paths").filter(|_| sites.view.standard == Standard::OpenApi) {
        check_paths(&paths, findings);
        for (key, item) in paths.members().filter(|(key, _)| key.len() <= LONGEST_PATH) {
            for (_, operation) in operations(&item) {
                path_parameters(sites, split_query(split_path_key(key).0).0, &item, &operation, findings);
            }
        }
    }
    unique_ids(sites, findings);
}

/// The maximum length of a path, in bytes. Many servers refuse URLs that are longer than a few
/// thousand bytes.
pub(super) const LONGEST_PATH: usize = 2_000;

/// Returns the operations of a path, each with its HTTP method.
pub(super) fn operations<'a>(item: &Located<'a>) -> impl Iterator<Item = (&'static str, Located<'a>)> {
    METHODS.iter().filter_map(|method| Some((*method, item.get(method).filter(|found| found.node.as_map().is_some())?)))
}

fn check_paths(paths: &Located<'_>, findings: &mut Findings<'_>) {
    // The keys of `paths` for each path template, by the name that follows `#` in the key.
    let mut seen: HashMap<String, HashMap<Option<&str>, Vec<&str>>> = HashMap::new();
    for (key, item) in paths.members() {
        let at = &item.pointer;
        if let Some((message, otherwise)) = key_fault(key) {
            let help = Later(|| {
                let better = without_faults(key);
                match better.filter(|better| paths.node.get(better).is_none()) {
                    Some(better) => Help::from(format!("write {better}")).with(HERE, Change::Rename(better)),
                    None => otherwise.into(),
                }
            });
            findings.at_key(at, message, help);
        }
        if item.members().all(|(key, _)| matches!(key, "summary" | "description" | "parameters")) {
            findings.at_key(at, format!("the path `{key}` has no operations"), "write get, post, put, patch or delete");
        }
        if key.len() > LONGEST_PATH {
            continue;
        }
        let (path, name) = split_path_key(key);
        let others = seen.entry(template(path)).or_default().entry(name).or_default();
        if let Some(other) = others.first().filter(|_| !findings.document().is_normal()) {
            let message = format!("`{key}` and `{other}` are the same path");
            findings.at_key(at, message, "write the operations of both under one");
        }
        // A published document may have the methods of one path under several keys.
        let is_normal = findings.document().is_normal();
        for (method, operation) in operations(&item).filter(|_| is_normal) {
            let has_method = |other: &&&str| paths.node.get(other).is_some_and(|other| other.get(method).is_some());
            if let Some(other) = others.iter().find(has_method) {
                let message = format!("`{key}` and `{other}` are the same path, and both have {method}");
                findings.at_key(&operation.pointer, message, "remove one of the two by an overlay");
            }
        }
        others.push(key);
    }
}

/// Returns a path without the names of its parameters. On the wire, paths with the same result
/// cannot be told apart.
pub(super) fn template(path: &str) -> String {
    let mut anonymous = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((literal, (_, after))) =
        rest.split_once('{').and_then(|(literal, tail)| Some((literal, tail.split_once('}')?)))
    {
        anonymous.push_str(literal);
        anonymous.push_str("{}");
        rest = after;
    }
    anonymous.push_str(rest);
    anonymous
}

/// Returns the message and the help for a fault in a key of `paths`; `None` if it has no fault.
fn key_fault(key: &str) -> Option<(String, &'static str)> {
    let (path, name) = split_path_key(key);
    path_fault(path).or_else(|| {
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let name = name.filter(|name| !is_name(name))?;
        let message = match name {
            "" => "the name after `#` is empty".to_owned(),
            name => format!("`{name}` cannot tell operations of one path apart"),
        };
        Some((message, "write letters, digits and hyphens: /order#cancelAll"))
    })
}

/// Returns the message and the help for a fault in a path; `None` if it has no fault.
fn path_fault(path: &str) -> Option<(String, &'static str)> {
    if path.len() > LONGEST_PATH {
        let message = format!("a path of {} bytes, and {} are supported", path.len(), thousands(LONGEST_PATH));
        Some((message, "write the path of one operation"))
    } else if !path.starts_with('/') {
        Some((format!("the path `{path}` does not begin with a slash"), "begin it with a slash"))
    } else if path.contains("//") {
        Some(("a path with an empty segment".to_owned(), "write one slash instead of several"))
    } else if path.split_once('?').is_some_and(|(_, query)| query.contains(['{', '}'])) {
        let message = "the query in a path cannot have parameters".to_owned();
        Some((message, "write them as parameters in the query, and leave them out of the path"))
    } else if path.contains(char::is_whitespace) {
        Some(("a path with a space".to_owned(), "leave it out"))
    } else {
        None
    }
}

/// Returns the key with exactly one slash in front and between its segments; `None` if it has other
/// faults.
fn without_faults(key: &str) -> Option<String> {
    let mut better = String::with_capacity(key.len() + 1);
    for c in std::iter::once('/').chain(key.trim().chars()) {
        if c != '/' || !better.ends_with('/') {
            better.push(c);
        }
    }
    key_fault(&better).is_none().then_some(better)
}

/// Returns the `{name}`s of a template, and adds the findings on malformed names.
fn template_names<'a>(path: &'a str, item: &Located<'_>, findings: &mut Findings<'_>) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for segment in path.split('/').filter(|segment| segment.contains(['{', '}'])) {
        let Some(of_segment) = segment_names(segment) else {
            let help = "write each parameter in braces: /orders/{id}";
            findings.at_key(&item.pointer, format!("the segment `{segment}` is not supported"), help);
            continue;
        };
        for name in of_segment {
            if seen.insert(name) {
                names.push(name);
            } else {
                let help = "give each its own name";
                findings.at_key(&item.pointer, format!("`{{{name}}}` occurs twice in the path"), help);
            }
        }
    }
    names
}

/// Returns the names in a segment such as `{base}.{quote}`; `None` if its braces are malformed.
fn segment_names(segment: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = segment;
    while let Some((literal, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}')?;
        if literal.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        names.push(name);
        rest = after;
    }
    (!rest.contains('}')).then_some(names)
}

fn path_parameters(
    sites: &Sites<'_>,
    path: &str,
    item: &Located<'_>,
    operation: &Located<'_>,
    findings: &mut Findings<'_>,
) {
    let names = template_names(path, item, findings);
    let parameters: Vec<_> = known(&sites.view, operation)
        .into_iter()
        .filter(|listed| listed.resolved.at.text("in") == Some("path"))
        .collect();
    let described: HashSet<&str> = parameters.iter().filter_map(|listed| listed.resolved.at.text("name")).collect();
    for name in names.iter().filter(|name| !described.contains(*name)) {
        let help = format!("write {{name: {name}, in: path, required: true, schema: .., example: ..}}");
        findings.at(
            &operation.pointer,
            format!("the path has `{{{name}}}`, but the operation has no such parameter"),
            help,
        );
    }
    let in_the_path: HashSet<&str> = names.iter().copied().collect();
    for Listed { place, resolved } in &parameters {
        let parameter = &resolved.at;
        if let Some(name) = parameter.text("name").filter(|name| !in_the_path.contains(name)) {
            let free = names.iter().copied().filter(|name| !described.contains(name));
            let otherwise = format!("write {{{name}}} into the path, or another `in`");
            let help = Later(|| match nearest(name, free) {
                Some(near) => Help::from(format!("did you mean `{near}`?"))
                    .with(pointer_join(&parameter.pointer, "name"), Change::Set(json_text(near))),
                None => otherwise.into(),
            });
            findings.at(&place.pointer, format!("the path has no `{{{name}}}`"), help);
        }
    }
}

fn unique_ids(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for operation in sites.all(ObjectKind::Operation) {
        let Some(id) = operation.text("operationId") else { continue };
        let pointer = pointer_join(&operation.pointer, "operationId");
        if !seen.insert(id) {
            findings.at(&pointer, format!("there are two operations `{id}`"), "give each a different id");
        } else if !id.starts_with(|c: char| c.is_ascii_alphabetic())
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        {
            let help = "begin with a letter, then write letters and digits: placeOrder";
            findings.at(&pointer, format!("`{id}` cannot become a name in Rust"), help);
        }
    }
}
