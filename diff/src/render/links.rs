//! Links from places in specs to lines of a repository on GitHub.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::comparison::{Place, Revision};

/// Characters that are escaped in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// The links to the lines of old and new specs. Without a repository there are no links.
#[derive(Clone, Debug, Default)]
pub struct Links {
    url: String,
    base: Option<String>,
    head: Option<String>,
    uncommitted: BTreeSet<String>,
}

impl Links {
    /// Returns the links to a repository (`https://github.com/OWNER/NAME`). `base` and `head` are
    /// the ids of the commits. A side without an id has no links.
    ///
    /// # Errors
    ///
    /// If `url` is not an address that can be part of a link.
    pub fn new(url: &str, base: Option<&str>, head: Option<&str>) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if !is_web || !url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_~%".contains(&byte)) {
            return Err(format!(
                "--links takes the address of a repository (https://github.com/OWNER/NAME), not `{url}`"
            ));
        }
        let owned = |id: &str| id.to_owned();
        Ok(Self { url: url.to_owned(), base: base.map(owned), head: head.map(owned), uncommitted: BTreeSet::new() })
    }

    /// Leaves out the links to new specs whose compared text is not in the commit.
    #[must_use]
    pub fn without(self, uncommitted: BTreeSet<String>) -> Self {
        Self { uncommitted, ..self }
    }

    /// Returns the link to the line of a place.
    #[must_use]
    pub fn to(&self, place: &Place) -> Option<String> {
        let (file, line) = (&place.location.file, place.location.line);
        let id = match place.revision {
            Revision::Old => self.base.as_ref(),
            Revision::New => self.head.as_ref().filter(|_| !self.uncommitted.contains(file)),
        }?;
        Some(format!("{}/blob/{id}/{}#L{line}", self.url, utf8_percent_encode(file, PATH)))
    }
}
