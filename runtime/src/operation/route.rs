//! The route of an operation.

use super::rpc_call::RpcCall;

/// The route by which the request of an operation is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// An HTTP request with a method and a path of its own.
    #[non_exhaustive]
    Http {
        /// The method.
        method: Method,
        /// The path under the base URL, parameters in braces: `/v2/orderbook/{symbol}`.
        path: &'static str,
    },
    /// A JSON-RPC call, sent as a POST to the base URL.
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
    /// HEAD, whose response has no body.
    Head,
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
            Self::Head => "HEAD",
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
            Method::Head => Self::HEAD,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}
