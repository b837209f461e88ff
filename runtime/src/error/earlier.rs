//! The responses of the attempts before the last one.

use crate::response::raw::RawResponse;

/// The responses of the attempts before the last one, bounded in total.
#[derive(Debug, Default)]
pub(crate) struct EarlierResponses(Vec<RawResponse>);

impl EarlierResponses {
    /// How much of the bodies is kept. Errors of venues are short; a longer one is the page of a
    /// proxy.
    const BYTES: usize = 64 << 10;
    /// How many responses are kept.
    const RESPONSES: usize = 32;

    /// Adds a response; the oldest ones make room for it.
    pub(crate) fn push(&mut self, response: RawResponse) {
        self.0.push(response);
        self.0.drain(..self.0.len().saturating_sub(Self::RESPONSES));
        let mut room = Self::BYTES;
        for response in self.0.iter_mut().rev() {
            response.truncate(room);
            room -= response.body.len();
        }
    }

    /// Takes the responses out.
    pub(crate) fn into_vec(self) -> Vec<RawResponse> {
        self.0
    }

    /// Drops the last response, which stands elsewhere.
    pub(crate) fn without_last(mut self) -> Self {
        self.0.pop();
        self
    }
}
