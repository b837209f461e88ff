//! The changes that were found: the kind of change and its cases, without verdicts.

use crate::alignment::usage::Usage;
use crate::comparison::{Revision, Subject};
use crate::rules::{Case, Rule};

/// A change between the two documents.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// The cases of the rule that apply, each with the name in its reason.
    pub(crate) cases: Vec<(&'static Case, String)>,
    pub(crate) subject: Subject,
    /// The document in which `pointer` is.
    pub(crate) revision: Revision,
    pub(crate) pointer: String,
    pub(crate) was: Option<String>,
    pub(crate) is: Option<String>,
    /// The usage of the value. A finding without a usage has the verdict for requests and for
    /// responses.
    pub(crate) usage: Option<Usage>,
    /// The other name, if the part may have been renamed.
    pub(crate) renamed: Option<String>,
}

impl Finding {
    /// Returns a finding at a place in the new document.
    pub(crate) fn in_new(rule: &'static Rule, subject: Subject, pointer: impl Into<String>) -> Self {
        Self {
            rule,
            cases: Vec::new(),
            subject,
            revision: Revision::New,
            pointer: pointer.into(),
            was: None,
            is: None,
            usage: None,
            renamed: None,
        }
    }

    /// Returns a finding at a place in the old document.
    pub(crate) fn in_old(rule: &'static Rule, subject: Subject, pointer: impl Into<String>) -> Self {
        Self { revision: Revision::Old, ..Self::in_new(rule, subject, pointer) }
    }

    /// Sets the old value. An empty text means no value.
    pub(crate) fn was(self, was: impl Into<String>) -> Self {
        Self { was: Some(was.into()).filter(|was| !was.is_empty()), ..self }
    }

    /// Sets the new value. An empty text means no value.
    pub(crate) fn is(self, is: impl Into<String>) -> Self {
        Self { is: Some(is.into()).filter(|is| !is.is_empty()), ..self }
    }

    /// Sets both values, if they exist.
    pub(crate) fn values(self, was: Option<String>, is: Option<String>) -> Self {
        Self { was, is, ..self }
    }

    /// Sets the other name, if the part may have been renamed.
    pub(crate) fn renamed(self, renamed: Option<String>) -> Self {
        Self { renamed, ..self }
    }

    /// Sets the usage of the value.
    pub(crate) fn used(self, usage: Usage) -> Self {
        Self { usage: Some(usage), ..self }
    }

    /// Adds a case.
    pub(crate) fn case(self, case: &'static Case) -> Self {
        self.case_of(case, "")
    }

    /// Adds a case, if it applies.
    pub(crate) fn case_if(self, applies: bool, case: &'static Case) -> Self {
        if applies { self.case(case) } else { self }
    }

    /// Adds a case whose reason contains a name from the specs.
    pub(crate) fn case_of(mut self, case: &'static Case, name: impl Into<String>) -> Self {
        self.cases.push((case, name.into()));
        self
    }

    /// Adds a case whose reason contains a name from the specs, if the name exists.
    pub(crate) fn case_of_some(self, case: &'static Case, name: Option<impl Into<String>>) -> Self {
        match name {
            Some(name) => self.case_of(case, name),
            None => self,
        }
    }
}

/// The changes that were found, and the number of changes to the documentation only.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) changes: Vec<Finding>,
    pub(crate) documentation: usize,
}

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        self.changes.push(finding);
    }

    /// Adds the findings of a part.
    pub(crate) fn add(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.documentation += other.documentation;
    }

    /// Counts changes to the documentation only.
    pub(crate) fn document(&mut self, number: usize) {
        self.documentation += number;
    }
}

impl From<Option<Finding>> for Findings {
    fn from(finding: Option<Finding>) -> Self {
        Self { changes: finding.into_iter().collect(), documentation: 0 }
    }
}
