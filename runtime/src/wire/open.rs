//! Enums that keep an unknown value.
//!
//! serde's `other` keeps no value, and strum's `default` keeps only text.

use serde::de::Deserializer;

use super::integer::is_integer;
use super::raw::{self, FromScalar, Scalar};
use super::unknown::{UnknownValue, integer};

/// The functions that [`open_enum!`](crate::open_enum) implements.
#[doc(hidden)]
pub trait OpenEnum: Sized {
    /// Returns the value that is written or spelt as this text.
    fn from_text(text: &str) -> Option<Self>;

    /// Returns the value that is written or spelt as this integer.
    fn from_integer(integer: i64) -> Option<Self>;

    /// Returns the variant of a value that is not known.
    fn unknown(value: UnknownValue) -> Self;
}

/// A literal that is another spelling of a value: text or an integer.
#[doc(hidden)]
pub trait Spelling {
    fn is_text(&self, _text: &str) -> bool {
        false
    }

    fn is_integer(&self, _integer: i64) -> bool {
        false
    }
}

impl Spelling for &str {
    fn is_text(&self, text: &str) -> bool {
        *self == text
    }
}

impl Spelling for i64 {
    fn is_integer(&self, integer: i64) -> bool {
        *self == integer
    }
}

/// Returns the known value of a text. An integer that is known is also read from its digits.
fn known_text<T: OpenEnum>(text: &str) -> Option<T> {
    T::from_text(text).or_else(|| if is_integer(text) { integer(text).and_then(T::from_integer) } else { None })
}

/// Returns the value of a text, known or unknown.
#[doc(hidden)]
pub fn open_from_text<T: OpenEnum>(text: &str) -> T {
    known_text(text).unwrap_or_else(|| T::unknown(UnknownValue::string(text)))
}

/// Returns a text as an unknown value.
#[doc(hidden)]
pub fn unknown_text(text: &str) -> UnknownValue {
    UnknownValue::string(text)
}

/// Returns the value of an integer, known or unknown.
#[doc(hidden)]
pub fn open_from_integer<T: OpenEnum>(integer: i64) -> T {
    T::from_integer(integer).unwrap_or_else(|| T::unknown(UnknownValue::json(&integer.to_string())))
}

#[doc(hidden)]
pub fn read_open_enum<'de, T: OpenEnum, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Value<T>(T);

    impl<T: OpenEnum> FromScalar for Value<T> {
        const EXPECTED: &'static str = UnknownValue::EXPECTED;

        fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
            let known = match &scalar {
                Scalar::String(text) => known_text(text),
                Scalar::Other(json) => integer(json).and_then(T::from_integer),
            };
            known.map_or_else(|| UnknownValue::from_scalar(scalar).map(T::unknown), Ok).map(Self)
        }

        fn from_integer(integer: i64) -> Result<Self, String> {
            Ok(Self(open_from_integer(integer)))
        }
    }

    raw::read(deserializer).map(|Value(value)| value)
}

/// Declares an enum that keeps values it does not know.
///
/// Venues add values without notice. An enum of this macro has one more variant, `Unrecognized`. It
/// holds such a value and writes it back unchanged. `str` enums are strings on the wire, `i64`
/// enums are integers.
///
/// ```
/// venuekit::open_enum! {
///     /// The side of an order.
///     pub enum Side: str {
///         /// Buys the base asset.
///         Buy = "BUY",
///         /// Sells the base asset.
///         Sell = "SELL",
///     }
/// }
/// venuekit::open_enum! {
///     /// The role of an order in a trade.
///     pub enum Role: i64 {
///         /// The order was in the book.
///         Maker = 1,
///         /// The order was new.
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
/// A value can have other spellings: texts and integers that are read as the value. The value is
/// always written in its first spelling.
///
/// ```
/// venuekit::open_enum! {
///     /// Kind of an order.
///     pub enum Kind: str {
///         /// At its price or better.
///         Limit = "LIMIT" | "limit" | 76,
///         /// At the price of the market.
///         Market = "MARKET" | "market" | 77,
///     }
/// }
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let kinds: Vec<Kind> = serde_json::from_str(r#"["LIMIT","limit",76,"76",78]"#)?;
/// assert!(kinds[..4].iter().all(|kind| *kind == Kind::Limit));
/// assert_eq!(serde_json::to_string(&kinds)?, r#"["LIMIT","LIMIT","LIMIT","LIMIT",78]"#);
/// # Ok(())
/// # }
/// ```
///
/// Every such enum has `KNOWN` and `is_known()`. It implements `Clone`, `Debug`, `PartialEq`, `Eq`,
/// `Hash`, `Display` (the text on the wire), `Serialize`, `Deserialize` and `Blank`.
///
/// A `str` enum has `as_str()`, and is created by `From` a string or by `parse()`. An `i64` enum
/// has `as_i64()`, and is created by `From<i64>`. Both also accept the other spellings. A known
/// integer is also read from text of digits (`"1"` for `1`). Any other string, number or boolean is
/// unknown, and is kept. Null, arrays and objects are errors.
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: str {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal $(| $spelling:literal)*),+ $(,)?
        }
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
        impl $crate::codegen::OpenEnum for $name {
            fn from_text(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($wire => return ::core::option::Option::Some(Self::$variant),)+
                    _ => {}
                }
                $crate::__spelling! { is_text(text) $($variant: $($spelling)*;)+ }
            }

            fn from_integer(integer: i64) -> ::core::option::Option<Self> {
                $crate::__spelling! { is_integer(integer) $($variant: $($spelling)*;)+ }
            }

            fn unknown(value: $crate::wire::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::codegen::open_from_text(text)
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
                $crate::codegen::read_open_enum(deserializer)
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: i64 {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal $(| $spelling:literal)*),+ $(,)?
        }
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
        impl $crate::codegen::OpenEnum for $name {
            fn from_text(text: &str) -> ::core::option::Option<Self> {
                $crate::__spelling! { is_text(text) $($variant: $($spelling)*;)+ }
            }

            fn from_integer(integer: i64) -> ::core::option::Option<Self> {
                match integer {
                    $($wire => return ::core::option::Option::Some(Self::$variant),)+
                    _ => {}
                }
                $crate::__spelling! { is_integer(integer) $($variant: $($spelling)*;)+ }
            }

            fn unknown(value: $crate::wire::UnknownValue) -> Self {
                Self::Unrecognized(value)
            }
        }

        $crate::__stands_for!($name: i64);

        impl ::core::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                $crate::codegen::open_from_integer(value)
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
                $crate::codegen::read_open_enum(deserializer)
            }
        }
    };
}

/// Looks for a value among the other spellings of an open enum's variants.
#[doc(hidden)]
#[macro_export]
macro_rules! __spelling {
    ($is:ident($value:ident) $($variant:ident: $($spelling:literal)*;)+) => {{
        $($(
            if $crate::codegen::Spelling::$is(&$spelling, $value) {
                return ::core::option::Option::Some(Self::$variant);
            }
        )*)+
        let _ = $value;
        ::core::option::Option::None
    }};
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
                Self::Unrecognized($crate::codegen::unknown_text(""))
            }
        }
    };
}
