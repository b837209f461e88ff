//! Properties without a name in the document: `patternProperties` and `unevaluatedProperties`
//! become `additionalProperties`.

use crate::source::node::{Kind, Members, Node, Position};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;

/// Gives the properties of other names one schema.
pub(super) fn normalise(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    unevaluated(schema);
    patterns(pointer, schema, remarks);
}

/// `unevaluatedProperties` describes the properties that neither this schema nor its `allOf` names.
/// Once the `allOf` is merged, these are the additional ones.
fn unevaluated(schema: &mut Node) {
    let Some(members) = schema.as_map_mut() else { return };
    let is_allowed = members
        .get("unevaluatedProperties")
        .is_some_and(|others| others.as_map().is_some() || others.as_bool() == Some(true));
    if is_allowed
        && !members.contains_key("additionalProperties")
        && let Some(others) = members.remove("unevaluatedProperties")
    {
        members.insert("additionalProperties", others.without_key());
    }
}

/// Makes a map of the properties whose names have patterns. The names are not compared with the
/// patterns, so a value can have any of the schemas.
fn patterns(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(members) = schema.as_map_mut() else { return };
    let Some(mut patterns) = members.remove("patternProperties") else { return };
    let at = patterns.position();
    let stated = patterns.clone();
    let mut schemas: Vec<Node> = Vec::new();
    let of_patterns = patterns.as_map_mut().map(Members::take).unwrap_or_default();
    let others = members.get("additionalProperties").filter(|others| others.as_map().is_some()).cloned();
    for one in of_patterns.into_iter().map(|(_, schema)| schema).chain(others) {
        let one = one.without_key();
        if schemas.iter().all(|known| known.to_json() != one.to_json()) {
            schemas.push(one);
        }
    }
    let is_any = members.get("additionalProperties").and_then(Node::as_bool) == Some(true);
    let names: Vec<String> =
        stated.as_map().into_iter().flat_map(Members::keys).map(|name| format!("`{name}`")).collect();
    if !names.is_empty() {
        let message = format!("names are not compared with {}", names.join(", "));
        let help = match schemas.len() {
            _ if is_any => "properties of other names are any JSON values",
            1 => "properties of other names all have this schema",
            _ => "properties of other names have one of the schemas",
        };
        remarks.relaxed(&pointer_join(pointer, "patternProperties"), &stated, message, help);
    }
    if is_any {
        for (name, one) in stated.as_map().into_iter().flat_map(Members::iter) {
            let place = pointer_join(&pointer_join(pointer, "patternProperties"), name);
            let message = format!("the schema of `{name}` is ignored");
            remarks.ignored(&place, one, message, "`additionalProperties: true` allows any value");
        }
        return;
    }
    match <[Node; 1]>::try_from(schemas) {
        Ok([only]) => members.insert("additionalProperties", only),
        Err(several) if several.is_empty() => {}
        Err(several) => members.insert("additionalProperties", any_of(at, several)),
    }
}

fn any_of(at: Position, schemas: Vec<Node>) -> Node {
    let members: Vec<(Box<str>, Node)> = vec![("anyOf".into(), Node::new(at, Kind::Seq(schemas.into_boxed_slice())))];
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}
