//! The parts of a contract.

use std::collections::BTreeMap;

use venuekit_codegen::model::Route;
use venuekit_codegen::source::Located;

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation<'d> {
    /// `operationId`, or the method's name in OpenRPC; `GET /time` if the operation has neither.
    pub(crate) name: String,
    /// True if the document gives it this name.
    pub(crate) named: bool,
    pub(crate) route: Route,
    /// The method and the whole path without names, with the path of the server.
    pub(crate) full_route: String,
    pub(crate) at: Located<'d>,
    pub(crate) parameters: Vec<Parameter<'d>>,
    pub(crate) body: Option<Body<'d>>,
    pub(crate) responses: Vec<Response<'d>>,
    pub(crate) security: Security,
    /// True if a JSON-RPC call can have its parameters by name and by position.
    pub(crate) is_either: bool,
    /// The errors that a method lists, in OpenRPC.
    pub(crate) errors: Vec<Located<'d>>,
}

/// A parameter with references resolved.
#[derive(Debug)]
pub(crate) struct Parameter<'d> {
    pub(crate) name: String,
    pub(crate) place: ParameterPlace,
    pub(crate) required: bool,
    /// The way in which several values are joined; empty for a single value.
    pub(crate) style: String,
    /// The way in which the elements of a list are sent, if it is sent as text.
    pub(crate) joined: Option<Joined>,
    /// True if it is a list or an object that is not sent as JSON.
    pub(crate) compound: bool,
    /// The place in the operation, which can be a reference.
    pub(crate) site: String,
    pub(crate) at: Located<'d>,
    pub(crate) schema: Option<Located<'d>>,
    /// True if it is sent as JSON.
    pub(crate) json: bool,
}

/// The way in which the elements of a list are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Joined {
    /// Each with the name of the parameter.
    Repeated,
    /// In one text, with commas.
    ByComma,
}

/// The place of a parameter in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    /// OpenAPI's `in`.
    Named(String),
    /// The index among the parameters of the path.
    Path(usize),
    /// The position of a JSON-RPC call.
    Position(usize),
    /// All positions from this position.
    Rest(usize),
    /// By name in a JSON-RPC call.
    ByName,
}

impl ParameterPlace {
    /// Returns the name for messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Named(name) => name.clone(),
            Self::Path(_) => "path".to_owned(),
            Self::Position(index) => format!("position {}", index + 1),
            Self::Rest(index) => format!("positions from {}", index + 1),
            Self::ByName => "by name".to_owned(),
        }
    }

    /// Returns the position in a JSON-RPC call.
    pub(crate) fn position(&self) -> Option<usize> {
        match self {
            Self::Position(index) | Self::Rest(index) => Some(*index),
            _ => None,
        }
    }
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body<'d> {
    pub(crate) site: String,
    pub(crate) at: Located<'d>,
    pub(crate) required: bool,
    pub(crate) content: Vec<Content<'d>>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response<'d> {
    /// `200`, `2XX`, `default`; `result` in OpenRPC.
    pub(crate) status: String,
    /// The place in the operation, which can be a reference.
    pub(crate) site: String,
    pub(crate) at: Located<'d>,
    pub(crate) headers: Vec<Header<'d>>,
    pub(crate) content: Vec<Content<'d>>,
    pub(crate) success: bool,
}

/// A header of a response.
#[derive(Debug)]
pub(crate) struct Header<'d> {
    pub(crate) name: String,
    pub(crate) site: String,
    pub(crate) required: bool,
    /// The way in which several values are joined; empty for a single value.
    pub(crate) style: String,
    pub(crate) at: Located<'d>,
    pub(crate) schema: Option<Located<'d>>,
}

/// A media type of a body or response.
#[derive(Debug)]
pub(crate) struct Content<'d> {
    pub(crate) media: String,
    pub(crate) at: Located<'d>,
    pub(crate) schema: Option<Located<'d>>,
    pub(crate) json: bool,
}

/// The security that an operation requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Security {
    pub(crate) level: SecurityLevel,
    /// The alternatives: schemes with their scopes, sorted.
    pub(crate) schemes: Vec<BTreeMap<String, Vec<String>>>,
}

impl Security {
    /// Returns whether it names a scheme.
    pub(crate) fn names(&self, scheme: &str) -> bool {
        self.schemes.iter().any(|all| all.contains_key(scheme))
    }
}

/// The level of security that an operation requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SecurityLevel {
    Public,
    Key,
    Signed,
}

impl SecurityLevel {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Key => "key",
            Self::Signed => "signed",
        }
    }
}
