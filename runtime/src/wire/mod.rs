//! Types that keep JSON values exactly as they are on the wire.
//!
//! The adaptor of a field says how the field is written: as a number or as a string. Each adaptor
//! reads both:
//!
//! ```
//! use rust_decimal::Decimal;
//! use serde::{Deserialize, Serialize};
//! use venuekit::wire::{As, DecimalNumber, DecimalString};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Ticker {
//!     #[serde(with = "As::<DecimalString>")]
//!     last: Decimal,
//!     #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Option<DecimalNumber>>")]
//!     volume: Option<Decimal>,
//! }
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! let text = r#"{"last":"0.00000001000000000000","volume":10106854.1032393852063269}"#;
//! let ticker: Ticker = serde_json::from_str(text)?;
//! assert_eq!(serde_json::to_string(&ticker)?, text);
//! # Ok(())
//! # }
//! ```
//!
//! Venues write a number as a JSON number in one place and as a string in another. Both forms are
//! read wherever a number is expected. A decimal is read from `1.5`, `"1.5"` and `"+01.5"`. An
//! integer of a response, an object or a row is read from `28` and `"28"`, but not from `"028"`,
//! because an id with leading zeros may be a different id.
//!
//! All types read the JSON text itself (serde_json's raw values), never a float. From a
//! [`serde_json::Value`] or from another format, they are as exact as that source. They do not work
//! inside types with serde's `untagged`, `tag` or `flatten`, because these parse numbers first.

pub(crate) mod base64;
pub(crate) mod decimal;
pub(crate) mod either;
pub(crate) mod integer;
pub(crate) mod integer_or_text;
pub(crate) mod json;
pub(crate) mod leniency;
mod list;
pub(crate) mod maybe;
pub(crate) mod number;
pub(crate) mod object;
pub(crate) mod object_writer;
mod one_or_many;
pub(crate) mod open;
pub(crate) mod raw;
mod raw_bytes;
pub(crate) mod row;
pub(crate) mod union;
mod unknown;

pub use self::base64::{Base64, NotBase64};
pub use self::decimal::{DecimalError, DecimalNumber, DecimalString, parse_decimal};
pub use self::integer_or_text::IntegerOrText;
pub use self::json::Json;
pub use self::list::{List, Map};
pub use self::maybe::{Maybe, Present};
pub use self::number::{NotANumber, Number};
pub use self::one_or_many::OneOrMany;
pub use self::raw_bytes::RawBytes;
pub use self::unknown::UnknownValue;

/// Serialises a value with an adaptor, where `#[serde(with)]` cannot be used.
///
/// ```
/// # use venuekit::wire::{DecimalNumber, EncodeAs};
/// let prices = vec![rust_decimal::Decimal::new(250, 2)];
/// let json = serde_json::to_string(&EncodeAs::<_, Vec<DecimalNumber>>::new(&prices))?;
/// assert_eq!(json, "[2.50]");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub use serde_with::ser::SerializeAsWrap as EncodeAs;

/// Deserialises a value with an adaptor, where `#[serde(with)]` cannot be used.
///
/// ```
/// # use rust_decimal::Decimal;
/// # use venuekit::wire::{DecimalString, DecodeAs};
/// let prices: DecodeAs<Vec<Decimal>, Vec<DecimalString>> = serde_json::from_str(r#"["2.50", 3]"#)?;
/// assert_eq!(prices.into_inner(), [Decimal::new(250, 2), Decimal::from(3)]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub use serde_with::de::DeserializeAsWrap as DecodeAs;

pub use serde_with::{As, Same};

/// The error of JSON that is not what a type expects, with its path, line and column.
pub use venuekit_json::reader::Error as ReadError;

/// Reads a value from JSON, as the value of a response is read: for recorded responses, and for
/// messages that came on another way.
///
/// It reads the same texts as `serde_json`, faster, and its error has the path to the value.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let counts: BTreeMap<String, Vec<i64>> = venuekit::wire::from_slice(br#"{"BTC":[1,"2"]}"#)?;
/// assert_eq!(counts["BTC"], [1, 2]);
/// let error = venuekit::wire::from_slice::<BTreeMap<String, Vec<i64>>>(br#"{"BTC":[1,2.5]}"#).unwrap_err();
/// assert_eq!(error.path(), "BTC[1]");
/// # Ok::<(), venuekit::wire::ReadError>(())
/// ```
///
/// # Errors
///
/// When the text is not JSON, or is not what the type expects.
pub fn from_slice<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T, ReadError> {
    let text = venuekit_json::reader::Text::new(json);
    let mut reader = venuekit_json::reader::Reader::new(&text);
    let value = T::deserialize(integer::TextIntegers(&mut reader))?;
    reader.end()?;
    Ok(value)
}
