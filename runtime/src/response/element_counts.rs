//! Counts the elements of a batch, in the request and in the response.

use std::fmt;

use serde_json::value::RawValue;
use venuekit_json::reader;

use crate::json_find;
use crate::operation::outcome::Batch;

/// The number of elements that a batch sent, and the number that its response has.
///
/// If they differ, it is unknown what became of the elements that the response lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementCounts {
    sent: usize,
    received: usize,
}

impl ElementCounts {
    /// Returns the number of elements in the request.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// Returns the number of elements in the response.
    pub fn received(&self) -> usize {
        self.received
    }

    /// Returns whether the response has as many elements as the request. If not, compare the
    /// elements of both by their ids.
    pub fn are_equal(&self) -> bool {
        self.sent == self.received
    }

    /// Counts the elements in a response. Returns `None` if the value at the place of the list is
    /// not a list. A list that is missing or null has no elements.
    pub(crate) fn new(batch: Batch, sent: usize, response: &[u8]) -> Option<Self> {
        let found = json_find::find(response, batch.response)?;
        let received = match found.as_slice() {
            [] => 0,
            [list] if list.get() == "null" => 0,
            [list] => elements(list)?,
            _ => return None,
        };
        Some(Self { sent, received })
    }

    /// Returns whether the response lacks all elements.
    pub(super) fn lacks_all(&self) -> bool {
        self.received == 0 && self.sent > 0
    }
}

impl fmt::Display for ElementCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.received == 1 { "element" } else { "elements" };
        write!(f, "the response has {} {noun} for the {} of the request", self.received, self.sent)
    }
}

/// Returns the number of elements that a request sends; `None` if it has no list at the place that
/// the spec states.
pub(crate) fn sent(batch: Batch, body: &[u8]) -> Option<usize> {
    match json_find::find(body, batch.request)?.as_slice() {
        [list] => elements(list),
        _ => None,
    }
}

fn elements(list: &RawValue) -> Option<usize> {
    reader::from_str::<Vec<&RawValue>>(list.get()).ok().map(|elements| elements.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_counted_at_the_places_of_the_batch() {
        let batch = Batch::new("/orders", "/responses");
        assert_eq!(sent(batch, br#"{"orders":[{"id":1},{"id":2}]}"#), Some(2));
        assert_eq!(sent(batch, br#"{"orders":[]}"#), Some(0));
        for body in [r#"{"orders":{}}"#, r#"{"orders":null}"#, "{}", "[1]", "", "orders=1", r#"{"orders":[1"#] {
            assert_eq!(sent(batch, body.as_bytes()), None, "{body}");
        }
        let received = |batch, body: &str| ElementCounts::new(batch, 2, body.as_bytes()).map(|counts| counts.received);
        for (body, expected) in [
            (r#"{"responses":[{},{}]}"#, Some(2)),
            (r#"{"responses":[]}"#, Some(0)),
            (r#"{"responses":null}"#, Some(0)),
            ("{}", Some(0)),
            (r#"{"responses":{}}"#, None),
            (r#"{"responses":[1],"responses":[2]}"#, None),
            ("no JSON", None),
        ] {
            assert_eq!(received(batch, body), expected, "{body}");
        }
        let whole = Batch::new("", "");
        assert_eq!(sent(whole, b"[1,2,3]"), Some(3));
        assert_eq!(received(whole, "[1]"), Some(1));
        assert_eq!(received(whole, r#"{"orderId":1}"#), None);
    }
}
