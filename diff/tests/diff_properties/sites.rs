//! Finds the parts of a document in its tree, independent of the tested code.

use venuekit_json::{Tree, pointer};

use crate::tree::TreeExt;

/// The kind of an object of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SiteKind {
    /// An operation, or an OpenRPC method.
    Operation,
    /// A parameter of either standard.
    Parameter,
    Body,
    Response,
    Header,
    Media,
    Schema,
    Column,
    /// The result of an OpenRPC method.
    Result,
    /// An error of an OpenRPC method.
    Error,
    /// An example by itself.
    Example,
}

/// An object of a document.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) kind: SiteKind,
    pub(crate) pointer: String,
    /// True if it is a `$ref`.
    pub(crate) reference: bool,
}

/// The methods that an operation can have.
pub(crate) const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Returns whether this is an OpenRPC document.
pub(crate) fn is_rpc(document: &Tree) -> bool {
    document.has("openrpc")
}

/// Returns the places and the paths of the operations.
pub(crate) fn operations(document: &Tree) -> Vec<String> {
    if is_rpc(document) {
        return (0..document.list("methods").len()).map(|index| format!("/methods/{index}")).collect();
    }
    let mut found = Vec::new();
    for (path, item) in document.get("paths").into_iter().flat_map(Tree::members) {
        for (method, _) in item.members().iter().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            found.push(pointer::join(&pointer::join("/paths", path), method));
        }
    }
    found
}

/// Returns all objects, each before the objects inside it. `$ref`s are not followed.
pub(crate) fn sites(document: &Tree) -> Vec<Site> {
    let mut walk = Walk { found: Vec::new() };
    for (path, item) in document.get("paths").into_iter().flat_map(Tree::members) {
        let pointer = pointer::join("/paths", path);
        walk.list(item, &pointer, "parameters", SiteKind::Parameter);
        for (method, operation) in item.members().iter().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            walk.operation(operation, &pointer::join(&pointer, method));
        }
    }
    for (index, method) in document.list("methods").iter().enumerate() {
        walk.method(method, &format!("/methods/{index}"));
    }
    for (section, kind) in [
        ("schemas", SiteKind::Schema),
        ("parameters", SiteKind::Parameter),
        ("responses", SiteKind::Response),
        ("requestBodies", SiteKind::Body),
        ("headers", SiteKind::Header),
        ("examples", SiteKind::Example),
        ("contentDescriptors", SiteKind::Parameter),
        ("errors", SiteKind::Error),
    ] {
        if let Some(components) = document.get("components") {
            walk.map(components, "/components", section, kind);
        }
    }
    walk.found
}

struct Walk {
    found: Vec<Site>,
}

impl Walk {
    /// Adds an object.
    fn note(&mut self, value: &Tree, pointer: &str, kind: SiteKind) -> bool {
        let reference = value.has("$ref");
        self.found.push(Site { kind, pointer: pointer.to_owned(), reference });
        !reference
    }

    fn any(&mut self, value: &Tree, pointer: &str, kind: SiteKind) {
        match kind {
            SiteKind::Parameter | SiteKind::Header | SiteKind::Column | SiteKind::Result => {
                if self.note(value, pointer, kind) {
                    self.one(value, pointer, "schema", SiteKind::Schema);
                }
            }
            SiteKind::Body | SiteKind::Response => {
                if self.note(value, pointer, kind) {
                    self.map(value, pointer, "headers", SiteKind::Header);
                    self.map(value, pointer, "content", SiteKind::Media);
                }
            }
            SiteKind::Media => {
                if self.note(value, pointer, kind) {
                    self.one(value, pointer, "schema", SiteKind::Schema);
                    self.map(value, pointer, "examples", SiteKind::Example);
                }
            }
            SiteKind::Schema => self.schema(value, pointer),
            SiteKind::Error | SiteKind::Example | SiteKind::Operation => {
                self.note(value, pointer, kind);
            }
        }
    }

    fn one(&mut self, holder: &Tree, pointer: &str, key: &str, kind: SiteKind) {
        if let Some(value) = holder.get(key) {
            self.any(value, &pointer::join(pointer, key), kind);
        }
    }

    fn list(&mut self, holder: &Tree, pointer: &str, key: &str, kind: SiteKind) {
        for (index, value) in holder.list(key).iter().enumerate() {
            self.any(value, &pointer::join(&pointer::join(pointer, key), &index.to_string()), kind);
        }
    }

    fn map(&mut self, holder: &Tree, pointer: &str, key: &str, kind: SiteKind) {
        for (name, value) in holder.get(key).into_iter().flat_map(Tree::members) {
            self.any(value, &pointer::join(&pointer::join(pointer, key), name), kind);
        }
    }

    fn operation(&mut self, operation: &Tree, pointer: &str) {
        self.note(operation, pointer, SiteKind::Operation);
        self.list(operation, pointer, "parameters", SiteKind::Parameter);
        self.one(operation, pointer, "requestBody", SiteKind::Body);
        self.map(operation, pointer, "responses", SiteKind::Response);
    }

    fn method(&mut self, method: &Tree, pointer: &str) {
        self.note(method, pointer, SiteKind::Operation);
        self.list(method, pointer, "params", SiteKind::Parameter);
        self.one(method, pointer, "result", SiteKind::Result);
        self.list(method, pointer, "errors", SiteKind::Error);
    }

    fn schema(&mut self, schema: &Tree, pointer: &str) {
        if !self.note(schema, pointer, SiteKind::Schema) {
            return;
        }
        self.map(schema, pointer, "properties", SiteKind::Schema);
        for key in ["items", "additionalProperties"] {
            // Beside columns, `items` has no meaning.
            let said = !schema.has("x-tuple") && schema.get(key).is_some_and(|inner| matches!(inner, Tree::Object(_)));
            if said {
                self.one(schema, pointer, key, SiteKind::Schema);
            }
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            self.list(schema, pointer, key, SiteKind::Schema);
        }
        self.list(schema, pointer, "x-tuple", SiteKind::Column);
    }
}
