//! The form of a rule: a kind of change, its verdicts, and the cases in which they differ.

use crate::level::Level;

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name, which never changes: `optional-property-added`.
    pub id: &'static str,
    /// The rule of the opposite change: a change from A to B has this rule from B to A.
    pub mirror: &'static str,
    /// A sentence that states the change.
    pub meaning: &'static str,
    /// The verdict on the wire.
    pub wire: Effect,
    /// The verdict in the source of users.
    pub source: Effect,
    /// True if the change adds something to the crate.
    pub adds: bool,
    /// The cases with other verdicts. If several apply, the last one decides.
    pub cases: &'static [&'static Case],
}

/// A level and its reason. `{}` in a reason is replaced by a name from the specs.
pub type Judgement = (Level, &'static str);

/// The verdict on a change.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// The same verdict everywhere.
    Always(Level, &'static str),
    /// A verdict by the use of the value. The worse verdict counts if the value is used in both.
    ByUse {
        /// The verdict on values in requests.
        request: Judgement,
        /// The verdict on values in responses.
        response: Judgement,
    },
}

/// A named case of a rule, in which a verdict differs from the usual verdict.
#[derive(Debug, PartialEq, Eq)]
pub struct Case {
    /// The name, which never changes: `old-url-unlisted`.
    pub name: &'static str,
    /// A sentence that states when the case applies.
    pub when: &'static str,
    /// The verdicts on the wire that differ from the usual verdicts.
    pub wire: Exception,
    /// The verdicts in the source of users that differ from the usual verdicts.
    pub source: Exception,
    /// True if the change adds something to the crate; `None` leaves the rule's value.
    pub adds: Option<bool>,
}

/// The verdicts that a case replaces. `None` leaves the verdict as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Exception {
    /// The verdict on values in requests.
    pub request: Option<Judgement>,
    /// The verdict on values in responses.
    pub response: Option<Judgement>,
}

impl Exception {
    const NONE: Self = Self { request: None, response: None };

    const fn both(judgement: Judgement) -> Self {
        Self { request: Some(judgement), response: Some(judgement) }
    }
}

/// Returns a case that replaces no verdict yet.
pub(super) const fn case(name: &'static str, when: &'static str) -> Case {
    Case { name, when, wire: Exception::NONE, source: Exception::NONE, adds: None }
}

impl Case {
    pub(super) const fn wire(self, level: Level, reason: &'static str) -> Self {
        Self { wire: Exception::both((level, reason)), ..self }
    }

    pub(super) const fn wire_in_requests(self, level: Level, reason: &'static str) -> Self {
        Self { wire: Exception { request: Some((level, reason)), ..self.wire }, ..self }
    }

    pub(super) const fn wire_in_responses(self, level: Level, reason: &'static str) -> Self {
        Self { wire: Exception { response: Some((level, reason)), ..self.wire }, ..self }
    }

    pub(super) const fn source(self, level: Level, reason: &'static str) -> Self {
        Self { source: Exception::both((level, reason)), ..self }
    }

    pub(super) const fn source_in_requests(self, level: Level, reason: &'static str) -> Self {
        Self { source: Exception { request: Some((level, reason)), ..self.source }, ..self }
    }

    pub(super) const fn source_in_responses(self, level: Level, reason: &'static str) -> Self {
        Self { source: Exception { response: Some((level, reason)), ..self.source }, ..self }
    }

    pub(super) const fn adds(self, adds: bool) -> Self {
        Self { adds: Some(adds), ..self }
    }
}

pub(super) const fn rule(
    id: &'static str,
    mirror: &'static str,
    meaning: &'static str,
    wire: Effect,
    source: Effect,
) -> Rule {
    Rule { id, mirror, meaning, wire, source, adds: false, cases: &[] }
}

/// Returns a rule like [`rule`], for a change that adds something to the crate.
pub(super) const fn new(
    id: &'static str,
    mirror: &'static str,
    meaning: &'static str,
    wire: Effect,
    source: Effect,
) -> Rule {
    Rule { id, mirror, meaning, wire, source, adds: true, cases: &[] }
}

impl Rule {
    pub(super) const fn cases(self, cases: &'static [&'static Case]) -> Self {
        Self { cases, ..self }
    }
}

pub(super) const fn always(level: Level, reason: &'static str) -> Effect {
    Effect::Always(level, reason)
}

pub(super) const fn by_use(request: Judgement, response: Judgement) -> Effect {
    Effect::ByUse { request, response }
}

pub(super) const NO_CODE: Effect = always(Level::Safe, "no code changes");
pub(super) const NO_WIRE: Effect = always(Level::Safe, "nothing that is sent changes");
pub(super) const DOCS: Effect = always(Level::Safe, "only the documentation of the crate changes");
pub(super) const UNCHECKED: Effect = always(Level::Safe, "types do not check it");

/// Defines the rules of a subject, and a list of them in the order of the documentation.
macro_rules! rules {
    ($($name:ident = $rule:expr;)*) => {
        $(pub(crate) static $name: Rule = $rule;)*

        /// The rules of this subject.
        pub(super) static RULES: &[&Rule] = &[$(&$name),*];
    };
}
pub(super) use rules;
