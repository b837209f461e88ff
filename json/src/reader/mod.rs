//! A `serde` deserializer for JSON text that provides the literal text of numbers.
//!
//! Exact values are read from the text of their numbers. With `serde_json`, this text costs more
//! than the value: each number is scanned, validated as UTF-8 and passed on as a map, and the
//! ignored parts of a response are scanned byte by byte. `arbitrary_precision` would allocate for
//! each number, and would hold for all crates of a program. Faster readers (`sonic-rs`,
//! `simd-json`) consist of `unsafe` code; only their speed with floats was measured.
//!
//! This reader validates the text once, and then only slices it. It has no `unsafe` code. It
//! accepts the texts that `serde_json` accepts, gives the same values, and has the same errors at
//! the same places; `tests/reader.rs` compares the two. An error knows its path in the value, so
//! that nothing is read a second time after an error. There are two differences: a float is always
//! the one nearest to the text, and bytes are read only from strings that are UTF-8.

mod deserializer;
mod error;
mod members;
mod raw;
mod scan;
mod short_decimal;
mod text;

use serde::de::{Deserialize, DeserializeOwned};

pub use self::deserializer::Reader;
pub use self::error::Error;
pub use self::members::Members;
pub use self::raw::{DECIMAL, SCALAR, is_token, number_token, raw_value, token};
pub use self::short_decimal::ShortDecimal;
pub use self::text::Text;

/// Reads a value from the whole text.
///
/// ```
/// let error = venuekit_json::reader::from_str::<Vec<i64>>(r#"[1, "2"]"#).unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// assert_eq!(error.to_string(), r#"invalid type: string "2", expected i64 at line 1 column 7"#);
/// ```
///
/// # Errors
///
/// When the text is not JSON, or is not what the type expects.
pub fn from_str<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Error> {
    let mut reader = Reader::from_str(json);
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads a value from the whole text, given as bytes.
///
/// # Errors
///
/// When the text is not JSON, or is not what the type expects.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    let text = Text::new(json);
    let mut reader = Reader::new(&text);
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}
