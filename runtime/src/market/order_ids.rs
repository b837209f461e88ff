//! Ids that a client gives to its orders.
//!
//! The form is a ULID (26 characters: the time and a random number). The crate `ulid` also makes
//! them, but it brings `rand`; the few lines here need only what the runtime has.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The digits of a ULID, in the order of their values: no I, L, O and U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of random bits in an id. The bits above are the milliseconds since 1970.
const RANDOM_BITS: u32 = 80;

/// Makes ids for orders, so that an order can be found again if its response was lost.
///
/// An id is the prefix and 26 digits and capital letters (a ULID). The ids of one `OrderIds` rise
/// in the order of text. Ids of different processes practically never collide: 80 bits are
/// random.
///
/// ```
/// use venuekit::market::OrderIds;
///
/// let ids = OrderIds::new("q-");
/// let (first, second) = (ids.next_id(), ids.next_id());
/// assert!(first.starts_with("q-") && first.len() == 28 && first < second);
/// ```
///
/// Venues differ in the length and the characters that they accept. The documentation of the
/// parameter says what is known.
#[derive(Debug)]
pub struct OrderIds {
    prefix: Box<str>,
    /// The last number that was given.
    last: Mutex<u128>,
}

impl OrderIds {
    /// Creates ids with this prefix, which can be empty.
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.into(), last: Mutex::new(0) }
    }

    /// Returns an id that no earlier call of this `OrderIds` has returned.
    pub fn next_id(&self) -> String {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = (since_1970.as_millis() << RANDOM_BITS) | fastrand::u128(..1 << RANDOM_BITS);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // A number is never below the last one, also if the clock was set back.
        *last = now.max(last.saturating_add(1));
        let number = *last;
        drop(last);
        let mut id = String::with_capacity(self.prefix.len() + 26);
        id.push_str(&self.prefix);
        for place in (0..26_u32).rev() {
            let digit = usize::try_from((number >> (5 * place)) & 31).unwrap_or_default();
            id.push(DIGITS.get(digit).map_or('0', |digit| char::from(*digit)));
        }
        id
    }
}

impl Default for OrderIds {
    /// Creates ids without a prefix.
    fn default() -> Self {
        Self::new("")
    }
}
