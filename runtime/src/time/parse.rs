//! Parses times.

use super::error::Reason;
use super::exact::Exact;
use super::iso8601;
use super::unix::Scale;
use crate::operation::venue::TimeUnit;

/// Returns the scale of a unit; `None` for text.
pub(super) const fn scale(unit: TimeUnit) -> Option<Scale> {
    match unit {
        TimeUnit::Milliseconds => Some(Scale::MILLISECONDS),
        TimeUnit::Microseconds => Some(Scale::MICROSECONDS),
        TimeUnit::Nanoseconds => Some(Scale::NANOSECONDS),
        TimeUnit::Seconds => Some(Scale::SECONDS),
        TimeUnit::DotnetTicks => Some(Scale::DOTNET_TICKS),
        TimeUnit::Iso8601 => None,
    }
}

/// Parses a time in a format of venues. A text without an offset is in UTC if `is_utc` is true.
///
/// # Errors
/// When the text has another format, or when it has no offset and `is_utc` is false.
pub(crate) fn parse(text: &str, unit: TimeUnit, is_utc: bool) -> Result<Exact, Reason> {
    match scale(unit) {
        Some(scale) => scale.parse(text).ok_or(Reason::Format(unit)),
        None => match iso8601::parse(text) {
            Some(parsed) if parsed.has_offset || is_utc => Ok(parsed.time),
            Some(_) => Err(Reason::Offset),
            None => Err(Reason::Format(unit)),
        },
    }
}
