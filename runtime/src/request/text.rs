//! Encodes a value as text, for a path, a query or a header.
//!
//! The text of a string is the string, and the text of a number is its digits. A list has the list
//! of its scalars' texts. An object has no text.
//!
//! `serde_urlencoded` and similar crates do not fit: they write a whole query, and do not keep the
//! digits of a raw JSON number.

use std::fmt;

use serde::ser::{Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use serde_json::value::RawValue;

use crate::wire::raw;

/// The text of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Null, for which nothing is written.
    Null,
    /// A scalar.
    Scalar(Box<str>),
    /// A list of scalars.
    List(Vec<Box<str>>),
}

impl Text {
    /// Returns false for null and for an empty text or list.
    pub(crate) fn says_something(&self) -> bool {
        !self.scalars().is_empty() && *self != Self::Scalar("".into())
    }

    /// Returns the scalar, or the elements of the list; empty for null.
    pub(crate) fn scalars(&self) -> &[Box<str>] {
        match self {
            Self::Null => &[],
            Self::Scalar(text) => std::slice::from_ref(text),
            Self::List(elements) => elements,
        }
    }
}

/// The reason why a value has no text.
#[derive(Debug)]
pub(crate) struct TextError(String);

impl TextError {
    fn no_scalar() -> Self {
        Self("it is neither text nor a number, nor a list of them".to_owned())
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TextError {}

impl serde::ser::Error for TextError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Encodes a value as text.
///
/// # Errors
/// When it is an object, or a list of anything but scalars.
pub(crate) fn encode_text<T: Serialize + ?Sized>(value: &T) -> Result<Text, TextError> {
    value.serialize(TextSerializer)
}

/// A serializer that writes a value as its [`Text`].
struct TextSerializer;

/// Generates the methods for scalars that are written by `Display`.
macro_rules! scalars {
    ($($method:ident: $ty:ty),*) => { $(
        fn $method(self, value: $ty) -> Result<Text, TextError> {
            Ok(Text::Scalar(value.to_string().into()))
        }
    )* };
}

/// Generates the methods for types without a text.
macro_rules! no_text {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => { $(
        fn $method(self, $(_: $argument),*) -> Result<$result, TextError> {
            Err(TextError::no_scalar())
        }
    )* };
}

type No = Impossible<Text, TextError>;

impl Serializer for TextSerializer {
    type Ok = Text;
    type Error = TextError;
    type SerializeSeq = TextList;
    type SerializeTuple = TextList;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = RawText;
    type SerializeStructVariant = No;

    scalars! {
        serialize_bool: bool, serialize_char: char,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    // A float has lost the digits with which it was written.
    no_text! {
        serialize_f32(f32) -> Text;
        serialize_f64(f64) -> Text;
        serialize_bytes(&[u8]) -> Text;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }

    fn serialize_str(self, value: &str) -> Result<Text, TextError> {
        Ok(Text::Scalar(value.into()))
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Text, TextError> {
        self.serialize_str(variant)
    }

    fn serialize_none(self) -> Result<Text, TextError> {
        Ok(Text::Null)
    }

    fn serialize_unit(self) -> Result<Text, TextError> {
        Ok(Text::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Text, TextError> {
        Ok(Text::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Text, TextError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Text, TextError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Text, TextError> {
        Err(TextError::no_scalar())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<TextList, TextError> {
        Ok(TextList(Vec::with_capacity(length.unwrap_or_default())))
    }

    fn serialize_tuple(self, length: usize) -> Result<TextList, TextError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<RawText, TextError> {
        // serde_json provides the text of a number, or of any JSON, in a struct of this name.
        if raw::token() == Some(name) { Ok(RawText(Text::Null)) } else { Err(TextError::no_scalar()) }
    }
}

/// A collector of the elements of a list.
struct TextList(Vec<Box<str>>);

impl TextList {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        match encode_text(value)? {
            Text::Scalar(text) => {
                self.0.push(text);
                Ok(())
            }
            // Null is written as in JSON, because it has a position among the elements.
            Text::Null => {
                self.0.push("null".into());
                Ok(())
            }
            Text::List(_) => Err(TextError::no_scalar()),
        }
    }
}

impl SerializeSeq for TextList {
    type Ok = Text;
    type Error = TextError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        self.push(value)
    }

    fn end(self) -> Result<Text, TextError> {
        Ok(Text::List(self.0))
    }
}

impl SerializeTuple for TextList {
    type Ok = Text;
    type Error = TextError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        self.push(value)
    }

    fn end(self) -> Result<Text, TextError> {
        Ok(Text::List(self.0))
    }
}

/// A collector of a value that already is JSON text: a decimal that is written as a number, or any
/// JSON.
struct RawText(Text);

impl SerializeStruct for RawText {
    type Ok = Text;
    type Error = TextError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), TextError> {
        if let Text::Scalar(json) = encode_text(value)? {
            self.0 = text_of_json(&json)?;
        }
        Ok(())
    }

    fn end(self) -> Result<Text, TextError> {
        Ok(self.0)
    }
}

/// Returns the text of a JSON value. The digits of a number stay unchanged.
fn text_of_json(json: &str) -> Result<Text, TextError> {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map(Text::Scalar).map_err(TextError::custom),
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(TextError::custom)?;
            let mut list = TextList(Vec::with_capacity(elements.len()));
            elements.into_iter().try_for_each(|element| list.push(element))?;
            Ok(Text::List(list.0))
        }
        Some(b'n') => Ok(Text::Null),
        Some(b'{') | None => Err(TextError::no_scalar()),
        Some(_) => Ok(Text::Scalar(json.into())),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::wire::integer_or_text::IntegerOrText;
    use crate::wire::{DecimalNumber, DecimalString, EncodeAs, Json};

    fn scalar(text: &str) -> Text {
        Text::Scalar(text.into())
    }

    fn list(texts: &[&str]) -> Text {
        Text::List(texts.iter().map(|text| (*text).into()).collect())
    }

    fn text<T: Serialize>(value: T) -> Text {
        encode_text(&value).unwrap()
    }

    #[test]
    fn scalars_and_lists_of_scalars_are_text() {
        assert_eq!(text("a \"b\""), scalar("a \"b\""));
        assert_eq!(text(-28), scalar("-28"));
        assert_eq!(text(u64::MAX), scalar("18446744073709551615"));
        assert_eq!(text(true), scalar("true"));
        assert_eq!(text(None::<i64>), Text::Null);
        assert_eq!(text(Some(5)), scalar("5"));
        assert_eq!(text([IntegerOrText::from(1), IntegerOrText::from("01")]), list(&["1", "01"]));
        assert_eq!(text(Vec::<i64>::new()), list(&[]));
    }

    #[test]
    fn the_digits_of_a_decimal_stay_as_they_are_in_either_form() {
        let decimal: Decimal = "10106854.1032393852063200".parse().unwrap();
        assert_eq!(text(EncodeAs::<_, DecimalString>::new(&decimal)), scalar("10106854.1032393852063200"));
        assert_eq!(text(EncodeAs::<_, DecimalNumber>::new(&decimal)), scalar("10106854.1032393852063200"));
        let decimals = vec![decimal, Decimal::ONE];
        assert_eq!(text(EncodeAs::<_, Vec<DecimalNumber>>::new(&decimals)), list(&["10106854.1032393852063200", "1"]));
    }

    #[test]
    fn any_json_has_the_text_of_its_kind() {
        for (json, expected) in [
            (r#""é\n""#, scalar("é\n")),
            ("1.50", scalar("1.50")),
            ("1e400", scalar("1e400")),
            ("true", scalar("true")),
            ("null", Text::Null),
            (r#"["a",1.0]"#, list(&["a", "1.0"])),
        ] {
            assert_eq!(text(Json::parse(json).unwrap()), expected, "{json}");
        }
        for json in ["{}", "[[1]]", r#"[{"a":1}]"#] {
            assert!(encode_text(&Json::parse(json).unwrap()).is_err(), "{json}");
        }
    }

    #[test]
    fn a_value_that_is_not_a_scalar_has_no_text() {
        assert!(encode_text(&vec![vec![1]]).is_err());
        assert!(encode_text(&std::collections::BTreeMap::from([("a", 1)])).is_err());
        assert!(encode_text(&0.1).is_err());
    }
}
