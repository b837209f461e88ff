//! Findings on a spec: each has a place, a message and a help.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The maximum number of listed findings of one kind. The others are only counted.
const LISTED_PER_KIND: usize = 20;

/// The maximum number of listed findings of all kinds together.
const LISTED: usize = 2_000;

/// A place in a spec file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file as the user named it, `specs/btse-spot.yaml`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, counted in characters.
    pub column: usize,
    /// The JSON pointer of the value, `/paths/~1v2~1order/post`; empty for the whole document.
    pub pointer: String,
}

/// The advice of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    text: String,
    edits: Vec<Edit>,
}

/// A change that carries out advice, and needs no decision by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The JSON pointer of the value to change.
    pub pointer: String,
    /// The change to it.
    pub change: Change,
}

/// A change to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The value becomes this JSON. A missing key is added.
    Set(String),
    /// The key of the value becomes this key.
    Rename(String),
    /// The value is removed, with its key.
    Remove,
}

impl Help {
    /// Adds a change that carries out the advice.
    #[must_use]
    pub fn with(mut self, pointer: impl Into<String>, change: Change) -> Self {
        self.edits.push(Edit { pointer: pointer.into(), change });
        self
    }

    /// Sets the pointer of each change that has none. An empty pointer stands for the place of the
    /// finding.
    pub(crate) fn on(mut self, pointer: &str) -> Self {
        for edit in self.edits.iter_mut().filter(|edit| edit.pointer.is_empty()) {
            pointer.clone_into(&mut edit.pointer);
        }
        self
    }

    /// Returns the advice as a sentence.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the changes that carry out the advice, in order. There are none if the user has to
    /// decide something.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text, edits: Vec::new() }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something was synthesised, ignored or relaxed. Requests and responses are still correct.
    Warning,
    /// An operation was left out, because its requests or responses would be wrong.
    LeftOut,
    /// No client can be generated.
    #[default]
    Error,
}

/// The effect of a warning on the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// The document lacks something, and the generator made it up.
    Synthesised,
    /// A part of the document has no effect.
    Ignored,
    /// The client accepts more than the document states, or the document was read as it was meant.
    Relaxed,
    /// A value has no type: it is any JSON value.
    Untyped,
}

impl Effect {
    /// Returns the name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Synthesised => "synthesised",
            Self::Ignored => "ignored",
            Self::Relaxed => "relaxed",
            Self::Untyped => "untyped",
        }
    }
}

/// The part of a document that a finding of [`Level::LeftOut`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// An operation: method and path, or the name of a JSON-RPC method.
    Operation(String),
    /// All operations of a path.
    Path(String),
}

/// A change that removes a finding and keeps the meaning of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// No change is known.
    #[default]
    None,
    /// The key is left out: neither the standard nor this generator knows it.
    DropKey,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Its severity.
    pub level: Level,
    /// The effect of a warning; `None` for other findings.
    pub effect: Option<Effect>,
    pub(crate) remedy: Remedy,
    /// The operation that is left out, if one is.
    pub left_out: Option<LeftOut>,
    /// Its place.
    pub location: Location,
    /// The fault, in lower case and without a full stop.
    pub message: String,
    /// The advice on what to write instead.
    pub help: Option<Help>,
}

impl Diagnostic {
    /// Creates a finding of level [`Level::Error`].
    #[must_use]
    pub fn error(location: Location, message: impl Into<String>, help: Option<Help>) -> Self {
        Self {
            level: Level::Error,
            effect: None,
            remedy: Remedy::None,
            left_out: None,
            location,
            message: message.into(),
            help,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Location { file, line, column, pointer } = &self.location;
        let level = if self.level == Level::Warning { "warning: " } else { "" };
        write!(f, "{file}:{line}:{column}: {level}{}", ShortText(&self.message))?;
        if !pointer.is_empty() {
            write!(f, "\n  at {}", ShortText(pointer))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", ShortText(&help.text))?;
        }
        Ok(())
    }
}

/// Text, shortened for display, because names and values of a document can be megabytes long.
struct ShortText<'a>(&'a str);

impl fmt::Display for ShortText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 1_000;
        match self.0.char_indices().nth(LONGEST).and_then(|(end, _)| self.0.split_at_checked(end)) {
            Some((first, _)) => write!(f, "{first}.."),
            None => f.write_str(self.0),
        }
    }
}

/// The findings of a run, in the order of the document.
///
/// Findings whose messages differ only in names and numbers are of one kind. The first 20 of a
/// kind, and at most 2,000 of all kinds, are kept and shown; the others are only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    listed: Vec<Diagnostic>,
    /// In a box, so that a `Result` of findings stays small.
    counts: Box<Counts>,
    /// True if findings are listed without a maximum number.
    is_complete: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    /// The hashes of all findings, listed or not.
    seen: HashSet<u64>,
    /// The number of listed findings of each kind.
    listed: HashMap<u64, usize>,
    /// The number of findings of each kind that are only counted.
    more: HashMap<u64, usize>,
}

impl Diagnostics {
    /// Creates an empty list that lists all of its findings, without a maximum number.
    pub(crate) fn complete() -> Self {
        Self { is_complete: true, ..Self::default() }
    }

    /// Adds a finding, unless it was added before.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let Location { line, column, pointer, .. } = &diagnostic.location;
        if self.has_room((*line, *column), pointer, &diagnostic.message) {
            self.listed.push(diagnostic);
        }
    }

    /// Adds a finding whose details are made only if it is listed.
    pub(crate) fn push_with(
        &mut self,
        (line, column): (usize, usize),
        pointer: &str,
        message: String,
        details: impl FnOnce(String) -> Diagnostic,
    ) {
        if self.has_room((line, column), pointer, &message) {
            self.listed.push(details(message));
        }
    }

    /// Counts a finding, and returns whether it has to be listed.
    fn has_room(&mut self, place: (usize, usize), pointer: &str, message: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        (place, pointer, message).hash(&mut hasher);
        if !self.counts.seen.insert(hasher.finish()) {
            return false;
        }
        let kind = kind(message);
        let listed = self.counts.listed.entry(kind).or_default();
        let room = self.is_complete || (*listed < LISTED_PER_KIND && self.listed.len() < LISTED);
        if room {
            *listed += 1;
        } else {
            *self.counts.more.entry(kind).or_default() += 1;
        }
        room
    }

    /// Adds the findings of another run.
    pub fn extend(&mut self, other: Self) {
        other.listed.into_iter().for_each(|d| self.push(d));
        for (kind, count) in other.counts.more {
            *self.counts.more.entry(kind).or_default() += count;
        }
        self.counts.seen.extend(other.counts.seen);
    }

    /// Returns whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Returns how many findings there are, listed or not.
    pub fn len(&self) -> usize {
        self.listed.len() + self.counts.more.values().sum::<usize>()
    }

    /// Returns the findings that are listed.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.listed.iter()
    }

    /// Returns `value` if there are no findings.
    ///
    /// # Errors
    /// Returns the findings, sorted by place, if there are any.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            return Ok(value);
        }
        self.listed.sort_by(|a, b| a.location.cmp(&b.location));
        Err(self)
    }
}

impl fmt::Display for Diagnostics {
    /// Writes the listed findings. The count of the others follows the last one of their kind.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut more = self.counts.more.clone();
        let mut last = HashMap::new();
        for (at, diagnostic) in self.listed.iter().enumerate().filter(|_| !more.is_empty()) {
            last.insert(kind(&diagnostic.message), at);
        }
        for (at, diagnostic) in self.listed.iter().enumerate() {
            writeln!(f, "{diagnostic}")?;
            let kind = kind(&diagnostic.message);
            if last.get(&kind) == Some(&at)
                && let Some(count) = more.remove(&kind)
            {
                writeln!(f, "  and {} more like this", thousands(count))?;
            }
        }
        match more.values().sum() {
            0 => Ok(()),
            others => writeln!(f, "and {} more of other kinds", thousands(others)),
        }
    }
}

impl std::error::Error for Diagnostics {}

/// Returns a hash of the parts that the messages of one kind share: everything except names in
/// backticks, text in quotes, and digits.
pub(crate) fn kind(message: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut quote = None;
    for byte in message.bytes() {
        match (quote, byte) {
            (None, b'`' | b'"') => quote = Some(byte),
            (None, byte) if byte.is_ascii_digit() => {}
            (None, byte) => hasher.write_u8(byte),
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
        }
    }
    hasher.finish()
}

/// Shortens a text that a message quotes.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST).and_then(|(end, _)| text.split_at_checked(end)) {
        Some((first, _)) => format!("{first}.."),
        None => text.to_owned(),
    }
}

/// Returns a count as people read it: `99,980`.
pub(crate) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: usize, message: &str) -> Diagnostic {
        let location = Location { file: "a.yaml".to_owned(), line, column: 1, pointer: String::new() };
        Diagnostic::error(location, message, None)
    }

    #[test]
    fn the_first_20_of_a_kind_are_listed_and_the_others_counted() {
        let mut findings = Diagnostics::default();
        for line in 1..=100_000 {
            findings.push(finding(line, &format!("there is no `name{line}` in {line} places")));
        }
        findings.push(finding(200_000, "another kind"));
        assert_eq!((findings.len(), findings.iter().count()), (100_001, 21));
        let shown = findings.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 22);
        assert_eq!(lines.get(20), Some(&"  and 99,980 more like this"));
        assert_eq!(lines.get(21), Some(&"a.yaml:200000:1: another kind"));
    }

    #[test]
    fn a_finding_that_was_made_before_is_not_counted_again() {
        let mut findings = Diagnostics::default();
        for _ in 0..2 {
            (1..=50).for_each(|line| findings.push(finding(line, "the same")));
        }
        assert_eq!(findings.len(), 50);
    }

    #[test]
    fn the_findings_of_two_runs_are_counted_together() {
        let run = |lines: std::ops::Range<usize>| {
            let mut findings = Diagnostics::default();
            lines.for_each(|line| findings.push(finding(line, &format!("`{line}`"))));
            findings
        };
        let mut both = run(0..30);
        both.extend(run(30..60));
        assert_eq!((both.len(), both.iter().count()), (60, 20));
        assert!(both.to_string().ends_with("  and 40 more like this\n"));
    }

    #[test]
    fn the_number_of_listed_findings_has_a_maximum_for_all_kinds_together() {
        let mut findings = Diagnostics::default();
        (0..5_000_u32).for_each(|line| {
            let word: String = line.to_string().chars().map(|digit| char::from(b'a' + (digit as u8 - b'0'))).collect();
            findings.push(finding(1, &word));
        });
        assert_eq!((findings.len(), findings.iter().count()), (5_000, 2_000));
        assert!(findings.to_string().ends_with("and 3,000 more of other kinds\n"));
    }
}
