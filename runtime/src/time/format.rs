//! The formats of times.

use crate::operation::venue::TimeUnit;

mod sealed {
    pub trait Sealed {}
}

/// A format of times. The formats of this module implement it.
pub trait TimeFormat: sealed::Sealed + 'static {
    /// The unit of the format.
    const UNIT: TimeUnit;

    /// True if a text without an offset is in UTC. A number always counts from a time in UTC.
    const IS_UTC: bool;
}

/// A format of numbers that count time.
pub trait UnixFormat: TimeFormat {}

macro_rules! formats {
    ($($(#[doc = $doc:literal])* $name:ident = $unit:ident, utc = $utc:literal;)*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl TimeFormat for $name {
            const UNIT: TimeUnit = TimeUnit::$unit;
            const IS_UTC: bool = $utc;
        }
    )* };
}

formats! {
    /// Milliseconds since 1970: `1571027094623`.
    Millis = Milliseconds, utc = true;
    /// Microseconds since 1970: `1571027094623000`.
    Micros = Microseconds, utc = true;
    /// Nanoseconds since 1970: `1571027094623000000`.
    Nanos = Nanoseconds, utc = true;
    /// Seconds since 1970, possibly with decimals: `1571027094.623`.
    Seconds = Seconds, utc = true;
    /// Ticks of 100 ns since the year 1: `637066238946230000`.
    Ticks = DotnetTicks, utc = true;
    /// ISO 8601 text. The zone of a text without an offset is not known.
    Iso = Iso8601, utc = false;
    /// ISO 8601 text. A text without an offset is in UTC.
    IsoUtc = Iso8601, utc = true;
}

impl UnixFormat for Millis {}
impl UnixFormat for Micros {}
impl UnixFormat for Nanos {}
impl UnixFormat for Seconds {}
impl UnixFormat for Ticks {}

/// A format of text.
pub trait TextFormat: TimeFormat {}

impl TextFormat for Iso {}
impl TextFormat for IsoUtc {}
