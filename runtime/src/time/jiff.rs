//! Conversions from and to `jiff`.

use super::error::{Reason, TimeError};
use super::format::TimeFormat;
use super::timestamp::Timestamp;

impl<F: TimeFormat> Timestamp<F> {
    /// Returns the time. Needs the feature `jiff`.
    ///
    /// ```
    /// use venuekit::time::UnixMillis;
    ///
    /// let time = UnixMillis::from_millis(1_571_027_094_623);
    /// assert_eq!(time.to_jiff()?.to_string(), "2019-10-14T04:24:54.623Z");
    /// assert_eq!(UnixMillis::try_from(time.to_jiff()?)?, time);
    /// # Ok::<(), venuekit::time::TimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value is not a time, when it has digits after the nanoseconds, and when it is
    /// outside the range of `jiff::Timestamp`.
    pub fn to_jiff(&self) -> Result<::jiff::Timestamp, TimeError> {
        let nanos = self.unix_nanos()?;
        ::jiff::Timestamp::from_nanosecond(nanos).map_err(|_| self.error(Reason::Range))
    }

    /// Returns the time, rounded down to a nanosecond. Needs the feature `jiff`.
    ///
    /// # Errors
    ///
    /// When the value is not a time, and when it is outside the range of `jiff::Timestamp`.
    pub fn to_jiff_floor(&self) -> Result<::jiff::Timestamp, TimeError> {
        let nanos = self.unix_nanos_floor()?;
        ::jiff::Timestamp::from_nanosecond(nanos).map_err(|_| self.error(Reason::Range))
    }

    /// Creates a timestamp from a time, rounded down to the precision of the format. Needs the
    /// feature `jiff`.
    ///
    /// # Errors
    ///
    /// When the time is outside the range of the format.
    pub fn from_jiff_floor(time: ::jiff::Timestamp) -> Result<Self, TimeError> {
        Self::from_unix_nanos_floor(time.as_nanosecond())
    }
}

impl<F: TimeFormat> TryFrom<::jiff::Timestamp> for Timestamp<F> {
    type Error = TimeError;

    /// Creates a timestamp from a time. A time that is more precise than the format is an error.
    fn try_from(time: ::jiff::Timestamp) -> Result<Self, TimeError> {
        Self::from_unix_nanos(time.as_nanosecond())
    }
}

impl<F: TimeFormat> TryFrom<&Timestamp<F>> for ::jiff::Timestamp {
    type Error = TimeError;

    fn try_from(time: &Timestamp<F>) -> Result<Self, TimeError> {
        time.to_jiff()
    }
}

impl<F: TimeFormat> TryFrom<Timestamp<F>> for ::jiff::Timestamp {
    type Error = TimeError;

    fn try_from(time: Timestamp<F>) -> Result<Self, TimeError> {
        time.to_jiff()
    }
}
