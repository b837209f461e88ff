//! Times as venues write them: the exact text of the value, and the time that it stands for.
//!
//! A field is a [`Timestamp`] with the format that the venue uses there, such as [`UnixMillis`].
//! The value is read and written digit for digit, a number as a number and a text as a text. It is
//! read as a time only when a method asks for the time:
//!
//! ```
//! use venuekit::time::{Iso8601Utc, UnixMillis, UnixSeconds};
//!
//! let created: UnixSeconds = serde_json::from_str("1518074034.9090531")?;
//! assert_eq!(created.unix_nanos()?, 1_518_074_034_909_053_100);
//! assert_eq!(created.unix_millis_floor()?, 1_518_074_034_909);
//! assert!(created.unix_millis().is_err());
//! assert_eq!(serde_json::to_string(&created)?, "1518074034.9090531");
//!
//! let placed: Iso8601Utc = serde_json::from_str(r#""2020-06-04T09:48:43.8880912Z""#)?;
//! assert_eq!(placed.to_string(), "2020-06-04T09:48:43.8880912Z");
//! assert!(placed < Iso8601Utc::from("2020-06-04T12:00:00+01:00"));
//!
//! const START: UnixMillis = UnixMillis::from_millis(1_700_000_000_000);
//! let time: std::time::SystemTime = START.to_system_time()?;
//! assert_eq!(UnixMillis::try_from(time)?, START);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing is rounded. A conversion that would lose digits is an error, unless its name ends in
//! `_floor`. Such a method returns the last whole unit at or before the time.
//!
//! A text that is not a time is kept. It is an error only when a method asks for the time.
//!
//! With the feature `jiff`, timestamps convert from and to `jiff::Timestamp`.

mod calendar;
pub(crate) mod convert;
mod error;
mod exact;
mod format;
mod iso8601;
#[cfg(feature = "jiff")]
mod jiff;
pub(crate) mod parse;
mod timestamp;
mod unix;
mod wire;

pub use error::TimeError;
pub use format::{Iso, IsoUtc, Micros, Millis, Nanos, Seconds, TextFormat, Ticks, TimeFormat, UnixFormat};
pub use timestamp::{DotnetTicks, Iso8601, Iso8601Utc, Timestamp, UnixMicros, UnixMillis, UnixNanos, UnixSeconds};
pub use wire::{TimeInteger, TimeText};
