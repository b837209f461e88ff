//! The report on a document: the result for each operation, and the findings.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Effect, LeftOut, Level};
use crate::model::{Api, Route};
use crate::reading::read_document;
use crate::source::{self, Document, Node, Spec, pointer_join, pointer_segments};

/// The version of the JSON form of a report.
const VERSION: u32 = 1;

/// The result for each operation of a document, and the findings.
#[derive(Clone, Debug)]
pub struct Report {
    document: String,
    operations: Vec<Entry>,
    findings: Vec<Diagnostic>,
    /// The number of all findings. `findings` may hold only the first ones of each kind.
    count: usize,
}

/// An operation of the document.
#[derive(Clone, Debug)]
struct Entry {
    id: Option<String>,
    /// The HTTP method and the path, or the name of the JSON-RPC method.
    route: String,
    is_generated: bool,
    /// The findings, by index.
    findings: BTreeSet<usize>,
}

/// Reads a spec and reports on it, also if no client can be generated.
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
        let members = item.as_map().into_iter().flat_map(|item| item.iter());
        let others = item.get("additionalOperations").and_then(Node::as_map);
        let known = members.filter(|(method, _)| ALL_METHODS.contains(method));
        let known = known.map(|(method, operation)| (method.to_ascii_uppercase(), operation));
        // The names of other methods are case-sensitive, so they stay as they are written.
        let others = others.into_iter().flat_map(|others| others.iter());
        let others = others.map(|(method, operation)| (method.to_owned(), operation));
        for (method, operation) in known.chain(others).filter(|(_, operation)| operation.as_map().is_some()) {
            entries.push(entry(operation.get("operationId"), format!("{method} {path}")));
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

/// The HTTP methods that are keys of a path item in any version of OpenAPI.
const ALL_METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Marks the entries of the generated operations, and adds those that are missing. Then adds to
/// every entry, generated or left out, the indices of its findings.
fn join(document: &Document, api: &Api, findings: &[Diagnostic], entries: &mut Vec<Entry>) {
    let mut at: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        at.entry(entry.route.clone()).or_default().push_back(index);
    }
    let places = Places::new(findings);
    let mut components = Components { document, places: &places, known: HashMap::new() };
    for operation in &api.operations {
        let routes = routes(&operation.pointer, &operation.route, &operation.id);
        let index = routes.iter().find_map(|route| at.get_mut(route).and_then(VecDeque::pop_front));
        // The function `operations` follows no `$ref`. So the operations of a path item that is a
        // `$ref` have no entry yet.
        let index = index.unwrap_or_else(|| {
            let route = routes.into_iter().next().unwrap_or_default();
            entries.push(Entry { id: None, route, is_generated: false, findings: BTreeSet::new() });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(index) else { continue };
        entry.is_generated = true;
        entry.id = Some(operation.id.clone());
        entry.findings.extend(places.below(&operation.pointer));
        if let Some(path) = source::parent(&operation.pointer) {
            entry.findings.extend(places.below(&pointer_join(path, "parameters")));
        }
        for scheme in operation.schemes.iter().flatten() {
            entry.findings.extend(places.below(&pointer_join("/components/securitySchemes", scheme)));
        }
        if let Some(node) = document.node(&operation.pointer) {
            let mut targets = BTreeSet::new();
            references(node, &mut targets);
            targets.iter().for_each(|target| entry.findings.extend(components.findings(target)));
        }
    }
    for (index, finding) in findings.iter().enumerate() {
        let is_left_out = |entry: &&mut Entry| match &finding.left_out {
            Some(LeftOut::Operation(route)) => !entry.is_generated && entry.route == *route,
            Some(LeftOut::Path(path)) => {
                !entry.is_generated && entry.route.split_once(' ').is_some_and(|(_, of)| of == path)
            }
            None => false,
        };
        entries.iter_mut().filter(is_left_out).for_each(|entry| {
            entry.findings.insert(index);
        });
    }
}

/// Returns the routes under which to look for the entry of an operation, the likeliest first. For
/// HTTP: the method and the path. For JSON-RPC: the name in the document (the id of the operation),
/// then the name on the wire.
fn routes(pointer: &str, route: &Route, id: &str) -> Vec<String> {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match (route, segments.as_slice()) {
        (Route::Http { .. }, ["paths", path, method]) => vec![format!("{} {path}", method.to_ascii_uppercase())],
        (Route::Http { method, path }, _) => vec![format!("{method} {path}")],
        (Route::Rpc { method }, _) => vec![id.to_owned(), method.clone()],
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

/// Finds the findings on a component and on all components that it leads to. `known` caches them.
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

/// Collects the targets of all `$ref`s inside a value, as JSON pointers.
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
        (Level::Warning, effect) => effect.unwrap_or(Effect::Relaxed).name(),
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
