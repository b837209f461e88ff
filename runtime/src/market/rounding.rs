//! Rounding to a multiple of a step.

use std::error::Error;
use std::fmt;

use rust_decimal::Decimal;

/// The direction of a rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// To the next multiple below, which for a negative value is further from zero.
    Down,
    /// To the next multiple above.
    Up,
    /// To the nearest multiple. A value in the middle is rounded away from zero.
    Nearest,
}

/// The reason why a value cannot be rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoundingError {
    /// The step is zero or negative.
    #[non_exhaustive]
    StepNotPositive {
        /// The step.
        step: Decimal,
    },
    /// The multiple has more digits than a decimal holds.
    #[non_exhaustive]
    TooManyDigits {
        /// The value.
        value: Decimal,
        /// The step.
        step: Decimal,
    },
}

impl fmt::Display for RoundingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StepNotPositive { step } => write!(f, "the step {step} is not positive"),
            Self::TooManyDigits { value, step } => {
                write!(f, "the multiple of {step} next to {value} has more digits than a decimal holds")
            }
        }
    }
}

impl Error for RoundingError {}

/// Rounds a value to a multiple of a step, exactly. The result has at most as many decimal places
/// as the step.
///
/// ```
/// use venuekit::dec;
/// use venuekit::market::{Rounding, round_to_step};
///
/// assert_eq!(round_to_step(dec!(9498.75), dec!(0.5), Rounding::Down)?.to_string(), "9498.5");
/// assert_eq!(round_to_step(dec!(9498.75), dec!(0.5), Rounding::Up)?.to_string(), "9499.0");
/// assert_eq!(round_to_step(dec!(7), dec!(5), Rounding::Nearest)?, dec!(5));
/// assert!(round_to_step(dec!(7), dec!(0), Rounding::Down).is_err());
/// # Ok::<(), venuekit::market::RoundingError>(())
/// ```
///
/// # Errors
///
/// When the step is not positive, or the result does not fit into a decimal.
pub fn round_to_step(value: Decimal, step: Decimal, rounding: Rounding) -> Result<Decimal, RoundingError> {
    if step <= Decimal::ZERO {
        return Err(RoundingError::StepNotPositive { step });
    }
    let too_many_digits = RoundingError::TooManyDigits { value, step };
    // The sign of the remainder is the one of the value.
    let rest = value.checked_rem(step).ok_or(too_many_digits)?;
    let (toward_zero, is_negative) = (value.checked_sub(rest), rest.is_sign_negative());
    let goes_further = match rounding {
        Rounding::Down => is_negative,
        Rounding::Up => !is_negative,
        Rounding::Nearest => rest.abs() >= step.checked_sub(rest.abs()).ok_or(too_many_digits)?,
    };
    let rounded = match toward_zero {
        _ if rest.is_zero() => Some(value),
        Some(multiple) if !goes_further => Some(multiple),
        Some(multiple) if is_negative => multiple.checked_sub(step),
        Some(multiple) => multiple.checked_add(step),
        None => None,
    };
    let mut rounded = rounded.ok_or(too_many_digits)?;
    if rounded.scale() > step.scale() {
        rounded.rescale(step.scale());
    }
    // Sums of decimals are rounded if they have too many digits, without an error.
    let is_multiple = rounded.checked_rem(step).is_some_and(|rest| rest.is_zero());
    let is_near = rounded.checked_sub(value).is_some_and(|distance| distance.abs() < step);
    if is_multiple && is_near { Ok(rounded) } else { Err(too_many_digits) }
}
