//! An API as a whole, and its examples.

use std::collections::BTreeMap;
use std::ops::Deref;

use super::errors::{ErrorCode, ErrorShape};
use super::operation::Operation;
use super::types::{Type, TypeDef, TypeKind};
use super::venue::{Host, Limit, Protocol, RecvWindow, SecurityScheme, Server, ServerTime, Socket, Venue};
use crate::source::extensions::CodeRule;
use crate::source::pointer::pointer_segments;

/// The crate that signs the requests of a venue. Its `Credentials` are those of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningCrate {
    /// The name of its package.
    pub package: String,
    /// Its source.
    pub source: SigningSource,
}

/// The source of a signing crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningSource {
    /// The repository of venuekit: the folder `auth/` has it, under this name.
    Venuekit(String),
    /// A registry, a folder or both, as in a manifest of Cargo.
    Other {
        /// The version requirement.
        version: Option<String>,
        /// The folder, relative to the folder of the generated crate.
        path: Option<String>,
    },
}

impl SigningCrate {
    /// Returns the name of its library.
    #[must_use]
    pub fn library(&self) -> String {
        self.package.replace('-', "_")
    }
}

/// The API of one venue.
#[derive(Clone, Debug)]
pub struct Api {
    /// The venue and its crate.
    pub venue: Venue,
    /// The protocol of its calls.
    pub protocol: Protocol,
    /// The crate that signs; `None` if no crate signs.
    pub auth: Option<SigningCrate>,
    /// True if the signing crate also takes an RSA private key: `Credentials::rsa`.
    pub private_key: bool,
    /// True if the signing crate also takes a key without a secret: `Credentials::key_only`.
    pub key_only: bool,
    /// True if the signing crate also takes a token and the origin of the login, which log a
    /// connection in: `Credentials::from_token`.
    pub token_login: bool,
    /// The recv windows that requests can state; `None` if they cannot state a recv window.
    pub recv_window: Option<RecvWindow>,
    /// Public hosts, in the order of the spec.
    pub servers: Vec<Server>,
    /// The path that base URLs have to end with.
    pub base_path: Option<String>,
    /// Hosts that are not servers of the spec.
    pub hosts: Vec<Host>,
    /// The security schemes of the spec.
    pub security_schemes: Vec<SecurityScheme>,
    /// The venue's limits.
    pub limits: Vec<Limit>,
    /// The operation that returns the venue's time.
    pub server_time: Option<ServerTime>,
    /// The places of the code and the message in the body of an error.
    pub error_shape: ErrorShape,
    /// The error codes that the document states.
    pub error_codes: Vec<ErrorCode>,
    /// The codes that leave the outcome of a request unknown.
    pub unknown_codes: Vec<CodeRule>,
    /// The codes of refusals for a reason other than a rate limit.
    pub refused_codes: Vec<CodeRule>,
    /// The codes by which the venue refuses the time of a request.
    pub clock_codes: Vec<CodeRule>,
    /// True if the venue requires the parameters in the order of the spec.
    pub parameter_order_significant: bool,
    /// The socket over which the API is called; `None` if it is called by HTTP requests.
    pub socket: Option<Socket>,
    /// The operations, in the order of the spec.
    pub operations: Vec<Operation>,
    /// The named types in the order of the spec: components first, then inline types by first use.
    pub types: Types,
    /// All examples in the spec that have a type.
    pub examples: Vec<Example>,
    /// The component schemas of the spec: name and exact JSON text.
    pub component_schemas: Vec<(String, String)>,
    /// The names of all required parameters, bodies and builder fields, sorted and unique. Each is
    /// a marker type in the modules `missing` and `given`.
    pub required_names: Vec<String>,
}

impl Api {
    /// Returns the type with this Rust name.
    #[must_use]
    pub fn type_def(&self, name: &str) -> Option<&TypeDef> {
        self.types.index.get(name).and_then(|at| self.types.defs.get(*at))
    }

    /// Resolves aliases: returns the first type that is not an alias. A list, a map or a nullable
    /// type may still contain an alias.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // There are at most as many steps as types, because the lowering refuses aliases that form
        // a cycle.
        for _ in 0..=self.types.len() {
            match ty {
                Type::Named(name) => match self.type_def(name).map(|def| &def.kind) {
                    Some(TypeKind::Alias(other)) => ty = other,
                    _ => return ty,
                },
                _ => return ty,
            }
        }
        ty
    }

    /// Resolves aliases, and returns the definition of the type that they lead to; `None` if that
    /// type has no name.
    #[must_use]
    pub fn resolve_def<'a>(&'a self, ty: &'a Type) -> Option<&'a TypeDef> {
        match self.resolve(ty) {
            Type::Named(name) => self.type_def(name),
            _ => None,
        }
    }

    /// Returns whether a documented response of the operation has an array whose elements one of
    /// its own `failed_when` conditions judges.
    ///
    /// A condition may also be for a response that the document does not have.
    #[must_use]
    pub fn judges_elements(&self, operation: &Operation) -> bool {
        let arrays = operation.failed_when.iter().filter_map(|condition| condition.pointer.split_once("/*"));
        let mut paths = arrays.filter_map(|(array, _)| pointer_segments(array));
        operation.response.as_ref().is_some_and(|ty| paths.any(|path| self.may_have_list(ty, &path, 0)))
    }

    /// Returns whether a value of this type may have an array at this path.
    fn may_have_list(&self, ty: &Type, path: &[String], depth: usize) -> bool {
        /// Types that contain themselves end here.
        const DEEPEST: usize = 16;
        if depth == DEEPEST {
            return false;
        }
        let below = |ty: &Type, path: &[String]| self.may_have_list(ty, path, depth + 1);
        match self.resolve(ty) {
            Type::List(_) => path.is_empty(),
            Type::Json => true,
            Type::Object => !path.is_empty(),
            Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => below(inner, path),
            Type::Map(inner) => path.split_first().is_some_and(|(_, rest)| below(inner, rest)),
            Type::Named(name) => match self.type_def(name).map(|def| &def.kind) {
                Some(TypeKind::Struct(fields)) => path.split_first().is_some_and(|(name, rest)| {
                    fields.iter().any(|field| field.wire == *name && below(&field.ty, rest))
                }),
                Some(TypeKind::Either(alternatives)) => alternatives.iter().any(|other| below(&other.ty, path)),
                Some(TypeKind::OneOrMany(one)) => path.is_empty() || below(one, path),
                Some(TypeKind::ByStatus(variants)) => {
                    let mut contents = variants.iter().filter_map(|variant| variant.content.as_ref());
                    contents.any(|(_, ty)| below(ty, path))
                }
                // Another kind of union may have an array as well.
                Some(TypeKind::Union(_)) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns the type of the elements of the list at a JSON pointer in values of this type;
    /// `None` if its place is not known, such as in a value of any JSON.
    #[must_use]
    pub fn item_at<'a>(&'a self, ty: &'a Type, pointer: &str) -> Option<&'a Type> {
        let path = pointer_segments(pointer)?;
        let mut ty = ty;
        for name in &path {
            let Some(TypeKind::Struct(fields)) = self.resolve_def(self.present(ty)).map(|def| &def.kind) else {
                return None;
            };
            ty = &fields.iter().find(|field| field.wire == *name)?.ty;
        }
        match self.resolve(self.present(ty)) {
            Type::List(item) => Some(item),
            _ => None,
        }
    }

    /// Returns the type of a value that is there: neither null nor in a box.
    fn present<'a>(&'a self, ty: &'a Type) -> &'a Type {
        match self.resolve(ty) {
            Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => self.present(inner),
            ty => ty,
        }
    }

    /// Returns whether an operation changes the login of a connection. A program does not call it,
    /// because the client logs in by itself.
    #[must_use]
    pub fn is_login(&self, operation: &Operation) -> bool {
        let Some(socket) = &self.socket else { return false };
        socket.login.as_ref() == Some(&operation.id) || socket.other_logins.contains(&operation.id)
    }

    /// Returns the operations that a program calls: all but the logins.
    pub fn callable(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| !self.is_login(operation))
    }

    /// Returns an operation, by [`Operation::id`].
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

/// Named types in their order, with an index by name.
#[derive(Clone, Debug, Default)]
pub struct Types {
    defs: Vec<TypeDef>,
    index: BTreeMap<String, usize>,
}

impl From<Vec<TypeDef>> for Types {
    fn from(defs: Vec<TypeDef>) -> Self {
        let index = defs.iter().enumerate().map(|(at, def)| (def.name.clone(), at)).collect();
        Self { defs, index }
    }
}

impl Deref for Types {
    type Target = [TypeDef];

    fn deref(&self) -> &[TypeDef] {
        &self.defs
    }
}

/// An example in the spec.
#[derive(Clone, Debug)]
pub struct Example {
    /// The JSON pointer to the example in the spec.
    pub pointer: String,
    /// The type of the value.
    pub ty: Type,
    /// The JSON text on one line, with its digits as written in the spec.
    pub json: String,
    /// The owner of the example.
    pub of: ExampleOf,
}

/// The owner of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleOf {
    /// A response of an operation.
    Response {
        /// The [`Operation::id`].
        operation: String,
        /// The status, such as `200`. For JSON-RPC, the name of the example pairing.
        status: String,
    },
    /// A request body.
    Body {
        /// The [`Operation::id`].
        operation: String,
    },
    /// A parameter.
    Parameter {
        /// The [`Operation::id`].
        operation: String,
        /// The name on the wire.
        parameter: String,
    },
    /// A component schema, by its name in the spec.
    Component(String),
    /// A schema inside another: of a property, an item or a column.
    Schema,
}
