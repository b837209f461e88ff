//! Finds the two revisions to compare.

use venuekit_diff::render::{Origin, Origins};

use super::git::Git;

/// The possible names of the main branch, in the order in which they are tried: the full name, and
/// the name for messages.
const MAIN: [(&str, &str); 5] = [
    ("refs/remotes/origin/HEAD", "origin/HEAD"),
    ("refs/remotes/origin/main", "origin/main"),
    ("refs/heads/main", "main"),
    ("refs/remotes/origin/master", "origin/master"),
    ("refs/heads/master", "master"),
];

const HISTORY: &str = "CI needs the full history (`fetch-depth: 0` of actions/checkout)";

/// Returns the revisions to compare. By default, the new revision is the working tree, and the old
/// one is the commit where it left the main branch. `BRANCH...` as `base` is the commit where the
/// new revision left BRANCH.
pub(crate) fn resolve(git: &Git, base: Option<&str>, head: Option<&str>) -> Result<Origins, String> {
    let new = match head {
        Some(name) => Origin::Commit { name: name.to_owned(), id: commit(git, name)? },
        None => Origin::WorkingTree,
    };
    let old = match base.map(|base| (base, base.strip_suffix("..."))) {
        Some((name, None)) => Origin::Commit { name: name.to_owned(), id: commit(git, name)? },
        Some((name, Some(branch))) => left(git, name, branch, &commit(git, branch)?, &new)?,
        None => {
            let (branch, id) = main_branch(git)?;
            left(git, &format!("{branch}..."), branch, &id, &new)?
        }
    };
    Ok(Origins { base: old, head: new })
}

/// Returns the id of the commit that a revision names.
pub(crate) fn commit(git: &Git, name: &str) -> Result<String, String> {
    if name.starts_with('-') {
        return Err(format!("`{name}` is not a revision: it begins with a dash"));
    }
    if let Some(id) = git.commit(name)? {
        return Ok(id);
    }
    let remote = format!("origin/{name}");
    let there = git.commit(&format!("refs/remotes/{remote}"))?.is_some();
    let help = if there { format!("did you mean `{remote}`?") } else { format!("was it fetched? {HISTORY}") };
    Err(format!("unknown revision `{name}`; help: {help}"))
}

fn main_branch(git: &Git) -> Result<(&'static str, String), String> {
    for (reference, name) in MAIN {
        if let Some(id) = git.commit(reference)? {
            return Ok((name, id));
        }
    }
    let names = MAIN.map(|(_, name)| name).join(", ");
    Err(format!("no main branch was found to compare with ({names}); help: name a revision: --base REV"))
}

/// Returns the last commit that a branch and the new revision have in common. The working tree
/// counts as `HEAD`.
fn left(git: &Git, name: &str, branch: &str, id: &str, new: &Origin) -> Result<Origin, String> {
    let (head, shown) = match new {
        Origin::Commit { id, name } => (id.clone(), name.as_str()),
        _ => (commit(git, "HEAD")?, "HEAD"),
    };
    if let Some(id) = git.merge_base(id, &head)? {
        return Ok(Origin::Commit { name: name.to_owned(), id });
    }
    let help = if git.is_shallow()? {
        format!("the clone is shallow: {HISTORY}")
    } else {
        "name a revision: --base REV".to_owned()
    };
    Err(format!("`{branch}` and `{shown}` have no common commit in this clone; help: {help}"))
}
