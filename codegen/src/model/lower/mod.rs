//! Lowering: from a checked document to the model.
//!
//! Two readers, `openapi` and `openrpc`, share how schemas become types (`schema`), how the `x-` words are read (`words`)
//! and what is settled once everything is known (`finish`: usage, recursion, names). All of them go on after a finding, with
//! a type that stands in for what could not be read, so that one run tells everything.
//!
//! # Which inline schema becomes which type
//!
//! A schema that needs a name (an object with members, an enum, a row, a `oneOf`) is named after where it stands, never after
//! what it looks like, and two places never share a type unless they are one place (a `$ref`):
//!
//! | where | name |
//! |---|---|
//! | a component (schema, parameter, response, body) | its own name |
//! | a parameter of an operation | `Operation` + `Parameter` |
//! | the body, the reply | `Operation` + `Body`, `Reply` |
//! | the body of an error | `Operation` + `Error` + status |
//! | a member of an object, a column of a row | parent + member |
//! | an item of a list, a value of a map | parent + `Item`, `Value` |
//! | an alternative of a `oneOf` | parent + its JSON kind |
//!
//! `x-rust-name` on such a schema is its name instead; on a member or a parameter it is that of the member or the parameter, from
//! which its type's is made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema};

use super::names::{Holder, RESERVED_METHODS, Scope, Words};
use super::{Api, Docs, Example, ExampleOf, Type, TypeDef, TypeKind, Venue};
use crate::diagnostic::{Diagnostics, Help, shorten};
use crate::spec::words::{RootWords, SchemaWords};
use crate::spec::{Document, Source};

mod finish;
mod openapi;
mod openrpc;
mod schema;
mod words;

use words::prose;

/// Lowers a checked document.
///
/// # Errors
/// Everything in the document that has no faithful Rust: names that collide, shapes that contain themselves, words that
/// name what is not there.
pub fn lower(document: &Document, source: &Source) -> Result<Api, Diagnostics> {
    match source {
        Source::OpenApi(api) => openapi::lower(document, api),
        Source::OpenRpc(api) => openrpc::lower(document, api),
    }
}

/// The work in progress.
struct Lowering<'a> {
    document: &'a Document,
    /// `components/schemas`.
    schemas: &'a IndexMap<String, ReferenceOr<Schema>>,
    /// Their names in Rust.
    component_names: BTreeMap<&'a str, String>,
    /// The types of components, then (on their own, until the end) those of inline schemas.
    components: Vec<TypeDef>,
    inline: Vec<TypeDef>,
    /// The indices of the components' types, by name.
    component_index: HashMap<String, usize>,
    /// The names in module `types`.
    type_names: Scope,
    /// Inline types by where they stand: a place that several operations share is one type.
    places: BTreeMap<String, Type>,
    /// Where the `readOnly` members stand, by type and wire name.
    read_only: BTreeMap<(String, String), String>,
    /// Types that requests and replies name, by which usage spreads.
    request_roots: Vec<Type>,
    reply_roots: Vec<Type>,
    examples: Vec<Example>,
    /// Where examples stand that were noted already.
    example_places: BTreeSet<String>,
    /// The methods of the client, and the types of its operations.
    method_names: Scope,
    operation_names: Scope,
    findings: Diagnostics,
}

/// What an operation is called.
struct OperationNames {
    method_name: String,
    type_name: String,
    const_name: String,
}

impl<'a> Lowering<'a> {
    fn new(document: &'a Document, schemas: &'a IndexMap<String, ReferenceOr<Schema>>) -> Self {
        Self {
            document,
            schemas,
            component_names: BTreeMap::new(),
            components: Vec::new(),
            inline: Vec::new(),
            component_index: HashMap::new(),
            type_names: Scope::default(),
            places: BTreeMap::new(),
            read_only: BTreeMap::new(),
            request_roots: Vec::new(),
            reply_roots: Vec::new(),
            examples: Vec::new(),
            example_places: BTreeSet::new(),
            method_names: Scope::default(),
            operation_names: Scope::default(),
            findings: Diagnostics::default(),
        }
    }

    /// Notes a finding.
    fn refuse(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        let finding = self.document.finding(pointer, message.into(), Some(help.into()));
        self.findings.push(finding);
    }

    /// Notes what the first floor should have refused: no document may end in a client that is silently wrong.
    fn fault(&mut self, pointer: &str, message: &str) {
        self.refuse(pointer, message, "the check should have said so: this is a fault of the generator");
    }

    /// Notes that a name is taken; `mend` is what to do for another one.
    fn collision(&mut self, what: &str, wire: &str, rust: &str, pointer: &str, holder: &Holder, mend: &str) {
        let at = self.document.location(&holder.pointer);
        let message = format!(
            "{what} `{wire}` is called `{rust}` in Rust, as is `{}` at {}:{}:{}",
            shorten(&holder.wire),
            at.file,
            at.line,
            at.column
        );
        self.refuse(pointer, message, format!("give one of them another name {mend}"));
    }

    /// The words of `x-rust-name`, or else of the name on the wire; a finding and a stand-in when there are none.
    fn words(&mut self, what: &str, wire: &str, rust_name: Option<&str>, pointer: &str) -> Words {
        let text = rust_name.unwrap_or(wire);
        Words::parse(text).unwrap_or_else(|problem| {
            self.refuse(
                pointer,
                format!("{what} `{text}` {problem}"),
                "say what to call it in Rust with `x-rust-name`",
            );
            Words::stand_in(pointer)
        })
    }

    /// What an operation is called; a finding when another is called so.
    fn operation_names(&mut self, id: &str, rust_name: Option<&str>, pointer: &str) -> OperationNames {
        let words = self.words("operation", id, rust_name, pointer);
        let names = OperationNames {
            method_name: words.snake_beside(RESERVED_METHODS),
            type_name: words.pascal(),
            const_name: words.screaming(),
        };
        let method =
            self.method_names.claim(&names.method_name, id, pointer).err().map(|holder| (&names.method_name, holder));
        let type_ =
            self.operation_names.claim(&names.type_name, id, pointer).err().map(|holder| (&names.type_name, holder));
        if let Some((name, holder)) = method.or(type_) {
            self.collision("operation", id, name, pointer, &holder, "with `x-rust-name`");
        }
        names
    }

    /// The names of all components, before any of them is looked into.
    fn name_components(&mut self) {
        for name in self.schemas.keys() {
            let pointer = words::component_pointer("schemas", name);
            let rust_name = self.read::<SchemaWords>(&pointer).rust_name;
            let rust = self.words("component", name, rust_name.as_deref(), &pointer).pascal();
            if let Err(holder) = self.type_names.claim(&rust, name, &pointer) {
                self.collision("component", name, &rust, &pointer, &holder, "in the spec: it is yours to choose");
            }
            self.component_names.insert(name, rust);
        }
    }

    /// The types of all components.
    fn lower_components(&mut self) {
        self.name_components();
        for (name, schema) in self.schemas {
            let pointer = words::component_pointer("schemas", name);
            let rust = self.component_names.get(name.as_str()).cloned().unwrap_or_default();
            self.component(name, &rust, schema, &pointer);
        }
    }

    /// Names an inline type and keeps it at `at`, before those that were found inside it.
    fn define(&mut self, at: usize, name: &str, docs: Docs, kind: TypeKind, pointer: &str) -> Type {
        if let Err(holder) = self.type_names.claim(name, name, pointer) {
            let mend = "with `x-rust-name`, or put it under `components/schemas`";
            self.collision("the inline type", name, name, pointer, &holder, mend);
        }
        let def = TypeDef {
            name: name.to_owned(),
            docs,
            kind,
            in_request: false,
            in_reply: false,
            pointer: pointer.to_owned(),
        };
        self.inline.insert(at.min(self.inline.len()), def);
        Type::Named(name.to_owned())
    }

    /// What the type of a component is called that is no schema (a parameter, a body, a response).
    fn component_type_name(&mut self, component: &str, pointer: &str) -> String {
        Words::parse(component).map_or_else(
            |problem| {
                let message = format!("component `{component}` {problem}");
                self.refuse(pointer, message, "give it another name in the spec: it is yours to choose");
                Words::stand_in(pointer).pascal()
            },
            |words| words.pascal(),
        )
    }

    /// The type behind aliases.
    fn resolve<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        // An alias leads to another at most as often as there are components.
        for _ in 0..=self.components.len() {
            let Type::Named(name) = ty else { return ty };
            match self.component_index.get(name).and_then(|at| self.components.get(*at)).map(|def| &def.kind) {
                Some(TypeKind::Alias(other)) => ty = other,
                _ => return ty,
            }
        }
        ty
    }

    /// Notes the example at `pointer`, if there is one. An example is noted once, and written out once.
    fn note_example(&mut self, pointer: &str, ty: &Type, of: &ExampleOf) {
        let Some(node) = self.document.node(pointer) else { return };
        if self.example_places.insert(pointer.to_owned()) {
            self.examples.push(Example {
                pointer: pointer.to_owned(),
                ty: ty.clone(),
                json: node.to_json(),
                of: of.clone(),
            });
        }
    }

    /// Notes the example at `pointer`, if there is one, and returns its text.
    fn example(&mut self, pointer: &str, ty: &Type, of: &ExampleOf) -> Option<String> {
        self.note_example(pointer, ty, of);
        self.document.node(pointer).map(|node| node.to_json())
    }

    /// What stands at `pointer`, as it stands: exact JSON text, references kept.
    fn text(&self, pointer: &str) -> String {
        self.document.node(pointer).map(|node| node.to_json()).unwrap_or_default()
    }

    /// The component schemas as the spec has them.
    fn component_schemas(&self) -> Vec<(String, String)> {
        let text = |name: &String| (name.clone(), self.text(&words::component_pointer("schemas", name)));
        self.schemas.keys().map(text).collect()
    }

    /// The venue and its crate.
    fn venue(&self, info: &openapiv3::Info, words: &RootWords) -> Venue {
        let name = self.document.venue().to_owned();
        let package = format!("venuekit-{name}");
        Venue {
            krate: package.replace('-', "_"),
            package,
            title: info.title.trim().to_owned(),
            description: prose(info.description.as_deref()),
            api_version: info.version.clone(),
            crate_version: words.crate_version.clone().unwrap_or_default(),
            spec_file: self.document.file().to_owned(),
            name,
        }
    }
}
