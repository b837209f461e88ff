//! Links from places in specs to lines on GitHub.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use venuekit_diff::{Place, Revision};

use super::ends::End;
use super::gather::{self, Report};
use super::git::Git;

/// What may not stand in a path as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// Where the lines of the two ends are; nowhere by default.
#[derive(Debug, Default)]
pub(crate) struct Links {
    url: String,
    base: Option<String>,
    head: Option<String>,
    /// Files that no commit has as they are.
    changed: BTreeSet<String>,
}

impl Links {
    pub(crate) fn new(url: &str, git: &Git, report: &Report) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if !is_web || !url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_~%".contains(&byte)) {
            return Err(format!(
                "--links takes the address of a repository (https://github.com/OWNER/NAME), not `{url}`"
            ));
        }
        let owned = |id: &str| id.to_owned();
        let mut links = Self {
            url: url.to_owned(),
            base: report.ends.base.id().map(owned),
            head: report.ends.head.id().map(owned),
            changed: BTreeSet::new(),
        };
        if report.ends.head == End::WorkingTree {
            links.head = git.commit("HEAD")?;
            links.changed = changed(git, links.head.as_deref(), report)?;
        }
        Ok(links)
    }

    /// The line of a place.
    pub(crate) fn to(&self, place: &Place) -> Option<String> {
        let (file, line) = (&place.location.file, place.location.line);
        let id = match place.revision {
            Revision::Old => self.base.as_ref(),
            Revision::New => self.head.as_ref().filter(|_| !self.changed.contains(file)),
        }?;
        Some(format!("{}/blob/{id}/{}#L{line}", self.url, utf8_percent_encode(file, PATH)))
    }
}

/// The specs in the working tree that are not as the commit has them.
fn changed(git: &Git, head: Option<&str>, report: &Report) -> Result<BTreeSet<String>, String> {
    let committed = match head {
        Some(id) => gather::entries(git, &End::Commit { name: "HEAD".to_owned(), id: id.to_owned() })?,
        None => Default::default(),
    };
    let present = gather::entries(git, &End::WorkingTree)?;
    let listed = report.venues.iter().filter_map(|venue| present.get(&venue.venue).map(|entry| (&venue.venue, entry)));
    let differs = listed.filter(|(venue, entry)| {
        let committed = committed.get(*venue).filter(|committed| committed.file == entry.file);
        committed.is_none_or(|committed| committed.read(Some(git)).ok() != entry.read(Some(git)).ok())
    });
    Ok(differs.map(|(_, entry)| entry.file.clone()).collect())
}
