//! The differences between a document and its mutant, for people.

use venuekit_json::{Tree, pointer};

use super::case::Original;

/// The maximum number of differences that are listed.
const MOST: usize = 20;

/// The maximum number of characters of a value that are shown.
const SHOWN: usize = 60;

/// Returns the values of a document that its mutant changes. If one of the texts cannot be parsed,
/// returns the first line that differs.
pub(super) fn changes(original: &Original, mutant: &str) -> Vec<String> {
    let mut list = Vec::new();
    match (&original.tree, Tree::parse(mutant)) {
        (Some(tree), Ok(mutant)) => compare("", tree, &mutant, &mut list),
        _ => {
            let lines = original.text.lines().map(Some).chain(std::iter::repeat(None));
            let first = mutant.lines().zip(lines).enumerate().find(|(_, (new, old))| Some(*new) != *old);
            if let Some((index, (new, old))) = first {
                let old = old.map_or_else(|| "nothing".to_owned(), short);
                list.push(format!("line {}: {old} became {}", index + 1, short(new)));
            }
        }
    }
    if list.len() > MOST {
        let more = list.len() - MOST;
        list.truncate(MOST);
        list.push(format!("and {more} more"));
    }
    list
}

fn compare(place: &str, old: &Tree, new: &Tree, list: &mut Vec<String>) {
    if old == new || list.len() > MOST {
        return;
    }
    match (old, new) {
        (Tree::Object(before), Tree::Object(after)) => {
            for (name, value) in before {
                let place = pointer::join(place, name);
                match new.get(name) {
                    Some(other) => compare(&place, value, other, list),
                    None => list.push(format!("{place}: removed {}", short(&value.to_json()))),
                }
            }
            for (name, value) in after.iter().filter(|(name, _)| old.get(name).is_none()) {
                list.push(format!("{}: added {}", pointer::join(place, name), short(&value.to_json())));
            }
        }
        (Tree::Array(before), Tree::Array(after)) if before.len() == after.len() => {
            for (index, (old, new)) in before.iter().zip(after).enumerate() {
                compare(&pointer::join(place, &index.to_string()), old, new, list);
            }
        }
        _ => list.push(format!("{place}: {} became {}", short(&old.to_json()), short(&new.to_json()))),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}..", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_that_a_mutant_changes_is_named() {
        let text = r#"{"a": [1, {"b": null}], "c": "d", "e": 1}"#;
        let original = Original { name: String::new(), text: text.to_owned(), tree: Tree::parse(text).ok() };
        let found = changes(&original, r#"{"a": [1, {"b": true}], "c": ["d"], "x/y": 2}"#);
        let expected = ["/a/1/b: null became true", r#"/c: "d" became ["d"]"#, "/e: removed 1", "/x~1y: added 2"];
        assert_eq!(found, expected);
        assert_eq!(changes(&original, "{"), [format!("line 1: {text} became {{")]);
        assert_eq!(changes(&original, text), [""; 0]);
    }
}
