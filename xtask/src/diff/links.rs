//! Links from a report to the repository on GitHub.

use std::collections::BTreeSet;

use venuekit_diff::render::{Links, Origin, Report};

use super::entry;
use super::git::Git;
use crate::specs::Files;

/// Returns the links of a report to a repository on GitHub. If the working tree is compared, files
/// that differ from `HEAD` get no link.
pub(crate) fn links(url: &str, git: &Git, report: &Report) -> Result<Links, String> {
    let (base, head) = (report.origins.base.id(), report.origins.head.id());
    if report.origins.head != Origin::WorkingTree {
        return Links::new(url, base, head);
    }
    let head = git.commit("HEAD")?;
    let links = Links::new(url, base, head.as_deref())?;
    Ok(links.without(uncommitted(git, head.as_deref(), report)?))
}

/// Returns the compared files in the working tree that differ from the commit `head`. Without a
/// commit, all of them do.
fn uncommitted(git: &Git, head: Option<&str>, report: &Report) -> Result<BTreeSet<String>, String> {
    let committed = match head {
        Some(id) => entry::of_repository(git, &Origin::Commit { name: "HEAD".to_owned(), id: id.to_owned() })?,
        None => Default::default(),
    };
    let present = entry::of_repository(git, &Origin::WorkingTree)?;
    let listed = report.venues.iter().filter_map(|venue| Some((&venue.venue, present.get(&venue.venue)?)));
    let listed = listed.flat_map(|(venue, files)| files.iter().map(move |entry| (venue, entry)));
    let differs = listed.filter(|(venue, entry)| {
        let mut committed = committed.get(*venue).into_iter().flat_map(Files::iter);
        let committed = committed.find(|committed| committed.file == entry.file);
        committed.is_none_or(|committed| committed.read(Some(git)).ok() != entry.read(Some(git)).ok())
    });
    Ok(differs.map(|(_, entry)| entry.file.clone()).collect())
}
