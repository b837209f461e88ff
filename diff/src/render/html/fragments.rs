//! The lines of both documents around a change.

use std::collections::{HashMap, HashSet};

use crate::comparison::{Change, Comparison, Place, Revision};
use crate::render::untrusted::one_line;
use crate::rules;

/// The number of lines before the changed part.
const BEFORE: usize = 3;
/// The maximum number of lines of the changed part.
const CHANGED: usize = 16;
/// The number of lines after the changed part.
const AFTER: usize = 2;
/// The maximum number of lines between an operation and the key of its path.
const ABOVE: usize = 1000;
/// The maximum number of characters of a line.
const LINE: usize = 240;

/// The lines of the files of both specs of a venue.
pub(super) struct Fragments<'a> {
    old: HashMap<&'a str, Vec<&'a str>>,
    new: HashMap<&'a str, Vec<&'a str>>,
}

/// Lines of a file.
pub(super) struct Fragment {
    pub(super) file: String,
    /// The number of the first changed line.
    pub(super) line: usize,
    pub(super) lines: Vec<Line>,
}

/// A line of a file.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) is_changed: bool,
    /// The line in three parts if a value in it changed: the text before the value, the value, and
    /// the text after it.
    pub(super) marked: Option<(String, String, String)>,
}

impl<'a> Fragments<'a> {
    pub(super) fn new(venue: &'a Comparison) -> Self {
        let lines = |side: Option<&'a crate::comparison::Side>| {
            let files = side.into_iter().flat_map(|side| &side.files);
            files.map(|file| (file.name.as_str(), file.text.lines().collect())).collect()
        };
        Self { old: lines(venue.old.as_ref()), new: lines(venue.new.as_ref()) }
    }

    /// Returns the lines around a place; `None` if the file is not known. `other` is the place in
    /// the other document.
    pub(super) fn of(&self, place: Option<&Place>, other: Option<&Place>, change: &Change) -> Option<Fragment> {
        let place = place?;
        let value = match place.revision {
            Revision::Old => change.was.as_deref(),
            Revision::New => change.is.as_deref(),
        };
        let lines = self.lines(place)?;
        // In the document without the part, the place around it is shown, and nothing is marked.
        let marks = place.is_exact;
        let is_moved = change.rule.id == rules::OPERATION_MOVED.id;
        let key = value.filter(|_| is_moved && marks).and_then(|route| key_of_path(lines, place.location.line, route));
        let (first, last) = match key {
            // The operation stands below another key: only that line changed.
            Some(key) => (key, key),
            None => (place.location.line, place.last_line.max(place.location.line)),
        };
        // Lines that the part has in both documents have not changed.
        let same: HashSet<&str> = match other.filter(|other| other.is_exact && key.is_none()) {
            Some(other) => self.block(other).iter().map(|line| line.trim()).collect(),
            None => HashSet::new(),
        };
        let block = self.block(place);
        let differs = key.is_none() && block.iter().any(|line| !same.contains(line.trim()));
        let from = first.saturating_sub(BEFORE).max(1);
        let to = last.min(first + CHANGED).saturating_add(AFTER);
        let lines = lines.iter().enumerate().skip(from - 1).take((to + 1).saturating_sub(from));
        let line = |(index, line): (usize, &&str)| {
            let number = index + 1;
            let is_same = differs && same.contains(line.trim());
            let is_changed = marks && (first..=last).contains(&number) && !is_same;
            let text = shown(line);
            let marked = value.filter(|_| is_changed && number == first).and_then(|value| marked(&text, value));
            Line { number, text, is_changed, marked }
        };
        Some(Fragment { file: place.location.file.clone(), line: first, lines: lines.map(line).collect() })
    }

    /// Returns the lines of the file of a place.
    fn lines(&self, place: &Place) -> Option<&[&'a str]> {
        let files = match place.revision {
            Revision::Old => &self.old,
            Revision::New => &self.new,
        };
        files.get(place.location.file.as_str()).map(Vec::as_slice)
    }

    /// Returns the lines of a place.
    fn block(&self, place: &Place) -> &[&'a str] {
        let first = place.location.line.saturating_sub(1);
        let last = place.last_line.max(place.location.line);
        self.lines(place).and_then(|lines| lines.get(first..last.min(lines.len()))).unwrap_or_default()
    }
}

/// Returns the number of the line that has the key of a path: the last one at or above `line`.
/// `route` is a method and a path.
fn key_of_path(lines: &[&str], line: usize, route: &str) -> Option<usize> {
    let (_, path) = route.split_once(' ')?;
    let is_key = |text: &str| {
        let text = text.trim().trim_start_matches(['"', '\'']);
        text.strip_prefix(path).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
    };
    (line.saturating_sub(ABOVE).max(1)..=line)
        .rev()
        .find(|number| lines.get(number - 1).is_some_and(|text| is_key(text)))
}

/// Returns a line without invisible characters. Its indentation stays.
fn shown(line: &str) -> String {
    let inner = line.trim_start_matches(' ');
    let indentation = line.len() - inner.len();
    format!("{:indentation$}{}", "", one_line(inner, LINE))
}

/// Splits a line at a value or, if the line does not have it, at a word of the value: at one with a
/// digit if there is any.
fn marked(line: &str, value: &str) -> Option<(String, String, String)> {
    let mut words: Vec<&str> = value.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| !word.contains(|c: char| c.is_ascii_digit()));
    [value].into_iter().chain(words).find_map(|word| split(line, word))
}

/// Splits a line at the last word that is the value.
fn split(line: &str, value: &str) -> Option<(String, String, String)> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let found = line.rmatch_indices(value).find(|(at, _)| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let after = line.get(at + value.len()..).and_then(|text| text.chars().next());
        is_edge(before) && is_edge(after)
    });
    let (at, _) = found.filter(|_| !value.is_empty())?;
    let part = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Some((part(line.get(..at)), value.to_owned(), part(line.get(at + value.len()..))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_path_is_looked_for_above_the_operation() {
        let lines = ["paths:", "  /a:", "    get: {}", "  '/a/b' :", "    post:", "      tags: [/a/b]", "  \"/c\": {}"];
        assert_eq!(key_of_path(&lines, 3, "GET /a"), Some(2));
        assert_eq!(key_of_path(&lines, 6, "POST /a/b"), Some(4));
        assert_eq!(key_of_path(&lines, 7, "GET /c"), Some(7));
        for (line, route) in [(7, "GET /d"), (1, "GET /a"), (0, "GET /a"), (99, "GET /d"), (3, "order.cancel")] {
            assert_eq!(key_of_path(&lines, line, route), None, "{line} {route}");
        }
    }

    #[test]
    fn a_value_is_marked_where_it_is_a_word() {
        let parts = |line: &str, value: &str| split(line, value).map(|(before, _, after)| (before, after));
        let of = |before: &str, after: &str| Some((before.to_owned(), after.to_owned()));
        assert_eq!(parts("maximum: 10", "10"), of("maximum: ", ""));
        assert_eq!(parts("enum: [a, ab]", "a"), of("enum: [", ", ab]"));
        assert_eq!(parts("type: strings", "string"), None);
        assert_eq!(parts("a", ""), None);
        let parts = |line: &str, value: &str| marked(line, value).map(|(_, marked, _)| marked);
        assert_eq!(parts("{type: integer, maximum: 5}", "integer, at most 5").as_deref(), Some("5"));
        assert_eq!(parts("a: b", "c d"), None);
    }
}
