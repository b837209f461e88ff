//! What a document promises, whichever standard it follows: operations with what is sent and what is read.
//!
//! Read from the tree itself, so that documents that no crate is generated from can be compared as well. Schemas stay where they are.

mod openapi;
mod openrpc;

use std::collections::BTreeMap;

use venuekit_codegen::model::Route;
use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::{Document, pointer_join};

/// A document as a contract.
pub(super) struct Contract<'d> {
    pub(super) document: &'d Document,
    pub(super) standard: Standard,
    pub(super) operations: Vec<Operation<'d>>,
}

/// What a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standard {
    OpenApi,
    OpenRpc,
}

/// An operation.
pub(super) struct Operation<'d> {
    /// `operationId`, or the method's name in OpenRPC; `GET /time` where there is none.
    pub(super) name: String,
    /// Whether that is a name of its own.
    pub(super) named: bool,
    pub(super) route: Route,
    pub(super) at: Found<'d>,
    pub(super) parameters: Vec<Parameter<'d>>,
    pub(super) body: Option<Body<'d>>,
    pub(super) replies: Vec<Reply<'d>>,
    pub(super) security: Security,
}

/// A parameter, references followed.
pub(super) struct Parameter<'d> {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    /// How its values are put together; empty for a single one that stands as it is.
    pub(super) style: String,
    /// Whether it is a list or an object, and no JSON.
    pub(super) compound: bool,
    /// Where the operation has it, be it by a reference.
    pub(super) site: String,
    pub(super) at: Found<'d>,
    pub(super) schema: Option<Found<'d>>,
    /// Whether it travels as JSON.
    pub(super) json: bool,
}

/// Where a parameter travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// OpenAPI's `in`.
    Named(String),
    /// The place in the path's template.
    Path(usize),
    /// The position of a JSON-RPC call.
    Position(usize),
    /// All positions from this one.
    Rest(usize),
    /// By name in a JSON-RPC call.
    Member,
}

impl Location {
    /// For messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Named(name) => name.clone(),
            Self::Path(_) => "path".to_owned(),
            Self::Position(index) => format!("position {}", index + 1),
            Self::Rest(index) => format!("positions from {}", index + 1),
            Self::Member => "by name".to_owned(),
        }
    }
}

/// A request body.
pub(super) struct Body<'d> {
    pub(super) site: String,
    pub(super) at: Found<'d>,
    pub(super) required: bool,
    pub(super) content: Vec<Content<'d>>,
}

/// A reply.
pub(super) struct Reply<'d> {
    /// `200`, `2XX`, `default`; `result` in OpenRPC.
    pub(super) status: String,
    /// Where the operation has it, be it by a reference.
    pub(super) site: String,
    pub(super) at: Found<'d>,
    pub(super) headers: Vec<Header<'d>>,
    pub(super) content: Vec<Content<'d>>,
    pub(super) success: bool,
}

/// A header of a reply.
pub(super) struct Header<'d> {
    pub(super) name: String,
    pub(super) site: String,
    pub(super) required: bool,
    pub(super) at: Found<'d>,
    pub(super) schema: Option<Found<'d>>,
}

/// A media type of a body or reply.
pub(super) struct Content<'d> {
    pub(super) media: String,
    pub(super) at: Found<'d>,
    pub(super) schema: Option<Found<'d>>,
    pub(super) json: bool,
}

/// The security that an operation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Security {
    pub(super) level: SecurityLevel,
    /// Alternatives of schemes with their scopes, sorted.
    pub(super) schemes: Vec<BTreeMap<String, Vec<String>>>,
}

impl Security {
    /// Whether it names a scheme.
    pub(super) fn names(&self, scheme: &str) -> bool {
        self.schemes.iter().any(|all| all.contains_key(scheme))
    }
}

/// What an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SecurityLevel {
    Public,
    Key,
    Signed,
}

impl SecurityLevel {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Key => "key",
            Self::Signed => "signed",
        }
    }
}

impl<'d> Contract<'d> {
    /// `None` for what is neither OpenAPI 3 nor OpenRPC.
    pub(super) fn read(document: &'d Document) -> Option<Self> {
        let root = root(document);
        let version = |key: &str| {
            let version = root.node.get(key)?;
            version.as_str().or_else(|| version.as_number())
        };
        if version("openapi").is_some_and(|version| version.starts_with("3.")) {
            Some(Self { document, standard: Standard::OpenApi, operations: openapi::operations(document) })
        } else if version("openrpc").is_some() {
            Some(Self { document, standard: Standard::OpenRpc, operations: openrpc::operations(document) })
        } else {
            None
        }
    }

    /// The components of a section.
    pub(super) fn components(&self, section: &str) -> Vec<(&'d str, Found<'d>)> {
        let found = root(self.document).get("components").and_then(|components| components.get(section));
        found.map(|section| section.members().collect()).unwrap_or_default()
    }
}

/// The whole document.
pub(super) fn root(document: &Document) -> Found<'_> {
    Found { pointer: String::new(), node: document.root() }
}

/// How many `$ref`s may lead from one to the next; who needs more goes in a circle.
const MAX_HOPS: usize = 32;

/// The object itself, or what its `$ref`s lead to; as far as they lead, if they lead nowhere.
pub(super) fn resolve<'d>(document: &'d Document, found: Found<'d>) -> Found<'d> {
    let mut found = found;
    for _ in 0..MAX_HOPS {
        let Some(pointer) = found.text("$ref").and_then(|target| target.strip_prefix('#')) else { break };
        // A pointer in an address is percent-encoded.
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        let Some(node) = document.node(&pointer) else { break };
        found = Found { pointer: pointer.into_owned(), node };
    }
    found
}

/// The requirements of an operation, or else those of the document.
fn security(document: &Document, operation: &Found<'_>, key: &str, signs: &dyn Fn(&str) -> bool) -> Security {
    let found = operation.get(key).or_else(|| root(document).get(key));
    let Some(found) = found else {
        return Security { level: SecurityLevel::Public, schemes: Vec::new() };
    };
    let alternative = |found: Found<'_>| {
        let scopes = |scopes: Found<'_>| {
            let mut scopes: Vec<String> =
                scopes.elements().filter_map(|s| s.node.as_str().map(str::to_owned)).collect();
            scopes.sort();
            scopes
        };
        found.members().map(|(name, found)| (name.to_owned(), scopes(found))).collect::<BTreeMap<_, _>>()
    };
    let mut schemes: Vec<_> = found.elements().map(alternative).collect();
    schemes.sort();
    let level = schemes.iter().map(|all| match all.keys().any(|name| signs(name)) {
        true => SecurityLevel::Signed,
        false if all.is_empty() => SecurityLevel::Public,
        false => SecurityLevel::Key,
    });
    // The caller may choose: the least that suffices.
    Security { level: level.min().unwrap_or(SecurityLevel::Public), schemes }
}

/// The contents of a body or reply by media type.
fn content<'d>(document: &'d Document, at: &Found<'d>) -> Vec<Content<'d>> {
    let Some(content) = at.get("content") else { return Vec::new() };
    let content = content.members().map(|(media, at)| {
        let at = resolve(document, at);
        Content { media: media.to_owned(), json: is_json(media), schema: at.get("schema"), at }
    });
    content.collect()
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // A patch, a sequence or lines of JSON are something else.
    matches!(essence.as_str(), "application/json" | "*/*" | "application/*")
        || essence.ends_with("+json") && !essence.contains("patch") && !essence.contains("seq")
}

/// `/orders/{id}` as `/orders/{}`: what the segment is called does not travel.
pub(super) fn template(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            c => out.push(c),
        }
    }
    out
}

/// Where `{name}` stands among the template's places.
fn place_in_path(path: &str, name: &str) -> Option<usize> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).position(|place| place == name)
}

/// The pointer of a member of an object.
pub(super) fn below(at: &Found<'_>, key: &str) -> String {
    pointer_join(&at.pointer, key)
}
