//! User code that a rule breaks: a function that compiles before the change and not after it.
//!
//! The functions are taken from the programs that a test of the workspace compiles with the crates
//! of both specs (`tests/tests/diff_source`). The test writes `witnesses.txt`, and compares it.

use super::rule::Rule;

const ALL: &str = include_str!("witnesses.txt");

/// The beginning of the line that names a rule.
const MARK: &str = "=== ";

impl Rule {
    /// Returns a function that compiles before the change and not after it. The crate is called
    /// `acme` in it. Returns `None` if the rule breaks no code.
    #[must_use]
    pub fn witness(&self) -> Option<&'static str> {
        let mut sections = ALL.split(MARK).filter_map(|section| section.split_once('\n'));
        sections.find(|(id, _)| *id == self.id).map(|(_, code)| code.trim_end())
    }
}
