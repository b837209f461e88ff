//! The names of new components.

use std::collections::{HashMap, HashSet};

use super::roles::Section;
use crate::source::document::Document;
use crate::source::node::{Members, Node};
use crate::source::pointer::pointer_segments;

/// The names of the components of a document, old and new.
#[derive(Default)]
pub(super) struct Names(HashMap<Section, HashSet<String>>);

impl Names {
    /// Returns an unused name for a component, made from the JSON pointer to its value. If that
    /// name is taken, the stem of the file's name is put in front. If that name is taken too, a
    /// number is added.
    pub(super) fn choose(&mut self, document: &Document, section: Section, stem: &str, pointer: &str) -> String {
        let taken = self.0.entry(section).or_insert_with(|| {
            let node = section.iter().try_fold(document.root(), |node, key| node.get(key));
            node.and_then(Node::as_map).into_iter().flat_map(Members::keys).map(str::to_owned).collect()
        });
        let words = words(pointer);
        let short = identifier(if words.is_empty() { stem } else { &words });
        let long = if stem.is_empty() { short.clone() } else { identifier(&format!("{stem}_{words}")) };
        let mut name = if taken.contains(&short) { long.clone() } else { short };
        let mut number = 1;
        while taken.contains(&name) {
            number += 1;
            name = format!("{long}_{number}");
        }
        taken.insert(name.clone());
        name
    }
}

/// Joins the segments of a pointer, without keys such as `components` that do not name the value.
fn words(pointer: &str) -> String {
    let tells = |segment: &String| {
        !matches!(
            segment.as_str(),
            "components" | "schemas" | "properties" | "definitions" | "$defs" | "schema" | "paths"
        )
    };
    pointer_segments(pointer).unwrap_or_default().into_iter().filter(tells).collect::<Vec<_>>().join("_")
}

/// Turns a text into a valid name of a component.
fn identifier(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let text = text.trim_end_matches('_');
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) { text.to_owned() } else { format!("schema_{text}") }
}
