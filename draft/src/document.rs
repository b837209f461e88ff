//! Documents, and the places in them.

/// A document, as its publisher wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The name in messages and in `x-source`, such as `api.md`.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Document {
    /// Creates a document.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// A range of lines of one document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lines {
    /// The index of the document.
    pub document: usize,
    /// The first line, from 1.
    pub first: usize,
    /// The last line.
    pub last: usize,
}

impl Lines {
    pub(crate) fn one(document: usize, line: usize) -> Self {
        Self { document, first: line, last: line }
    }

    /// Returns the range from this one to another one of the same document.
    pub(crate) fn to(self, other: Self) -> Self {
        if self.document != other.document {
            return self;
        }
        Self { first: self.first.min(other.first), last: self.last.max(other.last), ..self }
    }

    /// Returns the place as text, such as `api.md:12-15`.
    pub fn show(self, names: &[String]) -> String {
        let name = names.get(self.document).map_or("document", String::as_str);
        if self.first == self.last {
            format!("{name}:{}", self.first)
        } else {
            format!("{name}:{}-{}", self.first, self.last)
        }
    }
}
