//! The type of times on the wire.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::error::{Reason, TimeError};
use super::exact::Exact;
use super::format::{Iso, IsoUtc, Micros, Millis, Nanos, Seconds, TextFormat, Ticks, TimeFormat};
use super::iso8601;
use super::parse::{parse, scale};
use super::unix::Scale;
use crate::codegen::blank::Blank;

/// A time in the format `F`, with the exact text of the value.
///
/// Reading and writing keep every digit, and the form: a number stays a number, and a text stays a
/// text. `Display` writes the text. The methods that return the time read the text each time.
///
/// Two values are equal, have the same hash and the same order if they are the same time: the text
/// `"1571027094623"` equals the number `1571027094623`, and `2020-01-01T01:00:00+01:00` equals
/// `2020-01-01T00:00:00.000Z`. A value that is not a time is compared by its text, and comes after
/// all times.
///
/// ```
/// use venuekit::time::{Iso8601, UnixMillis};
///
/// let time = UnixMillis::from_millis(1_571_027_094_623);
/// assert_eq!(time.unix_secs_floor()?, 1_571_027_094);
/// assert_eq!(serde_json::to_string(&time)?, "1571027094623");
///
/// // The document of a venue does not always tell the zone.
/// let local = Iso8601::from("2019-10-14 04:24:54");
/// assert!(local.unix_millis().is_err());
/// assert_eq!(local.assume_utc().unix_millis()?, 1_571_027_094_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Timestamp<F> {
    value: Value,
    form: Form,
    format: PhantomData<fn() -> F>,
}

/// A Unix time in milliseconds: `1571027094623`.
pub type UnixMillis = Timestamp<Millis>;

/// A Unix time in microseconds: `1571027094623000`.
pub type UnixMicros = Timestamp<Micros>;

/// A Unix time in nanoseconds: `1571027094623000000`.
pub type UnixNanos = Timestamp<Nanos>;

/// A Unix time in seconds, possibly with decimals: `1571027094.623`.
pub type UnixSeconds = Timestamp<Seconds>;

/// A time in .NET ticks, 100 ns since the year 1: `637066238946230000`.
pub type DotnetTicks = Timestamp<Ticks>;

/// A time as ISO 8601 text: `2019-10-14T04:24:54.623Z`. The zone of a text without an offset is
/// not known, so it is an error to ask such a value for its time.
pub type Iso8601 = Timestamp<Iso>;

/// A time as ISO 8601 text: `2019-10-14T04:24:54.623Z`. A text without an offset is in UTC.
pub type Iso8601Utc = Timestamp<IsoUtc>;

#[derive(Clone)]
pub(super) enum Value {
    /// A number that is an integer of 64 bits.
    Integer(i64),
    /// Any other number or text.
    Text(Cow<'static, str>),
}

impl Value {
    /// Returns the value of a number, with its digits.
    pub(super) fn number(text: &str) -> Self {
        // The integer 0 is written as `0`, so `-0` is kept as text.
        let integer = text.parse().ok().filter(|_| text != "-0");
        integer.map_or_else(|| Self::Text(text.to_owned().into()), Self::Integer)
    }
}

/// The form of a value on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A JSON number.
    Number,
    /// A JSON string.
    Text,
    /// A number, or a string at a place where the venue expects a string. A Unix time that the
    /// program creates has this form.
    Default,
}

impl<F> Timestamp<F> {
    pub(super) const fn with_form(value: Value, form: Form) -> Self {
        Self { value, form, format: PhantomData }
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// Returns whether the time is written as a JSON string. A Unix time that the program creates
    /// is written as a string only at a place where the venue expects a string.
    pub fn is_text(&self) -> bool {
        self.form == Form::Text
    }
}

macro_rules! units {
    ($($name:ident, $floor:ident, $scale:ident, $units:literal;)*) => { $(
        #[doc = concat!("Returns the ", $units, " since 1970.")]
        ///
        /// # Errors
        ///
        #[doc = concat!("When the value is not a time, when it is not a whole number of ", $units, ",")]
        /// or when the number does not fit into 64 bits.
        pub fn $name(&self) -> Result<i64, TimeError> {
            match Scale::$scale.units(self.unix_nanos()?) {
                Ok((units, 0)) => Ok(units),
                Ok(_) => Err(self.error(Reason::Digits)),
                Err(reason) => Err(self.error(reason)),
            }
        }

        #[doc = concat!("Returns the whole ", $units, " since 1970, at or before the time.")]
        ///
        /// # Errors
        ///
        /// When the value is not a time, or when the number does not fit into 64 bits.
        pub fn $floor(&self) -> Result<i64, TimeError> {
            let units = Scale::$scale.units(self.unix_nanos_floor()?);
            units.map(|(units, _)| units).map_err(|reason| self.error(reason))
        }
    )* };
}

impl<F: TimeFormat> Timestamp<F> {
    /// Creates a timestamp from a time. A time that is more precise than the format is an error.
    /// Unix times in seconds get decimals. Texts are in UTC.
    ///
    /// ```
    /// use venuekit::time::{Iso8601Utc, UnixMillis, UnixSeconds};
    ///
    /// let nanos = 1_571_027_094_623_000_001;
    /// assert_eq!(UnixSeconds::from_unix_nanos(nanos)?.to_string(), "1571027094.623000001");
    /// assert_eq!(Iso8601Utc::from_unix_nanos(nanos)?.to_string(), "2019-10-14T04:24:54.623000001Z");
    /// assert!(UnixMillis::from_unix_nanos(nanos).is_err());
    /// assert_eq!(UnixMillis::from_unix_nanos_floor(nanos)?.to_string(), "1571027094623");
    /// # Ok::<(), venuekit::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When digits would be lost, or when the time is outside the range of the format.
    pub fn from_unix_nanos(nanos: i128) -> Result<Self, TimeError> {
        match Self::write(nanos) {
            Ok((time, 0)) => Ok(time),
            Ok(_) => Err(TimeError::new(format_args!("{nanos} ns"), Reason::Digits)),
            Err(reason) => Err(TimeError::new(format_args!("{nanos} ns"), reason)),
        }
    }

    /// Creates a timestamp from a time, rounded down to the precision of the format.
    ///
    /// # Errors
    ///
    /// When the time is outside the range of the format.
    pub fn from_unix_nanos_floor(nanos: i128) -> Result<Self, TimeError> {
        Self::write(nanos).map(|(time, _)| time).map_err(|reason| TimeError::new(format_args!("{nanos} ns"), reason))
    }

    /// Creates the timestamp, rounded down to the precision of the format, and returns it with the
    /// rest in nanoseconds.
    fn write(nanos: i128) -> Result<(Self, i128), Reason> {
        let Some(scale) = scale(F::UNIT) else {
            return Ok((Self::with_form(Value::Text(iso8601::write(nanos)?.into()), Form::Text), 0));
        };
        let (units, rest) = scale.units(nanos)?;
        if rest == 0 || F::UNIT != Seconds::UNIT {
            return Ok((Self::with_form(Value::Integer(units), Form::Default), rest));
        }
        // All digits of a negative decimal count down from zero, so the sign is written separately.
        let (sign, nanos) = if nanos < 0 { ("-", -nanos) } else { ("", nanos) };
        let (units, rest) = scale.units(nanos)?;
        let text = format!("{sign}{units}.{rest:09}");
        Ok((Self::with_form(Value::Text(text.trim_end_matches('0').to_owned().into()), Form::Default), 0))
    }

    /// Returns the nanoseconds since 1970.
    ///
    /// # Errors
    ///
    /// When the value is not a time, or when it has digits after the nanoseconds.
    pub fn unix_nanos(&self) -> Result<i128, TimeError> {
        let time = self.time()?;
        if time.is_whole_nanos() { Ok(time.floor_nanos()) } else { Err(self.error(Reason::Digits)) }
    }

    /// Returns the whole nanoseconds since 1970, at or before the time.
    ///
    /// # Errors
    ///
    /// When the value is not a time.
    pub fn unix_nanos_floor(&self) -> Result<i128, TimeError> {
        Ok(self.time()?.floor_nanos())
    }

    units! {
        unix_micros, unix_micros_floor, MICROSECONDS, "microseconds";
        unix_millis, unix_millis_floor, MILLISECONDS, "milliseconds";
        unix_secs, unix_secs_floor, SECONDS, "seconds";
    }

    fn read(&self) -> Result<Exact, Reason> {
        match (&self.value, scale(F::UNIT)) {
            (Value::Integer(units), Some(scale)) => Ok(scale.time(*units)),
            (Value::Integer(_), None) => Err(Reason::Format(F::UNIT)),
            (Value::Text(text), _) => parse(text, F::UNIT, F::IS_UTC),
        }
    }

    fn time(&self) -> Result<Exact, TimeError> {
        self.read().map_err(|reason| self.error(reason))
    }

    /// Returns the number of units of the format, for a place where the venue expects an integer.
    ///
    /// # Errors
    /// When the value is not a time, or not a whole number of units.
    pub(super) fn whole_units(&self) -> Result<i64, TimeError> {
        match (&self.value, scale(F::UNIT)) {
            (Value::Integer(units), Some(_)) => Ok(*units),
            (Value::Text(_), Some(scale)) => match scale.units(self.unix_nanos()?) {
                Ok((units, 0)) => Ok(units),
                Ok(_) => Err(self.error(Reason::Fraction(F::UNIT))),
                Err(reason) => Err(self.error(reason)),
            },
            (_, None) => Err(self.error(Reason::Format(F::UNIT))),
        }
    }

    pub(super) fn error(&self, reason: Reason) -> TimeError {
        TimeError::new(self, reason)
    }
}

macro_rules! from_units {
    ($($format:ident, $name:ident, $units:literal;)*) => { $(
        impl Timestamp<$format> {
            #[doc = concat!("Creates a time from the ", $units, ".")]
            pub const fn $name(units: i64) -> Self {
                Self::with_form(Value::Integer(units), Form::Default)
            }
        }
    )* };
}

from_units! {
    Millis, from_millis, "milliseconds since 1970";
    Micros, from_micros, "microseconds since 1970";
    Nanos, from_nanos, "nanoseconds since 1970";
    Seconds, from_secs, "seconds since 1970";
    Ticks, from_ticks, "ticks of 100 ns since the year 1";
}

impl<F: TextFormat> Timestamp<F> {
    /// Creates a time from its text. The text is not checked; it is kept as it is.
    ///
    /// ```
    /// use venuekit::time::Iso8601Utc;
    ///
    /// const LISTED: Iso8601Utc = Iso8601Utc::from_static("2019-10-14T04:24:54Z");
    /// assert_eq!(LISTED.unix_secs()?, 1_571_027_094);
    /// # Ok::<(), venuekit::time::TimeError>(())
    /// ```
    pub const fn from_static(text: &'static str) -> Self {
        Self::with_form(Value::Text(Cow::Borrowed(text)), Form::Text)
    }
}

impl Timestamp<Iso> {
    /// Returns the same text, read as UTC if it has no offset.
    pub fn assume_utc(&self) -> Iso8601Utc {
        Timestamp::with_form(self.value.clone(), self.form)
    }
}

impl<F> Clone for Timestamp<F> {
    fn clone(&self) -> Self {
        Self::with_form(self.value.clone(), self.form)
    }
}

impl<F> fmt::Display for Timestamp<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Integer(units) => fmt::Display::fmt(units, f),
            Value::Text(text) => f.pad(text),
        }
    }
}

impl<F> fmt::Debug for Timestamp<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Text(text) if self.is_text() => fmt::Debug::fmt(text, f),
            Value::Integer(units) => fmt::Display::fmt(units, f),
            Value::Text(text) => f.write_str(text),
        }
    }
}

/// The value by which timestamps are compared.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Time(Exact),
    Other(String),
}

impl<F: TimeFormat> Timestamp<F> {
    fn key(&self) -> Key {
        self.read().map_or_else(|_| Key::Other(self.to_string()), Key::Time)
    }
}

impl<F: TimeFormat> PartialEq for Timestamp<F> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<F: TimeFormat> Eq for Timestamp<F> {}

impl<F: TimeFormat> PartialOrd for Timestamp<F> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<F: TimeFormat> Ord for Timestamp<F> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            // An integer in a format of text is compared as a text.
            (Value::Integer(units), Value::Integer(others)) if scale(F::UNIT).is_some() => units.cmp(others),
            _ => self.key().cmp(&other.key()),
        }
    }
}

impl<F: TimeFormat> Hash for Timestamp<F> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl<F> Blank for Timestamp<F> {
    fn blank() -> Self {
        Self::with_form(Value::Text(Cow::Borrowed("")), Form::Text)
    }
}
