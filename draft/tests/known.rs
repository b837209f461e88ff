//! Documents as people and generators write them, each with the list of its facts. The list was
//! written by hand, and is not derived from a draft.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_draft::{Document, draft, drift, includes};
use venuekit_json::Tree;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known")
}

fn document(name: &str) -> Document {
    Document::new(name, fs::read_to_string(folder().join(name)).unwrap())
}

/// Reads a document and the files that it includes.
fn documents(name: &str) -> Vec<Document> {
    let first = document(name);
    let others: Vec<String> = includes(&first);
    let others = others.iter().map(|other| document(&format!("{}.md", other.trim_end_matches(".md"))));
    std::iter::once(first.clone()).chain(others).collect()
}

fn text<'a>(tree: &'a Tree, name: &str) -> &'a str {
    tree.get(name).and_then(Tree::as_text).unwrap_or("")
}

fn resolve<'a>(root: &'a Tree, tree: &'a Tree) -> &'a Tree {
    let target = tree.get("$ref").and_then(Tree::as_text).and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| root.at(target)).unwrap_or(tree)
}

fn kind(tree: &Tree) -> String {
    match tree.get("type") {
        Some(Tree::Text(kind)) => kind.clone(),
        Some(Tree::Array(kinds)) => kinds.first().and_then(Tree::as_text).unwrap_or("any").to_owned(),
        _ => "any".to_owned(),
    }
}

fn values(tree: &Tree) -> String {
    let list = tree.get("enum").or_else(|| tree.get("items").and_then(|items| items.get("enum")));
    let mut all: Vec<String> = list.into_iter().flat_map(Tree::elements).filter_map(Tree::scalar).collect();
    all.sort();
    if all.is_empty() { String::new() } else { format!(" = {}", all.join(" ")) }
}

/// Adds the facts of a schema: a line for each property. Requests say whether it is required.
fn schema(root: &Tree, tree: &Tree, subject: &str, place: &str, is_request: bool, out: &mut BTreeSet<String>) {
    let tree = resolve(root, tree);
    for choice in ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| tree.get(key)).flat_map(Tree::elements) {
        schema(root, choice, subject, place, is_request, out);
    }
    if let Some(items) = tree.get("items") {
        schema(root, items, subject, &format!("{place}[]"), is_request, out);
    }
    for column in tree.get("x-tuple").into_iter().flat_map(Tree::elements) {
        let own = column.get("schema").map(kind).unwrap_or_default();
        // A column that no text names is a point of the checklist.
        if text(column, "name").starts_with("column") {
            continue;
        }
        out.insert(format!("{subject} {place} column {} {own}", text(column, "name")));
    }
    let required: Vec<&str> =
        tree.get("required").into_iter().flat_map(Tree::elements).filter_map(Tree::as_text).collect();
    for (name, property) in tree.get("properties").into_iter().flat_map(Tree::members) {
        let own = resolve(root, property);
        let mark = match (is_request, required.contains(&name.as_str())) {
            (false, _) => "",
            (true, true) => " required",
            (true, false) => " optional",
        };
        let place = format!("{place}.{name}");
        out.insert(format!("{subject} {place} {}{mark}{}", kind(own), values(own)));
        schema(root, own, subject, &place, is_request, out);
    }
}

fn required(tree: &Tree) -> &'static str {
    if matches!(tree.get("required"), Some(Tree::Bool(true))) { "required" } else { "optional" }
}

/// Returns the media type of a body or a response, if it is not JSON.
fn other_media(tree: &Tree) -> Option<&str> {
    let (media, _) = tree.get("content")?.members().first()?;
    (media != "application/json").then_some(media)
}

fn content(tree: &Tree) -> Option<&Tree> {
    tree.get("content")?.members().iter().find_map(|(_, media)| media.get("schema"))
}

/// Returns the facts of a specification, one line each.
fn facts(root: &Tree) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (path, item) in root.get("paths").into_iter().flat_map(Tree::members) {
        for (method, operation) in item.members() {
            let subject = format!("{} {path}", method.to_ascii_uppercase());
            out.insert(subject.clone());
            for requirement in operation.get("security").into_iter().flat_map(Tree::elements) {
                let mut names: Vec<&str> = requirement.members().iter().map(|(name, _)| name.as_str()).collect();
                names.sort_unstable();
                if names.is_empty() {
                    out.insert(format!("{subject} needs nothing"));
                    continue;
                }
                if names.iter().all(|name| is_stated(root, name)) {
                    out.insert(format!("{subject} needs {}", names.join(" and ")));
                }
            }
            if let Some(weight) = operation.get("x-weight").and_then(Tree::scalar) {
                out.insert(format!("{subject} weighs {weight}"));
            }
            let cases = operation.get("x-weight").and_then(|weight| weight.get("when-present"));
            for (name, weight) in cases.into_iter().flat_map(Tree::members) {
                let otherwise = operation.get("x-weight").and_then(|weight| weight.get("otherwise"));
                let (weight, otherwise) = (weight.scalar(), otherwise.and_then(Tree::scalar));
                let (weight, otherwise) = (weight.unwrap_or_default(), otherwise.unwrap_or_default());
                out.insert(format!("{subject} weighs with {name} {weight}, else {otherwise}"));
            }
            for parameter in operation.get("parameters").into_iter().flat_map(Tree::elements) {
                let own = parameter.get("schema").cloned().unwrap_or(Tree::Null);
                let own = resolve(root, &own).clone();
                out.insert(format!(
                    "{subject}: {} {} {} {}{}",
                    text(parameter, "name"),
                    text(parameter, "in"),
                    kind(&own),
                    required(parameter),
                    values(&own)
                ));
            }
            if let Some(body) = operation.get("requestBody").and_then(content) {
                schema(root, body, &format!("{subject} body"), "", true, &mut out);
            }
            if let Some(media) = operation.get("requestBody").and_then(other_media) {
                out.insert(format!("{subject} body as {media}"));
            }
            for (status, response) in operation.get("responses").into_iter().flat_map(Tree::members) {
                if let Some(own) = content(response) {
                    schema(root, own, &format!("{subject} {status}"), "", false, &mut out);
                }
                if let Some(media) = other_media(response) {
                    out.insert(format!("{subject} {status} as {media}"));
                }
            }
        }
    }
    for method in root.get("methods").into_iter().flat_map(Tree::elements) {
        let subject = text(method, "name");
        out.insert(subject.to_owned());
        for parameter in method.get("params").into_iter().flat_map(Tree::elements) {
            let own = parameter.get("schema").cloned().unwrap_or(Tree::Null);
            let (name, values) = (text(parameter, "name"), values(&own));
            out.insert(format!("{subject}: {name} {} {}{values}", kind(&own), required(parameter)));
        }
        if let Some(result) = method.get("result").and_then(|result| result.get("schema")) {
            schema(root, result, &format!("{subject} result"), "", false, &mut out);
        }
    }
    for error in root.get("x-error-codes").into_iter().flat_map(Tree::elements) {
        out.insert(format!("error {}", error.get("code").and_then(Tree::scalar).unwrap_or_default()));
    }
    for limit in root.get("x-rate-limits").into_iter().flat_map(Tree::elements) {
        let number = limit.get("limit").and_then(Tree::scalar).unwrap_or_default();
        let (window, counts, per) = (text(limit, "window"), text(limit, "counts"), text(limit, "per"));
        out.insert(format!("limit {number} per {window} of {counts}, by {per}"));
    }
    for server in root.get("servers").into_iter().flat_map(Tree::elements) {
        out.insert(format!("server {}", text(server, "url")));
    }
    let schemes = root.at("/components/securitySchemes").or_else(|| root.get("x-security-schemes"));
    for (_, scheme) in schemes.into_iter().flat_map(Tree::members) {
        // One without lines is made up, and the report says so.
        if scheme.get("x-source").is_none() {
            continue;
        }
        let signs = if scheme.get("x-signature").is_some() { " that signs" } else { "" };
        match text(scheme, "scheme") {
            "" => out.insert(format!("scheme {} {}{signs}", text(scheme, "name"), text(scheme, "in"))),
            kind => out.insert(format!("scheme {kind}")),
        };
        for name in scheme.get("x-fills").into_iter().flat_map(Tree::elements).filter_map(Tree::as_text) {
            out.insert(format!("filled {name}"));
        }
    }
    out
}

/// Returns whether the document states a scheme. One without lines is made up.
fn is_stated(root: &Tree, name: &str) -> bool {
    let scheme = root.at(&format!("/components/securitySchemes/{name}"));
    scheme.is_some_and(|scheme| scheme.get("x-source").is_some())
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "facts"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn each_fact_of_the_documents_is_drafted_and_no_other() {
    let mut faults = Vec::new();
    let mut count = 0;
    for name in names() {
        let list = fs::read_to_string(folder().join(format!("{name}.facts"))).unwrap();
        let truth: BTreeSet<String> = list.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
        let drafted = facts(&draft(&documents(&format!("{name}.md")), "venue").unwrap().tree);
        count += truth.len();
        faults.extend(truth.difference(&drafted).map(|line| format!("{name}: missed: {line}")));
        faults.extend(drafted.difference(&truth).map(|line| format!("{name}: made up: {line}")));
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
    assert!(count > 100, "{count}");
}

#[test]
fn the_drafts_of_the_documents_have_no_drift() {
    for name in names() {
        let documents = documents(&format!("{name}.md"));
        let found = drift(&documents, &draft(&documents, "venue").unwrap().tree).unwrap();
        assert!(found.findings.is_empty(), "{name}:\n{}", found.text());
    }
}
