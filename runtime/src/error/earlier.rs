//! The responses of the attempts before the last one.

use crate::response::raw::RawResponse;

/// The responses of the attempts before the last one, bounded in total.
#[derive(Debug, Default)]
pub(crate) struct EarlierResponses(Vec<RawResponse>);

impl EarlierResponses {
    /// The maximum number of bytes of all bodies together. Errors of venues are short; a longer
    /// body is usually the page of a proxy.
    const BYTES: usize = 64 << 10;
    /// The maximum number of responses.
    const RESPONSES: usize = 32;

    /// Adds a response. Drops the oldest responses if there are too many, and then cuts the bodies
    /// of the oldest ones if all bodies together are too long.
    pub(crate) fn push(&mut self, response: RawResponse) {
        self.0.push(response);
        self.0.drain(..self.0.len().saturating_sub(Self::RESPONSES));
        let mut room = Self::BYTES;
        for response in self.0.iter_mut().rev() {
            response.truncate(room);
            room -= response.body.len();
        }
    }

    /// Returns the responses.
    pub(crate) fn into_vec(self) -> Vec<RawResponse> {
        self.0
    }

    /// Drops the last response, which the error holds in another field.
    pub(crate) fn without_last(mut self) -> Self {
        self.0.pop();
        self
    }
}
