//! Requests of both clients, compared.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use venuekit_test_support::Request;

use crate::differences::{Difference, Ledger};
use crate::document::{Operation, Parameter};
use crate::json::{are_equal, time};

/// The parts of a request that a venue's signatures add.
pub struct Signed {
    pub headers: &'static [&'static str],
    /// Query parameters, or members of the body.
    pub values: &'static [&'static str],
    /// True if the signer sends `content-type` in requests without a body too.
    pub has_content_type: bool,
}

/// A request without the parts that are documented as additions of one client.
struct Compared {
    method: String,
    /// The segments of the path, decoded.
    path: Vec<String>,
    /// The parameters, decoded.
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Value,
}

/// Returns the parts that differ, apart from documented differences.
pub fn differences(
    (ours, theirs): (&Request, &Request),
    signed: &Signed,
    operation: &Operation<'_>,
    ledger: &mut Ledger,
) -> Vec<String> {
    let (ours, theirs) = (Compared::new(ours, signed, ledger), Compared::new(theirs, signed, ledger));
    let mut found = Vec::new();
    let mut compare = |part: &str, ours: String, theirs: String, is_equal: bool| {
        if !is_equal {
            found.push(format!("{part}: venuekit {ours}, progenitor {theirs}"));
        }
    };
    compare("method", ours.method.clone(), theirs.method.clone(), ours.method == theirs.method);
    let is_equal = ours.path == theirs.path || ours.is_with_slashes(&theirs, ledger);
    compare("path", format!("{:?}", ours.path), format!("{:?}", theirs.path), is_equal);
    let is_equal = are_queries_equal(ours.query.clone(), theirs.query.clone(), operation, ledger);
    compare("query", format!("{:?}", ours.query), format!("{:?}", theirs.query), is_equal);
    let is_equal = ours.headers == theirs.headers;
    compare("headers", format!("{:?}", ours.headers), format!("{:?}", theirs.headers), is_equal);
    let is_equal = are_equal(ours.body.clone(), theirs.body.clone(), ledger);
    compare("body", ours.body.to_string(), theirs.body.to_string(), is_equal);
    found
}

impl Compared {
    fn new(request: &Request, signed: &Signed, ledger: &mut Ledger) -> Self {
        let mut parts = request.line.split(' ');
        let (method, target) = (parts.next().unwrap().to_owned(), parts.next().unwrap());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.split('/').map(|segment| percent_decode_str(segment).decode_utf8().unwrap().into_owned());
        let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let is_added = |name: &str| signed.values.contains(&name);
        let mut is_signed = query.iter().any(|(name, _)| is_added(name));
        let query = query.into_iter().filter(|(name, _)| !is_added(name)).collect();
        let mut headers = BTreeMap::new();
        for (name, value) in &request.headers {
            let name = name.to_lowercase();
            match name.as_str() {
                "api-version" => ledger.saw(Difference::ApiVersion),
                "user-agent" => ledger.saw(Difference::UserAgent),
                "accept-encoding" if value == "identity" => ledger.saw(Difference::AcceptEncoding),
                "content-type" if signed.has_content_type && request.bytes.is_empty() => {
                    ledger.saw(Difference::ContentType);
                }
                // It follows from the body, which is compared, and which a signature may change.
                "content-length" => {}
                _ if signed.headers.iter().any(|header| header.eq_ignore_ascii_case(&name)) => is_signed = true,
                _ => {
                    headers.insert(name, value.clone());
                }
            }
        }
        let mut body = match &request.bytes[..] {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).unwrap(),
        };
        if let Value::Object(members) = &mut body {
            for name in signed.values {
                is_signed |= members.remove(*name).is_some();
            }
        }
        ledger.saw_if(is_signed, Difference::Signed);
        Self { method, path: path.collect(), query, headers, body }
    }

    /// Returns whether the path is that of the other request with `/` in place of each `\`, as a
    /// URL resolves it.
    fn is_with_slashes(&self, other: &Self, ledger: &mut Ledger) -> bool {
        let mut resolved: Vec<&str> = Vec::new();
        let mut segments = self.path.iter().flat_map(|segment| segment.split('\\')).peekable();
        while let Some(segment) = segments.next() {
            let is_last = segments.peek().is_none();
            match segment {
                "." | ".." => {
                    if segment == ".." && resolved.len() > 1 {
                        resolved.pop();
                    }
                    // A path that ends so ends with `/`.
                    resolved.extend(is_last.then_some(""));
                }
                segment => resolved.push(segment),
            }
        }
        let is_it = resolved == other.path;
        ledger.saw_if(is_it, Difference::Backslash);
        is_it
    }
}

fn are_queries_equal(
    mut ours: Vec<(String, String)>,
    mut theirs: Vec<(String, String)>,
    operation: &Operation<'_>,
    ledger: &mut Ledger,
) -> bool {
    let parameter = |name: &str| operation.parameters.iter().find(|parameter| parameter.name == name);
    let is_number = |parameter: &Parameter<'_>| parameter.schema["type"] == "number";
    let change = |queries: [&mut Vec<(String, String)>; 2], change: &dyn Fn(&Parameter<'_>, &str) -> String| {
        for (name, value) in queries.into_iter().flatten() {
            if let Some(parameter) = parameter(name) {
                *value = change(parameter, value);
            }
        }
    };
    if ours == theirs {
        return true;
    }
    if ours.iter().any(|(name, _)| parameter(name).is_some_and(|parameter| parameter.is_joined)) {
        ledger.saw(Difference::Joined);
        ours = ours
            .into_iter()
            .flat_map(|(name, value)| match parameter(&name) {
                Some(parameter) if parameter.is_joined => {
                    value.split(',').map(|value| (name.clone(), value.to_owned())).collect()
                }
                _ => vec![(name, value)],
            })
            .collect();
    }
    // Both sorts are stable: the elements of a list keep their order.
    ours.sort_by(|(one, _), (other, _)| one.cmp(other));
    theirs.sort_by(|(one, _), (other, _)| one.cmp(other));
    ledger.saw(Difference::Order);
    if ours != theirs {
        let before = (ours.clone(), theirs.clone());
        change([&mut ours, &mut theirs], &|parameter, value| match value.parse::<f64>() {
            Ok(number) if is_number(parameter) => number.to_string(),
            _ => value.to_owned(),
        });
        ledger.saw_if((&ours, &theirs) != (&before.0, &before.1), Difference::Numbers);
    }
    if ours != theirs {
        change([&mut ours, &mut theirs], &|parameter, value| match parameter.schema["format"].as_str() {
            Some("date-time") => time(value),
            _ => value.to_owned(),
        });
        ledger.saw(Difference::Times);
    }
    ours == theirs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SIGNED: Signed = Signed { headers: &["x-sign"], values: &["signature"], has_content_type: false };

    fn request(line: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Request { line: format!("{line} HTTP/1.1"), headers, body: body.to_owned(), bytes: body.into() }
    }

    fn found(ours: &Request, theirs: &Request) -> Vec<String> {
        let (text, number) = (json!({"type": "string"}), json!({"type": "number"}));
        let parameters = [("a", &text, false), ("ids", &text, true), ("n", &number, false)];
        let parameters = parameters.map(|(name, schema, is_joined)| Parameter {
            name,
            schema,
            is_required: false,
            is_in_path: false,
            is_joined,
        });
        let operation = Operation { id: "get", parameters: parameters.into(), body: None, responses: Vec::new() };
        let found = differences((ours, theirs), &SIGNED, &operation, &mut Ledger::default());
        found.into_iter().map(|found| found.split(':').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_difference_in_any_part_of_a_request_is_found() {
        let headers: &[_] = &[("accept", "application/json")];
        let ours = request("POST /v1/x?a=1&n=2", headers, r#"{"price":1.5}"#);
        for (theirs, part) in [
            (request("PUT /v1/x?a=1&n=2", headers, r#"{"price":1.5}"#), "method"),
            (request("POST /v1/x/?a=1&n=2", headers, r#"{"price":1.5}"#), "path"),
            (request("POST /v1/x?a=01&n=2", headers, r#"{"price":1.5}"#), "query"),
            (request("POST /v1/x?a=1", headers, r#"{"price":1.5}"#), "query"),
            (request("POST /v1/x?a=1&n=2", &[("accept", "*/*")], r#"{"price":1.5}"#), "headers"),
            (request("POST /v1/x?a=1&n=2", headers, r#"{"price":"1.5"}"#), "body"),
            (request("POST /v1/x?a=1&n=2", headers, ""), "body"),
        ] {
            assert_eq!(found(&ours, &theirs), [part], "{theirs:?}");
        }
    }

    #[test]
    fn documented_differences_are_not_found() {
        let ours = request("GET /a%5Cb?ids=1%2C2&n=2&a=x&signature=ab", &[("X-Sign", "ab"), ("user-agent", "us")], "");
        let theirs = request("GET /a/b?a=x&ids=1&ids=2&n=2.0", &[("api-version", "1")], "");
        assert_eq!(found(&ours, &theirs), [""; 0]);
        let (ours, theirs) = (request("POST /", &[], r#"{"n":5,"x":null}"#), request("POST /", &[], r#"{"n":5.0}"#));
        assert_eq!(found(&ours, &theirs), [""; 0]);
    }
}
