//! The report on a document: the result for each operation, and all findings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::model::{Api, Route};
use crate::reading::read_document;
use crate::source::{self, Document, Node, Spec, pointer_join, pointer_segments};

/// The version of the form of a report.
const VERSION: u32 = 1;

/// The result for each operation of a document, and all findings.
#[derive(Clone, Debug)]
pub struct Report {
    document: String,
    operations: Vec<Entry>,
    findings: Vec<Diagnostic>,
    /// The number of findings. It is larger than the number of listed findings if errors of one
    /// kind are only counted.
    count: usize,
}

/// An operation of the document.
#[derive(Clone, Debug)]
struct Entry {
    id: Option<String>,
    /// The method and the path, or the name of the method.
    route: String,
    is_generated: bool,
    /// The findings, by index.
    findings: BTreeSet<usize>,
}

/// Reads a spec, and reports on it. A spec without a client has a report as well.
#[must_use]
pub fn report(spec: &Spec) -> Report {
    let name = spec.document.name.clone();
    let failed = |document: String, operations: Vec<Entry>, findings: &Diagnostics| {
        let listed: Vec<Diagnostic> = findings.iter().cloned().collect();
        Report { document, operations, findings: listed, count: findings.len() }
    };
    let original = match source::load_with_notes(spec) {
        Ok(document) => document,
        Err(findings) => return failed(name, Vec::new(), &findings),
    };
    let mut operations = operations(&original);
    match read_document(original, spec.denies_warnings()) {
        Err(findings) => failed(name, operations, &findings),
        Ok((document, reading)) => {
            let findings: Vec<Diagnostic> = reading.notes.iter().cloned().collect();
            join(&document, &reading.api, &findings, &mut operations);
            Report { document: name, operations, count: findings.len(), findings }
        }
    }
}

/// Returns the operations that a document has before anything is left out.
fn operations(document: &Document) -> Vec<Entry> {
    let entry = |id: Option<&Node>, route: String| Entry {
        id: id.and_then(Node::as_str).map(str::to_owned),
        route,
        is_generated: false,
        findings: BTreeSet::new(),
    };
    let mut entries = Vec::new();
    let paths = document.root().get("paths").and_then(Node::as_map);
    for (path, item) in paths.into_iter().flat_map(|paths| paths.iter()) {
        for (method, operation) in item.as_map().into_iter().flat_map(|item| item.iter()) {
            if ALL_METHODS.contains(&method) && operation.as_map().is_some() {
                entries.push(entry(operation.get("operationId"), format!("{} {path}", method.to_ascii_uppercase())));
            }
        }
    }
    let methods = document.root().get("methods").and_then(Node::as_seq);
    for method in methods.into_iter().flatten() {
        if let Some(name) = method.get("name").and_then(Node::as_str) {
            entries.push(entry(method.get("name"), name.to_owned()));
        }
    }
    entries
}

/// The methods of all versions of the standard.
const ALL_METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Marks the operations that are generated, and gives each its findings.
fn join(document: &Document, api: &Api, findings: &[Diagnostic], entries: &mut [Entry]) {
    let at: HashMap<String, usize> =
        entries.iter().enumerate().map(|(index, entry)| (entry.route.clone(), index)).collect();
    let places = Places::new(findings);
    let mut components = Components { document, places: &places, known: HashMap::new() };
    for operation in &api.operations {
        let route = route(&operation.pointer, &operation.route, &operation.id);
        let Some(entry) = at.get(&route).and_then(|index| entries.get_mut(*index)) else { continue };
        entry.is_generated = true;
        entry.id = Some(operation.id.clone());
        entry.findings.extend(places.below(&operation.pointer));
        if let Some(path) = source::parent(&operation.pointer) {
            entry.findings.extend(places.below(&pointer_join(path, "parameters")));
        }
        if let Some(node) = document.node(&operation.pointer) {
            let mut targets = BTreeSet::new();
            references(node, &mut targets);
            targets.iter().for_each(|target| entry.findings.extend(components.findings(target)));
        }
    }
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.level == Level::LeftOut) {
        let segments = pointer_segments(&finding.location.pointer).unwrap_or_default();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let is_meant = |entry: &Entry| match segments.as_slice() {
            ["paths", path] => entry.route.split_once(' ').is_some_and(|(_, of)| of == *path),
            ["paths", path, method, ..] => entry.route == format!("{} {path}", method.to_ascii_uppercase()),
            // If methods before it are left out, the place of a method changes, but its name does
            // not.
            _ => finding.message.starts_with(&format!("`{}` is left out", entry.route)),
        };
        entries.iter_mut().filter(|entry| !entry.is_generated && is_meant(entry)).for_each(|entry| {
            entry.findings.insert(index);
        });
    }
}

fn route(pointer: &str, route: &Route, id: &str) -> String {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match (route, segments.as_slice()) {
        (Route::Http { .. }, ["paths", path, method]) => format!("{} {path}", method.to_ascii_uppercase()),
        _ => id.to_owned(),
    }
}

/// The findings by their pointers.
struct Places(BTreeMap<String, Vec<usize>>);

impl Places {
    fn new(findings: &[Diagnostic]) -> Self {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, finding) in findings.iter().enumerate() {
            places.entry(finding.location.pointer.clone()).or_default().push(index);
        }
        Self(places)
    }

    /// Returns the findings on a value and on the values inside it.
    fn below<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_below =
            move |place: &str| place.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let from = self.0.range(pointer.to_owned()..);
        let near = from.take_while(move |(place, _)| place.starts_with(pointer));
        near.filter(move |(place, _)| is_below(place)).flat_map(|(_, found)| found.iter().copied())
    }
}

/// The findings on the components, with those that they refer to.
struct Components<'a> {
    document: &'a Document,
    places: &'a Places,
    known: HashMap<String, BTreeSet<usize>>,
}

impl Components<'_> {
    /// Returns the findings on a component and on all components that it leads to.
    fn findings(&mut self, pointer: &str) -> BTreeSet<usize> {
        if let Some(known) = self.known.get(pointer) {
            return known.clone();
        }
        let mut all = BTreeSet::new();
        let mut seen = BTreeSet::from([pointer.to_owned()]);
        let mut open = vec![pointer.to_owned()];
        while let Some(at) = open.pop() {
            all.extend(self.places.below(&at));
            let mut targets = BTreeSet::new();
            if let Some(node) = self.document.node(&at) {
                references(node, &mut targets);
            }
            open.extend(targets.into_iter().filter(|target| seen.insert(target.clone())));
        }
        self.known.insert(pointer.to_owned(), all.clone());
        all
    }
}

/// Collects the pointers of all `$ref`s inside a value.
fn references(node: &Node, targets: &mut BTreeSet<String>) {
    if let Some(members) = node.as_map() {
        for (key, value) in members.iter() {
            match value.as_str().and_then(|text| text.strip_prefix('#')) {
                Some(pointer) if key == "$ref" => {
                    targets.insert(pointer.to_owned());
                }
                _ => references(value, targets),
            }
        }
    }
    for element in node.as_seq().into_iter().flatten() {
        references(element, targets);
    }
}

impl Report {
    /// Returns the report as JSON. `docs/generator.md` describes the form.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let operations: Vec<Value> = self.operations.iter().map(|entry| self.operation(entry)).collect();
        let findings: Vec<Value> = self.findings.iter().map(finding).collect();
        let generated = self.operations.iter().filter(|entry| entry.is_generated).count();
        json!({
            "version": VERSION,
            "document": self.document,
            "generated": generated,
            "of": self.operations.len(),
            "operations": operations,
            "findings": findings,
            "findings_not_listed": self.count - self.findings.len().min(self.count),
        })
    }

    fn operation(&self, entry: &Entry) -> Value {
        let mut by_effect: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for index in &entry.findings {
            if let Some(finding) = self.findings.get(*index) {
                by_effect.entry(effect(finding)).or_default().push(*index);
            }
        }
        let mut value = json!({"id": entry.id, "route": entry.route, "generated": entry.is_generated});
        if let Value::Object(members) = &mut value {
            members.extend(by_effect.into_iter().map(|(effect, findings)| (effect.to_owned(), json!(findings))));
        }
        value
    }
}

fn effect(finding: &Diagnostic) -> &'static str {
    match (finding.level, finding.effect) {
        (Level::LeftOut, _) => "left_out",
        (Level::Warning, Some(effect)) => effect.name(),
        (Level::Warning, None) => "relaxed",
        (Level::Error, _) => "error",
    }
}

fn finding(finding: &Diagnostic) -> Value {
    let at = &finding.location;
    json!({
        "effect": effect(finding),
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "pointer": at.pointer,
        "message": finding.message,
        "help": finding.help.as_ref().map(|help| help.text()),
    })
}
