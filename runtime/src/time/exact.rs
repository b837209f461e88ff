//! A point in time with all its digits.

/// The nanoseconds from 1970 to a point in time, with all digits.
///
/// The order of the fields makes the derived order the order of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Exact {
    /// The whole nanoseconds at or before the time.
    nanos: i128,
    /// The digits after the whole nanoseconds, without trailing zeros.
    rest: Vec<u8>,
}

impl Exact {
    pub(super) fn new(nanos: i128, mut rest: Vec<u8>) -> Self {
        let zeros = rest.iter().rev().take_while(|digit| **digit == b'0').count();
        rest.truncate(rest.len() - zeros);
        Self { nanos, rest }
    }

    /// Returns the last whole nanosecond at or before the time.
    pub(crate) fn floor_nanos(&self) -> i128 {
        self.nanos
    }

    /// Returns whether the time is a whole number of nanoseconds.
    pub(super) fn is_whole_nanos(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_after_the_nanoseconds_have_the_order_of_fractions() {
        let time = |rest: &str| Exact::new(7, rest.bytes().collect());
        assert_eq!(time("500"), time("5"));
        assert!(time("") < time("49") && time("49") < time("5") && time("5") < time("501"));
        assert!(time("999") < Exact::new(8, Vec::new()));
    }
}
