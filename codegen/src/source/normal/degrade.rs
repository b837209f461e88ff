//! Degrades the parts of a document that still have findings after the other steps: a value without
//! an exact type becomes any JSON value, and an operation whose requests or responses would be
//! wrong is left out.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::notes::Notes;
use super::openrpc;
use crate::diagnostic::{Diagnostic, Diagnostics, Effect, LeftOut, Level, Location, Remedy};
use crate::source::bundle;
use crate::source::check::sites;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::{parent, pointer_join, pointer_segments};
use crate::source::shapes::grammar::ObjectKind;

/// A change that removes a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The key is left out. It has no effect, so nothing is lost.
    DropKey,
    /// The example is left out.
    DropExample,
    /// The schema becomes any JSON value.
    Untype,
    /// The operation is left out.
    LeaveOut,
    /// Another part of the document is left out: an optional parameter, a component, a server.
    Drop,
}

/// Keys that only describe an object, and may be left out.
const DOCUMENTATION: [&str; 4] = ["description", "deprecated", "externalDocs", "tags"];

/// Keys of a schema that have no effect on the type of its values.
const CONSTRAINTS: [&str; 14] = [
    "default",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "pattern",
    "x-enum-descriptions",
    "x-enum-spellings",
    "x-enum-varnames",
];

/// Changes a document so that it does not have these findings any more.
///
/// Returns whether anything changed. If nothing changed, the findings are errors.
pub fn degrade(document: &mut Document, findings: &Diagnostics, notes: &mut Notes) -> bool {
    let mut kinds: HashMap<String, ObjectKind> = sites(document).into_iter().collect();
    // A schema that is a `$ref` can become any JSON value while its target keeps its type.
    kinds.extend(bundle::schema_references(document).map(|pointer| (pointer, ObjectKind::Schema)));
    let mut steps: BTreeMap<String, (Step, &Diagnostic)> = BTreeMap::new();
    let is_of_root_security = |finding: &Diagnostic| {
        pointer_segments(&finding.location.pointer).is_some_and(|all| all.first().is_some_and(|key| key == "security"))
    };
    let without_own = inheriting(document);
    for finding in findings.iter() {
        // Each operation that has the security of the root would be public without it.
        if is_of_root_security(finding) && !without_own.is_empty() {
            steps.extend(without_own.iter().map(|pointer| (pointer.clone(), (Step::LeaveOut, finding))));
            continue;
        }
        if let Some((pointer, step)) = step_for(document, &kinds, finding) {
            // If two findings need different steps at one place, the second step is taken in the
            // next round, if its finding is still there.
            steps.entry(pointer).or_insert((step, finding));
        }
    }
    // A made-up example is made again in the next round, so it is not removed. If only made-up
    // examples have findings, their methods are left out.
    let is_made_up = |pointer: &str| openrpc::is_made_up(document, pointer);
    if steps.keys().any(|pointer| !is_made_up(pointer)) {
        steps.retain(|pointer, _| !is_made_up(pointer));
    } else {
        steps =
            steps.into_iter().map(|(pointer, (_, finding))| (method(&pointer), (Step::LeaveOut, finding))).collect();
    }
    // An example that comes back was made up, and no value of its schema is one that is sent.
    let again: Vec<String> = steps
        .iter()
        .filter(|(pointer, (step, _))| *step == Step::DropExample && !notes.drop_example(pointer))
        .map(|(pointer, _)| pointer.clone())
        .collect();
    for pointer in again {
        if let (Some((_, finding)), Some((operation, step))) =
            (steps.remove(&pointer), user(document, &kinds, &pointer))
        {
            steps.entry(operation).or_insert((step, finding));
        }
    }
    let mut gone: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    let mut is_changed = false;
    for (pointer, (step, finding)) in steps {
        if document.node(&pointer).is_none() {
            continue;
        }
        note(document, &pointer, step, finding, notes);
        if step == Step::Untype {
            is_changed |= untype(document, &pointer);
        } else if let (Some(above), Some(last)) =
            (parent(&pointer), pointer_segments(&pointer).and_then(|mut all| all.pop()))
        {
            gone.entry(above.to_owned()).or_default().insert(last);
        }
    }
    remove(document, gone) || is_changed
}

/// Returns the change for an example that no value of its schema can replace: the schema beside it
/// becomes any JSON value, or the operation is left out.
fn user(document: &Document, kinds: &HashMap<String, ObjectKind>, pointer: &str) -> Option<(String, Step)> {
    let holder = parent(pointer)?;
    let schema = pointer_join(holder, "schema");
    if document.node(&schema).is_some() && !is_untyped(document, &schema) {
        return Some((schema, Step::Untype));
    }
    let mut at = holder;
    loop {
        if let Some(ObjectKind::Operation | ObjectKind::Method) = kinds.get(at) {
            return Some((at.to_owned(), Step::LeaveOut));
        }
        at = parent(at)?;
    }
}

/// Returns the places of the operations without `security` of their own.
fn inheriting(document: &Document) -> Vec<String> {
    let paths = document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter);
    let mut found = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if item.get(method).is_some_and(|operation| operation.get("security").is_none()) {
                found.push(pointer_join(&pointer_join("/paths", path), method));
            }
        }
    }
    found
}

/// Removes the keys and elements under some places. A path without operations is removed as well.
fn remove(document: &mut Document, mut gone: BTreeMap<String, HashSet<String>>) -> bool {
    let mut is_changed = false;
    // Places are taken from the last to the first. So keys inside a value are removed before the
    // value itself, and the index of an element is valid until elements of its list are removed.
    while let Some((above, names)) = gone.pop_last() {
        let Some(node) = document.node_mut(&above) else { continue };
        node.remove_all(|name| names.contains(name));
        is_changed = true;
        let mut segments = pointer_segments(&above).unwrap_or_default();
        if let [paths, path] = segments.as_mut_slice()
            && paths == "paths"
            && METHODS.iter().all(|method| node.get(method).is_none())
        {
            gone.entry("/paths".to_owned()).or_default().insert(std::mem::take(path));
        }
    }
    is_changed
}

/// Returns the JSON pointer to the method that contains the value at a pointer.
fn method(pointer: &str) -> String {
    pointer.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// Chooses the change that removes a finding and affects the smallest part of the document. Returns
/// it with the JSON pointer to that part.
fn step_for(document: &Document, kinds: &HashMap<String, ObjectKind>, finding: &Diagnostic) -> Option<(String, Step)> {
    let pointer = finding.location.pointer.as_str();
    if finding.remedy == Remedy::DropKey {
        return Some((pointer.to_owned(), Step::DropKey));
    }
    let is_schema = |at: &str| matches!(kinds.get(at), Some(ObjectKind::Schema));
    let mut at = pointer;
    loop {
        match kinds.get(at) {
            Some(ObjectKind::Schema) if !is_untyped(document, at) => return Some((at.to_owned(), Step::Untype)),
            Some(ObjectKind::Parameter) if !is_required(document, at) => return Some((at.to_owned(), Step::Drop)),
            Some(ObjectKind::Operation | ObjectKind::Method) => return Some((at.to_owned(), Step::LeaveOut)),
            // A value inside an example pairing cannot be removed alone, so the pairing is removed.
            Some(ObjectKind::Example) if at.starts_with("/methods/") => {}
            Some(ObjectKind::Example | ObjectKind::ExamplePairing) => {
                return Some((at.to_owned(), Step::DropExample));
            }
            _ => {}
        }
        let segments = pointer_segments(at)?;
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        match segments.as_slice() {
            // A key that only describes an object.
            [.., key]
                if DOCUMENTATION.contains(key)
                    && parent(at).is_some_and(|above| above.is_empty() || kinds.contains_key(above)) =>
            {
                return Some((at.to_owned(), Step::DropKey));
            }
            // A key of a schema that only constrains its values, or a name in its `required`.
            [.., key] if CONSTRAINTS.contains(key) && parent(at).is_some_and(is_schema) => {
                return Some((at.to_owned(), Step::DropKey));
            }
            [.., "required", _] if parent(at).and_then(parent).is_some_and(is_schema) => {
                return Some((at.to_owned(), Step::DropKey));
            }
            [.., "example"] if !kinds.contains_key(at) && !in_properties(&segments) => {
                return Some((at.to_owned(), Step::DropExample));
            }
            // A method that is not supported, or a whole path.
            ["paths", _, method] if METHODS.contains(method) => return Some((at.to_owned(), Step::LeaveOut)),
            ["paths", _, "options" | "trace"] | ["paths", _] => {
                return Some((at.to_owned(), Step::LeaveOut));
            }
            // A component, a server, or a similar part of the document, if the fault is in no
            // smaller part.
            ["servers" | "tags" | "methods", _]
            | ["components", _, _]
            | ["components", _]
            | ["info", "contact" | "license" | "termsOfService" | "description"] => {
                return Some((at.to_owned(), Step::Drop));
            }
            [key]
                if !key.starts_with("x-")
                    && !matches!(*key, "openapi" | "openrpc" | "swagger" | "paths" | "methods" | "info") =>
            {
                return Some((at.to_owned(), Step::Drop));
            }
            [] => return None,
            _ => {}
        }
        at = parent(at)?;
    }
}

fn in_properties(segments: &[&str]) -> bool {
    matches!(segments, [.., "properties", _])
}

/// Returns whether a parameter is required. A parameter whose `required` cannot be read may be.
fn is_required(document: &Document, pointer: &str) -> bool {
    let stated = document.node(pointer).and_then(|parameter| parameter.get("required"));
    stated.is_some_and(|required| required.as_bool() != Some(false))
}

/// Returns whether the schema at a place already allows any JSON value.
fn is_untyped(document: &Document, pointer: &str) -> bool {
    let Some(members) = document.node(pointer).and_then(Node::as_map) else { return true };
    members.keys().all(|key| key == "description")
}

/// Adds the note about a step.
fn note(document: &Document, pointer: &str, step: Step, finding: &Diagnostic, notes: &mut Notes) {
    let (level, message) = match step {
        Step::DropKey => (Level::Warning, format!("ignored: {}", finding.message)),
        Step::DropExample => (Level::Warning, format!("the example is ignored: {}", finding.message)),
        Step::Untype => (Level::Warning, format!("any JSON value, without a type: {}", finding.message)),
        Step::LeaveOut => {
            let what = match left_out(document, pointer) {
                LeftOut::Operation(route) => format!("`{route}`"),
                LeftOut::Path(path) => format!("the path `{path}`"),
            };
            (Level::LeftOut, format!("{what} is left out: {}", finding.message))
        }
        Step::Drop => (Level::Warning, format!("left out: {}", finding.message)),
    };
    let effect = match step {
        Step::DropKey | Step::DropExample | Step::Drop => Some(Effect::Ignored),
        Step::Untype => Some(Effect::Untyped),
        Step::LeaveOut => None,
    };
    // The note has the line and the column of the fault, but the JSON pointer to the part that is
    // changed because of it.
    let location = Location { pointer: pointer.to_owned(), ..finding.location.clone() };
    let left_out = (step == Step::LeaveOut).then(|| left_out(document, pointer));
    notes.push(Diagnostic { level, effect, message, location, left_out, ..finding.clone() });
}

/// Returns the operation or the path at a pointer.
fn left_out(document: &Document, pointer: &str) -> LeftOut {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match segments.as_slice() {
        ["paths", path] => LeftOut::Path((*path).to_owned()),
        ["paths", path, method] => LeftOut::Operation(format!("{} {path}", method.to_ascii_uppercase())),
        _ => {
            let name = document.node(pointer).and_then(|method| method.get("name")).and_then(Node::as_str);
            LeftOut::Operation(name.unwrap_or(pointer).to_owned())
        }
    }
}

fn untype(document: &mut Document, pointer: &str) -> bool {
    let Some(node) = document.node_mut(pointer) else { return false };
    let description = node.get("description").filter(|text| text.as_str().is_some()).cloned();
    let members: Vec<(Box<str>, Node)> = description.map(|text| ("description".into(), text)).into_iter().collect();
    node.set_kind(Kind::Map(Box::new(Members::from(members))));
    // The example of the parameter fits the old type, so it is removed. A new example is made up
    // later.
    if let Some(holder) = pointer.strip_suffix("/schema").and_then(|holder| document.node_mut(holder))
        && holder.get("in").is_some()
    {
        holder.remove_all(|key| key == "example");
    }
    true
}
