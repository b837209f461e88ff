//! Conversions between timestamps and other types.

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rust_decimal::Decimal;

use super::error::{Reason, TimeError};
use super::format::{Seconds, TextFormat, TimeFormat, UnixFormat};
use super::timestamp::{Form, Timestamp, UnixSeconds, Value};
use crate::setters::{Nullable, Optional};
use crate::wire::decimal::{Grammar, Number};
use crate::wire::maybe::Maybe;

impl<F: TimeFormat> Timestamp<F> {
    /// Creates a timestamp from a time, rounded down to the precision of the format.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use venuekit::time::UnixMillis;
    ///
    /// let time = UNIX_EPOCH + Duration::from_micros(1_571_027_094_623_999);
    /// assert!(UnixMillis::try_from(time).is_err());
    /// assert_eq!(UnixMillis::from_system_time_floor(time)?.to_string(), "1571027094623");
    /// # Ok::<(), venuekit::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the time is outside the range of the format.
    pub fn from_system_time_floor(time: SystemTime) -> Result<Self, TimeError> {
        Self::from_unix_nanos_floor(nanos(time))
    }

    /// Returns the time.
    ///
    /// # Errors
    ///
    /// When the value is not a time, when it is outside the range of `SystemTime`, or when it is
    /// more precise than `SystemTime` on this system: 1 ns on Unix, 100 ns on Windows.
    pub fn to_system_time(&self) -> Result<SystemTime, TimeError> {
        let exact = self.unix_nanos()?;
        let time = system_time(exact).ok_or_else(|| self.error(Reason::Range))?;
        if nanos(time) == exact { Ok(time) } else { Err(self.error(Reason::Digits)) }
    }

    /// Returns this time, rounded down to the precision of `SystemTime`.
    ///
    /// # Errors
    ///
    /// When the value is not a time, or when it is outside the range of `SystemTime`.
    pub fn to_system_time_floor(&self) -> Result<SystemTime, TimeError> {
        // Windows counts in steps of 100 ns, and rounds toward 1970.
        let exact = self.unix_nanos_floor()?;
        let time = system_time(exact).ok_or_else(|| self.error(Reason::Range))?;
        if nanos(time) <= exact {
            return Ok(time);
        }
        time.checked_sub(Duration::from_nanos(100)).ok_or_else(|| self.error(Reason::Range))
    }
}

/// Returns the nanoseconds from 1970 to a time.
fn nanos(time: SystemTime) -> i128 {
    let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => nanos(since),
        Err(before) => -nanos(before.duration()),
    }
}

/// Returns the time that is this many nanoseconds after 1970; `None` if `SystemTime` cannot hold
/// it.
pub(crate) fn system_time(nanos: i128) -> Option<SystemTime> {
    const SECOND: u128 = 1_000_000_000;
    let distance = nanos.unsigned_abs();
    let seconds = u64::try_from(distance / SECOND).ok()?;
    let distance = Duration::new(seconds, u32::try_from(distance % SECOND).ok()?);
    if nanos < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

impl<F: TimeFormat> TryFrom<SystemTime> for Timestamp<F> {
    type Error = TimeError;

    /// Creates a timestamp from a time. A time that is more precise than the format is an error.
    fn try_from(time: SystemTime) -> Result<Self, TimeError> {
        Self::from_unix_nanos(nanos(time))
    }
}

impl<F: TimeFormat> TryFrom<&Timestamp<F>> for SystemTime {
    type Error = TimeError;

    fn try_from(time: &Timestamp<F>) -> Result<Self, TimeError> {
        time.to_system_time()
    }
}

impl<F: TimeFormat> TryFrom<Timestamp<F>> for SystemTime {
    type Error = TimeError;

    fn try_from(time: Timestamp<F>) -> Result<Self, TimeError> {
        time.to_system_time()
    }
}

impl<F> From<&Self> for Timestamp<F> {
    fn from(time: &Self) -> Self {
        time.clone()
    }
}

// This is the only conversion from an integer. So a literal without a suffix has the type `i64`.
impl<F: UnixFormat> From<i64> for Timestamp<F> {
    /// Creates a time from a number of units of the format.
    fn from(units: i64) -> Self {
        Self::with_form(Value::Integer(units), Form::Default)
    }
}

impl From<Decimal> for UnixSeconds {
    /// Creates a time from the seconds since 1970.
    fn from(seconds: Decimal) -> Self {
        Self::with_form(Value::number(&seconds.to_string()), Form::Default)
    }
}

impl<F: UnixFormat> FromStr for Timestamp<F> {
    type Err = TimeError;

    /// Creates a time from the digits of a number, and keeps them. The digits follow JSON's grammar
    /// for numbers.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if Number::scan(text, Grammar::Json).is_err() {
            return Err(TimeError::new(text, Reason::Format(F::UNIT)));
        }
        Ok(Self::with_form(Value::number(text), Form::Default))
    }
}

impl<F: TextFormat> From<String> for Timestamp<F> {
    /// Creates a time from its text. The text is not checked; it is kept as it is.
    fn from(text: String) -> Self {
        Self::with_form(Value::Text(text.into()), Form::Text)
    }
}

impl<F: TextFormat> From<&str> for Timestamp<F> {
    /// Creates a time from its text. The text is not checked; it is kept as it is.
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl<F: TextFormat> From<&String> for Timestamp<F> {
    /// Creates a time from its text. The text is not checked; it is kept as it is.
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// Implements [`Optional`] and [`Nullable`] for the types that convert into a timestamp.
macro_rules! stands_for {
    ($([$($format:tt)*] $target:ty: $ty:ty;)*) => { $(
        impl<$($format)*> Optional<$target> for $ty {
            fn into_optional(self) -> Option<$target> {
                Some(self.into())
            }
        }

        impl<$($format)*> Nullable<$target> for $ty {
            fn into_maybe(self) -> Maybe<$target> {
                Maybe::Value(self.into())
            }
        }
    )* };
}

stands_for! {
    [F: UnixFormat] Timestamp<F>: i64;
    [] Timestamp<Seconds>: Decimal;
    [F: TextFormat] Timestamp<F>: &str;
    [F: TextFormat] Timestamp<F>: String;
    [F: TextFormat] Timestamp<F>: &String;
}
