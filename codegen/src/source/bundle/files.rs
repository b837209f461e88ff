//! The files that the `$ref`s of a document lead to, and the place in them that each `$ref` names.
//!
//! A `$ref` can lead to files in the directory of the document and below it. No file is fetched
//! from a URL.

use std::collections::HashMap;

use super::links::Link;
use crate::diagnostic::{Diagnostic, Location};
use crate::source::document::{Document, Unresolved};
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::pointer_segments;

/// The other files of a document.
#[derive(Default)]
pub(in crate::source) struct Files {
    /// The trees of the files; `None` for a file that cannot be read.
    trees: Vec<Option<Node>>,
    /// The index of each tree, by the path from the directory of the document.
    by_path: HashMap<String, usize>,
    /// The index of each tree and the path of its file, by the number of the file in positions.
    by_number: HashMap<u8, (usize, String)>,
    /// True if the `$ref`s to files are followed.
    is_followed: bool,
}

/// The place that a `$ref` names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Target {
    /// The index of the tree; `None` for the document itself.
    pub(super) tree: Option<usize>,
    pub(super) pointer: String,
}

impl Files {
    /// Parses `files`, pairs of a name and a text, and calls `prepare` with each parsed file. The
    /// notes and the findings on them are added to those of the document. A file outside the
    /// directory of the document is skipped.
    pub(in crate::source) fn read<'t>(
        document: &mut Document,
        files: impl IntoIterator<Item = (&'t str, &'t str)>,
        prepare: impl Fn(&mut Document),
    ) -> Self {
        let mut all = Self { is_followed: true, ..Self::default() };
        for (name, text) in files {
            let Some(path) = path_below(directory(document.file()), name) else { continue };
            let Some(number) = document.add_file(name) else {
                let location = Location { file: name.to_owned(), line: 1, column: 1, pointer: String::new() };
                let message = "a document has at most 255 overlays and other files";
                let finding = Diagnostic::error(location, message, Some("merge some of them".into()));
                document.text_notes_mut().findings.push(finding);
                break;
            };
            let tree = match Document::parse_at(name, number, text) {
                Ok(mut file) => {
                    prepare(&mut file);
                    let notes = std::mem::take(file.text_notes_mut());
                    document.text_notes_mut().extend(notes);
                    Some(file.into_root())
                }
                Err(findings) => {
                    document.text_notes_mut().findings.extend(findings.iter().cloned());
                    None
                }
            };
            all.by_path.insert(path.clone(), all.trees.len());
            all.by_number.insert(number, (all.trees.len(), path));
            all.trees.push(tree);
        }
        all
    }

    /// Returns whether a position is in one of these files.
    pub(super) fn has(&self, position: Position) -> bool {
        self.by_number.contains_key(&position.file)
    }

    /// Returns whether a `$ref` is followed. If the files were read, these are the `$ref`s that
    /// lead to a file or are in one. Otherwise, these are the `$ref`s inside the document.
    pub(super) fn follows(&self, link: &Link) -> bool {
        let is_local = link.text.starts_with('#');
        if self.is_followed { !is_local || self.has(link.position) } else { is_local }
    }

    /// Returns the place that a `$ref` names.
    ///
    /// # Errors
    /// Returns the reason why the `$ref` names no place.
    pub(super) fn target(&self, document: &Document, link: &Link) -> Result<Target, Unresolved> {
        let (path, fragment) = link.text.split_once('#').unwrap_or((&link.text, ""));
        let pointer = decoded(fragment);
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let message = format!("`{}` names an anchor, and only JSON pointers are followed", link.text);
            return Err(unresolved(message, "write a pointer after the #, such as #/components/schemas/Order"));
        }
        let own = self.by_number.get(&link.position.file);
        if path.is_empty() {
            return Ok(Target { tree: own.map(|(tree, _)| *tree), pointer });
        }
        let path = relative(path, own.map_or("", |(_, path)| path)).map_err(|fault| fault.explained(&link.text))?;
        let directory = directory(document.file());
        if document.file().get(directory.len()..) == Some(path.as_str()) {
            return Ok(Target { tree: None, pointer });
        }
        match self.by_path.get(&path) {
            Some(tree) => Ok(Target { tree: Some(*tree), pointer }),
            None => {
                let help = "save it there: a `$ref` leads to files in the directory of the document and below it";
                Err(unresolved(format!("there is no file `{directory}{path}`"), help))
            }
        }
    }

    /// Returns the value at a place.
    ///
    /// # Errors
    /// Returns the reason why there is no value.
    pub(super) fn node<'a>(&'a self, document: &'a Document, target: &Target) -> Result<&'a Node, Unresolved> {
        let file = || self.name(document, target);
        let root = match target.tree {
            None => Some(document.root()),
            Some(tree) => self.trees.get(tree).and_then(Option::as_ref),
        };
        let Some(root) = root else {
            return Err(unresolved(format!("`{}` cannot be read", file()), "correct the faults of that file"));
        };
        let node = pointer_segments(&target.pointer)
            .and_then(|segments| segments.iter().try_fold(root, |node, segment| node.child(segment)));
        node.ok_or_else(|| {
            let message = format!("`{}` has no value at `{}`", file(), target.pointer);
            unresolved(message, "check the part after the #")
        })
    }

    /// Returns the name of the file of a place.
    pub(super) fn name(&self, document: &Document, target: &Target) -> String {
        match target.tree {
            None => document.file().to_owned(),
            Some(tree) => format!("{}{}", directory(document.file()), self.path(tree)),
        }
    }

    /// Returns the path of a file, relative to the directory of the document.
    pub(super) fn path(&self, tree: usize) -> &str {
        self.by_number.values().find(|(index, _)| *index == tree).map_or("", |(_, path)| path)
    }
}

fn unresolved(message: impl Into<String>, help: &str) -> Unresolved {
    Unresolved { message: message.into(), help: help.to_owned() }
}

/// Returns the files to which the `$ref`s in `text` lead, as paths relative to the directory of the
/// document. `path` is the path of the file with this text. That file is not returned.
///
/// The result is empty if there is no such `$ref`, or if the text cannot be parsed.
#[must_use]
pub fn referenced_files(path: &str, text: &str) -> Vec<String> {
    // Most documents refer to no other file. A text search finds these without parsing them.
    let is_foreign = |rest: &str| !rest.trim_start_matches(['"', '\'', ':', ' ', '\t', '\r', '\n']).starts_with('#');
    if !text.split("$ref").skip(1).any(is_foreign) {
        return Vec::new();
    }
    let Ok(document) = Document::parse(path, text) else { return Vec::new() };
    let mut found = Vec::new();
    collect(document.root(), path, &mut found);
    found
}

fn collect(node: &Node, path: &str, found: &mut Vec<String>) {
    match node.kind() {
        Kind::Seq(nodes) => nodes.iter().for_each(|node| collect(node, path, found)),
        Kind::Map(members) => {
            for (name, node) in members.iter() {
                let text = node.as_str().filter(|_| name == "$ref").unwrap_or_default();
                let file = text.split_once('#').map_or(text, |(file, _)| file);
                if !file.is_empty()
                    && let Ok(file) = relative(file, path)
                    && file != path
                    && !found.contains(&file)
                {
                    found.push(file);
                }
                collect(node, path, found);
            }
        }
        _ => {}
    }
}

/// The reason why the path in a `$ref` names no file of the document.
enum Fault {
    Address,
    Outside,
}

impl Fault {
    fn explained(self, text: &str) -> Unresolved {
        match self {
            Self::Address => unresolved(
                format!("`{text}` is an address, and nothing is fetched"),
                "save the file beside the document, and write its relative path",
            ),
            Self::Outside => unresolved(
                format!("`{text}` leads out of the directory of the document"),
                "copy the file into that directory or below it, and write its relative path",
            ),
        }
    }
}

/// Returns the path of a referenced file, relative to the directory of the document. `base` is the
/// path of the file that refers to it.
fn relative(reference: &str, base: &str) -> Result<String, Fault> {
    let has_scheme = reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    });
    if has_scheme || reference.starts_with("//") {
        return Err(Fault::Address);
    }
    let reference = decoded(reference);
    if reference.starts_with(['/', '\\']) || reference.contains(':') {
        return Err(Fault::Outside);
    }
    let mut path: Vec<&str> = base.split('/').collect();
    path.pop();
    for part in reference.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop().ok_or(Fault::Outside)?;
            }
            part => path.push(part),
        }
    }
    Ok(path.join("/"))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Returns the directory of a file, with the slash at its end.
pub(in crate::source) fn directory(file: &str) -> &str {
    file.rfind(['/', '\\']).and_then(|slash| file.get(..=slash)).unwrap_or_default()
}

/// Returns the path of a file relative to a directory; `None` if the file is not inside it.
fn path_below(directory: &str, file: &str) -> Option<String> {
    Some(file.strip_prefix(directory)?.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(reference: &str, base: &str) -> Result<String, &'static str> {
        relative(reference, base).map_err(|fault| match fault {
            Fault::Address => "an address",
            Fault::Outside => "outside",
        })
    }

    #[test]
    fn a_reference_to_a_file_outside_the_directory_of_the_document_is_refused() {
        for (reference, base, expected) in [
            ("types.yaml", "api.yaml", Ok("types.yaml")),
            ("./a/../types.yaml", "", Ok("types.yaml")),
            ("../types.yaml", "paths/orders.yaml", Ok("types.yaml")),
            ("my%20types.yaml", "", Ok("my types.yaml")),
            ("..\\types.yaml", "paths/orders.yaml", Ok("types.yaml")),
            ("../types.yaml", "api.yaml", Err("outside")),
            ("a/../../types.yaml", "", Err("outside")),
            ("%2e%2e/types.yaml", "", Err("outside")),
            ("/etc/types.yaml", "", Err("outside")),
            ("%2Fetc/types.yaml", "", Err("outside")),
            ("C:/types.yaml", "", Err("outside")),
            ("https://acme.example/types.yaml", "", Err("an address")),
            ("//acme.example/types.yaml", "", Err("an address")),
            ("file:///types.yaml", "", Err("an address")),
        ] {
            assert_eq!(path(reference, base).as_deref(), expected.as_ref().copied(), "{reference}");
        }
    }

    #[test]
    fn each_file_that_references_lead_to_is_listed_once() {
        let text =
            "a: {$ref: 'b.yaml#/A'}\nc: [{$ref: b.yaml}, {$ref: '#/a'}, {$ref: '../x.yaml'}, {$ref: d/e.yaml}]\n";
        assert_eq!(referenced_files("api.yaml", text), ["b.yaml", "d/e.yaml"]);
        assert_eq!(referenced_files("d/e.yaml", text), ["d/b.yaml", "x.yaml", "d/d/e.yaml"]);
        assert!(referenced_files("api.yaml", "a: {$ref: '#/b'}").is_empty());
    }
}
