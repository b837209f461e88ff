//! Finds the part of one document that belongs to a part of the other.

use std::collections::HashMap;

use venuekit_codegen::source::{Document, Node, pointer_join, pointer_segments};

use crate::alignment::Alignment;
use crate::comparison::{Place, Revision};
use crate::contract::Sides;

/// The maximum number of elements of a list that is searched for an element of the same name.
/// Searching longer lists for each change would take quadratic time.
const SEARCHED: usize = 200;

/// The pairs of operations and components with different pointers, in both directions.
#[derive(Debug, Default)]
pub(crate) struct Counterparts {
    in_new: HashMap<String, String>,
    in_old: HashMap<String, String>,
}

impl Counterparts {
    /// Returns the counterparts of aligned documents.
    pub(crate) fn new(alignment: &Alignment<'_>) -> Self {
        let mut all = Self::default();
        for pair in &alignment.operations.pairs {
            all.add(&pair.old.at.pointer, &pair.new.at.pointer);
        }
        for pair in &alignment.schemas.pairs {
            if pair.old.component().is_some() && pair.new.component().is_some() {
                all.add(pair.old.identity(), pair.new.identity());
            }
        }
        all
    }

    fn add(&mut self, old: &str, new: &str) {
        if old != new {
            self.in_new.insert(old.to_owned(), new.to_owned());
            self.in_old.insert(new.to_owned(), old.to_owned());
        }
    }

    /// Returns the place in the other document: that of the same part, or of the nearest part
    /// around it that the other document has.
    pub(crate) fn place(&self, sides: &Sides<'_>, revision: Revision, pointer: &str) -> Place {
        let (from, to, known, revision) = match revision {
            Revision::Old => (sides.old.document, sides.new.document, &self.in_new, Revision::New),
            Revision::New => (sides.new.document, sides.old.document, &self.in_old, Revision::Old),
        };
        let (pointer, is_exact) = counterpart(from, to, known, pointer);
        place(to, revision, &pointer, is_exact)
    }
}

/// Returns the place of a value. `is_exact` is false if the value stands for a part of it that is
/// not there.
pub(crate) fn place(document: &Document, revision: Revision, pointer: &str, is_exact: bool) -> Place {
    let location = document.location(pointer);
    let last_line = match document.node(pointer) {
        Some(node) if is_exact => last_line(node),
        _ => location.line,
    };
    Place { revision, last_line: last_line.max(location.line), location, is_exact }
}

/// Returns the last line of a value: that of its last scalar in the same file.
fn last_line(node: &Node) -> usize {
    let file = node.anchor().file;
    let (mut node, mut line) = (node, node.anchor().line);
    loop {
        let last = match (node.as_seq(), node.as_map()) {
            (Some(elements), _) => elements.last(),
            (_, Some(members)) => members.iter().last().map(|(_, value)| value),
            _ => None,
        };
        match last.filter(|last| last.anchor().file == file) {
            Some(last) => {
                node = last;
                line = line.max(last.anchor().line);
            }
            None => return line,
        }
    }
}

/// Returns the pointer of the counterpart in `to`, and whether it is that of the whole pointer.
fn counterpart(from: &Document, to: &Document, known: &HashMap<String, String>, pointer: &str) -> (String, bool) {
    // The longest prefix with a counterpart of another pointer.
    let ends = [pointer.len()].into_iter().chain(pointer.rmatch_indices('/').map(|(at, _)| at));
    let prefix = ends.filter_map(|end| pointer.get(..end)).find(|prefix| known.contains_key(*prefix));
    let (mut at, mut found) = match prefix.and_then(|prefix| Some((prefix, known.get(prefix)?))) {
        Some((prefix, other)) => (prefix.to_owned(), other.clone()),
        None => (String::new(), String::new()),
    };
    let Some(segments) = pointer.get(at.len()..).and_then(pointer_segments) else { return (found, false) };
    for segment in &segments {
        let (Some(here), Some(there)) = (from.node(&at), to.node(&found)) else { return (found, false) };
        let Some(name) = matching(here, there, segment) else { return (found, false) };
        at = pointer_join(&at, segment);
        found = pointer_join(&found, &name);
    }
    (found, true)
}

/// Returns the name or index of the counterpart of a child; `None` if there is none. Elements of a
/// list belong together if they have the same name, or are the same scalar.
fn matching(here: &Node, there: &Node, segment: &str) -> Option<String> {
    let (Some(elements), Some(others)) = (here.as_seq(), there.as_seq()) else {
        return there.child(segment).map(|_| segment.to_owned());
    };
    let index: usize = segment.parse().ok()?;
    let by_index = others.get(index).map(|_| index.to_string());
    let element = elements.get(index)?;
    if elements.len().max(others.len()) > SEARCHED {
        return by_index.filter(|_| others.get(index).is_some_and(|other| other.kind() == element.kind()));
    }
    let is_same: &dyn Fn(&Node) -> bool = if element.as_map().is_some() {
        let wanted = identity(element);
        if wanted.iter().all(Option::is_none) {
            return by_index;
        }
        &move |other| identity(other) == wanted
    } else if element.as_seq().is_some() {
        return by_index;
    } else {
        &|other| other.kind() == element.kind()
    };
    others.iter().position(is_same).map(|at| at.to_string())
}

/// Returns the members that tell an element of a list from the others.
fn identity(node: &Node) -> [Option<&str>; 5] {
    ["name", "in", "$ref", "operationId", "code"].map(|key| node.get(key).and_then(Node::as_str))
}
