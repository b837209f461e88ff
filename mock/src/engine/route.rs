//! Finds the operation that a request calls.

use venuekit::operation::RpcCall;
use venuekit_json::Tree;

use super::operation::KnownOperation;
use super::rpc_request::{Params, RpcRequest};
use crate::http::Request;
use crate::json;
use crate::record::Refusal;
use crate::refuse::Rejection;
use crate::schema::Schemas;
use crate::sign::pairs;

/// The operation that a request calls, and the values in its path or envelope.
#[derive(Debug, Default)]
pub(crate) struct RouteMatch<'a> {
    pub(crate) op: Option<&'a KnownOperation>,
    /// The id of a JSON-RPC request, as JSON.
    pub(crate) rpc_id: String,
    /// The parameters in the path.
    pub(crate) path_values: Vec<(String, String)>,
    /// The parameters of a JSON-RPC request.
    pub(crate) params: Params,
}

/// The paths of a venue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Routes<'a> {
    pub(crate) operations: &'a [KnownOperation],
    pub(crate) schemas: &'a Schemas,
    /// The path in front of the operations' paths, without a slash at its end.
    pub(crate) mount: &'a str,
    /// The path of the base URL.
    pub(crate) base_path: &'a str,
}

impl<'a> Routes<'a> {
    /// Finds the operation that a request calls. The second value is the reason to refuse the
    /// request, if there is one.
    pub(crate) fn find(self, request: &Request) -> (RouteMatch<'a>, Option<Rejection>) {
        if self.operations.iter().any(KnownOperation::is_rpc) {
            self.find_rpc(request)
        } else {
            self.find_http(request)
        }
    }

    fn find_http(self, request: &Request) -> (RouteMatch<'a>, Option<Rejection>) {
        let whole = request.head.path.as_str();
        let path = whole.strip_prefix(self.mount);
        let at_path = self.operations.iter().filter_map(|op| Some((op, op.match_path(path?)?)));
        let (fitting, of_other_methods): (Vec<_>, Vec<_>) =
            at_path.partition(|(op, _)| op.http_method() == Some(request.head.method.as_str()));
        let given = if fitting.len() > 1 { given(request) } else { Vec::new() };
        // An operation with fewer parameters in its path has priority: `/orders/open` over
        // `/orders/{orderId}`. Of several operations at one path, the one that best fits the names
        // in the request is chosen.
        let best =
            fitting.into_iter().min_by_key(|(op, values)| (values.len(), op.misfit(&given, request, self.schemas)));
        match best {
            Some((op, path_values)) => (RouteMatch { op: Some(op), path_values, ..RouteMatch::default() }, None),
            None if of_other_methods.is_empty() => {
                let why = format!("no operation has the path {whole}; all paths begin with {}/", self.mount);
                (RouteMatch::default(), Some(Rejection::new(Refusal::UnknownPath, why)))
            }
            None => {
                let why = format!("no operation takes {} at {whole}", request.head.method);
                (RouteMatch::default(), Some(Rejection::new(Refusal::WrongMethod, why)))
            }
        }
    }

    fn find_rpc(self, request: &Request) -> (RouteMatch<'a>, Option<Rejection>) {
        let mut route = RouteMatch::default();
        if request.head.path.trim_end_matches('/') != self.mount {
            let why = format!("no operation has the path {}; calls are sent to {}", request.head.path, self.base_path);
            return (route, Some(Rejection::new(Refusal::UnknownPath, why)));
        }
        if request.head.method != "POST" {
            return (
                route,
                Some(Rejection::new(Refusal::WrongMethod, format!("expected POST, found {}", request.head.method))),
            );
        }
        let malformed = || Some(Rejection::new(Refusal::Malformed, "the body is not a JSON-RPC request"));
        let envelope = std::str::from_utf8(&request.body).ok().and_then(json::parse);
        let Some(envelope) = envelope.as_ref().and_then(RpcRequest::read) else { return (route, malformed()) };
        let RpcRequest { id, is_v2, method, params } = envelope;
        let named: Vec<&KnownOperation> = self.operations.iter().filter(|op| op.rpc_method() == Some(method)).collect();
        let fitting = named.iter().find(|op| op.takes(&params));
        route.op = fitting.or(named.first()).copied();
        route.rpc_id = id.unwrap_or_default();
        route.params = params;
        let problem = match route.op.map(KnownOperation::rpc_call) {
            // Only a notification has no id.
            Some(call) if route.rpc_id.is_empty() != (call == Some(RpcCall::Notification)) => malformed(),
            Some(call) if !is_v2 && call != Some(RpcCall::Bare) => malformed(),
            Some(_) => None,
            None if route.rpc_id.is_empty() => malformed(),
            None => Some(Rejection::new(Refusal::UnknownPath, format!("unknown method `{method}`"))),
        };
        (route, problem)
    }
}

/// Returns the names of the values in a request: parameters of the query, and properties of the
/// body.
fn given(request: &Request) -> Vec<String> {
    let body = std::str::from_utf8(&request.body).ok().and_then(json::parse);
    let properties = body.iter().flat_map(Tree::members).map(|(name, _)| name.clone());
    pairs(&request.head.query).into_iter().map(|(name, _)| name).chain(properties).collect()
}
