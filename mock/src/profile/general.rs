//! The profile of the venues that have no profile of their own. It knows the document only: it
//! checks that a call carries a credential, but no signature, and keeps no orders.

use venuekit::meta::{ExampleOf, SchemeCarrier, SchemeMeta};
use venuekit_json::{Tree, pointer, quoted};

use super::{MarketNames, Profile};
use crate::http::Response;
use crate::json;
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};
use crate::sign::{Caller, Keys, SignedRequest, pairs};

/// The profile of the venues that have no profile of their own.
pub(crate) static GENERAL: Profile = Profile {
    verify,
    refuse,
    signing: &["*"],
    variants: &[],
    effects: &[],
    markets: MarketNames { names: &[], lists: &[] },
    liquidity: &[],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: None,
    streamed: None,
};

/// Refuses a call that carries nothing of any security scheme that its operation needs. The value
/// of a credential is not checked. The caller is named by it, for limits per key.
fn verify(request: &SignedRequest<'_>, _: &Keys) -> Result<Caller, Rejection> {
    let alternatives = request.operation.operation.schemes();
    let names = alternatives.iter().flat_map(|names| names.iter());
    let schemes: Vec<&SchemeMeta> = names.filter_map(|name| scheme(request, name)).collect();
    if schemes.is_empty() {
        return Ok(Caller::new("anyone"));
    }
    let carried = Carried::new(request);
    // The key names its owner; a signature differs in each request.
    let key = schemes.iter().filter(|scheme| !scheme.is_signature).find_map(|scheme| carried.value(scheme));
    if let Some(key) = key {
        return Ok(Caller::new(&key));
    }
    if schemes.iter().any(|scheme| carried.value(scheme).is_some() || carried.has_any(scheme.fills)) {
        return Ok(Caller::new("anyone"));
    }
    if request.operation.operation.has_optional_credentials() {
        return Ok(Caller::new("anyone"));
    }
    let mut needed: Vec<String> = schemes.iter().map(|scheme| place(scheme)).collect();
    needed.dedup();
    let why = format!("the call carries no credentials (expected {})", needed.join(" or "));
    Err(Rejection::new(Refusal::MissingKey, why))
}

fn scheme<'a>(request: &SignedRequest<'a>, name: &str) -> Option<&'a SchemeMeta> {
    request.venue.security_schemes.iter().find(|scheme| scheme.name == name)
}

/// Returns the name of the part of a request that carries a credential, for messages.
fn place(scheme: &SchemeMeta) -> String {
    match scheme.carrier {
        SchemeCarrier::Header(name) => format!("the header `{name}`"),
        SchemeCarrier::Query(name) => format!("the parameter `{name}`"),
        SchemeCarrier::Cookie(name) => format!("the cookie `{name}`"),
        SchemeCarrier::Basic => "user and password in the header `Authorization`".to_owned(),
        SchemeCarrier::Bearer => "a token in the header `Authorization`".to_owned(),
        _ => format!("the scheme `{}`", scheme.name),
    }
}

/// The named values in a request. A signer adds a parameter to the query or to the body, whatever
/// the document says about the query.
struct Carried<'r, 'a> {
    request: &'r SignedRequest<'a>,
    cookies: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
    /// The number of parameters by position beyond those of the operation.
    positions: usize,
}

impl<'r, 'a> Carried<'r, 'a> {
    fn new(request: &'r SignedRequest<'a>) -> Self {
        let cookies = request.header("cookie").unwrap_or_default();
        let cookies = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
        let cookies = cookies.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut parameters = request.pairs();
        let mut positions = 0;
        let body = std::str::from_utf8(request.body).unwrap_or_default();
        match json::parse(body) {
            Some(envelope) if request.operation.operation.route().rpc_method().is_some() => {
                let params = envelope.get("params");
                parameters.extend(params.into_iter().flat_map(scalars));
                let count = params.map_or(0, |params| params.elements().len());
                positions = count.saturating_sub(request.operation.parameters.len());
            }
            Some(body) => parameters.extend(scalars(&body)),
            None => parameters.extend(pairs(body)),
        }
        Self { request, cookies, parameters, positions }
    }

    /// Returns the credential of a scheme; `None` if the request does not carry it.
    fn value(&self, scheme: &SchemeMeta) -> Option<String> {
        let of = |pairs: &[(String, String)], name: &str| {
            pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
        };
        let after = |prefix: &str| {
            let (given, rest) = self.request.header("authorization")?.trim().split_once(' ')?;
            given.eq_ignore_ascii_case(prefix).then(|| rest.trim().to_owned())
        };
        let found = match scheme.carrier {
            SchemeCarrier::Header(name) => self.request.header(name).map(str::to_owned),
            SchemeCarrier::Query(name) => of(&self.parameters, name),
            SchemeCarrier::Cookie(name) => of(&self.cookies, name),
            SchemeCarrier::Basic => after("Basic"),
            SchemeCarrier::Bearer => after("Bearer"),
            _ => None,
        };
        found.filter(|value| !value.trim().is_empty())
    }

    /// Returns whether the request has a value that signing adds beside the credential.
    fn has_any(&self, names: &[&str]) -> bool {
        let is_there =
            |name: &&str| self.parameters.iter().any(|(other, _)| other == name) || self.request.header(name).is_some();
        names.iter().any(is_there) || !names.is_empty() && self.positions > 0
    }
}

/// Returns the members of an object that are scalars, as text.
fn scalars(tree: &Tree) -> impl Iterator<Item = (String, String)> {
    tree.members().iter().filter_map(|(name, value)| Some((name.clone(), value.scalar()?)))
}

/// Writes a refusal in the form of the document, if it states one: its example for a call without
/// credentials, or the places of code and message (`x-error`).
fn refuse(no: &Rejection, context: &Context<'_>) -> Response {
    let status = http_status(no.refusal);
    if context.is_rpc {
        let code = match no.refusal {
            Refusal::Malformed => -32600,
            Refusal::UnknownPath => -32601,
            Refusal::MissingParameter | Refusal::UnknownParameter | Refusal::BadParameter => -32602,
            Refusal::Unsure => -32603,
            _ => i32::from(status),
        };
        let id = if context.rpc_id.is_empty() { "null" } else { context.rpc_id };
        let error = format!(r#"{{"code":{code},"message":{}}}"#, quoted(&no.why));
        return Response::json(200, format!(r#"{{"jsonrpc":"2.0","error":{error},"id":{id}}}"#));
    }
    let (status, example) = match no.refusal {
        Refusal::MissingKey => documented(context).unwrap_or((status, None)),
        _ => (status, None),
    };
    let body = example.map(str::to_owned).or_else(|| in_the_form_of(context, status, &no.why));
    let body = body.unwrap_or_else(|| format!(r#"{{"code":{status},"message":{}}}"#, quoted(&no.why)));
    Response::json(status, body)
}

/// Returns the status that the document states for a call without credentials, and its example.
fn documented(context: &Context<'_>) -> Option<(u16, Option<&'static str>)> {
    let operation = context.operation?;
    let stated = ["401", "403", "4XX", "4xx", "default"];
    let listed = |status: &&str| operation.statuses.iter().any(|(other, _)| other == status);
    let name = stated.into_iter().find(listed)?;
    let example = context.venue.examples.iter().find(|example| match example.subject {
        ExampleOf::Response { operation: id, status, .. } => id == operation.operation.id() && status == name,
        _ => false,
    });
    Some((name.parse().unwrap_or(401), example.map(|example| example.json)))
}

/// Returns an error with its code and message at the places that the document states; `None` if it
/// states none.
fn in_the_form_of(context: &Context<'_>, status: u16, message: &str) -> Option<String> {
    let venue = context.venue.venue;
    let mut body = Tree::Null;
    let mut put = |places: &[&str], value: Tree| {
        if let Some(segments) = places.first().and_then(|place| pointer::segments(place)) {
            insert(&mut body, &segments, value);
        }
    };
    put(venue.error_code_at(), Tree::number(status));
    put(venue.error_message_at(), Tree::text(message));
    (!body.is_null()).then(|| body.to_json())
}

/// Puts a value at a place, and makes the objects and lists around it.
fn insert(tree: &mut Tree, segments: &[String], value: Tree) {
    let Some((segment, rest)) = segments.split_first() else {
        *tree = value;
        return;
    };
    if segment == "*" || pointer::index(segment).is_some() {
        if !matches!(tree, Tree::Array(_)) {
            *tree = Tree::Array(vec![Tree::Null]);
        }
        if let Some(first) = tree.elements_mut().and_then(|elements| elements.first_mut()) {
            insert(first, rest, value);
        }
        return;
    }
    if !matches!(tree, Tree::Object(_)) {
        *tree = Tree::Object(Vec::new());
    }
    if tree.get(segment).is_none() {
        tree.set(segment, Tree::Null);
    }
    if let Some(member) = tree.get_mut(segment) {
        insert(member, rest, value);
    }
}

/// Returns the usual HTTP status of a refusal.
pub(crate) fn http_status(refusal: Refusal) -> u16 {
    match refusal {
        Refusal::UnknownPath => 404,
        Refusal::WrongMethod => 405,
        Refusal::TooManyRequests => 429,
        Refusal::Banned => 418,
        Refusal::MissingKey
        | Refusal::UnknownKey
        | Refusal::MissingSignature
        | Refusal::BadSignature
        | Refusal::StaleTime
        | Refusal::NonceNotRising => 401,
        Refusal::Unsure => 503,
        _ => 400,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_its_values_at_the_places_of_the_document() {
        let mut body = Tree::Null;
        let mut put =
            |place: &str, value: &str| insert(&mut body, &pointer::segments(place).unwrap(), Tree::text(value));
        put("/error/code", "1");
        put("/error/message", "two");
        put("/errors/*/id", "3");
        put("/rows/0", "4");
        assert_eq!(body.to_json(), r#"{"error":{"code":"1","message":"two"},"errors":[{"id":"3"}],"rows":["4"]}"#);
    }
}
