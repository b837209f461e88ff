//! Finds the operation that a request calls.

use venuekit_json::Tree;

use super::operation::KnownOperation;
use crate::http::Request;
use crate::json;
use crate::record::Refusal;
use crate::refuse::Rejection;

/// The operation that a request calls, and the values in its path or envelope.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    pub(crate) op: Option<&'a KnownOperation>,
    /// The id of a JSON-RPC request, as JSON.
    pub(crate) rpc_id: String,
    /// The parameters in the path.
    pub(crate) path_values: Vec<(String, String)>,
    /// The positions of a JSON-RPC request.
    pub(crate) positions: Vec<Tree>,
}

/// The paths of a venue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Routes<'a> {
    pub(crate) operations: &'a [KnownOperation],
    /// The path in front of the operations' paths, without a slash at its end.
    pub(crate) mount: &'a str,
    /// The path of the base URL.
    pub(crate) base_path: &'a str,
}

impl<'a> Routes<'a> {
    /// Finds the operation that a request calls, or the reason why it calls none.
    pub(crate) fn find(self, request: &Request) -> (Found<'a>, Option<Rejection>) {
        if self.operations.iter().any(KnownOperation::is_rpc) {
            self.find_rpc(request)
        } else {
            self.find_http(request)
        }
    }

    fn find_http(self, request: &Request) -> (Found<'a>, Option<Rejection>) {
        let whole = request.head.path.as_str();
        let path = whole.strip_prefix(self.mount);
        let fitting = self.operations.iter().filter_map(|op| Some((op, op.match_path(path?)?)));
        // `/orders/open` goes before `/orders/{orderId}`.
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_by_key(|(_, values)| values.len());
        let right_method = fitting.iter().position(|(op, _)| op.http_method() == Some(request.head.method.as_str()));
        match right_method.map(|index| fitting.swap_remove(index)) {
            Some((op, path_values)) => (Found { op: Some(op), path_values, ..Found::default() }, None),
            None if fitting.is_empty() => {
                let why = format!("no operation has the path {whole}; all paths begin with {}/", self.mount);
                (Found::default(), Some(Rejection::new(Refusal::UnknownPath, why)))
            }
            None => {
                let why = format!("no operation takes {} at {whole}", request.head.method);
                (Found::default(), Some(Rejection::new(Refusal::WrongMethod, why)))
            }
        }
    }

    fn find_rpc(self, request: &Request) -> (Found<'a>, Option<Rejection>) {
        let mut found = Found::default();
        if request.head.path.trim_end_matches('/') != self.mount {
            let why = format!("no operation has the path {}; calls are sent to {}", request.head.path, self.base_path);
            return (found, Some(Rejection::new(Refusal::UnknownPath, why)));
        }
        if request.head.method != "POST" {
            return (
                found,
                Some(Rejection::new(Refusal::WrongMethod, format!("expected POST, found {}", request.head.method))),
            );
        }
        let envelope = std::str::from_utf8(&request.body).ok().and_then(json::parse);
        let parts = envelope.as_ref().and_then(|envelope| {
            let (Tree::Text(method), Tree::Array(params)) = (envelope.get("method")?, envelope.get("params")?) else {
                return None;
            };
            let id = envelope.get("id").filter(|id| matches!(id, Tree::Number(_) | Tree::Text(_)))?;
            Some((id.to_json(), method, params))
        });
        let Some((id, method, params)) = parts else {
            return (found, Some(Rejection::new(Refusal::Malformed, "the body is not a JSON-RPC request")));
        };
        found.rpc_id = id;
        found.positions = params.clone();
        let named: Vec<&KnownOperation> = self.operations.iter().filter(|op| op.rpc_method() == Some(method)).collect();
        let fitting = named.iter().find(|op| op.takes(params.len()));
        found.op = fitting.or(named.first()).copied();
        let unknown = || Rejection::new(Refusal::UnknownPath, format!("unknown method `{method}`"));
        let problem = found.op.is_none().then(unknown);
        (found, problem)
    }
}
