//! Makes examples for a changed spec. The generator requires one for each parameter, body and
//! response.

use venuekit_json::{Tree, pointer};

use crate::sites::{SiteKind, is_rpc, sites};
use crate::tree::TreeExt;
use crate::usages::{is_always_present, least_columns, resolve};

/// Replaces the examples of parameters, bodies and calls. Removes those of schemas and headers.
pub(crate) fn replace_examples(document: &mut Tree) {
    if let Some(components) = document.get_mut("components") {
        components.remove("examples");
        components.remove("examplePairings");
    }
    let before = document.clone();
    let sites: Vec<_> = sites(document).into_iter().filter(|site| !site.reference).collect();
    for site in sites {
        let Some(object) = document.at_mut(&site.pointer) else { continue };
        let example = || example_by_schema(&before, &site.pointer);
        match site.kind {
            SiteKind::Parameter if !is_rpc(&before) => {
                object.set("example", example());
            }
            SiteKind::Media => {
                object.remove("examples");
                object.set("example", example());
            }
            SiteKind::Schema | SiteKind::Header => {
                object.remove("example");
            }
            SiteKind::Operation if is_rpc(&before) => {
                object.set("examples", Tree::Array(vec![call(&before, &site.pointer)]));
            }
            _ => {}
        }
    }
}

/// Removes `x-constraints`. The new examples may break the constraints, and a change may remove a
/// value that a constraint names.
pub(crate) fn remove_constraints(document: &mut Tree) {
    for site in sites(document) {
        if let Some(object) = document.at_mut(&site.pointer) {
            object.remove("x-constraints");
        }
    }
}

/// Returns an example for a parameter, a media type or an OpenRPC result, by its `schema`.
fn example_by_schema(document: &Tree, pointer: &str) -> Tree {
    sample(document, &pointer::join(pointer, "schema"), 0)
}

/// Returns an example call of an OpenRPC method, with a value for each parameter.
fn call(document: &Tree, pointer: &str) -> Tree {
    let named = |pointer: &str| {
        let pointer = resolve(document, pointer);
        let name = document.at(&pointer).and_then(|found| found.text("name")).unwrap_or_default();
        object([("name", Tree::text(name)), ("value", example_by_schema(document, &pointer))])
    };
    let count = document.at(pointer).map_or(0, |method| method.list("params").len());
    let params = (0..count).map(|index| named(&format!("{pointer}/params/{index}")));
    object([
        ("name", Tree::text("call")),
        ("params", Tree::Array(params.collect())),
        ("result", named(&pointer::join(pointer, "result"))),
    ])
}

pub(crate) fn object<const N: usize>(members: [(&str, Tree); N]) -> Tree {
    Tree::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The maximum depth of examples. A value at this depth is null, so that a schema that requires
/// itself does not recurse forever.
const MAX_DEPTH: usize = 12;

/// Returns an example for a schema, with only the members and columns that are always present, and
/// with empty lists. Bounds are ignored.
fn sample(document: &Tree, pointer: &str, depth: usize) -> Tree {
    let pointer = resolve(document, pointer);
    let Some(schema) = document.at(&pointer).filter(|_| depth < MAX_DEPTH) else { return Tree::Null };
    if schema.has("oneOf") {
        return sample(document, &format!("{pointer}/oneOf/0"), depth + 1);
    }
    if let Some(value) = schema.list("enum").first() {
        return value.clone();
    }
    let ty = schema.text("type").or_else(|| schema.list("type").first().and_then(Tree::as_text));
    match ty {
        Some("string") if schema.text("format") == Some("decimal") => Tree::text("1.50"),
        Some("string") => Tree::text("text"),
        Some("integer") => Tree::number(1),
        Some("number") => Tree::number("1.50"),
        Some("boolean") => Tree::Bool(true),
        Some("array") => {
            let columns = if schema.has("x-tuple") { least_columns(schema) } else { 0 };
            let column = |index| sample(document, &format!("{pointer}/x-tuple/{index}/schema"), depth + 1);
            Tree::Array((0..columns).map(column).collect())
        }
        Some("object") => {
            let names = schema.get("properties").into_iter().flat_map(Tree::members).map(|(name, _)| name);
            let place = |name: &str| pointer::join(&pointer::join(&pointer, "properties"), name);
            let members = names.filter(|name| is_always_present(schema, name));
            Tree::Object(members.map(|name| (name.clone(), sample(document, &place(name), depth + 1))).collect())
        }
        _ => Tree::Null,
    }
}
