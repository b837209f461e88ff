//! Comparisons of numbers by their digits. No number is rounded, whatever its length is.

use std::cmp::Ordering;

/// The largest shift of a decimal point in a division. No number that a client sends needs more.
const MAX_SHIFT: i64 = 10_000;

/// A JSON number: its sign, and `digits * 10^power`. The digits neither begin nor end with a zero.
/// The number zero has no digits.
struct Number {
    is_negative: bool,
    digits: Vec<u8>,
    power: i64,
}

impl Number {
    /// Parses a JSON number; `None` for any other text, and for an exponent beyond 64 bits.
    fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() {
            return None;
        }
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(digit).collect::<Option<_>>()?;
        let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        let mut power = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        while digits.pop_if(|digit| *digit == 0).is_some() {
            power = power.checked_add(1)?;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        let is_zero = digits.is_empty();
        Some(Self { is_negative: is_negative && !is_zero, digits, power: if is_zero { 0 } else { power } })
    }

    /// Compares the numbers without their signs.
    fn compare_unsigned(&self, other: &Self) -> Ordering {
        // The power of ten of the first digit. The number zero has the smallest power.
        let top = |number: &Self| match i64::try_from(number.digits.len()) {
            Ok(0) | Err(_) => i64::MIN,
            Ok(count) => number.power.saturating_add(count),
        };
        // If one list of digits begins with the other, the longer list is the larger number,
        // because its last digit is not zero.
        top(self).cmp(&top(other)).then_with(|| self.digits.cmp(&other.digits))
    }
}

/// Compares two JSON numbers by value; `None` if one of the texts is not a JSON number, or has an
/// exponent beyond 64 bits.
pub(crate) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (Number::parse(one)?, Number::parse(other)?);
    Some(match (one.is_negative, other.is_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => one.compare_unsigned(&other),
        (true, true) => other.compare_unsigned(&one),
    })
}

/// Returns whether a JSON number is a multiple of another one; `None` if that cannot be decided,
/// because a text is not a JSON number, or a number has too many digits or too large an exponent.
pub(crate) fn is_multiple(number: &str, step: &str) -> Option<bool> {
    let (number, step) = (Number::parse(number)?, Number::parse(step)?);
    if number.digits.is_empty() {
        return Some(true);
    }
    // Ten times a remainder has to fit a `u128`.
    let add = |value: u128, digit: &u8| value.checked_mul(10)?.checked_add((*digit).into());
    let modulus = step.digits.iter().try_fold(0, add).filter(|modulus| (1..u128::MAX / 20).contains(modulus))?;
    let shift = number.power.checked_sub(step.power)?;
    if shift < 0 {
        // The last digit of the number is behind the last digit that a multiple can have.
        return Some(false);
    }
    if shift > MAX_SHIFT {
        return None;
    }
    let remainder = number.digits.iter().fold(0, |rest, digit| (rest * 10 + u128::from(*digit)) % modulus);
    let remainder = (0..shift).fold(remainder, |rest, _| rest * 10 % modulus);
    Some(remainder == 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn numbers_compare_by_value_whatever_their_length() {
        for (one, other, expected) in [
            ("1", "1.000", Ordering::Equal),
            ("-0", "0.00", Ordering::Equal),
            ("0e99", "0", Ordering::Equal),
            ("1e3", "1000", Ordering::Equal),
            ("1E-3", "0.001", Ordering::Equal),
            ("0.1", "0", Ordering::Greater),
            ("-0.1", "0", Ordering::Less),
            ("10", "9", Ordering::Greater),
            ("100", "11", Ordering::Greater),
            ("12", "1.25", Ordering::Greater),
            ("-10", "-9", Ordering::Less),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("0.30000000000000004", "0.3", Ordering::Greater),
            (
                "123456789012345678901234567890123456789012",
                "123456789012345678901234567890123456789011",
                Ordering::Greater,
            ),
            ("1e9223372036854775807", "1", Ordering::Greater),
        ] {
            assert_eq!(compare(one, other), Some(expected), "{one} {other}");
            assert_eq!(compare(other, one), Some(expected.reverse()), "{other} {one}");
        }
        for text in ["", "-", "x", "1x", "1e", "1e99999999999999999999", ".5"] {
            assert_eq!(compare(text, "1"), None, "{text}");
        }
    }

    #[test]
    fn is_multiple_decides_by_digits_and_returns_none_if_it_cannot() {
        for (number, step, expected) in [
            ("0", "5", Some(true)),
            ("15", "5", Some(true)),
            ("-15", "5.0", Some(true)),
            ("14", "5", Some(false)),
            ("0.3", "0.1", Some(true)),
            ("0.35", "0.1", Some(false)),
            ("1.25", "0.5", Some(false)),
            ("100", "0.01", Some(true)),
            ("1e30", "3", Some(false)),
            ("3e30", "3", Some(true)),
            ("9007199254740993", "2", Some(false)),
            ("1e99999", "7", None),
            ("1", "0", None),
            ("x", "1", None),
        ] {
            assert_eq!(is_multiple(number, step), expected, "{number} {step}");
        }
    }

    proptest! {
        #[test]
        fn decimals_compare_like_values_of_the_type_decimal(
            a in any::<i64>(), b in any::<i64>(), places in 0_u32..19, other_places in 0_u32..19
        ) {
            let (a, b) = (Decimal::new(a, places), Decimal::new(b, other_places));
            prop_assert_eq!(compare(&a.to_string(), &b.to_string()), Some(a.cmp(&b)));
        }

        #[test]
        fn multiples_agree_with_the_remainders_of_integers(number in -10_000_i128..10_000, step in 1_i128..200, zeros in 0_usize..6) {
            let shifted = |number: i128| format!("{number}e-{zeros}");
            let expected = Some(number % step == 0);
            prop_assert_eq!(is_multiple(&shifted(number), &shifted(step)), expected);
        }
    }
}
