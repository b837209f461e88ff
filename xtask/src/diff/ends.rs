//! What is compared: two revisions, or two files.

use super::git::Git;

/// Where the main branch may be, by its full name, and how to say it.
const MAIN: [(&str, &str); 5] = [
    ("refs/remotes/origin/HEAD", "origin/HEAD"),
    ("refs/remotes/origin/main", "origin/main"),
    ("refs/heads/main", "main"),
    ("refs/remotes/origin/master", "origin/master"),
    ("refs/heads/master", "master"),
];

const HISTORY: &str = "CI needs the full history (`fetch-depth: 0` of actions/checkout)";

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A commit: as the user named it, and its id.
    Commit { name: String, id: String },
    /// What lies in the directory, committed or not.
    WorkingTree,
    /// A file of its own.
    File(String),
}

impl End {
    /// How to say it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Commit { name, .. } => name,
            Self::WorkingTree => "the working tree",
            Self::File(name) => name,
        }
    }

    /// The id of the commit, if it is one.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Commit { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The id to show beside the name, unless the name says it.
    pub(crate) fn beside(&self) -> Option<&str> {
        self.short().filter(|id| !id.starts_with(self.name()) && !self.name().starts_with(id))
    }

    /// As much of the id as people read.
    pub(crate) fn short(&self) -> Option<&str> {
        self.id().map(|id| id.get(..SHORT).unwrap_or(id))
    }
}

const SHORT: usize = 12;

/// The old one and the new one.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    pub(crate) base: End,
    pub(crate) head: End,
}

impl Ends {
    /// The revisions that the user names, or else what he most likely means.
    pub(crate) fn resolve(git: &Git, base: Option<&str>, head: Option<&str>) -> Result<Self, String> {
        let new = match head {
            Some(name) => End::Commit { name: name.to_owned(), id: commit(git, name)? },
            None => End::WorkingTree,
        };
        let old = match base.map(|base| (base, base.strip_suffix("..."))) {
            Some((name, None)) => End::Commit { name: name.to_owned(), id: commit(git, name)? },
            Some((name, Some(branch))) => left(git, name, branch, &commit(git, branch)?, &new)?,
            None => {
                let (branch, id) = main_branch(git)?;
                left(git, &format!("{branch}..."), branch, &id, &new)?
            }
        };
        Ok(Self { base: old, head: new })
    }
}

fn commit(git: &Git, name: &str) -> Result<String, String> {
    if name.starts_with('-') {
        return Err(format!("`{name}` is no revision: none begins with a dash"));
    }
    if let Some(id) = git.commit(name)? {
        return Ok(id);
    }
    let remote = format!("origin/{name}");
    let there = git.commit(&format!("refs/remotes/{remote}"))?.is_some();
    let hint = if there { format!("did you mean `{remote}`?") } else { format!("was it fetched? {HISTORY}") };
    Err(format!("there is no revision `{name}` here; {hint}"))
}

fn main_branch(git: &Git) -> Result<(&'static str, String), String> {
    for (reference, name) in MAIN {
        if let Some(id) = git.commit(reference)? {
            return Ok((name, id));
        }
    }
    let names = MAIN.map(|(_, name)| name).join(", ");
    Err(format!("there is no main branch to compare with ({names}); name a revision: --base REV"))
}

/// Where the new revision left a branch.
fn left(git: &Git, name: &str, branch: &str, id: &str, new: &End) -> Result<End, String> {
    let (head, shown) = match new {
        End::Commit { id, name } => (id.clone(), name.as_str()),
        _ => (commit(git, "HEAD")?, "HEAD"),
    };
    if let Some(id) = git.merge_base(id, &head)? {
        return Ok(End::Commit { name: name.to_owned(), id });
    }
    let hint = if git.is_shallow()? {
        format!("the clone is shallow: {HISTORY}")
    } else {
        "name a revision: --base REV".to_owned()
    };
    Err(format!("`{branch}` and `{shown}` have no commit in common here; {hint}"))
}
