//! Values as JSON text, with the properties of objects sorted: equal values have equal texts.

use venuekit_codegen::source::{Kind, Node};

/// Returns the text of a value.
pub(crate) fn text(node: &Node) -> String {
    match node.kind() {
        Kind::Map(members) => object(members.iter()),
        Kind::Seq(elements) => format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(",")),
        _ => node.to_json(),
    }
}

/// Returns the text of an object with some of its properties.
pub(crate) fn object<'n>(members: impl Iterator<Item = (&'n str, &'n Node)>) -> String {
    let mut members: Vec<String> = members.map(|(key, node)| format!("{key:?}:{}", text(node))).collect();
    members.sort();
    format!("{{{}}}", members.join(","))
}
