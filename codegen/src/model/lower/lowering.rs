//! The state of a lowering, and the names that it assigns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::always::AlwaysPresent;
use super::open_recovery::OpenRecovery;
use crate::diagnostic::{Diagnostics, Help, shorten};
use crate::model::api::{Example, ExampleOf, Type, TypeDef, TypeKind};
use crate::model::names::{Holder, RESERVED_METHODS, Scope, Words};
use crate::source::findings::Findings;
use crate::source::located::Located;
use crate::source::references::ComponentKind;
use crate::source::refusal::Refusal;
use crate::source::view::View;

/// A lowering in progress.
pub(super) struct Lowering<'a> {
    pub(super) view: &'a View<'a>,
    /// The types of components, then the types of inline schemas (kept separately until the end).
    pub(super) components: Vec<TypeDef>,
    pub(super) inline: Vec<TypeDef>,
    /// The indices of the components' types, by their Rust names.
    pub(super) component_index: HashMap<String, usize>,
    /// The Rust names, by JSON pointer, of components that got a number because an earlier
    /// component has their name.
    pub(super) numbered_components: HashMap<String, String>,
    /// The names that are taken in the module `types`.
    pub(super) type_names: Scope,
    /// The types of inline schemas, by the JSON pointer of the schema. If two operations refer to
    /// the same schema, they share its type.
    pub(super) places: BTreeMap<String, Type>,
    /// The places of the `readOnly` properties, by type and wire name.
    pub(super) read_only: BTreeMap<(String, String), String>,
    /// The properties that are always present, by type.
    pub(super) always: BTreeMap<String, AlwaysPresent>,
    /// The outermost types of requests and of responses. The types inside them are also marked as
    /// part of requests or of responses.
    pub(super) request_roots: Vec<Type>,
    pub(super) response_roots: Vec<Type>,
    pub(super) examples: Vec<Example>,
    /// The JSON pointers of the examples that were recorded.
    pub(super) example_places: BTreeSet<String>,
    /// The names that are taken by methods of the client, and by the types of operations.
    pub(super) method_names: Scope,
    pub(super) operation_names: Scope,
    /// The calls in the examples of JSON-RPC methods.
    pub(super) calls: Vec<CallExample>,
    /// The recoveries of subscriptions whose queries are not looked up yet.
    pub(super) recoveries: Vec<OpenRecovery>,
    pub(super) findings: Findings<'a>,
}

/// A call in an example of a JSON-RPC method.
pub(super) struct CallExample {
    /// The id of the operation.
    pub(super) operation: String,
    /// The JSON pointer of the example.
    pub(super) pointer: String,
    /// The names of the parameters that are given, with their JSON values.
    pub(super) values: Vec<(String, String)>,
}

/// The names of an operation.
pub(super) struct OperationNames {
    pub(super) method_name: String,
    pub(super) type_name: String,
    pub(super) const_name: String,
}

/// A member of an object, or a parameter, that needs a name in Rust.
pub(super) struct Place<'p> {
    /// The name on the wire.
    pub(super) wire: &'p str,
    /// The name in Rust, if no other member has it.
    pub(super) name: String,
    pub(super) pointer: &'p str,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(view: &'a View<'a>) -> Self {
        Self {
            view,
            components: Vec::new(),
            inline: Vec::new(),
            component_index: HashMap::new(),
            numbered_components: HashMap::new(),
            type_names: Scope::default(),
            places: BTreeMap::new(),
            read_only: BTreeMap::new(),
            always: BTreeMap::new(),
            request_roots: Vec::new(),
            response_roots: Vec::new(),
            examples: Vec::new(),
            example_places: BTreeSet::new(),
            method_names: Scope::default(),
            operation_names: Scope::default(),
            calls: Vec::new(),
            recoveries: Vec::new(),
            findings: Findings::new(view.document),
        }
    }

    /// Adds a finding.
    pub(super) fn refuse(&mut self, pointer: &str, message: impl Into<String>, help: impl Into<Help>) {
        self.findings.at(pointer, message, help);
    }

    /// Returns the findings so far. It ends the lowering of a document whose root or whose
    /// operations cannot be read.
    pub(super) fn give_up<T>(self) -> Result<T, Diagnostics> {
        Err(self.findings.sorted())
    }

    /// Returns the value that a reader returned. If the reader refused, the refusal becomes a
    /// finding, and the result is `None`.
    pub(super) fn take<T>(&mut self, read: Result<T, Refusal<'a>>) -> Option<T> {
        self.findings.take(read)
    }

    /// Adds a finding about a name that is already taken. `mend` is the end of the help text: it
    /// says how to set another name.
    pub(super) fn collision(&mut self, what: &str, wire: &str, rust: &str, pointer: &str, holder: &Holder, mend: &str) {
        let at = self.view.document.location(&holder.pointer);
        let message = format!(
            "{what} `{wire}` is called `{rust}` in Rust, as is `{}` at {}:{}:{}",
            shorten(&holder.wire),
            at.file,
            at.line,
            at.column
        );
        self.refuse(pointer, message, format!("give one of them another name {mend}"));
    }

    /// Returns the words of `x-rust-name`, or else of the name on the wire. A name that cannot be a
    /// Rust name is a finding, and a stand-in replaces it. In a document in normal form, such a
    /// name is spelled out instead.
    pub(super) fn words(&mut self, what: &str, wire: &str, rust_name: Option<&str>, pointer: &str) -> Words {
        let text = rust_name.unwrap_or(wire);
        if self.view.document.is_normal() {
            return Words::spelled(text);
        }
        Words::parse(text).unwrap_or_else(|problem| {
            self.refuse(pointer, format!("{what} `{text}` {problem}"), "give it a name in Rust with `x-rust-name`");
            Words::stand_in(pointer)
        })
    }

    /// Returns the names in Rust of the members of one object, and claims them. If two are the
    /// same, this is a finding. In a document in normal form, the later one gets a number instead,
    /// after all others have their names, so that a new member renames only those that collide with
    /// it. A member whose name on the wire is the name in Rust always has it.
    pub(super) fn member_names(&mut self, what: &str, places: &[Place<'_>], scope: &mut Scope) -> Vec<String> {
        let is_normal = self.view.document.is_normal();
        let mut names: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
        let mut later = Vec::new();
        let mut ordered: Vec<(usize, &Place<'_>)> = places.iter().enumerate().collect();
        if is_normal {
            ordered.sort_by_key(|(_, place)| place.wire != place.name);
        }
        for (index, Place { wire, name, pointer }) in ordered {
            match scope.claim(name, wire, pointer) {
                Ok(()) => {}
                Err(_) if is_normal => later.push((index, name, *pointer)),
                Err(holder) => self.collision(what, wire, name, pointer, &holder, "with `x-rust-name`"),
            }
        }
        for (index, name, pointer) in later {
            let numbered = scope.claim_numbered(&format!("{}_", name.trim_end_matches('_')), pointer);
            names.iter_mut().skip(index).take(1).for_each(|name| name.clone_from(&numbered));
        }
        names
    }

    /// Returns the names of an operation. If another operation already has the name, this is a
    /// finding.
    pub(super) fn operation_names(&mut self, id: &str, rust_name: Option<&str>, pointer: &str) -> OperationNames {
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

    /// Returns the name of a component in Rust.
    pub(super) fn component_name(&mut self, name: &str, at: &Located<'a>) -> String {
        if let Some(numbered) = self.numbered_components.get(&at.pointer) {
            return numbered.clone();
        }
        let rust_name = at.text("x-rust-name");
        self.words("component", name, rust_name, &at.pointer).pascal()
    }

    /// Lowers all component schemas. All of them get their names before any of them is read.
    pub(super) fn lower_components(&mut self) {
        let components: Vec<_> = self.view.components(ComponentKind::Schema).collect();
        let is_normal = self.view.document.is_normal();
        let mut names = Vec::with_capacity(components.len());
        let mut later = Vec::new();
        for (index, (name, at)) in components.iter().enumerate() {
            let rust = self.component_name(name, at);
            if let Err(holder) = self.type_names.claim(&rust, name, &at.pointer) {
                if is_normal {
                    later.push((index, rust.clone(), at.pointer.clone()));
                    names.push(rust);
                    continue;
                }
                self.collision(
                    "component",
                    name,
                    &rust,
                    &at.pointer,
                    &holder,
                    "in the spec: its name can be chosen freely",
                );
            }
            names.push(rust);
        }
        // Numbered names are chosen last, so that none of them takes the name of a later component.
        for (index, rust, pointer) in later {
            let numbered = self.type_names.claim_numbered(&rust, &pointer);
            self.numbered_components.insert(pointer, numbered.clone());
            names.iter_mut().skip(index).take(1).for_each(|name| name.clone_from(&numbered));
        }
        for ((name, at), rust) in components.into_iter().zip(names) {
            self.component(name, &rust, &at);
        }
    }

    /// Inserts an inline type at the index `at`, before the types that were found inside it.
    ///
    /// If the name is taken, this is a finding. In a document in normal form, the name gets a
    /// number instead.
    pub(super) fn define(&mut self, at: usize, mut def: TypeDef) -> Type {
        if let Err(holder) = self.type_names.claim(&def.name, &def.name, &def.pointer) {
            if self.view.document.is_normal() {
                def.name = self.type_names.claim_numbered(&def.name, &def.pointer);
            } else {
                let mend = "with `x-rust-name`, or put it under `components/schemas`";
                self.collision("the inline type", &def.name, &def.name, &def.pointer, &holder, mend);
            }
        }
        let named = Type::Named(def.name.clone());
        self.inline.insert(at.min(self.inline.len()), def);
        named
    }

    /// Returns the type name of a parameter, a body or a response that is a component.
    pub(super) fn component_type_name(&mut self, component: &str, pointer: &str) -> String {
        if self.view.document.is_normal() {
            return Words::spelled(component).pascal();
        }
        Words::parse(component).map_or_else(
            |problem| {
                let message = format!("component `{component}` {problem}");
                self.refuse(pointer, message, "give it another name in the spec: its name can be chosen freely");
                Words::stand_in(pointer).pascal()
            },
            |words| words.pascal(),
        )
    }

    /// Resolves aliases: returns the first type that is not an alias.
    pub(super) fn resolve<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        // A chain of aliases has at most as many steps as there are components.
        for _ in 0..=self.components.len() {
            let Type::Named(name) = ty else { return ty };
            match self.component_index.get(name).and_then(|at| self.components.get(*at)).map(|def| &def.kind) {
                Some(TypeKind::Alias(other)) => ty = other,
                _ => return ty,
            }
        }
        ty
    }

    /// Records an example, unless the example at this place is already recorded.
    pub(super) fn note_example(&mut self, at: &Located<'a>, ty: &Type, of: &ExampleOf) {
        if self.example_places.insert(at.pointer.clone()) {
            self.examples.push(Example {
                pointer: at.pointer.clone(),
                ty: ty.clone(),
                json: at.node.to_json(),
                of: of.clone(),
            });
        }
    }

    /// Records the example of an object, if it has one, and returns its JSON text.
    pub(super) fn own_example(&mut self, holder: &Located<'a>, ty: &Type, of: &ExampleOf) -> Option<String> {
        let example = holder.get("example")?;
        self.note_example(&example, ty, of);
        Some(example.node.to_json())
    }

    /// Returns the component schemas as they are in the document.
    pub(super) fn component_schemas(&self) -> Vec<(String, String)> {
        let components = self.view.components(ComponentKind::Schema);
        components.map(|(name, at)| (name.to_owned(), at.node.to_json())).collect()
    }
}
