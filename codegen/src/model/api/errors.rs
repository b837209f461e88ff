//! The errors of a venue, and the conditions under which a response is an error.

use std::fmt;

/// The places of the code and the message in the body of an error.
#[derive(Clone, Debug, Default)]
pub struct ErrorShape {
    /// JSON pointers to the code; the first one with a value applies.
    pub code: Vec<String>,
    /// JSON pointers to the message; the first one with a value applies.
    pub message: Vec<String>,
    /// The conditions under which a response of status 2xx is an error; one that holds is enough.
    pub failed_when: Vec<Condition>,
}

/// A condition under which a response of status 2xx is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A JSON pointer; a segment `*` stands for each element of an array.
    pub pointer: String,
    /// The test that the value at the pointer has to pass.
    pub test: ConditionTest,
    /// A JSON pointer at which there has to be a value as well, other than null, empty or zero.
    pub beside: Option<String>,
    /// True if such a response leaves the outcome of the request unknown, false if the request was
    /// refused.
    pub leaves_open: bool,
}

impl Condition {
    /// Returns whether both conditions hold for the same responses.
    #[must_use]
    pub fn is_same_test(&self, other: &Self) -> bool {
        self.pointer == other.pointer && self.test == other.test && self.beside == other.beside
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            ConditionTest::Equals(json) => write!(f, "{} is {json}", self.pointer)?,
            ConditionTest::Present => write!(f, "{} is there", self.pointer)?,
        }
        if let Some(beside) = &self.beside {
            write!(f, " beside {beside}")?;
        }
        if self.leaves_open { f.write_str(" (outcome unknown)") } else { Ok(()) }
    }
}

/// The test of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionTest {
    /// The value is this scalar (JSON text).
    Equals(String),
    /// The value exists, and is not null, empty or zero.
    Present,
}

/// An error code of the venue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The code as text. An integer is in decimal.
    pub code: String,
    /// The venue's message, if it is known.
    pub message: Option<String>,
    /// The description of the code in the spec.
    pub description: Option<String>,
}
