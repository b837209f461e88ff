//! Replaces `nullable` in OpenRPC, which does not have it: null is one more type, or one more
//! alternative.

use crate::source::node::{Kind, Members, Node, Position};

/// Replaces `nullable: true` by the notation of JSON Schema.
pub(super) fn null_as_a_type(schema: &mut Node) {
    let at = schema.position();
    let Some(members) = schema.as_map_mut() else { return };
    if members.remove("nullable").and_then(|nullable| nullable.as_bool()) != Some(true) {
        return;
    }
    let null = || text(at, "null");
    if let Some(stated) = members.get("type").filter(|stated| stated.as_str().is_some()).cloned() {
        let types = Node::new(at, Kind::Seq(Box::new([stated.without_key(), null()])));
        members.insert("type", types);
    } else if let Some(alternatives) = members.get_mut("oneOf") {
        alternatives.append([object(at, vec![("type".into(), null())])]);
    } else if let Some(reference) = members.remove("$ref") {
        let reference = object(at, vec![("$ref".into(), reference)]);
        let alternatives = Kind::Seq(Box::new([reference, object(at, vec![("type".into(), null())])]));
        members.insert("oneOf", Node::new(at, alternatives));
    }
}

fn text(at: Position, text: &str) -> Node {
    Node::new(at, Kind::String(text.into()))
}

fn object(at: Position, members: Vec<(Box<str>, Node)>) -> Node {
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}
