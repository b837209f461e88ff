//! Encodes a value as text, for a path, a query, a header or a cookie.
//!
//! The text of a string is the string, and the text of a number is its digits. A list becomes a
//! list of the texts of its elements, and an object becomes its members with their texts.
//!
//! `serde_urlencoded` and similar crates do not fit: they write a whole query, and do not keep the
//! digits of a raw JSON number.

use std::fmt;

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};
use venuekit_json::Tree;
use venuekit_json::reader::is_token;

/// The text of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Null, for which nothing is written.
    Null,
    /// A scalar.
    Scalar(Box<str>),
    /// The elements of a list: scalars, or lists and objects, which only the style `deepObject`
    /// can express.
    List(Vec<Self>),
    /// The members of an object, in their order. A member that is null is not among them.
    Object(Vec<(Box<str>, Self)>),
}

impl Text {
    /// Returns false for null, for a blank text, and for a list without any other element.
    pub(crate) fn says_something(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Scalar(text) => !is_blank(text),
            Self::List(elements) => elements.iter().any(Self::says_something),
            Self::Object(_) => true,
        }
    }
}

/// Returns whether a text is empty or consists of whitespace.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The reason why a value has no text.
#[derive(Debug)]
pub(crate) struct TextError(String);

impl TextError {
    fn no_scalar() -> Self {
        Self("it is neither text nor a number, nor a list or an object of them".to_owned())
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
/// When the value has a float, bytes, or a variant with data.
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

type NoText = Impossible<Text, TextError>;

impl Serializer for TextSerializer {
    type Ok = Text;
    type Error = TextError;
    type SerializeSeq = TextList;
    type SerializeTuple = TextList;
    type SerializeTupleStruct = NoText;
    type SerializeTupleVariant = NoText;
    type SerializeMap = TextObject;
    type SerializeStruct = TextStruct;
    type SerializeStructVariant = NoText;

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
        serialize_tuple_struct(&'static str, usize) -> NoText;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> NoText;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> NoText;
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

    fn serialize_map(self, _: Option<usize>) -> Result<TextObject, TextError> {
        Ok(TextObject::default())
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<TextStruct, TextError> {
        // serde_json provides the text of a number, or of any JSON, in a struct of this name.
        let is_raw = is_token(name);
        Ok(if is_raw { TextStruct::Raw(Text::Null) } else { TextStruct::Object(TextObject::default()) })
    }
}

/// A collector of the elements of a list.
struct TextList(Vec<Text>);

impl TextList {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        self.push_text(encode_text(value)?);
        Ok(())
    }

    fn push_text(&mut self, text: Text) {
        // Null is written as in JSON, because it has a position among the elements.
        self.0.push(if text == Text::Null { Text::Scalar("null".into()) } else { text });
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

/// A collector of the members of an object.
#[derive(Default)]
struct TextObject {
    members: Vec<(Box<str>, Text)>,
    /// The key whose value comes next.
    key: Option<Box<str>>,
}

impl TextObject {
    fn push<T: Serialize + ?Sized>(&mut self, key: Box<str>, value: &T) -> Result<(), TextError> {
        self.push_text(key, encode_text(value)?);
        Ok(())
    }

    fn push_text(&mut self, key: Box<str>, text: Text) {
        // Null and a member that is left out are the same in all styles.
        if text != Text::Null {
            self.members.push((key, text));
        }
    }
}

impl SerializeMap for TextObject {
    type Ok = Text;
    type Error = TextError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), TextError> {
        match encode_text(key)? {
            Text::Scalar(key) => {
                self.key = Some(key);
                Ok(())
            }
            _ => Err(TextError::no_scalar()),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TextError> {
        match self.key.take() {
            Some(key) => self.push(key, value),
            None => Err(TextError::custom("a value has no key")),
        }
    }

    fn end(self) -> Result<Text, TextError> {
        Ok(Text::Object(self.members))
    }
}

/// A collector of the fields of a struct.
enum TextStruct {
    /// A value that already is JSON text: a decimal that is written as a number, or any JSON.
    Raw(Text),
    /// An object.
    Object(TextObject),
}

impl SerializeStruct for TextStruct {
    type Ok = Text;
    type Error = TextError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), TextError> {
        match self {
            Self::Object(object) => object.push(name.into(), value),
            Self::Raw(raw) => {
                if let Text::Scalar(json) = encode_text(value)? {
                    *raw = text_of_json(&json)?;
                }
                Ok(())
            }
        }
    }

    fn end(self) -> Result<Text, TextError> {
        match self {
            Self::Raw(text) => Ok(text),
            Self::Object(object) => SerializeMap::end(object),
        }
    }
}

/// Returns the text of a JSON value. The digits of a number stay unchanged.
fn text_of_json(json: &str) -> Result<Text, TextError> {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map(Text::Scalar).map_err(TextError::custom),
        Some(b'[' | b'{') => text_of_tree(Tree::parse(json).map_err(TextError::custom)?),
        Some(b'n') => Ok(Text::Null),
        None => Err(TextError::no_scalar()),
        Some(_) => Ok(Text::Scalar(json.into())),
    }
}

fn text_of_tree(tree: Tree) -> Result<Text, TextError> {
    Ok(match tree {
        Tree::Null => Text::Null,
        Tree::Bool(flag) => Text::Scalar(flag.to_string().into()),
        Tree::Number(text) | Tree::Text(text) => Text::Scalar(text.into()),
        Tree::Array(elements) => {
            let mut list = TextList(Vec::with_capacity(elements.len()));
            for element in elements {
                list.push_text(text_of_tree(element)?);
            }
            Text::List(list.0)
        }
        Tree::Object(members) => {
            let mut object = TextObject::default();
            for (name, member) in members {
                object.push_text(name.into(), text_of_tree(member)?);
            }
            Text::Object(object.members)
        }
    })
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
        Text::List(texts.iter().map(|text| scalar(text)).collect())
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
        let nested = Text::List(vec![list(&["1"]), Text::Object(vec![("a".into(), list(&["b"]))])]);
        assert_eq!(text(Json::parse(r#"[[1],{"a":["b"]}]"#).unwrap()), nested);
    }

    #[test]
    fn an_object_has_the_texts_of_its_members_but_none_for_null() {
        let object = |members: &[(&str, Text)]| {
            Text::Object(members.iter().map(|(name, text)| ((*name).into(), text.clone())).collect())
        };
        let decimal: Decimal = "1.50".parse().unwrap();
        #[derive(serde::Serialize)]
        struct Range<'a> {
            #[serde(rename = "gte")]
            from: EncodeAs<'a, Decimal, DecimalNumber>,
            to: Option<i64>,
            tags: Vec<&'a str>,
        }
        let expected = object(&[("gte", scalar("1.50")), ("tags", list(&["a", "b"]))]);
        let range = Range { from: EncodeAs::new(&decimal), to: None, tags: vec!["a", "b"] };
        assert_eq!(text(range), expected);
        let json = r#"{"gte":1.50,"to":null,"tags":["a","b"]}"#;
        assert_eq!(text(Json::parse(json).unwrap()), expected);
        let map = std::collections::BTreeMap::from([(2, std::collections::BTreeMap::from([("b", true)]))]);
        assert_eq!(text(map), object(&[("2", object(&[("b", scalar("true"))]))]));
        assert_eq!(text(Json::parse("{}").unwrap()), object(&[]));
    }

    #[test]
    fn a_float_has_no_text() {
        assert!(encode_text(&0.1).is_err());
        assert!(encode_text(&vec![vec![0.1]]).is_err());
    }
}
