//! Conditions and error codes that decide the outcome of a request.

/// A condition under which a response of status 2xx is an error.
///
/// A segment `*` of the pointer stands for each element of an array. A condition with this segment
/// is checked per element: an element failed if such a condition holds for it. The response is an
/// error only if every element failed.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub(crate) pointer: &'static str,
    pub(crate) test: ConditionTest,
    pub(crate) beside: Option<&'static str>,
    pub(crate) leaves_open: bool,
    /// The position of the first segment `*` in the pointer, if it has one.
    each_at: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ConditionTest {
    Equals(&'static str),
    OneOf(&'static [&'static str]),
    Present,
}

impl Condition {
    /// Creates a condition that holds if the value at `pointer` equals this scalar (JSON). Numbers
    /// compare by value. The text of a number or a boolean equals it: `"8"` is `8`.
    pub const fn equals(pointer: &'static str, json: &'static str) -> Self {
        let test = ConditionTest::Equals(json);
        Self { pointer, test, beside: None, leaves_open: false, each_at: each_at(pointer) }
    }

    /// Creates a condition that holds if the value at `pointer` equals one of these scalars, each
    /// as for [`equals`](Self::equals).
    pub const fn one_of(pointer: &'static str, scalars: &'static [&'static str]) -> Self {
        let test = ConditionTest::OneOf(scalars);
        Self { pointer, test, beside: None, leaves_open: false, each_at: each_at(pointer) }
    }

    /// Creates a condition that holds if there is a value at `pointer` other than null, `false`,
    /// `""`, `0` (also as text), `[]` and `{}`.
    pub const fn present(pointer: &'static str) -> Self {
        let test = ConditionTest::Present;
        Self { pointer, test, beside: None, leaves_open: false, each_at: each_at(pointer) }
    }

    /// Limits the condition to responses that also have a value at `pointer`, as for
    /// [`present`](Self::present): an error beside the id of an order.
    ///
    /// A condition on the elements of an array takes a pointer into the same element.
    #[must_use]
    pub const fn beside(mut self, pointer: &'static str) -> Self {
        self.beside = Some(pointer);
        self
    }

    /// States that after such a response it is unknown whether the request was executed.
    #[must_use]
    pub const fn leaves_open(mut self) -> Self {
        self.leaves_open = true;
        self
    }

    /// Returns whether the condition is checked for each element of an array.
    pub(crate) const fn is_on_elements(&self) -> bool {
        self.each_at.is_some()
    }

    /// Returns the pointer to the array and the pointer within an element, if the condition is
    /// checked per element.
    pub(crate) fn split_at_elements(&self) -> Option<(&'static str, &'static str)> {
        let (array, rest) = self.pointer.split_at_checked(self.each_at?)?;
        Some((array, rest.strip_prefix("/*")?))
    }
}

/// Returns the position of the first `/*` in a pointer.
const fn each_at(pointer: &str) -> Option<usize> {
    let mut rest = pointer.as_bytes();
    while let [_, tail @ ..] = rest {
        if let [b'/', b'*', ..] = rest {
            return Some(pointer.len() - rest.len());
        }
        rest = tail;
    }
    None
}

/// The lists of a batch. The response has an element for each element of the request, so it is
/// unknown what became of an element that the response lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    pub(crate) request: &'static str,
    pub(crate) response: &'static str,
}

impl Batch {
    /// Creates a description of these lists. `request` is the JSON pointer of the list in the body
    /// of the request, and `response` the one in the body of the response.
    pub const fn new(request: &'static str, response: &'static str) -> Self {
        Self { request, response }
    }

    /// Returns the JSON pointer of the list in the body of the request: `/orders`.
    pub const fn request(&self) -> &'static str {
        self.request
    }

    /// Returns the JSON pointer of the list in the body of the response; empty if the body is the
    /// list.
    pub const fn response(&self) -> &'static str {
        self.response
    }
}

/// An error code that has a meaning for the outcome, and the conditions under which it has this
/// meaning.
///
/// A code that the venue sends as a JSON number matches by value: `-1007.0` is `-1007`. A string
/// matches as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRule {
    pub(crate) code: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) pointer: Option<&'static str>,
    pub(crate) message: Option<&'static str>,
}

impl CodeRule {
    /// Creates a rule for this code, for any status and at any of the venue's pointers to codes.
    pub const fn new(code: &'static str) -> Self {
        Self { code, status: None, pointer: None, message: None }
    }

    /// Limits the rule to this HTTP status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Limits the rule to this JSON pointer, which has to be one of the venue's pointers to codes.
    #[must_use]
    pub const fn with_pointer(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Limits the rule to this exact message of the venue.
    #[must_use]
    pub const fn with_message(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// Returns the code as the spec states it: `-1007`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the HTTP status that the rule is limited to, if any.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns the JSON pointer that the rule is limited to, if any.
    pub const fn pointer(&self) -> Option<&'static str> {
        self.pointer
    }

    /// Returns the message that the rule is limited to, if any.
    pub const fn message(&self) -> Option<&'static str> {
        self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_with_an_asterisk_is_on_the_elements_of_an_array() {
        for (pointer, parts) in [
            ("/*/code", Some(("", "/code"))),
            ("/a/b/*", Some(("/a/b", ""))),
            ("/a/*/b/*/c", Some(("/a", "/b/*/c"))),
            ("/a*/b", None),
            ("/code", None),
            ("", None),
        ] {
            let condition = Condition::present(pointer);
            assert_eq!(condition.split_at_elements(), parts, "{pointer}");
            assert_eq!(condition.is_on_elements(), parts.is_some(), "{pointer}");
        }
    }
}
