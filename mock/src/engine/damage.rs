//! The faults that replace a response, or change its headers or its content.

use serde_json::Value;
use venuekit_json::Tree;

use super::operation::KnownOperation;
use crate::fault::Kind;
use crate::http::Response;
use crate::json;
use crate::record::Refusal;
use crate::refuse::Rejection;
use crate::schema::Schemas;

/// Applies a fault that replaces a response, or changes its headers or its content.
pub(crate) fn strike(
    kind: &Kind,
    op: Option<&KnownOperation>,
    schemas: &Schemas,
    refuse: &dyn Fn(&Rejection) -> Response,
    response: &mut Response,
) {
    match kind {
        Kind::Refuse { status, retry_after } => {
            let refusal = if *status == 418 { Refusal::Banned } else { Refusal::TooManyRequests };
            let no = Rejection::new(refusal, "a fault").retry_after(*retry_after);
            *response = refuse(&no);
            response.status = *status;
        }
        Kind::Reject => *response = refuse(&Rejection::new(Refusal::Rejected, "a fault")),
        Kind::Unsure => *response = refuse(&Rejection::new(Refusal::Unsure, "a fault")),
        Kind::Page(status) => {
            let page = format!(
                "<!DOCTYPE html>\n<html><head><title>{status}</title></head>\n<body><h1>{status}</h1><p>The venue is not available.</p></body></html>\n"
            );
            *response = Response::new(*status, "text/html; charset=utf-8", page);
        }
        Kind::Redirect(location) => {
            *response = Response::new(307, "", "");
            response.set("Location", location);
        }
        Kind::ContentType(content_type) => response.set("Content-Type", content_type),
        Kind::Garbage => response.body = b"{\"price\": 12.3.4, <<<this is not JSON".to_vec(),
        Kind::Enum => rewrite(op, schemas, response, &mut |schema, node| {
            if schema.get("enum").is_some() {
                match node {
                    Tree::Text(text) => *text = "MOCK_UNKNOWN".to_owned(),
                    Tree::Number(number) => *number = "987654".to_owned(),
                    _ => {}
                }
            }
        }),
        Kind::Spelling => rewrite(op, schemas, response, &mut |schema, node| {
            if let Some(other) = other_spelling(schema, node) {
                *node = other;
            }
        }),
        Kind::Extra => rewrite(op, schemas, response, &mut |schema, node| match node {
            Tree::Object(members) if schema.get("properties").is_some() => {
                let extra = json::parse(r#"{"nested":[1,"two",null]}"#).unwrap_or(Tree::Null);
                members.push(("x_mock_extra".to_owned(), extra));
            }
            Tree::Array(columns) if schema.get("x-tuple").is_some() => columns.push(Tree::text("mock-extra")),
            _ => {}
        }),
        _ => {}
    }
}

/// Returns the last of the other spellings that `x-enum-spellings` lists for a value.
fn other_spelling(schema: &Value, node: &Tree) -> Option<Tree> {
    let values = schema.get("enum")?.as_array()?;
    let index = values.iter().position(|value| json::parse(&value.to_string()).as_ref() == Some(node))?;
    let other = schema.get("x-enum-spellings")?.get(index)?.as_array()?.last()?;
    json::parse(&other.to_string())
}

/// Calls `visit` with each value of a 2xx response and the schema of the value, so that it can
/// change the value. Does nothing if the response is not JSON or has no schema.
fn rewrite(
    op: Option<&KnownOperation>,
    schemas: &Schemas,
    response: &mut Response,
    visit: &mut dyn FnMut(&Value, &mut Tree),
) {
    let Some(op) = op.filter(|_| (200..300).contains(&response.status)) else { return };
    let node = std::str::from_utf8(&response.body).ok().and_then(json::parse);
    let (Some(mut node), Some(schema)) = (node, &op.response_schema) else { return };
    let result = if op.is_rpc() { node.at_mut("/result") } else { Some(&mut node) };
    if let Some(result) = result {
        schemas.visit(schema, result, visit);
    }
    response.body = node.to_json().into_bytes();
}
