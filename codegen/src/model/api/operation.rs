//! An operation: its route, its parameters and its body.

use super::content::ContentKind;
use super::docs::Docs;
use super::errors::{Condition, ErrorCode};
use super::subscription::Subscription;
use super::types::Type;
use super::venue::Security;
use crate::model::constraint::Constraint;
use crate::source::extensions::{CodeRule, PagedBy};
use crate::source::{Bounds, FieldStyle, Style};

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or the method's name in OpenRPC: `getOrderBook`, `order.put_limit`.
    pub id: String,
    /// The method of the client: `get_order_book`.
    pub method_name: String,
    /// The type of the operation: `GetOrderBook`.
    pub type_name: String,
    /// The name of the static that describes the operation: `GET_ORDER_BOOK`.
    pub const_name: String,
    /// Documentation.
    pub docs: Docs,
    /// The first tag of the operation in the spec.
    pub tag: Option<String>,
    /// The route.
    pub route: Route,
    /// The parameters of the query that are the same in each request.
    pub query: Vec<(String, String)>,
    /// The parameters, in the order of the spec.
    pub parameters: Vec<Parameter>,
    /// The request body (HTTP only), if it is not a form.
    pub body: Option<Body>,
    /// True for a notification of JSON-RPC: the venue sends no result.
    pub is_notification: bool,
    /// The kind of form, if the body is a form. The fields of the form are parameters.
    pub form: Option<FormKind>,
    /// The type of a successful response. `None` if it has no value: the call then returns `()`.
    pub response: Option<Type>,
    /// The description of the successful response in the spec.
    pub response_docs: Option<String>,
    /// The schema of the successful response in the spec: exact JSON text with its `$ref`s.
    pub response_schema: Option<String>,
    /// The way in which a successful response is read.
    pub reading: ResponseReading,
    /// The statuses of the successful responses, each with whether it has content.
    pub successes: Vec<(String, bool)>,
    /// The media types of the successful responses, each once; empty if none has content.
    pub media_types: Vec<String>,
    /// The documented statuses that are not successes, with their descriptions.
    pub error_statuses: Vec<(String, String)>,
    /// The types of the JSON bodies, by documented status that is not a success.
    pub error_types: Vec<(String, Type)>,
    /// The documented errors of this operation.
    pub error_codes: Vec<ErrorCode>,
    /// The credentials that the operation requires.
    pub security: Security,
    /// The alternatives of security schemes, by name: a call needs all schemes of one alternative.
    /// Empty if a call is made without credentials. If the last alternative is empty, a call can be
    /// made without.
    pub schemes: Vec<Vec<String>>,
    /// The weight of a call.
    pub weight: Weight,
    /// The limits that a call counts against, by index into [`Api::limits`](super::Api::limits).
    pub limits: Vec<usize>,
    /// True if the spec says that the operation only reads, or if its method is GET and the spec
    /// does not say whether it only reads.
    pub reads_only: bool,
    /// True if the operation moves funds in another way than by an order.
    pub moves_funds: bool,
    /// True if the operation cancels orders, or may do so. The client does not check the bounds of
    /// the values of such an operation.
    pub cancels: bool,
    /// The constraints between the values of a call. The types of the values can have constraints
    /// of their own: see [`NestedConstraints`](crate::model::NestedConstraints).
    pub constraints: Vec<Constraint>,
    /// The cases in which the operation may be sent again when its outcome is unknown.
    pub idempotent: Idempotent,
    /// The codes that prove to a retry that an earlier attempt was executed.
    pub done_codes: Vec<CodeRule>,
    /// The codes that mean, after a retry of a cancel, that the venue found nothing to cancel.
    pub gone_codes: Vec<CodeRule>,
    /// The codes that leave the outcome unknown, in addition to the API's codes.
    pub unknown_codes: Vec<CodeRule>,
    /// The statuses of 4xx that leave the outcome unknown.
    pub unknown_statuses: Vec<u16>,
    /// The codes of refusals for a reason other than a rate limit, in addition to the API's codes.
    pub refused_codes: Vec<CodeRule>,
    /// The conditions under which a response of status 2xx is an error, checked before the
    /// conditions of the API.
    pub failed_when: Vec<Condition>,
    /// The lists of a batch; `None` if the spec does not say that the response has an element for
    /// each element of the request.
    pub batch: Option<Batch>,
    /// The pages in which it returns a long list; `None` if the spec describes none.
    pub pagination: Option<Pagination>,
    /// The subscription that a call makes; `None` if it is an ordinary call.
    pub subscription: Option<Box<Subscription>>,
    /// The JSON pointer to the operation in the spec.
    pub pointer: String,
}

/// The lists of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The JSON pointer of the list in the body of the request: `/orders`.
    pub request: String,
    /// The JSON pointer of the list in the body of the response; empty if the body is the list.
    pub response: String,
}

/// The pages in which an operation returns a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The JSON pointer of the list in the response; empty if the response is the list.
    pub items: String,
    /// The value with which the next page is asked for.
    pub by: PagedBy,
    /// The parameter with which a page is asked for, by index into [`Operation::parameters`].
    pub parameter: usize,
    /// The JSON pointer of the value that leads to the next page; empty if there is none.
    pub value: String,
    /// The number of the first page.
    pub first: u32,
    /// True if a page begins with the last item of the page before.
    pub repeats: bool,
}

impl Operation {
    /// Returns whether a call certainly changes nothing at the venue.
    ///
    /// An operation that moves funds, or that may not always be sent again, counts as a change even
    /// if its method is GET.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        self.reads_only && self.idempotent == Idempotent::Always && !self.moves_funds
    }
}

/// The route of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// An HTTP method and a path template.
    Http {
        /// `GET`.
        method: String,
        /// `/v2/orderbook/{symbol}`.
        path: String,
    },
    /// A JSON-RPC method.
    Rpc {
        /// The name of the method on the wire.
        method: String,
    },
}

/// The weight of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The same weight for all calls.
    Fixed(u32),
    /// The largest weight of the parameters that are present, by index into
    /// [`Operation::parameters`].
    ByParameter {
        /// The index and the weight of each parameter.
        when_present: Vec<(usize, u32)>,
        /// The weight if none of them is present.
        otherwise: u32,
    },
}

/// The cases in which an operation may be sent again when its outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// In all cases.
    Always,
    /// Never.
    Never,
    /// Only if one of these values is present: a parameter or a top-level property of the body, by
    /// its name on the wire.
    WhenPresent(Vec<String>),
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The name of the setter: `limit_asks`.
    pub name: String,
    /// The name of the type parameter in the operation's type: `LimitAsks`.
    pub type_parameter: String,
    /// Documentation.
    pub docs: Docs,
    /// The part of a request that carries the parameter.
    pub location: ParameterLocation,
    /// The style, and whether each element and each member is written separately (`explode`).
    /// `None` if the usual style of the location applies.
    pub style: Option<(Style, bool)>,
    /// True if reserved characters in the value are not percent-encoded (`allowReserved`).
    pub keeps_reserved: bool,
    /// The style of a form field; [`FieldStyle::Plain`] for all other parameters.
    pub field: FieldStyle,
    /// True if the parameter is required.
    pub required: bool,
    /// The type of the value.
    pub ty: Type,
    /// The bounds of the value.
    pub bounds: Bounds,
    /// The example as exact JSON text.
    pub example: Option<String>,
    /// The schema in the spec: exact JSON text with its `$ref`s.
    pub schema: String,
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterLocation {
    /// The path.
    Path,
    /// The query; an array repeats the name.
    Query,
    /// The query; an array is joined by commas.
    QueryJoined,
    /// A header.
    Header,
    /// A field of the form that is the body.
    Form,
    /// A cookie.
    Cookie,
    /// A position in `params` of a JSON-RPC call.
    Position,
    /// All remaining positions in `params` of a JSON-RPC call. The type of the parameter is a list.
    Rest,
    /// A property of `params` of a JSON-RPC call.
    Name,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The type of the body.
    pub ty: Type,
    /// The bounds of the body, if it is a list, a map or a scalar.
    pub bounds: Bounds,
    /// The name of the type parameter in the operation's type.
    pub type_parameter: String,
    /// True if the body is required.
    pub required: bool,
    /// Documentation.
    pub docs: Docs,
    /// The kind of the content.
    pub kind: ContentKind,
    /// The media type that is sent: `application/json`.
    pub media_type: String,
    /// The example as exact JSON text.
    pub example: Option<String>,
    /// The schema in the spec: exact JSON text with its `$ref`s.
    pub schema: String,
}

/// The kind of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// `multipart/form-data`.
    Parts,
}

/// The way in which a successful response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseReading {
    /// Its content is ignored: it has no value.
    Unit,
    /// As content of one kind.
    One(ContentKind),
    /// As JSON, or as no value if its status has no content. The type is [`Type::Nullable`].
    Optional,
    /// By its status. The type is [`TypeKind::ByStatus`](super::TypeKind::ByStatus).
    ByStatus,
}
