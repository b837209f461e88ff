//! JSON with exact numbers, in the way in which the mock compares and writes it. A venue may treat
//! `1`, `1.0` and `"1"` as the same value.

use venuekit::Decimal;
use venuekit_json::{Tree, is_number};

/// Reads JSON text; `None` if it is not JSON.
pub(crate) fn parse(json: &str) -> Option<Tree> {
    Tree::parse(json).ok()
}

/// Numbers that are written as JSON numbers or as strings.
pub(crate) trait Amount: Sized {
    /// Returns the number, which may be a string; `None` for any other value.
    fn decimal(&self) -> Option<Decimal>;

    /// Returns this scalar as the JSON type of `other`: a number as a string, or a string as a
    /// number. Any other value stays as it is.
    fn like(self, other: &Self) -> Self;

    /// Returns whether two values mean the same. Numbers, also as strings, are compared by value.
    fn means(&self, other: &Self) -> bool;
}

impl Amount for Tree {
    fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Text(text) | Self::Number(text) => decimal(text),
            _ => None,
        }
    }

    fn like(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(number), Self::Text(_)) => Self::Text(number),
            (Self::Text(text), Self::Number(_)) if is_number(&text) => Self::Number(text),
            (tree, _) => tree,
        }
    }

    fn means(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means(b)),
            (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| b.iter().any(|(other, b)| name == other && a.means(b)))
            }
            (a, b) => a == b || a.decimal().zip(b.decimal()).is_some_and(|(a, b)| a == b),
        }
    }
}

/// Reads a number in the notation of JSON; `None` for any other text, and for a number that is too
/// large for a [`Decimal`].
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_even_if_they_are_strings() {
        let tree = |json: &str| parse(json).unwrap();
        assert!(tree("1.0").means(&tree("\"1\"")));
        assert!(!tree("1.0").means(&tree("1.1")));
        assert!(!tree("\"1_0\"").means(&tree("10")));
    }
}
