//! From a clean tree to the types of the standards.

use std::fmt::Write as _;

use indexmap::IndexMap;
use openapiv3::{OpenAPI, ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::check::check;
use super::document::Document;
use super::node::{Kind, Node};
use super::openrpc::OpenRpc;
use super::pointer::pointer_join;
use crate::diagnostic::Diagnostics;

/// A document as its standard has it.
#[derive(Clone, Debug)]
pub enum Source {
    /// An HTTP venue.
    OpenApi(OpenAPI),
    /// A JSON-RPC venue.
    OpenRpc(OpenRpc),
}

/// Checks the document, then reads it.
///
/// # Errors
/// All findings of the check; only a clean tree is read.
pub fn read(document: &Document) -> Result<Source, Diagnostics> {
    check(document).into_result(())?;
    if document.root().get("openrpc").is_some() {
        Ok(Source::OpenRpc(document.read_at("")?))
    } else {
        Ok(Source::OpenApi(document.read_at("")?))
    }
}

impl Document {
    /// Reads the value at `pointer` as a `T`; members that `T` does not know are passed over. Members keep the order of
    /// the document where `T` has an order. JSON Schema's nullable becomes OpenAPI's on the way.
    ///
    /// # Errors
    /// What does not fit, at its place.
    pub fn read_at<T: DeserializeOwned>(&self, pointer: &str) -> Result<T, Diagnostics> {
        let mut findings = Diagnostics::default();
        let Some(node) = self.node(pointer) else {
            findings.push(self.finding(pointer, "there is nothing here", None));
            return Err(findings);
        };
        let dialect = if self.root().get("openrpc").is_some() { Dialect::JsonSchema } else { Dialect::OpenApi };
        let json = one_dialect(node, dialect, false).to_json();
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&json)).map_err(|error| {
            let place = place(pointer, error.path());
            findings.push(self.finding(&place, in_our_words(error.inner()), None));
            findings
        })
    }

    /// Reads the schema at `pointer`, such as that of an `x-tuple`'s column.
    ///
    /// # Errors
    /// What does not fit, at its place.
    pub fn schema_at(&self, pointer: &str) -> Result<ReferenceOr<Schema>, Diagnostics> {
        self.read_at(pointer)
    }
}

/// The JSON pointer of a path inside the value at `pointer`.
fn place(pointer: &str, path: &serde_path_to_error::Path) -> String {
    let mut place = pointer.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                // Writing to a `String` cannot fail.
                let _ = write!(place, "/{index}");
            }
            Segment::Map { key } => place = pointer_join(&place, key),
            Segment::Enum { .. } | Segment::Unknown => break,
        }
    }
    place
}

/// The message without the line and column of the text that we made.
fn in_our_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}

/// How the schemas of a document are written.
#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    OpenApi,
    JsonSchema,
}

/// Returns the tree in OpenAPI's dialect of JSON Schema: `nullable: true` in place of `type: [T, 'null']` and of an
/// alternative `{type: 'null'}`, and `minimum: 0, exclusiveMinimum: true` in place of `exclusiveMinimum: 0`. Bounds for which `openapiv3` has no room are
/// left out; nothing reads them there. `names`: whether the keys of this object are names rather than keys of a schema.
fn one_dialect(node: &Node, dialect: Dialect, names: bool) -> Node {
    let foreign = dialect == Dialect::JsonSchema;
    let inner = |node: &Node, names: bool| one_dialect(node, dialect, names);
    match node.kind() {
        Kind::Seq(nodes) => node.with_kind(Kind::Seq(nodes.iter().map(|node| inner(node, false)).collect())),
        Kind::Map(members) => {
            let mut rewritten = IndexMap::with_capacity(members.len() + 1);
            let mut put = |key: &str, node: Node| rewritten.insert(Box::from(key), node);
            for (key, member) in members.iter() {
                match (key, member.kind()) {
                    // Names of the spec's choosing, whatever they are.
                    (name, _) if names => put(name, inner(member, false)),
                    ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", Kind::Number(text))
                        if text.parse::<u64>().is_ok() && text.parse::<i64>().is_err() =>
                    {
                        continue;
                    }
                    ("type", Kind::Seq(types)) if foreign => {
                        put("nullable", member.with_kind(Kind::Bool(true)));
                        put("type", types.first().unwrap_or(member).clone())
                    }
                    ("oneOf", Kind::Seq(alternatives)) if foreign && alternatives.iter().any(is_null_type) => {
                        put("nullable", member.with_kind(Kind::Bool(true)));
                        let others = alternatives.iter().filter(|alternative| !is_null_type(alternative));
                        let others = others.map(|alternative| inner(alternative, false)).collect();
                        put("oneOf", member.with_kind(Kind::Seq(others)))
                    }
                    ("exclusiveMinimum", Kind::Number(_)) if foreign => {
                        put("minimum", member.clone());
                        put("exclusiveMinimum", member.with_kind(Kind::Bool(true)))
                    }
                    ("exclusiveMaximum", Kind::Number(_)) if foreign => {
                        put("maximum", member.clone());
                        put("exclusiveMaximum", member.with_kind(Kind::Bool(true)))
                    }
                    // Values of the API.
                    (data @ ("example" | "value" | "default" | "enum" | "data"), _) => put(data, member.clone()),
                    (key, _) => put(key, inner(member, HOLD_NAMES.contains(&key))),
                };
            }
            node.with_kind(Kind::Map(Box::new(rewritten.into_iter().collect::<Vec<_>>().into())))
        }
        _ => node.clone(),
    }
}

/// Whether a schema is that of null and nothing else.
pub(crate) fn is_null_type(schema: &Node) -> bool {
    schema.get("type").and_then(Node::as_str) == Some("null")
}

/// Keys of objects whose own keys are names.
const HOLD_NAMES: &[&str] = &["properties", "schemas", "contentDescriptors"];

#[cfg(test)]
mod tests {
    use openapiv3::{SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty};

    use super::*;
    use crate::spec::words::{OperationWords, Weight};

    const OPENAPI: &str = include_str!("../../tests/refusals/accepted/openapi.yaml");
    const OPENRPC: &str = include_str!("../../tests/refusals/accepted/openrpc.yaml");

    fn document(text: &str) -> Document {
        Document::parse("acme.yaml", text).unwrap_or_else(|findings| panic!("{findings}"))
    }

    fn schema(text: &str, pointer: &str) -> Schema {
        let schema = document(text).schema_at(pointer).unwrap_or_else(|findings| panic!("{findings}"));
        schema.into_item().expect("a schema, no reference")
    }

    #[test]
    fn a_clean_document_is_read_in_its_order() {
        let Ok(Source::OpenApi(api)) = read(&document(OPENAPI)) else { panic!("it is clean OpenAPI") };
        let operations: Vec<_> =
            api.operations().filter_map(|(_, _, operation)| operation.operation_id.clone()).collect();
        assert_eq!(operations, ["getTime", "getFills", "correctFills"]);
        let SchemaKind::Type(Type::Object(fill)) = schema(OPENAPI, "/components/schemas/Fill").schema_kind else {
            panic!("a fill is an object");
        };
        let members: Vec<_> = fill.properties.keys().take(4).collect();
        assert_eq!(members, ["id", "price", "size", "at"]);
        let Ok(Source::OpenRpc(rpc)) = read(&document(OPENRPC)) else { panic!("it is clean OpenRPC") };
        assert_eq!(rpc.methods.len(), 2);
    }

    #[test]
    fn only_a_clean_document_is_read() {
        let dirty = OPENAPI.replace("operationId: getTime", "operationld: getTime");
        let findings = read(&document(&dirty)).map(|_| ()).unwrap_err();
        assert!(findings.to_string().contains("did you mean `operationId`?"), "{findings}");
    }

    #[test]
    fn words_keep_their_order() {
        let words: OperationWords = document(OPENAPI).read_at("/paths/~1orders~1{id}~1fills~1/get").expect("its words");
        let Some(Weight::ByParameter { when_present, otherwise: 40 }) = words.weight else { panic!("{words:?}") };
        assert_eq!(when_present.keys().collect::<Vec<_>>(), ["kinds", "id"]);
    }

    #[test]
    fn nullable_of_json_schema_becomes_that_of_openapi() {
        let row = schema(OPENRPC, "/components/schemas/value/properties/row/x-tuple/0/schema");
        assert!(row.schema_data.nullable);
        let SchemaKind::Type(Type::String(price)) = row.schema_kind else { panic!("a price is text") };
        assert_eq!(price.format, VariantOrUnknownOrEmpty::<StringFormat>::Unknown("decimal".to_owned()));
    }

    #[test]
    fn members_may_have_the_names_of_keys() {
        let choice = schema(OPENRPC, "/components/schemas/value/properties/enum");
        assert!(choice.schema_data.nullable);
        let whole = schema(OPENRPC, "/components/schemas/value");
        let SchemaKind::Type(Type::Object(object)) = whole.schema_kind else { panic!("it is an object") };
        let nullable =
            |name: &str| object.properties.get(name).and_then(ReferenceOr::as_item).map(|s| s.schema_data.nullable);
        assert_eq!((nullable("enum"), nullable("value")), (Some(true), Some(false)));
    }

    #[test]
    fn values_of_the_api_stay_as_they_are() {
        let Ok(Source::OpenRpc(rpc)) = read(&document(OPENRPC)) else { panic!("it is clean OpenRPC") };
        let data = rpc.components.errors.get("Gone").and_then(|error| error.data.clone());
        assert_eq!(data, Some(serde_json::json!({"type": ["a", "null"]})));
    }

    #[test]
    fn an_exclusive_bound_becomes_that_of_openapi() {
        let SchemaKind::Type(Type::Integer(bound)) =
            schema(OPENRPC, "/components/schemas/value/properties/bound").schema_kind
        else {
            panic!("it is an integer");
        };
        assert_eq!((bound.minimum, bound.exclusive_minimum), (Some(0), true));
    }

    #[test]
    fn what_does_not_fit_is_said_at_its_place() {
        let document = document("a:\n  - {code: 1, message: m}\n  - {code: {}, message: m}\n");
        let findings = document.read_at::<Vec<crate::spec::words::ErrorCode>>("/a").map(|_| ()).unwrap_err();
        assert!(findings.to_string().starts_with("acme.yaml:3:6: "), "{findings}");
        assert!(document.read_at::<Vec<u8>>("/b").is_err());
    }

    #[test]
    fn the_deepest_schema_that_is_parsed_is_also_read() {
        let mut text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\nx-crate-version: 0.1.0\npaths: {}\n".to_owned();
        text.push_str("components: {schemas: {A: ");
        text.push_str(&"{type: object, properties: {a: ".repeat(30));
        text.push_str("{}");
        text.push_str(&"}}".repeat(30));
        text.push_str("}}");
        let result = read(&document(&text));
        assert!(result.is_ok(), "{}", result.map(|_| ()).unwrap_err());
    }
}
