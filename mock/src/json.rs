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
    /// Returns the number, which may be a string, rounded to what a decimal holds; `None` for any
    /// other value.
    fn decimal(&self) -> Option<Decimal>;

    /// Returns the number, which may be a string; `None` for any other value, and for a number with
    /// too many digits for a decimal.
    fn exact(&self) -> Option<Decimal>;

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

    fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Text(text) | Self::Number(text) => exact(text),
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
            (a, b) => a == b || a.exact().zip(b.exact()).is_some_and(|(a, b)| a == b),
        }
    }
}

/// Reads a number in the notation of JSON, for a comparison with a bound. A number with too many
/// digits is rounded. `None` for any other text, and for a number that is too large for a
/// [`Decimal`].
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// Reads a number in the notation of JSON; `None` for any other text, and for a number with too
/// many digits for a [`Decimal`].
pub(crate) fn exact(text: &str) -> Option<Decimal> {
    if !is_number(text) {
        return None;
    }
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    // The number is `mantissa * 10^power`, where the mantissa does not end in a zero.
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() || kept == "-" {
        return Some(Decimal::ZERO);
    }
    let mantissa: i128 = kept.parse().ok()?;
    let zeros = i64::try_from(digits.len() - kept.len()).ok()?;
    let places = i64::try_from(fraction.len()).ok()?;
    let power = exponent.parse::<i64>().ok()?.checked_add(zeros)?.checked_sub(places)?;
    let (mantissa, scale) = match u32::try_from(power) {
        Ok(power) => (mantissa.checked_mul(10_i128.checked_pow(power)?)?, 0),
        Err(_) => (mantissa, u32::try_from(power.checked_neg()?).ok()?),
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
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
        let long = "1.0000000000000000000000000000000000000001";
        assert!(tree(long).means(&tree(long)) && !tree(long).means(&tree("1")));
    }

    #[test]
    fn a_number_is_exact_or_none() {
        let number = |text: &str| exact(text).map(|number| number.to_string());
        for (text, expected) in [
            ("0", "0"),
            ("-0.000", "0"),
            ("0e99999999999999999999", "0"),
            ("-12.50", "-12.5"),
            ("1.25e2", "125"),
            ("1250E-3", "1.25"),
            ("1e+3", "1000"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
            ("1.0000000000000000000000000000000000000000", "1"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
            ("1000000000000000000000000000000000000000e-40", "0.1"),
        ] {
            assert_eq!(number(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "79228162514264337593543950336",
            "0.123456789012345678901234567891",
            "1.00000000000000000000000000000000000000001",
            "1e-29",
            "1e29",
            "1e99999999999999999999",
            "1_0",
            "+1",
            "",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
