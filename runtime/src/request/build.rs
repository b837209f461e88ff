//! Builds the request of an operation from its values, once per call.

use std::sync::{Arc, OnceLock};

use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use url::Url;

use super::form_body::form_body;
use super::http::{insert_headers, path, push_query};
use super::options::CallOptions;
use super::signable::SignableRequest;
use super::values::{RequestValues, Value};
use super::{bounds, constraints};
use crate::error::Error;
use crate::json_rpc;
use crate::operation::operation::{Operation, Route};
use crate::operation::parameter::ParameterIn;
use crate::operation::rpc_call::RpcCall;
use crate::redact::Secrets;
use crate::upload::Upload;

/// The destination of a request, and the client settings that concern its content.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// `https://host:port/`.
    pub(crate) origin: &'a Arc<Url>,
    /// The path of the base URL as given, to which JSON-RPC calls are sent: `/v3sign/`.
    pub(crate) path: &'a str,
    /// The path without a trailing slash, which precedes the paths of HTTP operations: `/spot`, or
    /// empty.
    pub(crate) prefix: &'a str,
    pub(crate) user_agent: &'a HeaderValue,
    pub(crate) accepts_gzip: bool,
    /// True if values outside the bounds of the spec are refused.
    pub(crate) checks_bounds: bool,
    pub(crate) rpc_ids: &'a json_rpc::Ids,
}

/// A request before it is stamped and signed, with the data about it that the pipeline needs.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) signable: SignableRequest,
    /// The pieces of a body of which a part comes from a stream; empty for any other body. The body
    /// to be signed is empty then.
    pub(crate) uploads: Vec<Upload>,
    /// The id that the response of a JSON-RPC call must have; `None` for a notification and for
    /// HTTP.
    pub(crate) rpc_id: Option<u64>,
    /// The weight of the call.
    pub(crate) weight: u32,
    /// True if the request may be sent again after an attempt of unknown outcome.
    pub(crate) is_idempotent: bool,
}

/// Builds the request.
///
/// # Errors
///
/// When a value or an option is not valid or cannot be sent where the operation needs it, when the
/// values break a constraint, or when a checked bound excludes a value.
pub(crate) fn build(values: &RequestValues, options: &CallOptions, target: &Target<'_>) -> Result<Request, Error> {
    if let Some(fault) = values.fault().or(options.fault()) {
        return Err(Error::request(fault));
    }
    if let Some(broken) = constraints::broken(values) {
        return Err(Error::request(broken));
    }
    if target.checks_bounds {
        bounds::check(values)?;
    }
    let operation = values.operation();
    // Most requests have fewer headers, also after they were signed.
    let mut headers = HeaderMap::with_capacity(12);
    headers.insert(ACCEPT, HeaderValue::from_static(operation.accept));
    headers.insert(USER_AGENT, target.user_agent.clone());
    // A response in a coding that was not requested cannot be read, and its outcome is unknown.
    let coding = if target.accepts_gzip { "gzip" } else { "identity" };
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding));
    let mut signable = SignableRequest {
        method: http::Method::POST,
        origin: Arc::clone(target.origin),
        path: String::new(),
        query: String::new(),
        pairs: OnceLock::new(),
        headers,
        body: values.body().cloned().unwrap_or_default(),
        security: operation.security,
        schemes: operation.schemes,
        explanation: None,
        secrets: Secrets::default(),
    };
    let mut rpc_id = None;
    let mut uploads: Vec<Upload> = values.upload().cloned().into_iter().collect();
    match operation.route {
        Route::Http { method, path: template } => {
            signable.method = method.into();
            signable.path = path(values, target.prefix, template)?;
            push_query(values, &mut signable)?;
            insert_headers(values, &mut signable.headers)?;
            if let Some((pieces, media_type)) = form_body(values)? {
                if let [whole] = pieces.as_slice()
                    && let Some(bytes) = whole.as_bytes()
                {
                    signable.body = bytes.clone();
                } else {
                    uploads = pieces;
                }
                signable.headers.insert(CONTENT_TYPE, media_type);
            } else if values.body().is_some() || !uploads.is_empty() {
                let media_type = HeaderValue::from_static(operation.content.media_type());
                signable.headers.insert(CONTENT_TYPE, media_type);
            }
        }
        Route::Rpc { method, call } => {
            signable.path = target.path.to_owned();
            rpc_id = (call != RpcCall::Notification).then(|| target.rpc_ids.next());
            signable.body = json_rpc::request(call, rpc_id, method, |out| push_rpc_params(out, values));
            signable.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
    }
    let (weight, is_idempotent) = (values.weight(), values.is_idempotent());
    Ok(Request { operation, signable, uploads, rpc_id, weight, is_idempotent })
}

/// Appends the parameters of a JSON-RPC call. By position, a parameter that is left out is null in
/// the middle, and is omitted at the end. By name, it is always omitted.
fn push_rpc_params(out: &mut String, values: &RequestValues) {
    fn json(value: &Value) -> &str {
        match value {
            Value::Json(json) => json,
            Value::Text(_) | Value::Files(_) => "null",
        }
    }
    if values.all().any(|(parameter, _)| parameter.place == ParameterIn::Name) {
        let given = values.all().filter_map(|(parameter, value)| Some((parameter.name, json(value?))));
        return json_rpc::push_by_name(out, given);
    }
    let given = values.all().rposition(|(_, value)| value.is_some()).map_or(0, |last| last + 1);
    let params = values.all().take(given).map(|(parameter, value)| match (parameter.place, value) {
        (_, None) => "null",
        // Each element of the last list is a separate position.
        (ParameterIn::Rest, Some(Value::Json(list))) => {
            list.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(list)
        }
        (_, Some(value)) => json(value),
    });
    json_rpc::push_by_position(out, params);
}
