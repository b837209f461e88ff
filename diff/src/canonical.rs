//! Values as text that is the same when they mean the same: members sorted.

use venuekit_codegen::spec::{Kind, Node};

/// A value.
pub(super) fn text(node: &Node) -> String {
    match node.kind() {
        Kind::Map(members) => object(members.iter()),
        Kind::Seq(elements) => format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(",")),
        _ => node.to_json(),
    }
}

/// Some of an object's members.
pub(super) fn object<'n>(members: impl Iterator<Item = (&'n str, &'n Node)>) -> String {
    let mut members: Vec<String> = members.map(|(key, node)| format!("{key:?}:{}", text(node))).collect();
    members.sort();
    format!("{{{}}}", members.join(","))
}
