//! Reads and writes times.

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

use super::format::TimeFormat;
use super::timestamp::{Form, Timestamp, Value};
use crate::wire::raw::{self, FromScalar, Kind, Scalar};

/// An adaptor for a Unix time at a place where the venue expects a string: a value that the program
/// creates is written as a string. A value that was read is written in the form in which it came.
///
/// ```
/// use venuekit::time::{TimeText, UnixMillis};
/// use venuekit::wire::EncodeAs;
///
/// let time = UnixMillis::from_millis(1_571_027_094_623);
/// assert_eq!(serde_json::to_string(&EncodeAs::<_, TimeText>::new(&time))?, r#""1571027094623""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TimeText;

/// An adaptor for a Unix time at a place where the venue expects an integer, such as the beginning
/// of a span in whole seconds. Writing a time with decimals is an error, because a venue may read
/// it as 0, and 0 as no limit.
///
/// ```
/// use venuekit::time::{TimeInteger, UnixSeconds};
/// use venuekit::wire::EncodeAs;
///
/// let created: UnixSeconds = serde_json::from_str("1515761485.7350211")?;
/// assert!(serde_json::to_string(&EncodeAs::<_, TimeInteger>::new(&created)).is_err());
/// let second = UnixSeconds::from_secs(created.unix_secs_floor()?);
/// assert_eq!(serde_json::to_string(&EncodeAs::<_, TimeInteger>::new(&second))?, "1515761485");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Reading keeps any value, as reading without the adaptor does.
#[derive(Clone, Copy, Debug)]
pub struct TimeInteger;

impl<F> FromScalar for Timestamp<F> {
    const EXPECTED: &'static str = "a time, as a number or a string";

    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
        match scalar {
            Scalar::String(text) => Ok(Self::with_form(Value::Text(text.into_owned().into()), Form::Text)),
            Scalar::Other(json) => match Kind::of(json) {
                Kind::Integer | Kind::Number => Ok(Self::with_form(Value::number(json), Form::Number)),
                found => Err(Self::unfit(found)),
            },
        }
    }

    #[inline]
    fn from_integer(integer: i64) -> Result<Self, String> {
        Ok(Self::with_form(Value::Integer(integer), Form::Number))
    }
}

impl<'de, F> Deserialize<'de> for Timestamp<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        raw::read(deserializer)
    }
}

impl<F> Serialize for Timestamp<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value(), self.form()) {
            (Value::Text(text), Form::Text) => serializer.serialize_str(text),
            (Value::Integer(units), _) => serializer.serialize_i64(*units),
            (Value::Text(text), _) => raw::write_number(text, serializer),
        }
    }
}

impl<F: TimeFormat> SerializeAs<Timestamp<F>> for TimeText {
    fn serialize_as<S: Serializer>(time: &Timestamp<F>, serializer: S) -> Result<S::Ok, S::Error> {
        match time.form() {
            Form::Default => serializer.collect_str(time),
            Form::Number | Form::Text => time.serialize(serializer),
        }
    }
}

impl<'de, F: TimeFormat> DeserializeAs<'de, Timestamp<F>> for TimeText {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp<F>, D::Error> {
        raw::read(deserializer)
    }
}

impl<F: TimeFormat> SerializeAs<Timestamp<F>> for TimeInteger {
    fn serialize_as<S: Serializer>(time: &Timestamp<F>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.whole_units().map_err(S::Error::custom)?)
    }
}

impl<'de, F: TimeFormat> DeserializeAs<'de, Timestamp<F>> for TimeInteger {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp<F>, D::Error> {
        raw::read(deserializer)
    }
}
