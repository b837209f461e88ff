//! An operation, as its spec describes it.

use super::outcome::{CodeRule, Condition};
use super::parameter::Parameter;

/// An operation of a venue, as its spec describes it.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) route: Route,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Option<bool>,
    pub(crate) security: Security,
    pub(crate) weight: Weight,
    pub(crate) limits: &'static [&'static str],
    pub(crate) idempotent: Idempotent,
    pub(crate) moves_funds: bool,
    pub(crate) done_codes: &'static [CodeRule],
    pub(crate) gone_codes: &'static [CodeRule],
    pub(crate) unknown_codes: &'static [CodeRule],
    pub(crate) failed_when: &'static [Condition],
}

impl Operation {
    const fn new(id: &'static str, route: Route, idempotent: Idempotent) -> Self {
        Self {
            id,
            route,
            parameters: &[],
            body: None,
            security: Security::Public,
            weight: Weight::Fixed(1),
            limits: &[],
            idempotent,
            moves_funds: false,
            done_codes: &[],
            gone_codes: &[],
            unknown_codes: &[],
            failed_when: &[],
        }
    }

    /// An HTTP operation without parameters; idempotent when it is a GET.
    pub const fn http(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = match method {
            Method::Get => Idempotent::Always,
            _ => Idempotent::Never,
        };
        Self::new(id, Route::Http { method, path }, idempotent)
    }

    /// A JSON-RPC operation without parameters, not idempotent.
    pub const fn rpc(id: &'static str, method: &'static str) -> Self {
        Self::new(id, Route::Rpc { method }, Idempotent::Never)
    }

    /// Its parameters, in the order of the spec.
    pub const fn with_parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// It has a JSON body.
    pub const fn with_body(mut self, required: bool) -> Self {
        self.body = Some(required);
        self
    }

    /// What it needs.
    pub const fn with_security(mut self, security: Security) -> Self {
        self.security = security;
        self
    }

    /// What a call counts.
    pub const fn with_weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The names of the limits it counts against.
    pub const fn with_limits(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = limits;
        self
    }

    /// May it be sent again?
    pub const fn with_idempotent(mut self, idempotent: Idempotent) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// It moves funds other than by an order: a withdrawal, a transfer, a change of a balance.
    pub const fn with_moves_funds(mut self) -> Self {
        self.moves_funds = true;
        self
    }

    /// Error codes that prove that an earlier attempt was carried out, such as "repeat update".
    pub const fn with_done_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.done_codes = codes;
        self
    }

    /// Error codes by which a cancel learns that there is nothing to cancel. They do not say why: an earlier attempt cancelled the
    /// order, or it was filled, or it never was.
    pub const fn with_gone_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.gone_codes = codes;
        self
    }

    /// Conditions under which a reply of status 2xx is an error, beside those of the venue and before them.
    pub const fn with_failed_when(mut self, conditions: &'static [Condition]) -> Self {
        self.failed_when = conditions;
        self
    }

    /// Error codes after which nobody knows what became of it, beside those of the venue.
    pub const fn with_unknown_codes(mut self, codes: &'static [CodeRule]) -> Self {
        self.unknown_codes = codes;
        self
    }

    /// Its id in the spec: `getOrderBook`, `order.put_limit`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// How it travels.
    pub const fn route(&self) -> Route {
        self.route
    }

    /// Its parameters, in the order of the spec.
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// Whether it has a body, and whether that is required.
    pub const fn body(&self) -> Option<bool> {
        self.body
    }

    /// What it needs.
    pub const fn security(&self) -> Security {
        self.security
    }

    /// What a call counts.
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// The names of the limits it counts against.
    pub const fn limits(&self) -> &'static [&'static str] {
        self.limits
    }

    /// May it be sent again when nobody knows what became of it?
    pub const fn idempotent(&self) -> Idempotent {
        self.idempotent
    }

    /// Does it move funds other than by an order? A person had better be asked first, idempotent or not.
    pub const fn moves_funds(&self) -> bool {
        self.moves_funds
    }

    /// Error codes that prove that an earlier attempt was carried out.
    pub const fn done_codes(&self) -> &'static [CodeRule] {
        self.done_codes
    }

    /// Error codes by which a cancel learns that there is nothing to cancel.
    pub const fn gone_codes(&self) -> &'static [CodeRule] {
        self.gone_codes
    }
}

/// How an operation travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// By HTTP, each operation with a method and a path.
    Http {
        /// The method.
        method: Method,
        /// The path under the base URL, parameters in braces: `/v2/orderbook/{symbol}`.
        path: &'static str,
    },
    /// By JSON-RPC: POSTed to the base URL.
    Rpc {
        /// The method's name on the wire.
        method: &'static str,
    },
}

impl Route {
    /// The path with its parameters in braces, or the JSON-RPC method: what can be shown of a call without showing values.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Http { path, .. } => path,
            Self::Rpc { method } => method,
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
    /// `GET`.
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

/// What a call of an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Security {
    /// Nothing: anyone may call it.
    Public,
    /// The key.
    Key,
    /// The key and a signature.
    Signed,
}

/// What a call counts against the limits that count weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// Always the same.
    Fixed(u32),
    /// By which parameters are present, by their names on the wire: the heaviest of them.
    #[non_exhaustive]
    ByParameter {
        /// Name and weight.
        when_present: &'static [(&'static str, u32)],
        /// When none is.
        otherwise: u32,
    },
}

impl Weight {
    /// Counts the heaviest of the parameters that are present (name on the wire and weight), or `otherwise`.
    pub const fn by_parameter(when_present: &'static [(&'static str, u32)], otherwise: u32) -> Self {
        Self::ByParameter { when_present, otherwise }
    }
}

/// May an operation be sent again when nobody knows what became of it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotent {
    /// Yes: twice is as once.
    Always,
    /// No.
    Never,
    /// When this parameter, or top-level member of the body, is present.
    WhenPresent(&'static str),
}
