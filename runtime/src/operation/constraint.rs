//! Constraints between the values of a request.

/// A constraint between the values of a request.
///
/// A value is given if it is neither null, an empty text nor an empty list. The names of the values
/// are in the constraint's [`sentence`](Self::sentence).
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    pub(crate) sentence: &'static str,
    pub(crate) rule: Rule,
    pub(crate) within: Within,
    pub(crate) by_evidence: bool,
    pub(crate) widens: bool,
    pub(crate) description: Option<&'static str>,
}

/// The rule of a constraint: which of these values a request has to give.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    ExactlyOneOf(&'static [ValueAt]),
    AtLeastOneOf(&'static [ValueAt]),
    AtMostOneOf(&'static [ValueAt]),
    AllOrNone(&'static [ValueAt]),
    Needed(&'static [ValueAt], When),
}

/// The objects to which a constraint applies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Within {
    /// The request as a whole.
    Request,
    /// The objects in the body at this JSON pointer.
    Body(&'static str),
    /// The objects in a parameter at this JSON pointer.
    Parameter(&'static str, &'static str),
}

/// The place of a value in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueAt {
    /// A parameter, by its name on the wire.
    Parameter(&'static str),
    /// A JSON pointer into the body, or into the object to which the constraint applies.
    Pointer(&'static str),
}

/// The case in which values are needed.
#[derive(Clone, Copy, Debug)]
pub struct When(pub(crate) Case);

#[derive(Clone, Copy, Debug)]
pub(crate) enum Case {
    Equals(&'static [(ValueAt, &'static [&'static str])]),
    Present(ValueAt),
    Absent(ValueAt),
}

impl When {
    /// Creates the case that each of these values equals one of the scalars (JSON) beside it. Texts
    /// compare as they are sent, numbers by value.
    pub const fn equals(cases: &'static [(ValueAt, &'static [&'static str])]) -> Self {
        Self(Case::Equals(cases))
    }

    /// Creates the case that a value is given.
    pub const fn present(value: ValueAt) -> Self {
        Self(Case::Present(value))
    }

    /// Creates the case that a value is not given.
    pub const fn absent(value: ValueAt) -> Self {
        Self(Case::Absent(value))
    }
}

impl Constraint {
    const fn new(sentence: &'static str, rule: Rule) -> Self {
        Self { sentence, rule, within: Within::Request, by_evidence: false, widens: false, description: None }
    }

    /// Creates the constraint that one of these values is given, and no other. `sentence` states it
    /// for people, without a full stop.
    pub const fn exactly_one_of(sentence: &'static str, values: &'static [ValueAt]) -> Self {
        Self::new(sentence, Rule::ExactlyOneOf(values))
    }

    /// Creates the constraint that one or more of these values are given.
    pub const fn at_least_one_of(sentence: &'static str, values: &'static [ValueAt]) -> Self {
        Self::new(sentence, Rule::AtLeastOneOf(values))
    }

    /// Creates the constraint that one of these values or none is given.
    pub const fn at_most_one_of(sentence: &'static str, values: &'static [ValueAt]) -> Self {
        Self::new(sentence, Rule::AtMostOneOf(values))
    }

    /// Creates the constraint that all of these values or none are given.
    pub const fn all_or_none(sentence: &'static str, values: &'static [ValueAt]) -> Self {
        Self::new(sentence, Rule::AllOrNone(values))
    }

    /// Creates the constraint that all of these values are given in the case `when`.
    pub const fn needed(sentence: &'static str, values: &'static [ValueAt], when: When) -> Self {
        Self::new(sentence, Rule::Needed(values, when))
    }

    /// Limits the constraint to objects in the body. A segment `*` of the JSON pointer stands for
    /// each element of an array.
    #[must_use]
    pub const fn within_body(mut self, pointer: &'static str) -> Self {
        self.within = Within::Body(pointer);
        self
    }

    /// Limits the constraint to objects in a parameter. A segment `*` of the JSON pointer stands
    /// for each element of an array.
    #[must_use]
    pub const fn within_parameter(mut self, name: &'static str, pointer: &'static str) -> Self {
        self.within = Within::Parameter(name, pointer);
        self
    }

    /// Marks the constraint as known from a source other than the venue's document.
    #[must_use]
    pub const fn stated_by_evidence(mut self) -> Self {
        self.by_evidence = true;
        self
    }

    /// Marks the constraint as one that keeps a request from doing more than intended. For example,
    /// a request that breaks the constraint may cancel all orders in place of one.
    #[must_use]
    pub const fn widens(mut self) -> Self {
        self.widens = true;
        self
    }

    /// Sets the description in the spec (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Returns the constraint as a sentence without a full stop, with the names of the values on
    /// the wire: ``exactly one of `a` and `b` has to be given``.
    pub const fn sentence(&self) -> &'static str {
        self.sentence
    }

    /// Returns the JSON pointer to the objects in the body or in a parameter to which the
    /// constraint applies; `None` if it applies to the whole request, the whole body or the whole
    /// parameter.
    pub const fn within(&self) -> Option<&'static str> {
        match self.within {
            Within::Body(pointer) | Within::Parameter(_, pointer) if !pointer.is_empty() => Some(pointer),
            _ => None,
        }
    }

    /// Returns whether the client checks the constraint before it sends a request. It does so if
    /// the venue's document states the constraint, or if a request that breaks it may do more than
    /// intended.
    pub const fn is_checked(&self) -> bool {
        self.widens || !self.by_evidence
    }

    /// Returns whether a request that breaks the constraint may do more than intended.
    pub const fn can_widen(&self) -> bool {
        self.widens
    }

    /// Returns the description in the spec (Markdown).
    pub const fn description(&self) -> Option<&'static str> {
        self.description
    }
}
