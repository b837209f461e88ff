//! Tests that no key of a document is ignored without a note. If a key is removed from a document
//! or added to it, the crate or the notes must change.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::diagnostic::Diagnostic;
use venuekit_codegen::emit::crate_files;
use venuekit_codegen::model::outline;
use venuekit_codegen::source::{Document, pointer_join};
use venuekit_codegen::{Api, GeneratedFile, Home, Reading, Spec, read_with_notes};
use venuekit_json::Tree;

/// Keys with a value that means the same as the absence of the key, at least at the places where
/// the documents have them.
const DEFAULTS: [(&str, &str); 14] = [
    ("required", "false"),
    ("nullable", "false"),
    ("deprecated", "false"),
    ("additionalProperties", "true"),
    ("format", "\"int64\""),
    ("format", "\"float\""),
    ("format", "\"double\""),
    ("format", "\"long\""),
    ("collectionFormat", "\"csv\""),
    ("schemes", "[\"https\"]"),
    ("consumes", "[\"application/json\"]"),
    ("produces", "[\"application/json\"]"),
    ("params", "[]"),
    ("responses", "{}"),
];

/// Parts of the notes which say that a value, with everything inside it, has no effect.
const COVERING: [&str; 9] = [
    "ignored",
    "left out",
    "any JSON value",
    "assumed to be public",
    "is not a parameter",
    "is read like",
    "is taken",
    "which your signer sets",
    "is a client certificate",
];

/// Parts of the pointers of values that have no effect, although there is no note on them yet.
const WITHOUT_EFFECT: [&str; 7] = [
    // A stream stands for the successes of all statuses.
    "events/post/responses/204",
    // A client certificate adds nothing to a request.
    "/security/0/certificate",
    // A field whose `encoding` has a media type is a file without a format too.
    "/components/schemas/Binary/format",
    "/components/schemas/Upload/properties/image/format",
    // It goes with the member that a signer fills in.
    "/example/timestamp",
    // They go with the members that only responses have.
    "/requestBody/content/application~1json/example/id",
    "/requestBody/content/application~1json/example/legs/0/fee",
];

/// Ends of the pointers of contents and responses of text and bytes.
const RAW_CONTENT: [&str; 8] = [
    "/content/application~1octet-stream",
    "/content/image~1png",
    "/content/image~1*",
    "/content/text~1plain",
    "/content/text~1csv",
    "/content/text~1event-stream",
    "/paths/~1statement/post/responses/200",
    "/paths/~1v1~1raw/get/responses/200",
];

/// Parts of the pointers of objects in OpenRPC documents whose names are for readers only.
const NAMED_FOR_READERS: [&str; 7] = [
    "/servers/",
    "/result",
    "/contentDescriptors/Pets",
    "/components/examples/",
    "/components/examplePairings/",
    "/methods/0/examples/0/params/",
    "/methods/3/examples/0/params/",
];

/// The parameters that the signer of `signed.yaml` fills in (`x-fills`). They are not parameters of
/// an operation, so nothing else in their description has an effect.
const FILLED: [&str; 3] = ["timestamp", "signature", "recvWindow"];

/// Returns whether a value is inside a parameter that a signer fills in.
fn is_filled(tree: &Tree, pointer: &str) -> bool {
    pointer.match_indices('/').map(|(end, _)| &pointer[..end]).chain([pointer]).any(|place| {
        let text = |key: &str| tree.at(place).and_then(|node| node.get(key)).and_then(Tree::as_text);
        let holds = |part: &&str| place.contains(*part);
        let is_reference =
            |name: &str| text("$ref").is_some_and(|reference| reference.to_lowercase().ends_with(&name.to_lowercase()));
        ["parameters/", "/params/", "/contentDescriptors/"].iter().any(holds)
            && FILLED.iter().any(|name| text("name") == Some(name) || is_reference(name))
    })
}

fn has_no_effect(pointer: &str) -> bool {
    WITHOUT_EFFECT.iter().any(|part| pointer.contains(part))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published")
}

/// The results of reading a document. They have no lines and columns, because these change with
/// each change of the text.
struct Outcome {
    notes: Vec<String>,
    /// The JSON pointers of the values that have no effect according to the notes.
    covered: Vec<String>,
    reading: Option<Reading>,
}

impl Outcome {
    fn of(tree: &Tree) -> Self {
        let spec = Spec::new("references.json", tree.to_json())
            .with_files_beside(|name| fs::read_to_string(folder().join(name)).ok());
        let (notes, reading) = match read_with_notes(&spec) {
            Ok(reading) => (reading.notes.clone().into_findings(), Some(reading)),
            Err(findings) => (findings, None),
        };
        let covers = |message: &str| COVERING.iter().any(|part| message.contains(part));
        let covered = notes.iter().filter(|note| covers(&note.message) && !note.location.pointer.is_empty());
        let places = positions(&spec);
        let covered = covered.map(|note| original(&places, note)).collect();
        let notes = notes.iter().map(|note| format!("{} {}", note.location.pointer, note.message)).collect();
        Self { notes, covered, reading }
    }

    fn covers(&self, pointer: &str) -> bool {
        self.covered.iter().any(|covered| pointer == covered || pointer.starts_with(&format!("{covered}/")))
    }

    fn is_same(&self, other: &Self) -> bool {
        self.notes == other.notes
            && match (&self.reading, &other.reading) {
                (Some(one), Some(other)) => {
                    outline(&one.api) == outline(&other.api) && files(&one.api) == files(&other.api)
                }
                (None, None) => true,
                _ => false,
            }
    }
}

fn files(api: &Api) -> Vec<GeneratedFile> {
    crate_files(api, &Home::Workspace).unwrap()
}

/// Returns the JSON pointers of the values of a document, by line and column.
fn positions(spec: &Spec) -> HashMap<(usize, usize), String> {
    let document = Document::parse(&spec.document.name, &spec.document.text).unwrap();
    let tree = Tree::parse(&spec.document.text).unwrap();
    let (mut members, mut objects) = (Vec::new(), Vec::new());
    places(&tree, "", &mut members, &mut objects);
    let place = |pointer: String| {
        let location = document.location(&pointer);
        ((location.line, location.column), pointer)
    };
    objects.into_iter().chain(members).map(place).collect()
}

/// Returns the JSON pointer that the value of a note has in the file. The pointer of the note
/// itself can have smaller indices, if earlier elements of a list were removed. But the line and
/// the column of the note are those in the file.
fn original(places: &HashMap<(usize, usize), String>, note: &Diagnostic) -> String {
    let pointer = &note.location.pointer;
    let levels = pointer.matches('/').count();
    let Some(found) = places.get(&(note.location.line, note.location.column)) else { return pointer.clone() };
    let end = found.match_indices('/').nth(levels).map_or(found.len(), |(end, _)| end);
    if found.matches('/').count() < levels { pointer.clone() } else { found[..end].to_owned() }
}

/// Collects the JSON pointers of all members, and of all objects.
fn places(tree: &Tree, pointer: &str, members: &mut Vec<String>, objects: &mut Vec<String>) {
    match tree {
        Tree::Object(all) => {
            objects.push(pointer.to_owned());
            for (name, value) in all {
                let pointer = pointer_join(pointer, name);
                members.push(pointer.clone());
                places(value, &pointer, members, objects);
            }
        }
        Tree::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                places(value, &pointer_join(pointer, &index.to_string()), members, objects);
            }
        }
        _ => {}
    }
}

fn split(pointer: &str) -> (&str, String) {
    let (above, key) = pointer.rsplit_once('/').unwrap();
    (above, key.replace("~1", "/").replace("~0", "~"))
}

/// Returns whether a schema of text or bytes says no more than that it is text or bytes.
fn says_raw(above: &str, key: &str, value: &Tree) -> bool {
    let is_raw = |holder: &str| RAW_CONTENT.iter().any(|end| holder.ends_with(end));
    let is_stated = |key: &str, value: &Tree| match key {
        "type" => matches!(value.as_text(), Some("string" | "file")),
        "format" => value.as_text() == Some("binary"),
        _ => false,
    };
    match value {
        Tree::Object(all) if key == "schema" => is_raw(above) && all.iter().all(|(key, value)| is_stated(key, value)),
        _ => above.strip_suffix("/schema").is_some_and(is_raw) && is_stated(key, value),
    }
}

/// Returns whether a key has the same meaning as its absence.
fn says_nothing(tree: &Tree, above: &str, key: &str, value: &Tree) -> bool {
    let is_in = |place: &str| tree.at(above).and_then(|node| node.get("in")).and_then(Tree::as_text) == Some(place);
    DEFAULTS.iter().any(|(known, default)| *known == key && value.to_json() == *default)
        // A parameter in the path is always required, and a body of OpenAPI 2.0 has a name only for
        // people.
        || (key == "required" && is_in("path"))
        || (key == "name" && is_in("body"))
        || (key == "name" && NAMED_FOR_READERS.iter().any(|part| above.contains(part)))
        || is_filled(tree, above)
        || has_no_effect(&pointer_join(above, key))
        || says_raw(above, key, value)
        // The default of a style of which the elements are joined.
        || (key == "explode" && above.contains("/encoding/") && value.to_json() == "false")
        // Beside patterns, no other property is expected.
        || (key == "additionalProperties"
            && value.to_json() == "false"
            && tree.at(above).is_some_and(|schema| schema.get("patternProperties").is_some()))
        // The other schema of this property is narrower, so this one has no effect.
        || above.ends_with("/narrower/allOf/0/properties/kind")
}

/// Calls `find` with each document of the folder, and asserts that it returns nothing.
fn assert_none(find: impl Fn(&Tree, &Outcome) -> Vec<String>) {
    let mut lost = Vec::new();
    let mut documents: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.retain(|path| path.is_file());
    documents.sort();
    for path in documents {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap().replace("references.yaml", "references.json");
        let tree = Tree::parse(&Document::parse(name, &text).unwrap().root().to_json()).unwrap();
        let outcome = Outcome::of(&tree);
        assert!(outcome.reading.is_some(), "{name}: {:?}", outcome.notes);
        lost.extend(find(&tree, &outcome).into_iter().map(|pointer| format!("{name} {pointer}")));
    }
    assert!(lost.is_empty(), "{} keys are lost silently:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn the_removal_of_a_key_changes_the_crate_or_the_notes() {
    assert_none(|tree, before| {
        let (mut members, mut objects) = (Vec::new(), Vec::new());
        places(tree, "", &mut members, &mut objects);
        members.retain(|pointer| {
            let (above, key) = split(pointer);
            let mut changed = tree.clone();
            let value = changed.at_mut(above).and_then(|node| node.remove(&key)).unwrap();
            !says_nothing(tree, above, &key, &value) && !before.covers(pointer) && Outcome::of(&changed).is_same(before)
        });
        members
    });
}

#[test]
fn an_unknown_key_in_an_object_changes_the_crate_or_the_notes() {
    assert_none(|tree, before| {
        let (mut members, mut objects) = (Vec::new(), Vec::new());
        places(tree, "", &mut members, &mut objects);
        objects.retain(|pointer| {
            !before.covers(pointer)
                && !is_filled(tree, pointer)
                && !has_no_effect(pointer)
                && ["zzz", "x-zzz"].iter().any(|key| {
                    let mut changed = tree.clone();
                    changed.at_mut(pointer).and_then(|node| node.set(key, Tree::text("z"))).unwrap();
                    Outcome::of(&changed).is_same(before)
                })
        });
        objects
    });
}
