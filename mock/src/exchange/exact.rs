//! Arithmetic that is exact or fails. The operators of [`Decimal`] round a result that has too many
//! digits.

use venuekit::Decimal;

/// Returns `mantissa / 10^scale`; `None` if it does not fit into a decimal.
fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// Returns the mantissas of two numbers at one scale, and the scale.
fn aligned(one: Decimal, other: Decimal) -> Option<(i128, i128, u32)> {
    let (one, other) = (one.normalize(), other.normalize());
    let scale = one.scale().max(other.scale());
    let at = |number: Decimal| number.mantissa().checked_mul(10_i128.checked_pow(scale - number.scale())?);
    Some((at(one)?, at(other)?, scale))
}

pub(crate) fn add(one: Decimal, other: Decimal) -> Option<Decimal> {
    let (one, other, scale) = aligned(one, other)?;
    decimal(one.checked_add(other)?, scale)
}

pub(crate) fn subtract(one: Decimal, other: Decimal) -> Option<Decimal> {
    add(one, -other)
}

pub(crate) fn multiply(one: Decimal, other: Decimal) -> Option<Decimal> {
    let (one, other) = (one.normalize(), other.normalize());
    decimal(one.mantissa().checked_mul(other.mantissa())?, one.scale() + other.scale())
}

/// Returns the quotient of two numbers, rounded down to `places` decimals. `None` if the divisor is
/// not above zero, the dividend is negative, or the numbers have too many digits.
pub(crate) fn divide_down(one: Decimal, other: Decimal, places: u32) -> Option<Decimal> {
    let (one, other, _) = aligned(one, other)?;
    if one < 0 || other <= 0 {
        return None;
    }
    decimal(one.checked_mul(10_i128.checked_pow(places)?)?.checked_div(other)?, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_result_with_too_many_digits_is_none_and_any_other_is_exact() {
        assert_eq!(add(number("0.1"), number("0.20")), Some(number("0.3")));
        assert_eq!(add(number("79228162514264337593543950335"), number("1")), None);
        assert_eq!(add(number("10000000000000000"), number("0.0000000000000001")), None);
        assert_eq!(subtract(number("1"), number("1.5")), Some(number("-0.5")));
        assert_eq!(multiply(number("0.00001464"), number("3.00000000")), Some(number("0.00004392")));
        assert_eq!(multiply(number("0.00000000000001"), number("0.000000000000001")), None);
        assert_eq!(divide_down(number("3"), number("1.17433988"), 8), Some(number("2.55462668")));
        assert_eq!(divide_down(number("3"), Decimal::ZERO, 8), None);
        assert_eq!(divide_down(number("-3"), number("1"), 8), None);
    }
}
