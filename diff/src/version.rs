//! The step that the version of a crate must take, by cargo's rules.

use std::fmt;

/// The step of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing changed.
    None,
    /// The spec changed, but the crate adds nothing and users' code compiles as before.
    Patch,
    /// Something is new, or unchanged code of users may behave differently.
    Minor,
    /// The code of users may no longer compile.
    Major,
}

impl Step {
    /// Returns `none`, `patch`, `minor` or `major`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Returns the smallest version that may follow `old` with this step: `old` itself for
    /// [`Step::None`], and the release for a pre-release such as 1.0.0-rc.1.
    ///
    /// For cargo, the leftmost number that is not zero is the major one. After 0.3.1, a breaking
    /// change needs 0.4.0, and any other change needs 0.3.2. After 0.0.3, every change counts as
    /// breaking.
    #[must_use]
    pub fn from(self, old: &semver::Version) -> semver::Version {
        let (major, minor, patch) = (old.major, old.minor, old.patch);
        let next = |number: u64| number.saturating_add(1);
        match (self, major, minor) {
            (Self::None, ..) => old.clone(),
            // Another pre-release would be enough, but its name cannot be guessed.
            _ if !old.pre.is_empty() => semver::Version::new(major, minor, patch),
            (Self::Major, 0, 0) | (Self::Minor | Self::Patch, 0, _) | (Self::Patch, ..) => {
                semver::Version::new(major, minor, next(patch))
            }
            (Self::Major, 0, _) | (Self::Minor, ..) => semver::Version::new(major, next(minor), 0),
            (Self::Major, ..) => semver::Version::new(next(major), 0, 0),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The versions of a crate, and whether the step between them is large enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The old version.
    pub old: Option<String>,
    /// The new version.
    pub new: Option<String>,
    /// The step that the changes need.
    pub step: Step,
    /// The smallest version that the changes allow; `None` if the crate is new or was removed, or
    /// if the old version is missing or not a version.
    pub needed: Option<String>,
    /// Why the new version is wrong, and which version to write; `None` if it is right.
    pub fault: Option<String>,
}

impl Version {
    /// Returns these versions without a step and without a fault.
    pub(super) fn unjudged(old: Option<String>, new: Option<String>) -> Self {
        Self { old, new, step: Step::None, needed: None, fault: None }
    }
}

pub(super) fn judge(old: Option<String>, new: Option<String>, step: Step) -> Version {
    let parse = |text: &Option<String>| text.as_deref().and_then(|text| semver::Version::parse(text).ok());
    let (Some(before), after) = (parse(&old), parse(&new)) else {
        return Version { step, ..Version::unjudged(old, new) };
    };
    let needed = step.from(&before);
    let stated = new.as_deref().unwrap_or("none");
    let fault = match after {
        None => Some(format!("`x-crate-version` is {stated}, which is not a version: write {needed}")),
        Some(after) if after < before => {
            Some(format!("`x-crate-version` goes back from {before} to {after}: write {needed}"))
        }
        // After a pre-release, any later version is large enough.
        Some(after) if after < needed && (before.pre.is_empty() || after == before) => {
            Some(format!("`x-crate-version` is {after}, but the changes need a {step} step: write {needed}"))
        }
        Some(_) => None,
    };
    Version { needed: Some(needed.to_string()), fault, ..Version { step, ..Version::unjudged(old, new) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(step: Step, old: &str) -> String {
        step.from(&semver::Version::parse(old).expect("a version")).to_string()
    }

    #[test]
    fn the_leftmost_number_that_is_not_zero_is_the_major_one() {
        for (old, major, minor, patch) in [
            ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
            ("0.2.3", "0.3.0", "0.2.4", "0.2.4"),
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
        ] {
            let steps = [Step::Major, Step::Minor, Step::Patch, Step::None];
            assert_eq!(steps.map(|step| from(step, old)), [major, minor, patch, old], "{old}");
        }
    }

    fn fault(old: &str, new: &str, step: Step) -> Option<String> {
        judge(Some(old.to_owned()), Some(new.to_owned()), step).fault
    }

    #[test]
    fn a_step_may_be_larger_than_needed_and_never_smaller_or_backwards() {
        assert_eq!(fault("0.1.0", "0.2.0", Step::Major), None);
        assert_eq!(fault("0.1.0", "1.0.0", Step::Patch), None);
        assert_eq!(fault("0.1.0", "0.1.0", Step::None), None);
        assert_eq!(
            fault("0.1.0", "0.1.1", Step::Major).as_deref(),
            Some("`x-crate-version` is 0.1.1, but the changes need a major step: write 0.2.0")
        );
        assert_eq!(
            fault("0.1.1", "0.1.0", Step::None).as_deref(),
            Some("`x-crate-version` goes back from 0.1.1 to 0.1.0: write 0.1.1")
        );
        assert_eq!(
            fault("1.0.0", "next", Step::Minor).as_deref(),
            Some("`x-crate-version` is next, which is not a version: write 1.1.0")
        );
    }
}
