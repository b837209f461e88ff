//! Enums that keep an unknown value.
//!
//! `other` of serde keeps no value, and `default` of `strum` keeps text only.

use std::fmt;

use serde::de::Deserializer;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::integer::is_integer;
use super::raw::{self, FromScalar, Kind, Scalar};

/// A string, a number or a boolean that an [open enum](crate::open_enum) does not know.
///
/// It is written back as it came: a string as a string, a number with its own digits. Only the
/// enum's parsing creates it, so it never holds a value that the enum knows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue {
    /// The string, or the JSON text of anything else.
    text: Box<str>,
    is_string: bool,
}

impl UnknownValue {
    fn string(text: &str) -> Self {
        Self { text: text.into(), is_string: true }
    }

    fn json(text: &str) -> Self {
        Self { text: text.into(), is_string: false }
    }

    /// Returns the string; `None` for any other value.
    pub fn as_str(&self) -> Option<&str> {
        self.is_string.then_some(&self.text)
    }

    /// Returns the integer; `None` if the value is not an integer or does not fit into an `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        if self.is_string { None } else { integer(&self.text) }
    }

    /// Returns the string without quotes, or the JSON text of any other value.
    #[doc(hidden)]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Returns the integer of a JSON text, if it is written back as the same text (`-0` is not).
fn integer(json: &str) -> Option<i64> {
    if json == "-0" { None } else { json.parse().ok() }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_string { fmt::Debug::fmt(&self.text, f) } else { f.write_str(&self.text) }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_string {
            serializer.serialize_str(&self.text)
        } else if let Some(integer) = self.as_i64() {
            serializer.serialize_i64(integer)
        } else if let Ok(boolean) = self.text.parse() {
            serializer.serialize_bool(boolean)
        } else {
            let raw: &RawValue = serde_json::from_str(&self.text).map_err(S::Error::custom)?;
            raw.serialize(serializer)
        }
    }
}

/// The functions that [`open_enum!`](crate::open_enum) implements for an enum of strings.
#[doc(hidden)]
pub trait StrEnum: Sized {
    fn known(text: &str) -> Option<Self>;
    fn unknown(value: UnknownValue) -> Self;
}

/// The functions that [`open_enum!`](crate::open_enum) implements for an enum of integers.
#[doc(hidden)]
pub trait IntEnum: Sized {
    fn known(value: i64) -> Option<Self>;
    fn unknown(value: UnknownValue) -> Self;
}

#[doc(hidden)]
pub fn str_unknown(text: &str) -> UnknownValue {
    UnknownValue::string(text)
}

#[doc(hidden)]
pub fn int_unknown(value: i64) -> UnknownValue {
    UnknownValue::json(&value.to_string())
}

#[doc(hidden)]
pub fn read_str_enum<'de, T: StrEnum, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Str<T>(T);

    impl<T: StrEnum> FromScalar for Str<T> {
        const EXPECTED: &'static str = EXPECTED;

        fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
            let known = match &scalar {
                Scalar::String(text) => T::known(text),
                Scalar::Other(_) => None,
            };
            known.map_or_else(|| UnknownValue::from_scalar(scalar).map(T::unknown), Ok).map(Self)
        }
    }

    raw::read(deserializer).map(|Str(value)| value)
}

#[doc(hidden)]
pub fn read_int_enum<'de, T: IntEnum, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Int<T>(T);

    impl<T: IntEnum> FromScalar for Int<T> {
        const EXPECTED: &'static str = EXPECTED;

        fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
            let known = match &scalar {
                Scalar::Other(text) => integer(text).and_then(T::known),
                Scalar::String(text) if is_integer(text) => integer(text).and_then(T::known),
                Scalar::String(_) => None,
            };
            known.map_or_else(|| UnknownValue::from_scalar(scalar).map(T::unknown), Ok).map(Self)
        }
    }

    raw::read(deserializer).map(|Int(value)| value)
}

const EXPECTED: &str = "a string, a number or a boolean";

impl FromScalar for UnknownValue {
    const EXPECTED: &'static str = EXPECTED;

    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
        match scalar {
            Scalar::String(text) => Ok(Self::string(&text)),
            Scalar::Other(json) => match Kind::of(json) {
                Kind::Null => Err(Self::unfit(Kind::Null)),
                _ => Ok(Self::json(json)),
            },
        }
    }
}

/// Declares an enum that keeps values it does not know.
///
/// Venues add values without notice. An enum of this macro has one more variant, `Unrecognized`. It
/// holds such a value and writes it back unchanged. `str` enums are strings on the wire, `i64`
/// enums are integers.
///
/// ```
/// venuekit::open_enum! {
///     /// Which side of the book an order is on.
///     pub enum Side: str {
///         /// Buys the base asset.
///         Buy = "BUY",
///         /// Sells the base asset.
///         Sell = "SELL",
///     }
/// }
/// venuekit::open_enum! {
///     /// Whose order a trade hit.
///     pub enum Role: i64 {
///         /// It stood in the book.
///         Maker = 1,
///         /// It came in.
///         Taker = 2,
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let sides: Vec<Side> = serde_json::from_str(r#"["BUY","SHORT"]"#)?;
/// assert_eq!(sides[0], Side::Buy);
/// assert!(!sides[1].is_known());
/// assert_eq!(sides[1].as_str(), "SHORT");
/// assert_eq!(serde_json::to_string(&sides)?, r#"["BUY","SHORT"]"#);
///
/// assert_eq!(Role::from(2), Role::Taker);
/// assert_eq!(serde_json::to_string(&serde_json::from_str::<Role>("1.50")?)?, "1.50");
/// # Ok(())
/// # }
/// ```
///
/// Every such enum has `KNOWN` and `is_known()`. It implements `Clone`, `Debug`, `PartialEq`, `Eq`,
/// `Hash`, `Display` (the text on the wire), `Serialize`, `Deserialize` and `Blank`.
///
/// A `str` enum has `as_str()`, and is created by `From` a string or by `parse()`. An `i64` enum
/// has `as_i64()`, and is created by `From<i64>`. A known integer is also read from text of digits
/// (`"1"` for `1`). Every other value is unknown, and is kept. Null, arrays and objects are errors.
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: str { $($(#[$variant_meta:meta])* $variant:ident = $wire:literal),+ $(,)? }
    ) => {
        $crate::__open_enum! { [$(#[$meta])*] [$vis] $name { $([$(#[$variant_meta])*] $variant)+ } }

        #[allow(deprecated)]
        impl $name {
            /// Returns the text on the wire. For an unknown number or boolean, this is its JSON
            /// text.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Unrecognized(value) => value.text(),
                }
            }
        }

        #[allow(deprecated)]
        impl $crate::codegen::StrEnum for $name {
            fn known(text: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match text {
                    $($wire => Self::$variant,)+
                    _ => return ::core::option::Option::None,
                })
            }

            fn unknown(value: $crate::wire::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                <Self as $crate::codegen::StrEnum>::known(text)
                    .unwrap_or_else(|| Self::Unrecognized($crate::codegen::str_unknown(text)))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        $crate::__stands_for!($name: &str, ::std::string::String);

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            // A variant may be called `Err`.
            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    Self::Unrecognized(value) => $crate::codegen::serde::Serialize::serialize(value, serializer),
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::codegen::read_str_enum(deserializer)
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: i64 { $($(#[$variant_meta:meta])* $variant:ident = $wire:literal),+ $(,)? }
    ) => {
        $crate::__open_enum! { [$(#[$meta])*] [$vis] $name { $([$(#[$variant_meta])*] $variant)+ } }

        #[allow(deprecated)]
        impl $name {
            /// Returns the integer on the wire; `None` for an unknown value that is not an `i64`.
            pub fn as_i64(&self) -> ::core::option::Option<i64> {
                match self {
                    $(Self::$variant => ::core::option::Option::Some($wire),)+
                    Self::Unrecognized(value) => value.as_i64(),
                }
            }
        }

        #[allow(deprecated)]
        impl $crate::codegen::IntEnum for $name {
            fn known(value: i64) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match value {
                    $($wire => Self::$variant,)+
                    _ => return ::core::option::Option::None,
                })
            }

            fn unknown(value: $crate::wire::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }
        }

        $crate::__stands_for!($name: i64);

        impl ::core::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                <Self as $crate::codegen::IntEnum>::known(value)
                    .unwrap_or_else(|| Self::Unrecognized($crate::codegen::int_unknown(value)))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    Self::Unrecognized(value) => ::core::fmt::Display::fmt(value, f),
                    known => ::core::fmt::Display::fmt(&known.as_i64().unwrap_or_default(), f),
                }
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<__S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    Self::Unrecognized(value) => $crate::codegen::serde::Serialize::serialize(value, serializer),
                    known => serializer.serialize_i64(known.as_i64().unwrap_or_default()),
                }
            }
        }

        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::codegen::read_int_enum(deserializer)
            }
        }
    };
}

/// The common part of both forms of [`open_enum!`](crate::open_enum).
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ([$(#[$meta:meta])*] [$vis:vis] $name:ident { $([$(#[$variant_meta:meta])*] $variant:ident)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value that this version does not know, written back as it came.
            Unrecognized($crate::wire::UnknownValue),
        }

        #[allow(deprecated)]
        impl $name {
            /// The values that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// Returns whether this version knows the value.
            pub fn is_known(&self) -> bool {
                !::core::matches!(self, Self::Unrecognized(_))
            }
        }

        impl $crate::codegen::Blank for $name {
            fn blank() -> Self {
                Self::Unrecognized($crate::codegen::str_unknown(""))
            }
        }
    };
}
