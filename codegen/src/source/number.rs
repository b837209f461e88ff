//! Checks the texts of JSON numbers.

/// Returns whether a text is a number of JSON: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
pub(crate) fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|e| is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Returns whether a `Decimal` of the client (at most 28 decimal places, at most 96 bits of digits)
/// can hold a JSON number exactly.
pub(crate) fn fits_decimal(text: &str) -> bool {
    const LARGEST: u128 = (1 << 96) - 1;
    let Some((significant, power)) = digits_and_power(text.strip_prefix('-').unwrap_or(text)) else { return false };
    if significant.is_empty() {
        return true;
    }
    if power < -28 || significant.len() > 29 {
        return false;
    }
    let factor = u32::try_from(power.max(0)).ok().and_then(|power| 10_u128.checked_pow(power));
    let value =
        significant.parse::<u128>().ok().zip(factor).and_then(|(mantissa, factor)| mantissa.checked_mul(factor));
    value.is_some_and(|value| value <= LARGEST)
}

/// Returns whether a JSON number is above 0.
pub(crate) fn is_above_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    !text.starts_with('-') && mantissa.bytes().any(|digit| matches!(digit, b'1'..=b'9'))
}

/// Returns whether two JSON numbers have the same value.
pub(crate) fn is_same_number(a: &str, b: &str) -> bool {
    let signed = |text: &str| {
        let parts = digits_and_power(text.strip_prefix('-').unwrap_or(text))?;
        Some((text.starts_with('-') && !parts.0.is_empty(), parts))
    };
    a == b || signed(a).is_some_and(|parts| signed(b) == Some(parts))
}

/// Returns the digits of an unsigned JSON number without leading and trailing zeros, and the power
/// of ten by which they are multiplied. Zero has no digits. Returns `None` if the exponent does not
/// fit into an `i64`.
fn digits_and_power(unsigned: &str) -> Option<(String, i64)> {
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some((String::new(), 0));
    }
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>().ok()?;
    let [zeros, places] = [zeros, fraction.len()].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    Some((significant.to_owned(), exponent.saturating_add(zeros).saturating_sub(places)))
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the message about a number that does not fit into a `Decimal` of the client.
pub(crate) fn too_many_digits(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    let more = if shown.len() < text.len() { ".." } else { "" };
    format!("`{shown}{more}` does not fit a decimal (at most 28 decimal places, and digits that fit into 96 bits)")
}

pub(crate) const FEWER_DIGITS: &str =
    "write at most 28 digits, at most 28 of them after the point; a client refuses more";

/// Returns whether a text is an integer that fits into an `i64` or a `u64`.
pub(crate) fn bounds_an_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        for (a, b) in [
            ("1", "1.0"),
            ("10", "1e1"),
            ("-0", "0"),
            ("0.010", "1E-2"),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ] {
            assert!(is_same_number(a, b), "{a} {b}");
        }
        for (a, b) in [("1", "-1"), ("1", "10"), ("0", "1"), ("1e99999999999999999999", "1e99999999999999999998")] {
            assert!(!is_same_number(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_decimal_holds_at_most_28_places_and_96_bits() {
        for (text, fits) in [
            ("0", true),
            ("-0.00", true),
            ("79228162514264337593543950335", true),
            ("79228162514264337593543950336", false),
            ("-7.9228162514264337593543950335", true),
            ("7.9228162514264337593543950336", false),
            ("0.0000000000000000000000000001", true),
            ("0.00000000000000000000000000001", false),
            ("1.50000000000000000000000000000000000000", true),
            ("1e28", true),
            ("1e29", false),
            ("1E-28", true),
            ("1e-29", false),
            ("10e-29", true),
            ("0e999", true),
            ("1e99999999999999999999", false),
            ("0.12345678901234567890123456789", false),
            ("000000000000000000000000000000000000", true),
        ] {
            assert_eq!(fits_decimal(text), fits, "{text}");
        }
    }
}
