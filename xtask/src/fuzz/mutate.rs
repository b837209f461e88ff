//! Random changes to a document: to its tree, and to its bytes.

use fastrand::Rng;
use venuekit_json::Tree;

/// Keys and texts that have a meaning in a document, and texts that are unusual as names.
const WORDS: &[&str] = &[
    "$ref",
    "type",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "const",
    "nullable",
    "required",
    "additionalProperties",
    "patternProperties",
    "prefixItems",
    "discriminator",
    "mapping",
    "propertyName",
    "format",
    "parameters",
    "in",
    "name",
    "schema",
    "content",
    "application/json",
    "requestBody",
    "responses",
    "200",
    "default",
    "example",
    "examples",
    "security",
    "components",
    "schemas",
    "openapi",
    "swagger",
    "openrpc",
    "3.1.0",
    "2.0",
    "servers",
    "url",
    "methods",
    "params",
    "result",
    "query",
    "path",
    "header",
    "cookie",
    "style",
    "explode",
    "deepObject",
    "object",
    "array",
    "string",
    "integer",
    "number",
    "boolean",
    "null",
    "int64",
    "decimal",
    "binary",
    "#/components/schemas/Order",
    "#/",
    "#",
    "other.yaml#/A",
    "https://acme.example/a.yaml",
    "x-signs",
    "x-strict",
    "x-tuple",
    "x-time",
    "x-error",
    "x-rust-name",
    "x-rate-limits",
    "self",
    "crate",
    "",
    " ",
    "1m",
    "1M",
    "日本",
    "{id}",
    "/a/{id}.{b}",
    "a\u{0}b",
    "\u{202e}",
    "*/*",
    "'",
    "\"",
    "\\",
    "r#type",
    "_",
    "-",
];

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "1",
    "0.1",
    "1e400",
    "1e-400",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775809",
    "123456789012345678901234567890.123456789012345678901234567890",
    "4294967296",
    "1E+2",
];

/// A value is copied into a tree only if the tree then has fewer values than this.
const LARGEST: usize = 200_000;

/// Makes one random change to a tree. Some values come from `other`, if it is given. A change
/// that does not suit the chosen value does nothing. For example, a list has no member to rename.
pub(super) fn mutate_tree(rng: &mut Rng, tree: &mut Tree, other: Option<&Tree>) {
    let size = count(tree);
    let donor = match (rng.u8(..3), other) {
        (0, Some(other)) => nth(other, rng.usize(..count(other))).cloned(),
        _ => nth(tree, rng.usize(..size)).cloned(),
    };
    let Some(place) = nth_mut(tree, rng.usize(..size)) else { return };
    match rng.u8(..10) {
        // Replace the value with a copy of another one.
        0 | 1 => {
            if let Some(donor) = donor.filter(|donor| size + count(donor) < LARGEST) {
                *place = donor;
            }
        }
        // Replace the value with a scalar.
        2 | 3 => *place = scalar(rng),
        // Remove a member or an element.
        4 | 5 => match place {
            Tree::Object(members) if !members.is_empty() => drop(members.remove(rng.usize(..members.len()))),
            Tree::Array(elements) if !elements.is_empty() => drop(elements.remove(rng.usize(..elements.len()))),
            _ => {}
        },
        // Rename a member.
        6 => {
            if let Tree::Object(members) = place
                && !members.is_empty()
            {
                let at = rng.usize(..members.len());
                if let Some((name, _)) = members.get_mut(at) {
                    *name = word(rng);
                }
            }
        }
        // Add a member or an element. A scalar becomes an object.
        7 | 8 => {
            let value = donor.filter(|donor| size + count(donor) < LARGEST).unwrap_or(Tree::Null);
            match place {
                Tree::Object(members) => {
                    let name = word(rng);
                    // A key is rarely repeated: a strict document with a repeated key is refused,
                    // and most cases have to get further than that.
                    if rng.u8(..16) == 0 || members.iter().all(|(known, _)| *known != name) {
                        members.insert(rng.usize(..=members.len()), (name, value));
                    }
                }
                Tree::Array(elements) => elements.insert(rng.usize(..=elements.len()), value),
                scalar => *scalar = Tree::Object(vec![(word(rng), value)]),
            }
        }
        // Wrap the value in a list or an object.
        _ => {
            let inner = std::mem::replace(place, Tree::Null);
            *place = if rng.bool() { Tree::Array(vec![inner]) } else { Tree::Object(vec![(word(rng), inner)]) };
        }
    }
}

fn word(rng: &mut Rng) -> String {
    rng.choice(WORDS).map_or_else(String::new, |word| (*word).to_owned())
}

fn scalar(rng: &mut Rng) -> Tree {
    match rng.u8(..6) {
        0 => Tree::Null,
        1 => Tree::Bool(rng.bool()),
        2 => rng.choice(NUMBERS).map_or(Tree::Null, Tree::number),
        3 => Tree::text("x".repeat(1 << rng.u8(..14))),
        _ => Tree::text(word(rng)),
    }
}

fn children(tree: &Tree) -> Box<dyn Iterator<Item = &Tree> + '_> {
    match tree {
        Tree::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
        Tree::Array(elements) => Box::new(elements.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

fn count(tree: &Tree) -> usize {
    1 + children(tree).map(count).sum::<usize>()
}

/// Returns the value at an index, counted in the order of the document; `None` if the tree has
/// fewer values. The root has index 0.
fn nth(tree: &Tree, index: usize) -> Option<&Tree> {
    fn find<'a>(tree: &'a Tree, left: &mut usize) -> Option<&'a Tree> {
        if *left == 0 {
            return Some(tree);
        }
        *left -= 1;
        children(tree).find_map(|child| find(child, left))
    }
    find(tree, &mut { index })
}

fn nth_mut(tree: &mut Tree, index: usize) -> Option<&mut Tree> {
    fn find<'a>(tree: &'a mut Tree, left: &mut usize) -> Option<&'a mut Tree> {
        if *left == 0 {
            return Some(tree);
        }
        *left -= 1;
        match tree {
            Tree::Object(members) => members.iter_mut().find_map(|(_, child)| find(child, left)),
            Tree::Array(elements) => elements.iter_mut().find_map(|child| find(child, left)),
            _ => None,
        }
    }
    find(tree, &mut { index })
}

/// Makes one to six random changes to the bytes of a text. Bytes that are not UTF-8 are then
/// replaced by U+FFFD.
pub(super) fn mutate_bytes(rng: &mut Rng, text: &str, other: &str) -> String {
    const BYTES: &[u8] = b"{}[]:,\"'#&*!|>-?%@`~<=\\/\n\r\t 0.x\0\x7f\xef\xbb\xbf\xc2\x85";
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=rng.usize(..6) {
        let at = rng.usize(..=bytes.len());
        let length = 1 << rng.u8(..10);
        let end = (at + rng.usize(..=length)).min(bytes.len());
        match rng.u8(..6) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let piece: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = rng.usize(..=bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            2 => {
                let from = rng.usize(..=other.len());
                let to = (from + length).min(other.len());
                let piece = other.as_bytes().get(from..to).unwrap_or_default().to_vec();
                drop(bytes.splice(at..end, piece));
            }
            3 => bytes.truncate(at.max(bytes.len() / 2)),
            4 => {
                let word = word(rng);
                drop(bytes.splice(at..at, word.into_bytes()));
            }
            _ => {
                if let Some(byte) = rng.choice(BYTES) {
                    drop(bytes.splice(at..end.min(at + 1), [*byte]));
                }
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_changes_and_most_different_seeds_give_different_changes() {
        let tree = || Tree::parse(r#"{"a": [1, {"b": null}], "c": "d"}"#).ok();
        let run = |seed| {
            let (mut rng, mut changed) = (Rng::with_seed(seed), tree()?);
            (0..5).for_each(|_| mutate_tree(&mut rng, &mut changed, tree().as_ref()));
            Some((changed.to_json(), mutate_bytes(&mut rng, "a: {b: c}", "d: [e]")))
        };
        assert_eq!(run(7), run(7));
        let different: std::collections::HashSet<_> = (0..50).map(run).collect();
        assert!(different.len() > 40);
    }

    #[test]
    fn nth_returns_each_value_of_a_tree_in_the_order_of_the_document() {
        let tree = Tree::parse(r#"{"a": [1, {"b": null}], "c": "d"}"#).unwrap_or(Tree::Null);
        assert_eq!(count(&tree), 6);
        let found: Vec<String> = (0..7).filter_map(|index| nth(&tree, index)).map(Tree::to_json).collect();
        assert_eq!(found.get(1..).unwrap_or_default().join(" "), r#"[1,{"b":null}] 1 {"b":null} null "d""#);
    }
}
