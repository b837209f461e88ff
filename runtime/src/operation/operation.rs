//! An operation, as its spec describes it.

use http::StatusCode;

use super::bounds::Bounds;
use super::constraint::Constraint;
use super::content::{BodyContent, ErrorType, ResponseContent, find_status};
use super::outcome::{Batch, CodeRule, Condition};
use super::pagination::Pagination;
use super::parameter::Parameter;
pub use super::route::{Method, Route};
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
    pub(crate) content: BodyContent,
    pub(crate) response: ResponseContent,
    /// The statuses of the successes, and whether each has content; empty if each status of 2xx is
    /// a success with the same type of response.
    pub(crate) successes: &'static [(&'static str, bool)],
    pub(crate) error_types: &'static [ErrorType],
    /// The media type in the `Accept` header.
    pub(crate) accept: &'static str,
    pub(crate) body_bounds: Option<&'static Bounds>,
    pub(crate) security: Security,
    /// The alternatives of security schemes. A call needs all schemes of one of them.
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
    pub(crate) unknown_statuses: &'static [u16],
    pub(crate) refused_codes: &'static [CodeRule],
    pub(crate) failed_when: &'static [Condition],
    pub(crate) batch: Option<Batch>,
    pub(crate) pagination: Option<Pagination>,
}

impl Operation {
    const fn new(id: &'static str, route: Route, idempotent: Idempotent) -> Self {
        Self {
            id,
            route,
            query: &[],
            parameters: &[],
            body: None,
            content: BodyContent::Json("application/json"),
            response: ResponseContent::Json,
            successes: &[],
            error_types: &[],
            accept: "application/json",
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
            unknown_statuses: &[],
            refused_codes: &[],
            failed_when: &[],
            batch: None,
            pagination: None,
        }
    }

    /// Describes an HTTP operation without parameters. It is idempotent only if it is a GET or a
    /// HEAD.
    pub const fn http(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = match method {
            Method::Get | Method::Head => Idempotent::Always,
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

    /// Sets the parameters of the query that are the same in each request. They come before the
    /// other parameters of the query.
    pub const fn with_query(mut self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }

    /// Sets the parameters, in the order of the spec.
    pub const fn with_parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// States that the operation has a body, and whether the body is required. It is JSON, unless
    /// [`with_content`](Self::with_content) states another content.
    pub const fn with_body(mut self, required: bool) -> Self {
        self.body = Some(required);
        self
    }

    /// Sets the content of the body.
    pub const fn with_content(mut self, content: BodyContent) -> Self {
        self.content = content;
        self
    }

    /// Sets the content of the response of a success, and the media type in the `Accept` header.
    /// The default is JSON with `application/json`.
    pub const fn with_response(mut self, content: ResponseContent, media_type: &'static str) -> Self {
        (self.response, self.accept) = (content, media_type);
        self
    }

    /// Sets the statuses of the successes (`200`, `2XX`), and whether each has content. By default,
    /// each status of 2xx is a success, and the responses have the same type. A redirect can be a
    /// success only if it is in this list.
    pub const fn with_successes(mut self, successes: &'static [(&'static str, bool)]) -> Self {
        self.successes = successes;
        self
    }

    /// Sets the types of the documented bodies of errors.
    pub const fn with_error_types(mut self, error_types: &'static [ErrorType]) -> Self {
        self.error_types = error_types;
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

    /// Sets the names of the security schemes that a call needs. The call needs all schemes of one
    /// of these lists. If the last list is empty, the call can be made without credentials.
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

    /// Sets the error codes of a cancel that mean that the venue found nothing to cancel. The
    /// reason stays unknown: an earlier attempt cancelled the order, or it was filled, or it never
    /// existed, or it is not found yet and may still appear.
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

    /// States the pages in which the operation returns a long list.
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = Some(pagination);
        self
    }

    /// States that the operation sends a batch, and where its elements are. If the response has
    /// another number of elements, an error by the conditions on its elements leaves the outcome
    /// unknown.
    pub const fn with_batch(mut self, batch: Batch) -> Self {
        self.batch = Some(batch);
        self
    }

    /// Sets the error codes that leave the outcome unknown, in addition to the venue's codes.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Sets the statuses of 4xx that leave the outcome unknown. A code of another meaning in the
    /// body is more exact than the status.
    pub const fn with_unknown_statuses(mut self, statuses: &'static [u16]) -> Self {
        self.unknown_statuses = statuses;
        self
    }

    /// Sets the error codes of refusals for a reason other than a rate limit, in addition to the
    /// venue's codes.
    pub const fn with_refused_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.refused_codes = codes;
        self
    }

    /// Returns whether it is an HTTP GET or HEAD, which changes nothing at the venue.
    pub(crate) const fn is_get_or_head(&self) -> bool {
        matches!(self.route, Route::Http { method: Method::Get | Method::Head, .. })
    }

    /// Returns whether its responses have no body: a HEAD.
    pub(crate) const fn is_head(&self) -> bool {
        matches!(self.route, Route::Http { method: Method::Head, .. })
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

    /// Returns the parameters, in the order of the spec.
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// Returns whether the body is required; `None` if the operation has no body.
    pub const fn body(&self) -> Option<bool> {
        self.body
    }

    /// Returns the content of the body.
    pub const fn content(&self) -> BodyContent {
        self.content
    }

    /// Returns the content of the response of a success.
    pub const fn response(&self) -> ResponseContent {
        self.response
    }

    /// Returns the documented success for a status: the status or range in the spec, and whether
    /// the response has content. Returns `None` if the spec documents none.
    pub(crate) fn success(&self, status: StatusCode) -> Option<(&'static str, bool)> {
        find_status(self.successes, status, |(key, _)| key).copied()
    }

    /// Returns the types of the documented bodies of errors.
    pub const fn error_types(&self) -> &'static [ErrorType] {
        self.error_types
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
    /// lists. The result is empty if it needs none.
    pub const fn schemes(&self) -> &'static [&'static [&'static str]] {
        self.schemes
    }

    /// Returns whether a call without credentials is sent too: one of the lists of
    /// [`schemes`](Self::schemes) is empty. Credentials are sent if the client has them.
    pub fn has_optional_credentials(&self) -> bool {
        self.schemes.iter().any(|schemes| schemes.is_empty())
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

    /// Returns whether the operation moves funds other than by an order. A program should ask a
    /// person first, even if the operation is idempotent.
    pub const fn moves_funds(&self) -> bool {
        self.moves_funds
    }

    /// Returns whether the operation counts as a cancel: by `x-cancels` in its spec, or else by its
    /// method (DELETE) or its id. The client never checks the bounds of its values.
    pub const fn cancels(&self) -> bool {
        self.cancels
    }

    /// Returns the error codes that prove that an earlier attempt was executed.
    pub const fn done_codes(&self) -> &'static [CodeRule] {
        self.done_codes
    }

    /// Returns the error codes of a cancel that mean that the venue found nothing to cancel.
    pub const fn gone_codes(&self) -> &'static [CodeRule] {
        self.gone_codes
    }

    /// Returns the statuses of 4xx that leave the outcome unknown. Any other one, except 408, is a
    /// refusal.
    pub const fn unknown_statuses(&self) -> &'static [u16] {
        self.unknown_statuses
    }

    /// Returns the lists of the batch that the operation sends; `None` if it sends none.
    pub const fn batch(&self) -> Option<Batch> {
        self.batch
    }

    /// Returns the pages in which the operation returns a long list; `None` if the spec describes
    /// none.
    pub const fn pagination(&self) -> Option<Pagination> {
        self.pagination
    }

    /// Returns whether a response of this status leaves the outcome unknown because the spec says
    /// so.
    pub(crate) fn leaves_open(&self, status: StatusCode) -> bool {
        self.unknown_statuses.contains(&status.as_u16())
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
    /// A connection that is logged in. The request itself is not signed.
    Login,
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
    /// Creates the largest weight of the parameters that are present (name on the wire and weight),
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
