//! One spec file: its tree, and diagnostics that point into it.

use std::collections::HashMap;

use super::node::{Node, Position, json_text};
use super::pointer::{parent, pointer_segments};
use super::provenance;
use super::text::TextNotes;
use crate::diagnostic::{Diagnostic, Diagnostics, Help, Location};

/// A spec file, with its overlays applied.
#[derive(Clone, Debug)]
pub struct Document {
    file: String,
    /// The names of the files from which the tree has values. A position contains the index of its
    /// file.
    files: Vec<String>,
    root: Node,
    /// The findings on the text of the files.
    notes: TextNotes,
    /// The reasons why `$ref`s to other files lead to no value, by the position of the `$ref`.
    unresolved: HashMap<Position, Unresolved>,
    /// True if the document is in normal form. Then all findings are listed, however many they are.
    is_normal: bool,
    /// The index of the first file that is an overlay. All files after it are overlays too.
    first_overlay: Option<u8>,
}

/// The reason why a `$ref` to another file leads to no value.
#[derive(Clone, Debug)]
pub(super) struct Unresolved {
    /// The fault.
    pub(super) message: String,
    /// The advice.
    pub(super) help: String,
}

impl Document {
    /// Reads YAML, or JSON if the file's name ends with `.json`. `file` is its name in messages.
    ///
    /// # Errors
    /// Returns findings if the text is neither YAML nor JSON, or if it has more than a million
    /// values. Other faults of the text, such as a key that is given twice, are kept for the check.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::parse_at(file, 0, text)
    }

    /// Reads a file whose values become part of another document. `index` is the index of the file
    /// in that document.
    ///
    /// # Errors
    /// Returns findings in the same cases as [`parse`](Self::parse).
    pub(super) fn parse_at(file: &str, index: u8, text: &str) -> Result<Self, Diagnostics> {
        let (mut root, notes) = super::text::parse(file, index, text)?;
        provenance::remove(&mut root);
        let files = vec![file.to_owned(); usize::from(index) + 1];
        Ok(Self {
            file: file.to_owned(),
            files,
            root,
            notes,
            unresolved: HashMap::new(),
            is_normal: false,
            first_overlay: None,
        })
    }

    /// Adds the name of a file from which the tree gets values, and returns its index; `None` if
    /// there are too many files.
    pub(super) fn add_file(&mut self, file: &str) -> Option<u8> {
        let index = u8::try_from(self.files.len()).ok()?;
        self.files.push(file.to_owned());
        Some(index)
    }

    /// Adds the name of an overlay, as [`add_file`](Self::add_file) does. Overlays are the last
    /// files of a document.
    pub(super) fn add_overlay(&mut self, file: &str) -> Option<u8> {
        let index = self.add_file(file)?;
        self.first_overlay.get_or_insert(index);
        Some(index)
    }

    /// Returns the index of the first overlay; `None` if there is none.
    pub(super) fn first_overlay(&self) -> Option<u8> {
        self.first_overlay
    }

    /// Returns the findings on the text of the files.
    pub(super) fn text_notes(&self) -> &TextNotes {
        &self.notes
    }

    /// Returns the findings on the text of the files, to change them.
    pub(super) fn text_notes_mut(&mut self) -> &mut TextNotes {
        &mut self.notes
    }

    /// Returns the tree, without the rest of the document.
    pub(super) fn into_root(self) -> Node {
        self.root
    }

    /// Returns the name of the file of a position.
    pub(super) fn file_of(&self, position: Position) -> &str {
        self.files.get(usize::from(position.file)).unwrap_or(&self.file)
    }

    /// Keeps the reason why the `$ref` at a position leads to no value.
    pub(super) fn keep_unresolved(&mut self, position: Position, unresolved: Unresolved) {
        self.unresolved.insert(position, unresolved);
    }

    /// Returns the reason why the `$ref` at a position leads to no value, if it leads to another
    /// file.
    pub(super) fn unresolved(&self, position: Position) -> Option<&Unresolved> {
        self.unresolved.get(&position)
    }

    /// Returns the same document, marked as being in normal form.
    pub(super) fn in_normal_form(self) -> Self {
        Self { is_normal: true, ..self }
    }

    /// Returns whether the document is in normal form. Then all findings are listed, however many
    /// they are.
    pub(crate) fn is_normal(&self) -> bool {
        self.is_normal
    }

    /// Returns the value at a JSON pointer, to change it.
    pub(super) fn node_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        pointer_segments(pointer)?.iter().try_fold(&mut self.root, |node, segment| node.child_mut(segment))
    }

    /// Returns the whole document, to change it.
    pub(super) fn root_mut(&mut self) -> &mut Node {
        &mut self.root
    }

    /// Returns the file as the user named it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns whether the name of the file says that it is JSON. Findings then show JSON, not
    /// YAML.
    #[must_use]
    pub fn is_json(&self) -> bool {
        super::text::is_json(&self.file)
    }

    /// Returns the venue's name: the stem of the file.
    #[must_use]
    pub fn venue(&self) -> &str {
        let name = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Returns the whole document.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the value at a JSON pointer.
    #[must_use]
    pub fn node(&self, pointer: &str) -> Option<&Node> {
        pointer_segments(pointer)?.iter().try_fold(&self.root, |node, segment| node.child(segment))
    }

    /// Returns the place of the value at a JSON pointer, or of its nearest ancestor that exists.
    #[must_use]
    pub fn location(&self, pointer: &str) -> Location {
        self.place(pointer, self.position(pointer))
    }

    /// Returns the place of the *key* of the value at a JSON pointer.
    #[must_use]
    pub fn key_location(&self, pointer: &str) -> Location {
        self.place(pointer, self.key_position(pointer))
    }

    /// Returns a finding on the value at `pointer`.
    #[must_use]
    pub fn finding(&self, pointer: &str, message: impl Into<String>, help: Option<Help>) -> Diagnostic {
        Diagnostic::error(self.location(pointer), message, help)
    }

    /// Returns the position of the value at a JSON pointer, or of its nearest ancestor that is
    /// there.
    pub(super) fn position(&self, pointer: &str) -> Position {
        self.nearest(pointer).anchor()
    }

    /// Returns the position of the key of the value at a JSON pointer.
    pub(super) fn key_position(&self, pointer: &str) -> Position {
        let node = self.nearest(pointer);
        node.key_position().unwrap_or(node.anchor())
    }

    /// Returns a text as a quoted string in the document's language, YAML or JSON.
    pub(crate) fn quoted(&self, text: &str) -> String {
        if self.is_json() { json_text(text) } else { format!("'{}'", text.replace('\'', "''")) }
    }

    /// Returns an example of YAML in the document's language: for JSON, single quotes become double
    /// quotes.
    pub(crate) fn example(&self, example: &str) -> String {
        if !self.is_json() {
            return example.to_owned();
        }
        let mut text = String::with_capacity(example.len());
        let mut is_open = false;
        for c in example.chars() {
            // A quote that follows a letter is an apostrophe.
            let opens = !is_open && text.ends_with([' ', '[', '{', '(']);
            if c == '\'' && (opens || is_open) {
                is_open = !is_open;
                text.push('"');
            } else {
                text.push(c);
            }
        }
        text
    }

    fn nearest(&self, pointer: &str) -> &Node {
        let mut pointer = pointer;
        loop {
            if let Some(node) = self.node(pointer) {
                return node;
            }
            match parent(pointer) {
                Some(above) => pointer = above,
                None => return &self.root,
            }
        }
    }

    pub(super) fn place(&self, pointer: &str, position: Position) -> Location {
        let Position { line, column, .. } = position;
        Location { file: self.file_of(position).to_owned(), line, column, pointer: pointer.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse("specs/acme-spot.yaml", text).unwrap_or_else(|findings| panic!("{findings}"))
    }

    fn place(text: &str, pointer: &str) -> (usize, usize) {
        let location = document(text).location(pointer);
        (location.line, location.column)
    }

    #[test]
    fn a_scalar_is_located_at_itself_and_any_other_value_at_its_key() {
        let text = "a: 1\nb:\n  c: text\n  d: {e: true, f: [x, {g: 5}]}\n  h:\n";
        assert_eq!(place(text, "/a"), (1, 4));
        assert_eq!(place(text, "/b"), (2, 1));
        assert_eq!(place(text, "/b/c"), (3, 6));
        assert_eq!(place(text, "/b/d"), (4, 3));
        assert_eq!(place(text, "/b/d/e"), (4, 10));
        assert_eq!(place(text, "/b/d/f/0"), (4, 20));
        assert_eq!(place(text, "/b/d/f/1/g"), (4, 27));
        assert_eq!(place(text, "/b/h"), (5, 3));
    }

    #[test]
    fn an_element_of_a_list_is_located_after_its_dash() {
        let text = "list:\n  - name: a\n    in: b\n  -\n    name: c\n";
        assert_eq!(place(text, "/list/0"), (2, 5));
        assert_eq!(place(text, "/list/0/in"), (3, 9));
        assert_eq!(place(text, "/list/1"), (5, 5));
    }

    #[test]
    fn a_missing_value_is_located_at_its_nearest_ancestor() {
        let document = document("a:\n  b: {c: 1}\n");
        let location = document.location("/a/b/x/y");
        assert_eq!((location.line, location.column, location.pointer.as_str()), (2, 3, "/a/b/x/y"));
        assert_eq!((document.location("/z").line, document.location("nonsense").line), (1, 1));
    }

    #[test]
    fn a_key_has_a_location_of_its_own() {
        let document = document("a: {requred: [x]}\n");
        let location = document.key_location("/a/requred");
        assert_eq!((location.line, location.column), (1, 5));
    }

    #[test]
    fn columns_count_characters_and_lines_may_end_with_a_carriage_return() {
        assert_eq!(place("'月': {a: 1}\n", "/月/a"), (1, 10));
        assert_eq!(place("\u{feff}a: 1\r\nb:\r\n  c: 2\r\n", "/b/c"), (3, 6));
    }

    #[test]
    fn json_can_be_read_as_yaml() {
        let text = "{\n\t\"a\":[1,\"x\\/y\\n\"],\n\t\"b\" : { \"c\": null }\n}\n";
        assert_eq!(document(text).root().to_json(), r#"{"a":[1,"x/y\n"],"b":{"c":null}}"#);
        assert_eq!(place(text, "/b"), (3, 2));
    }

    #[test]
    fn the_digits_of_numbers_stay_as_written() {
        let text = "a: [1518074034.9090531, 0.00000001000000000000, 0.10, -0, 1e-7, 12345678901234567890123]";
        let json = r#"{"a":[1518074034.9090531,0.00000001000000000000,0.10,-0,1e-7,12345678901234567890123]}"#;
        assert_eq!(document(text).root().to_json(), json);
    }

    #[test]
    fn quoted_scalars_and_all_keys_are_text() {
        let text = "200: '200'\ntrue: yes\nnull: \"null\"\n1.0: |\n  2\n2:\n";
        assert_eq!(document(text).root().to_json(), r#"{"200":"200","true":"yes","null":"null","1.0":"2\n","2":null}"#);
    }

    #[test]
    fn json_text_escapes_quotes_backslashes_and_control_characters() {
        let text = r#"a: "\u0001\"\\\t\r\n月""#;
        assert_eq!(document(text).root().to_json(), r#"{"a":"\u0001\"\\\t\r\n月"}"#);
        assert_eq!(document(text).root().to_value(), serde_json::json!({"a": "\u{1}\"\\\t\r\n月"}));
    }

    #[test]
    fn the_venue_is_the_stem_of_the_file() {
        assert_eq!(document("a: 1").venue(), "acme-spot");
        for (file, venue) in [("jex.yaml", "jex"), ("/a.b/c.d.json", "c.d"), ("specs\\x.yml", "x"), ("", "")] {
            assert_eq!(
                Document::parse(file, "{\"a\": 1}").map(|document| document.venue().to_owned()),
                Ok(venue.to_owned())
            );
        }
    }

    #[test]
    fn pointers_lead_through_escapes_and_lists() {
        let document = document("paths: {'/a~b/{c}': [x, {'': 1}]}");
        assert_eq!(document.node("/paths/~1a~0b~1{c}/1/").and_then(Node::as_number), Some("1"));
        assert!(document.node("/paths/~1a~0b~1{c}/01").is_none());
        assert!(document.node("/paths/~1a~0b~1{c}/-").is_none());
    }
}
