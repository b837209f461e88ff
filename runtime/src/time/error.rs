//! The error of a conversion from or to a time.

use std::fmt;

use crate::operation::venue::TimeUnit;
use crate::wire::raw::shorten;

/// The reason why a value is not a time, or why a time does not fit into a value.
///
/// ```
/// use venuekit::time::UnixSeconds;
///
/// let time: UnixSeconds = serde_json::from_str("1518074034.9090531")?;
/// let error = time.unix_millis().unwrap_err();
/// assert!(error.loses_digits());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeError {
    text: Box<str>,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The text has another format.
    Format(TimeUnit),
    /// The text has no offset from UTC, and the zone is not known.
    Offset,
    /// The venue expects an integer, and the time is not a whole number of units.
    Fraction(TimeUnit),
    /// The time has more digits than the target.
    Digits,
    /// The time is outside the range of the target.
    Range,
}

impl TimeError {
    pub(super) fn new(text: impl fmt::Display, reason: Reason) -> Self {
        Self { text: shorten(&text.to_string()), reason }
    }

    /// Returns whether the conversion would lose digits. The method of the same name with `_floor`
    /// at its end drops these digits.
    pub fn loses_digits(&self) -> bool {
        matches!(self.reason, Reason::Digits | Reason::Fraction(_))
    }

    /// Returns whether the value is a time, but its zone is not known.
    pub fn lacks_zone(&self) -> bool {
        self.reason == Reason::Offset
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.reason {
            Reason::Format(unit) => {
                let expected = match unit {
                    TimeUnit::Milliseconds => "a Unix time in milliseconds",
                    TimeUnit::Microseconds => "a Unix time in microseconds",
                    TimeUnit::Nanoseconds => "a Unix time in nanoseconds",
                    TimeUnit::Seconds => "a Unix time in seconds",
                    TimeUnit::Iso8601 => "an ISO 8601 date with a time",
                    TimeUnit::DotnetTicks => "a number of .NET ticks",
                };
                write!(f, "expected {expected}, found {text:?}")
            }
            Reason::Offset => write!(
                f,
                "{text:?} has no offset, and the venue does not document the zone; help: `assume_utc` reads it as UTC"
            ),
            Reason::Fraction(unit) => {
                let (units, floor) = match unit {
                    TimeUnit::Seconds => ("seconds", "unix_secs_floor"),
                    TimeUnit::Milliseconds => ("milliseconds", "unix_millis_floor"),
                    TimeUnit::Microseconds => ("microseconds", "unix_micros_floor"),
                    TimeUnit::Nanoseconds => ("nanoseconds", "unix_nanos_floor"),
                    TimeUnit::DotnetTicks | TimeUnit::Iso8601 => ("units", "from_unix_nanos_floor"),
                };
                write!(f, "expected a whole number of {units}, found {text:?}; help: `{floor}` drops the digits")
            }
            Reason::Digits => {
                write!(f, "the conversion of {text:?} loses digits; help: a method that ends in `_floor` drops them")
            }
            Reason::Range => write!(f, "{text:?} is outside the range of the conversion"),
        }
    }
}

impl std::error::Error for TimeError {}
