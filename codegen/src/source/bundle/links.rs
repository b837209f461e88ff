//! Finds the `$ref`s of a tree.

use super::roles::{Role, is_inlined, member, section};
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::pointer_join;

/// A `$ref`, or a value in the mapping of a discriminator that is written as a reference.
#[derive(Debug)]
pub(super) struct Link {
    /// The JSON pointer to the text, from the root of the tree that was searched.
    pub(super) pointer: String,
    /// The role that the target needs to have.
    pub(super) role: Role,
    pub(super) text: Box<str>,
    pub(super) position: Position,
}

/// Returns the `$ref`s of a tree, in the order of the tree. `role` is the role of its root.
pub(super) fn links(root: &Node, role: Role) -> Vec<Link> {
    let mut found = Vec::new();
    walk(root, role, &mut String::new(), &mut found);
    found
}

fn walk(node: &Node, role: Role, pointer: &mut String, found: &mut Vec<Link>) {
    match node.kind() {
        Kind::Map(members) => {
            if (section(role, false).is_some() || is_inlined(role))
                && let Some(reference) = members.get("$ref")
                && let Some(text) = reference.as_str()
            {
                let pointer = format!("{pointer}/$ref");
                found.push(Link { pointer, role, text: text.into(), position: reference.position() });
            }
            for (name, node) in members.iter() {
                if let Some(role) = member(role, name) {
                    below(node, role, name, pointer, found);
                }
            }
        }
        Kind::Seq(nodes) => {
            // In older versions of JSON Schema, `items` can be a list of schemas.
            let element = match role {
                Role::List(role) => *role,
                Role::Schema => Role::Schema,
                _ => return,
            };
            for (index, node) in nodes.iter().enumerate() {
                below(node, element, &index.to_string(), pointer, found);
            }
        }
        Kind::String(text) if role == Role::Mapping && is_reference(text) => {
            found.push(Link { pointer: pointer.clone(), role, text: text.clone(), position: node.position() });
        }
        _ => {}
    }
}

fn below(node: &Node, role: Role, name: &str, pointer: &mut String, found: &mut Vec<Link>) {
    let length = pointer.len();
    pointer.push_str(&pointer_join("", name));
    walk(node, role, pointer, found);
    pointer.truncate(length);
}

/// Returns whether a value of a mapping is a reference, and not the name of a schema.
fn is_reference(text: &str) -> bool {
    text.contains(['#', '/']) || [".yaml", ".yml", ".json"].iter().any(|ending| text.ends_with(ending))
}
