//! Error codes as data.

use crate::error::api_error::ApiError;

/// An error code of a venue as data. A code with several meanings has an entry for each, with
/// its own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorCodeMeta {
    /// The code as text; integers in decimal.
    pub code: &'static str,
    /// The venue's message, if it is known.
    pub message: Option<&'static str>,
    /// The meaning (Markdown).
    pub description: Option<&'static str>,
}

impl ErrorCodeMeta {
    /// Describes a code.
    pub const fn new(code: &'static str) -> Self {
        Self { code, message: None, description: None }
    }

    /// Sets the venue's message.
    #[must_use]
    pub const fn with_message(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// Sets the meaning (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }
}

/// Returns the entries for the code of an error: the entries with its message, or all of them if
/// none has its message.
pub(super) fn meanings(codes: &'static [ErrorCodeMeta], error: &ApiError) -> Vec<&'static ErrorCodeMeta> {
    let of_code: Vec<_> = codes.iter().filter(|known| error.code() == Some(known.code)).collect();
    let of_message: Vec<_> =
        of_code.iter().copied().filter(|known| known.message.is_some() && known.message == error.message()).collect();
    if of_message.is_empty() { of_code } else { of_message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_decides_between_the_meanings_of_a_code() {
        static CODES: [ErrorCodeMeta; 4] = [
            ErrorCodeMeta::new("27").with_message("source too long"),
            ErrorCodeMeta::new("27").with_message("limit too big"),
            ErrorCodeMeta::new("2").with_description("Something failed."),
            ErrorCodeMeta::new("-1").with_message("Unknown order"),
        ];
        let found = |code: Option<&str>, message: Option<&str>| {
            let error = ApiError::new(code.map(str::to_owned), message.map(str::to_owned)).unwrap();
            let found = meanings(&CODES, &error).into_iter();
            found.map(|known| CODES.iter().position(|other| other == known).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(found(Some("27"), Some("limit too big")), [1]);
        assert_eq!(found(Some("27"), Some("another")), [0, 1]);
        assert_eq!(found(Some("27"), None), [0, 1]);
        assert_eq!(found(Some("2"), Some("internal error")), [2]);
        assert_eq!(found(Some("-1"), Some("No such order")), [3]);
        assert!(found(Some("1"), Some("Unknown order")).is_empty());
        assert!(found(None, Some("Unknown order")).is_empty());
    }
}
