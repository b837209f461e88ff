//! Copies the targets of `$ref`s to the components, and changes the `$ref`s so that they lead
//! there.

use std::collections::{HashMap, VecDeque};

use indexmap::IndexMap;

use super::files::{Files, Target};
use super::links::{Link, links};
use super::names::Names;
use super::roles::{Role, Section, is_inlined, section};
use crate::diagnostic::thousands;
use crate::source::document::{Document, Unresolved};
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::{pointer_join, pointer_segments};
use crate::source::text::MAX_NODES;

/// The maximum number of `$ref`s in a chain of path items or methods.
const MAX_HOPS: usize = 32;

/// Copies the target of each `$ref` to the components, and changes the `$ref` so that it leads
/// there. The `$ref` of a path item or a method is replaced by its target instead.
///
/// If `files` were read, this changes the `$ref`s that lead to files. Otherwise, it changes the
/// `$ref`s inside the document.
pub(in crate::source) fn hoist(document: &mut Document, files: &Files) {
    let mut found = links(document.root(), Role::Root);
    // The `$ref`s inside a value from another file were already changed when the value was copied.
    found.retain(|link| files.follows(link) && !files.has(link.position));
    if found.is_empty() {
        return;
    }
    let mut hoist = Hoist {
        document,
        files,
        is_swagger: document.root().get("swagger").is_some() && document.root().get("openapi").is_none(),
        names: Names::default(),
        known: HashMap::new(),
        queue: VecDeque::new(),
        nodes: document.root().count(),
        unresolved: Vec::new(),
    };
    let edits: Vec<(String, Edit)> = hoist.edits(found, 0);
    let mut new: IndexMap<Section, Vec<(Box<str>, Node)>> = IndexMap::new();
    while let Some(Wanted { target, role, section, name }) = hoist.queue.pop_front() {
        if let Some(node) = hoist.copy(&target, role, 0) {
            new.entry(section).or_default().push((name.into(), node));
        }
    }
    let unresolved = hoist.unresolved;
    for (position, reason) in unresolved {
        document.keep_unresolved(position, reason);
    }
    apply(document.root_mut(), edits);
    for (section, components) in new {
        insert(document.root_mut(), section, components);
    }
}

/// A change to a `$ref`.
enum Edit {
    /// The text of the `$ref` is replaced.
    Text(String),
    /// The members of this object are added to the object that has the `$ref`.
    Inline(Node),
}

/// A component that is still to be made.
struct Wanted {
    target: Target,
    role: Role,
    section: Section,
    name: String,
}

struct Hoist<'d> {
    document: &'d Document,
    files: &'d Files,
    is_swagger: bool,
    names: Names,
    /// The names of new components, by their targets.
    known: HashMap<(Section, Target), String>,
    queue: VecDeque<Wanted>,
    /// The number of values of the document, including the copies.
    nodes: usize,
    unresolved: Vec<(Position, Unresolved)>,
}

impl Hoist<'_> {
    fn edits(&mut self, links: Vec<Link>, hops: usize) -> Vec<(String, Edit)> {
        let mut edits = Vec::new();
        for link in links {
            if let Some(edit) = self.edit(&link, hops) {
                edits.push((link.pointer, edit));
            }
        }
        edits
    }

    /// Returns the change to a `$ref`; `None` if it stays as it is.
    fn edit(&mut self, link: &Link, hops: usize) -> Option<Edit> {
        let found = self.files.target(self.document, link).and_then(|target| {
            self.files.node(self.document, &target)?;
            Ok(target)
        });
        let target = match found {
            Ok(target) => target,
            Err(reason) => return self.give_up(link, reason),
        };
        if is_inlined(link.role) {
            if hops >= MAX_HOPS {
                let message = format!("`{}` leads through more than {MAX_HOPS} `$ref`s", link.text);
                let help = "refer to the path itself".to_owned();
                return self.give_up(link, Unresolved { message, help });
            }
            return self.copy(&target, link.role, hops + 1).map(Edit::Inline);
        }
        let section = section(link.role, self.is_swagger)?;
        if target.tree.is_none() && self.is_component(&target.pointer) {
            let is_written_so = !self.files.has(link.position) && link.text.starts_with('#');
            return (!is_written_so).then(|| Edit::Text(reference(&target.pointer)));
        }
        let name = match self.known.get(&(section, target.clone())) {
            Some(name) => name.clone(),
            None => {
                let path = target.tree.map_or("", |tree| self.files.path(tree));
                let file = path.rsplit('/').next().unwrap_or_default();
                let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
                let name = self.names.choose(self.document, section, stem, &target.pointer);
                self.known.insert((section, target.clone()), name.clone());
                self.queue.push_back(Wanted { target, role: plain(link.role), section, name: name.clone() });
                name
            }
        };
        let pointer = section.iter().fold(String::new(), |pointer, key| pointer_join(&pointer, key));
        Some(Edit::Text(reference(&pointer_join(&pointer, &name))))
    }

    /// Keeps the reason why a `$ref` leads to no value, unless it is a local `$ref` of the
    /// document, which stays as it is. A `$ref` that is local to another file gets the name of that
    /// file, so that it cannot lead into the document.
    fn give_up(&mut self, link: &Link, reason: Unresolved) -> Option<Edit> {
        if !self.files.has(link.position) && link.text.starts_with('#') {
            return None;
        }
        self.unresolved.push((link.position, reason));
        let file = self.document.file_of(link.position);
        link.text.starts_with('#').then(|| Edit::Text(format!("{file}{}", link.text)))
    }

    fn is_component(&self, pointer: &str) -> bool {
        let segments = pointer_segments(pointer).unwrap_or_default();
        match segments.as_slice() {
            [section, _] => self.is_swagger && matches!(section.as_str(), "definitions" | "parameters" | "responses"),
            [components, _, _] => components == "components",
            _ => false,
        }
    }

    /// Returns a copy of a target in which the `$ref`s are changed; `None` if the document would
    /// have too many values.
    fn copy(&mut self, target: &Target, role: Role, hops: usize) -> Option<Node> {
        let node = self.files.node(self.document, target).ok()?;
        self.nodes += node.count();
        if self.nodes > MAX_NODES {
            let message = format!(
                "with `{}`, the document has more than {} values",
                self.files.name(self.document, target),
                thousands(MAX_NODES)
            );
            let help = "refer to components, which are read once".to_owned();
            self.unresolved.push((node.position(), Unresolved { message, help }));
            return None;
        }
        let mut node = node.clone().without_key();
        let mut found = links(&node, role);
        found.retain(|link| self.files.follows(link));
        let edits = self.edits(found, hops);
        apply(&mut node, edits);
        Some(node)
    }
}

/// Returns the role of the value that a `$ref` leads to.
fn plain(role: Role) -> Role {
    if role == Role::Mapping { Role::Schema } else { role }
}

/// Returns the text of a `$ref` to a JSON pointer in the document.
fn reference(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

fn apply(root: &mut Node, edits: Vec<(String, Edit)>) {
    for (pointer, edit) in edits {
        let segments = pointer_segments(&pointer).unwrap_or_default();
        match edit {
            Edit::Text(text) => {
                let place = segments.iter().try_fold(&mut *root, |node, segment| node.child_mut(segment));
                if let Some(node) = place {
                    node.set_kind(Kind::String(text.into()));
                }
            }
            Edit::Inline(target) => {
                let above = segments.split_last().map(|(_, above)| above).unwrap_or_default();
                let place = above.iter().try_fold(&mut *root, |node, segment| node.child_mut(segment));
                if let Some(node) = place {
                    inline(node, target);
                }
            }
        }
    }
}

/// Adds the members of a target to the object that refers to it. The object's own members have
/// priority.
fn inline(node: &mut Node, target: Node) {
    let Some(members) = node.as_map_mut() else { return };
    let own: Vec<(Box<str>, Node)> = members.take().into_iter().filter(|(name, _)| **name != *"$ref").collect();
    let mut all: IndexMap<Box<str>, Node> = own.into_iter().collect();
    if let Kind::Map(mut target) = target.into_kind() {
        for (name, node) in target.take() {
            all.entry(name).or_insert(node);
        }
    }
    *members = all.into_iter().collect::<Vec<_>>().into();
}

/// Adds components to a section. If there is no such section, it is added.
fn insert(root: &mut Node, section: Section, components: Vec<(Box<str>, Node)>) {
    let mut at = root;
    for key in section {
        let position = at.position();
        let Some(members) = at.as_map_mut() else { return };
        if members.get(key).is_none_or(|section| section.as_map().is_none()) {
            members.insert(key, Node::new(position, Kind::Map(Box::default())));
        }
        let Some(section) = members.get_mut(key) else { return };
        at = section;
    }
    if let Some(members) = at.as_map_mut() {
        let mut all = members.take();
        all.extend(components);
        *members = all.into();
    }
}
