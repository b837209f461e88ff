//! The places in which a value is used.

use crate::contract::parts::Joined;

/// The places in which a value is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Usage {
    /// True if it is in requests.
    pub(crate) request: bool,
    /// True if it is in responses of success.
    pub(crate) response: bool,
    /// True if it is in responses of errors.
    pub(crate) error: bool,
    /// True if it is in headers of responses, which are read as text.
    pub(crate) header: bool,
    /// True if it is in a component that no operation reaches.
    pub(crate) unreached: bool,
    /// True if it is in requests as JSON, and not only as text in a path, a query or a header.
    pub(crate) sent_as_json: bool,
    /// True if the value has a type in Rust.
    pub(crate) typed: bool,
    /// True if a field, the argument of a setter or the result of a call has the type.
    pub(crate) held: bool,
    /// The way in which a list would be joined, if it is a parameter that is sent as text.
    pub(crate) joined: Option<Joined>,
}

impl Usage {
    const NOWHERE: Self = Self {
        request: false,
        response: false,
        error: false,
        header: false,
        unreached: false,
        sent_as_json: false,
        typed: false,
        held: false,
        joined: None,
    };

    /// The usage of a value in requests and in responses.
    pub(crate) const EVERYWHERE: Self =
        Self { request: true, response: true, typed: true, held: true, ..Self::NOWHERE };

    /// Returns the usage of a value in requests, as JSON or as text.
    pub(crate) fn in_request(json: bool) -> Self {
        Self { request: true, sent_as_json: json, typed: true, held: true, ..Self::NOWHERE }
    }

    /// Returns the usage of a value in responses. The client keeps the body of an error as bytes,
    /// which can be read into a type.
    pub(crate) fn in_response(success: bool) -> Self {
        match success {
            true => Self { response: true, typed: true, held: true, ..Self::NOWHERE },
            false => Self { error: true, typed: true, ..Self::NOWHERE },
        }
    }

    /// Returns the usage of the header of a response. It has no type.
    pub(crate) fn in_header() -> Self {
        Self { header: true, ..Self::NOWHERE }
    }

    /// Returns the usage of a component that no operation reaches.
    pub(crate) fn unreached() -> Self {
        Self { unreached: true, typed: true, ..Self::NOWHERE }
    }

    /// Returns the places of both.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            response: self.response || other.response,
            error: self.error || other.error,
            header: self.header || other.header,
            unreached: self.unreached || other.unreached,
            sent_as_json: self.sent_as_json || other.sent_as_json,
            typed: self.typed || other.typed,
            held: self.held || other.held,
            joined: self.joined.max(other.joined),
        }
    }

    /// Returns the usage of a property that is only in responses (`readOnly`) or only in requests
    /// (`writeOnly`).
    pub(crate) fn of_property(self, read_only: bool, write_only: bool) -> Self {
        Self {
            request: self.request && !read_only,
            response: self.response && !write_only,
            error: self.error && !write_only,
            ..self
        }
    }

    /// Returns whether there is any usage.
    pub(crate) fn is_any(self) -> bool {
        self.request || self.response || self.error || self.unreached || self.header
    }

    /// Returns whether the value is read into a type.
    pub(crate) fn is_read(self) -> bool {
        self.response || self.error || self.unreached
    }

    /// Returns whether the value is in requests, and only as text. A number and a string with the
    /// same digits are equal then.
    pub(crate) fn is_sent_as_text(self) -> bool {
        self.request && !self.sent_as_json
    }
}
