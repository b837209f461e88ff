//! An operation, as its spec describes it.

use super::bounds::Bounds;
use super::constraint::Constraint;
use super::outcome::{CodeRule, Condition};
use super::parameter::Parameter;
use super::rpc_call::RpcCall;

/// An operation of a venue, as its spec describes it.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) route: Route,
    /// The parameters of the query that are the same in each request.
    pub(crate) query: &'static [(&'static str, &'static str)],
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Option<bool>,
    pub(crate) body_bounds: Option<&'static Bounds>,
    pub(crate) security: Security,
    /// The security schemes that a call needs: all of one of these.
    pub(crate) schemes: &'static [&'static [&'static str]],
    pub(crate) weight: Weight,
    pub(crate) limits: &'static [&'static str],
    pub(crate) constraints: &'static [Constraint],
    pub(crate) idempotent: Idempotent,
    pub(crate) moves_funds: bool,
    pub(crate) cancels: bool,
    pub(crate) done_codes: &'static [CodeRule],
    pub(crate) gone_codes: &'static [CodeRule],
    pub(crate) unknown_codes: &'static [CodeRule],
    pub(crate) refused_codes: &'static [CodeRule],
    pub(crate) failed_when: &'static [Condition],
}

impl Operation {
    const fn new(id: &'static str, route: Route, idempotent: Idempotent) -> Self {
        Self {
            id,
            route,
            query: &[],
            parameters: &[],
            body: None,
            body_bounds: None,
            security: Security::Public,
            schemes: &[],
            weight: Weight::Fixed(1),
            limits: &[],
            constraints: &[],
            idempotent,
            moves_funds: false,
            cancels: false,
            done_codes: &[],
            gone_codes: &[],
            unknown_codes: &[],
            refused_codes: &[],
            failed_when: &[],
        }
    }

    /// Describes an HTTP operation without parameters. A GET is idempotent.
    pub const fn http(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = match method {
            Method::Get => Idempotent::Always,
            _ => Idempotent::Never,
        };
        Self::new(id, Route::Http { method, path }, idempotent)
    }

    /// Describes an operation of JSON-RPC 2.0 without parameters, which is not idempotent.
    pub const fn json_rpc(id: &'static str, method: &'static str) -> Self {
        Self::new(id, Route::Rpc { method, call: RpcCall::V2 }, Idempotent::Never)
    }

    /// Describes a JSON-RPC operation without parameters, which is not idempotent. Its envelope has
    /// no `jsonrpc`, as before version 2.0.
    pub const fn rpc(id: &'static str, method: &'static str) -> Self {
        Self::new(id, Route::Rpc { method, call: RpcCall::Bare }, Idempotent::Never)
    }

    /// Describes a notification of JSON-RPC 2.0: a request without an id, to which the venue sends
    /// no result.
    pub const fn notification(id: &'static str, method: &'static str) -> Self {
        Self::new(id, Route::Rpc { method, call: RpcCall::Notification }, Idempotent::Never)
    }

    /// Sets the parameters of the query that are the same in each request. They come first.
    pub const fn with_query(mut self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }

    /// Sets the parameters, in the order of the spec.
    pub const fn with_parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// States that the operation has a JSON body, and whether the body is required.
    pub const fn with_body(mut self, required: bool) -> Self {
        self.body = Some(required);
        self
    }

    /// Sets the bounds of the values in the body.
    pub const fn with_body_bounds(mut self, bounds: &'static Bounds) -> Self {
        self.body_bounds = Some(bounds);
        self
    }

    /// Sets the credentials that a call needs.
    pub const fn with_security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// Sets the names of the security schemes that a call needs: all schemes of one of these lists.
    pub const fn with_schemes(mut self, alternatives: &'static [&'static [&'static str]]) -> Self {
        self.schemes = alternatives;
        self
    }

    /// Sets the weight of a call.
    pub const fn with_weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// Sets the names of the limits that a call counts against.
    pub const fn with_limits(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the constraints between the values of a request.
    pub const fn with_constraints(mut self, constraints: &'static [Constraint]) -> Self {
        self.constraints = constraints;
        self
    }

    /// Sets whether a request may be sent again after an attempt of unknown outcome.
    pub const fn with_idempotent(mut self, idempotent: Idempotent) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// States that the operation moves funds other than by an order: by a withdrawal, a transfer or
    /// a change of a balance.
    pub const fn with_moves_funds(mut self) -> Self {
        self.moves_funds = true;
        self
    }

    /// States that the operation cancels orders, or may do so. The client never checks the bounds
    /// of its values, so that an outdated bound cannot prevent a cancel.
    pub const fn with_cancels(mut self) -> Self {
        self.cancels = true;
        self
    }

    /// Sets the error codes that prove that an earlier attempt was executed, such as "repeat
    /// update".
    pub const fn with_done_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.done_codes = codes;
        self
    }

    /// Sets the error codes of a cancel that mean that there is nothing to cancel. The reason stays
    /// unknown: an earlier attempt cancelled the order, or it was filled, or it never existed.
    pub const fn with_gone_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.gone_codes = codes;
        self
    }

    /// Sets the conditions under which a response of status 2xx is an error. They are checked
    /// before the conditions of the venue, which apply as well.
    pub const fn with_failed_when(mut self, conditions: &'static [Condition]) -> Self {
        self.failed_when = conditions;
        self
    }

    /// Sets the error codes that leave the outcome unknown, in addition to the venue's codes.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Sets the error codes of refusals for a reason other than a rate limit, in addition to the
    /// venue's codes.
    pub const fn with_refused_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.refused_codes = codes;
        self
    }

    /// Returns whether it is an HTTP GET, which changes nothing at the venue.
    pub(crate) const fn is_get(&self) -> bool {
        matches!(self.route, Route::Http { method: Method::Get, .. })
    }

    /// Returns the id in the spec: `getOrderBook`, `order.put_limit`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Returns how the request is sent: by HTTP or by JSON-RPC.
    pub const fn route(&self) -> Route {
        self.route
    }

    /// Returns the parameters of the query that are the same in each request.
    pub const fn query(&self) -> &'static [(&'static str, &'static str)] {
        self.query
    }

    /// Returns its parameters, in the order of the spec.
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// Returns whether the body is required; `None` if the operation has no body.
    pub const fn body(&self) -> Option<bool> {
        self.body
    }

    /// Returns the bounds of the values in the body; `None` if the spec states none.
    pub const fn body_bounds(&self) -> Option<&'static Bounds> {
        self.body_bounds
    }

    /// Returns the credentials that a call needs.
    pub const fn security(&self) -> Security {
        self.security
    }

    /// Returns the names of the security schemes that a call needs: all schemes of one of these
    /// lists. It is empty if the venue has a signing scheme of its own.
    pub const fn schemes(&self) -> &'static [&'static [&'static str]] {
        self.schemes
    }

    /// Returns the weight of a call.
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// Returns the names of the limits that a call counts against.
    pub const fn limits(&self) -> &'static [&'static str] {
        self.limits
    }

    /// Returns the constraints between the values of a request. A call that breaks a checked
    /// constraint is not sent.
    pub const fn constraints(&self) -> &'static [Constraint] {
        self.constraints
    }

    /// Returns whether a request may be sent again after an attempt of unknown outcome.
    pub const fn idempotent(&self) -> Idempotent {
        self.idempotent
    }

    /// Returns whether it moves funds other than by an order. A program should ask a person first,
    /// even if the operation is idempotent.
    pub const fn moves_funds(&self) -> bool {
        self.moves_funds
    }

    /// Returns whether it counts as a cancel: by `x-cancels` in its spec, or else by its method
    /// (DELETE) or its id. The client never checks the bounds of its values.
    pub const fn cancels(&self) -> bool {
        self.cancels
    }

    /// Returns the error codes that prove that an earlier attempt was executed.
    pub const fn done_codes(&self) -> &'static [CodeRule] {
        self.done_codes
    }

    /// Returns the error codes of a cancel that mean that there is nothing to cancel.
    pub const fn gone_codes(&self) -> &'static [CodeRule] {
        self.gone_codes
    }
}

/// The route by which the request of an operation is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// By HTTP, each operation with a method and a path.
    #[non_exhaustive]
    Http {
        /// The method.
        method: Method,
        /// The path under the base URL, parameters in braces: `/v2/orderbook/{symbol}`.
        path: &'static str,
    },
    /// By JSON-RPC, as a POST to the base URL.
    #[non_exhaustive]
    Rpc {
        /// The method's name on the wire.
        method: &'static str,
        /// The envelope of a call.
        call: RpcCall,
    },
}

impl Route {
    /// Returns method and path of an HTTP operation; `None` for JSON-RPC.
    pub const fn http(&self) -> Option<(Method, &'static str)> {
        match self {
            Self::Http { method, path } => Some((*method, path)),
            Self::Rpc { .. } => None,
        }
    }

    /// Returns the JSON-RPC method on the wire; `None` for HTTP.
    pub const fn rpc_method(&self) -> Option<&'static str> {
        match self {
            Self::Rpc { method, .. } => Some(method),
            Self::Http { .. } => None,
        }
    }

    /// Returns the path with its parameters in braces, or the JSON-RPC method. It contains no
    /// values of a call.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Http { path, .. } => path,
            Self::Rpc { method, .. } => method,
        }
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// Returns the name of the method: `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// The credentials that a call of an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// None: anyone may call it.
    Public,
    /// A key.
    Key,
    /// A key and a signature.
    Signed,
}

/// The weight of a call, for limits that count weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// The same weight for all calls.
    Fixed(u32),
    /// The largest weight of the parameters that are present.
    #[non_exhaustive]
    ByParameter {
        /// The name of each parameter on the wire, and its weight.
        when_present: &'static [(&'static str, u32)],
        /// The weight if none of them is present.
        otherwise: u32,
    },
}

impl Weight {
    /// Takes the largest weight of the parameters that are present (name on the wire and weight),
    /// or `otherwise` if none is.
    pub const fn by_parameter(when_present: &'static [(&'static str, u32)], otherwise: u32) -> Self {
        Self::ByParameter { when_present, otherwise }
    }
}

/// The cases in which a request may be sent again after an attempt of unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotent {
    /// Always: sending it twice has the same effect as sending it once.
    Always,
    /// Never.
    Never,
    /// If one of these parameters, or top-level properties of the body, is present.
    WhenPresent(&'static [&'static str]),
}
