//! The implementation of `serde`'s traits.

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::{Error, Fault, Step};
use super::raw::{DECIMAL, SCALAR, TextMap, is_token, number_token};
use super::scan::{Characters, Number, Scalar, Scan};
use super::text::Text;

/// The number of arrays and objects that may be inside each other, and one more. `serde_json` has
/// the same limit.
const MAX_DEPTH: u8 = 128;

/// A reader of one JSON value. `&mut Reader` is a `serde` deserializer.
///
/// ```
/// use serde::Deserialize;
/// use venuekit_json::reader::{Reader, Text};
///
/// let text = Text::new(b"[1, 2] ");
/// let mut reader = Reader::new(&text);
/// assert_eq!(Vec::<i64>::deserialize(&mut reader)?, [1, 2]);
/// reader.end()?;
/// # Ok::<(), venuekit_json::reader::Error>(())
/// ```
#[allow(missing_debug_implementations, reason = "it is a position in a text")]
pub struct Reader<'de> {
    scan: Scan<'de>,
    /// The number of containers that may still be entered, and one more.
    depth: u8,
}

impl<'de> Reader<'de> {
    /// Starts to read a text.
    #[inline]
    #[must_use]
    pub fn new(text: &'de Text<'_>) -> Self {
        Self { scan: Scan::new(&text.text, text.original), depth: MAX_DEPTH }
    }

    /// Starts to read a text that is known to be UTF-8.
    #[expect(clippy::should_implement_trait, reason = "it cannot fail")]
    #[inline]
    #[must_use]
    pub fn from_str(text: &'de str) -> Self {
        Self { scan: Scan::new(text, &[]), depth: MAX_DEPTH }
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// When more than white space follows the value.
    #[inline]
    pub fn end(&mut self) -> Result<(), Error> {
        match self.scan.token() {
            None => Ok(()),
            Some(_) => Err(self.scan.error_ahead(Fault::TrailingCharacters)),
        }
    }

    /// Returns the first byte of the next value, which is not read.
    #[inline]
    fn first(&mut self) -> Result<u8, Error> {
        self.scan.token().ok_or_else(|| self.scan.error_ahead(Fault::EndInValue))
    }

    /// Gives an error without a place the current one.
    #[inline]
    fn placed<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| self.scan.placed(error))
    }

    /// Reads the rest of a literal, after its first letter.
    #[inline]
    fn literal(&mut self, rest: &str) -> Result<(), Error> {
        self.scan.at += 1;
        self.scan.rest_of(rest)
    }

    #[inline]
    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.scan.at += 1;
        match self.scan.string()? {
            Characters::Borrowed(text) => visitor.visit_borrowed_str(text),
            Characters::Owned(text) => visitor.visit_string(text),
        }
    }

    #[inline]
    fn number(&mut self) -> Result<Number<'de>, Error> {
        let start = self.scan.at;
        self.scan.at += usize::from(self.scan.peek() == Some(b'-'));
        self.scan.number(start, Fault::EndInValue)
    }

    #[inline]
    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.number().and_then(|number| self.value(&number))?.visit(visitor)
    }

    /// Passes on a number of which no type is known.
    #[inline]
    fn visit_any_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let number = self.number()?;
        match self.value(&number) {
            Ok(Value::Unsigned(value)) => visitor.visit_u64(value),
            Ok(Value::Signed(value)) => visitor.visit_i64(value),
            float => match number_token() {
                // `serde_json::Value` keeps all digits then.
                Some(key) => visitor.visit_map(TextMap { key, text: Some(number.text) }),
                None => float.and_then(|value| value.visit(visitor)),
            },
        }
    }

    /// Returns the value of a number: the integer if it fits, else the nearest float.
    #[inline]
    fn value(&self, number: &Number<'de>) -> Result<Value, Error> {
        if number.is_integer {
            let is_negative = number.text.starts_with('-');
            match number.magnitude {
                Some(magnitude) if !is_negative => return Ok(Value::Unsigned(magnitude)),
                Some(magnitude @ 1..) if let Ok(value) = i64::try_from(magnitude) => return Ok(Value::Signed(-value)),
                // A negative zero is a float.
                Some(0) => {}
                _ if is_negative => {
                    if let Ok(value) = number.text.parse() {
                        return Ok(Value::Signed(value));
                    }
                }
                _ => {
                    if let Ok(value) = number.text.parse() {
                        return Ok(Value::Unsigned(value));
                    }
                }
            }
        }
        match number.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Float(value)),
            _ => Err(self.scan.error(Fault::OutOfRange)),
        }
    }

    /// Reads an array or an object: `visit` reads its values.
    #[inline]
    fn container<T>(
        &mut self,
        visit: impl FnOnce(&mut Self) -> Result<T, Error>,
        end: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<T, Error> {
        self.enter()?;
        let value = visit(self);
        self.depth += 1;
        // After an error of the visitor, the end is searched too, for the place of the error.
        match (value, end(self)) {
            (Ok(value), Ok(())) => Ok(value),
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    #[inline]
    fn enter(&mut self) -> Result<(), Error> {
        if self.depth <= 1 {
            return Err(self.scan.error_ahead(Fault::TooDeep));
        }
        self.depth -= 1;
        self.scan.at += 1;
        Ok(())
    }

    #[inline]
    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.container(|reader| visitor.visit_seq(Elements { reader, index: 0 }), Self::end_array)
    }

    #[inline]
    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        self.container(|reader| visitor.visit_map(Members { reader, is_first: true, key: None }), Self::end_object)
    }

    #[inline]
    fn end_array(&mut self) -> Result<(), Error> {
        match self.scan.token() {
            Some(b']') => {
                self.scan.at += 1;
                Ok(())
            }
            other => Err(self.more_elements(other)),
        }
    }

    #[cold]
    fn more_elements(&mut self, next: Option<u8>) -> Error {
        let fault = match next {
            Some(b',') => {
                self.scan.at += 1;
                if self.scan.token() == Some(b']') { Fault::TrailingComma } else { Fault::TrailingCharacters }
            }
            Some(_) => Fault::TrailingCharacters,
            None => Fault::EndInArray,
        };
        self.scan.error_ahead(fault)
    }

    #[inline]
    fn end_object(&mut self) -> Result<(), Error> {
        let fault = match self.scan.token() {
            Some(b'}') => {
                self.scan.at += 1;
                return Ok(());
            }
            Some(b',') => Fault::TrailingComma,
            Some(_) => Fault::TrailingCharacters,
            None => Fault::EndInObject,
        };
        Err(self.scan.error_ahead(fault))
    }

    /// Returns the error of the next value, which is not of the expected type.
    #[cold]
    fn unexpected(&mut self, expected: &dyn Expected) -> Error {
        let invalid = |found: Unexpected<'_>| <Error as de::Error>::invalid_type(found, expected);
        let error = match self.scan.peek() {
            Some(b'n') => self.literal("ull").map(|()| invalid(Unexpected::Unit)),
            Some(b't') => self.literal("rue").map(|()| invalid(Unexpected::Bool(true))),
            Some(b'f') => self.literal("alse").map(|()| invalid(Unexpected::Bool(false))),
            Some(b'-' | b'0'..=b'9') => self.number().and_then(|number| self.value(&number)).map(|value| {
                invalid(match value {
                    Value::Unsigned(value) => Unexpected::Unsigned(value),
                    Value::Signed(value) => Unexpected::Signed(value),
                    Value::Float(value) => Unexpected::Float(value),
                })
            }),
            Some(b'"') => {
                self.scan.at += 1;
                self.scan.string().map(|string| match string {
                    Characters::Borrowed(text) => invalid(Unexpected::Str(text)),
                    Characters::Owned(text) => invalid(Unexpected::Str(&text)),
                })
            }
            Some(b'[') => Ok(invalid(Unexpected::Seq)),
            Some(b'{') => Ok(invalid(Unexpected::Map)),
            _ => Err(self.scan.error_ahead(Fault::ExpectedValue)),
        };
        let (Ok(error) | Err(error)) = error;
        self.scan.placed(error)
    }

    /// Passes on the text of the next value.
    #[inline]
    fn raw<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let text = self.scan.raw_value()?;
        visitor.visit_map(TextMap::new(text)?)
    }

    /// Passes on the next value, without a change to its digits.
    #[inline]
    fn scalar<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.scan.scalar()? {
            Scalar::Characters(text) => visitor.visit_borrowed_str(text),
            Scalar::Integer(integer) => visitor.visit_i64(integer),
            Scalar::Text(text) => visitor.visit_map(TextMap::new(text)?),
        }
    }

    /// Reads an integer of up to 128 bits, as its text.
    fn long_integer(&mut self) -> Result<&'de str, Error> {
        let start = self.scan.at;
        self.scan.at += usize::from(self.scan.peek() == Some(b'-'));
        self.scan.integer(start)
    }
}

/// The value of a number.
enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Value {
    #[inline]
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unsigned(value) => visitor.visit_u64(value),
            Self::Signed(value) => visitor.visit_i64(value),
            Self::Float(value) => visitor.visit_f64(value),
        }
    }
}

macro_rules! numbers {
    ($($method:ident)*) => { $(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let value = match self.first()? {
                b'-' | b'0'..=b'9' => self.visit_number(visitor),
                _ => Err(self.unexpected(&visitor)),
            };
            self.placed(value)
        }
    )* };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'"' => self.string(visitor),
            b'-' | b'0'..=b'9' => self.visit_any_number(visitor),
            b'{' => self.object(visitor),
            b'[' => self.array(visitor),
            b'n' => self.literal("ull").and_then(|()| visitor.visit_unit()),
            b't' => self.literal("rue").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.literal("alse").and_then(|()| visitor.visit_bool(false)),
            _ => Err(self.scan.error_ahead(Fault::ExpectedValue)),
        };
        self.placed(value)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b't' => self.literal("rue").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.literal("alse").and_then(|()| visitor.visit_bool(false)),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.first()?;
        let value = match self.long_integer()?.parse() {
            Ok(value) => visitor.visit_i128(value),
            Err(_) => Err(self.scan.error(Fault::OutOfRange)),
        };
        self.placed(value)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.first()? == b'-' {
            return Err(self.scan.error_ahead(Fault::OutOfRange));
        }
        let value = match self.long_integer()?.parse() {
            Ok(value) => visitor.visit_u128(value),
            Err(_) => Err(self.scan.error(Fault::OutOfRange)),
        };
        self.placed(value)
    }

    #[inline]
    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'"' => self.string(visitor),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    /// Reads a string as its bytes, or an array as its elements.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'"' => {
                self.scan.at += 1;
                match self.scan.string()? {
                    Characters::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                    Characters::Owned(text) => visitor.visit_byte_buf(text.into_bytes()),
                }
            }
            b'[' => self.array(visitor),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.scan.token() {
            Some(b'n') => {
                self.literal("ull")?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'n' => self.literal("ull").and_then(|()| visitor.visit_unit()),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == DECIMAL {
            return match self.scan.short_decimal() {
                Some(decimal) => visitor.visit_u128(decimal.pack()),
                None => self.scalar(visitor),
            };
        }
        if name == SCALAR {
            return self.scalar(visitor);
        }
        if is_token(name) {
            return self.raw(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'[' => self.array(visitor),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'{' => self.object(visitor),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = match self.first()? {
            b'{' => self.object(visitor),
            b'[' => self.array(visitor),
            _ => Err(self.unexpected(&visitor)),
        };
        self.placed(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.first()? {
            b'{' => {
                self.enter()?;
                let value = visitor.visit_enum(Variant { reader: &mut *self, key: None });
                self.depth += 1;
                let value = value?;
                match self.scan.token() {
                    Some(b'}') => {
                        self.scan.at += 1;
                        Ok(value)
                    }
                    Some(_) => Err(self.scan.error(Fault::ExpectedValue)),
                    None => Err(self.scan.error(Fault::EndInObject)),
                }
            }
            b'"' => visitor.visit_enum(UnitVariant { reader: self, key: 0 }),
            _ => Err(self.scan.error_ahead(Fault::ExpectedValue)),
        }
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.scan.skip_value()?;
        visitor.visit_unit()
    }
}

/// The elements of an array.
struct Elements<'a, 'de> {
    reader: &'a mut Reader<'de>,
    /// The number of elements that were read.
    index: usize,
}

impl Elements<'_, '_> {
    /// Moves to the next element. Returns whether there is one.
    #[inline(always)]
    fn has_next(&mut self) -> Result<bool, Error> {
        let scan = &mut self.reader.scan;
        match scan.token() {
            Some(b',') if self.index > 0 => {
                scan.at += 1;
                match scan.token() {
                    Some(b']') => Err(scan.error_ahead(Fault::TrailingComma)),
                    Some(_) => Ok(true),
                    None => Err(scan.error_ahead(Fault::EndInValue)),
                }
            }
            Some(b']') => Ok(false),
            Some(_) if self.index == 0 => Ok(true),
            Some(_) => Err(scan.error_ahead(Fault::ExpectedCommaInArray)),
            None => Err(scan.error_ahead(Fault::EndInArray)),
        }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.has_next()? {
            return Ok(None);
        }
        let index = self.index;
        self.index += 1;
        seed.deserialize(&mut *self.reader).map(Some).map_err(|error| error.within(Step::Element(index)))
    }
}

/// The members of an object.
struct Members<'a, 'de> {
    reader: &'a mut Reader<'de>,
    is_first: bool,
    /// The position of the last key, until its value is read.
    key: Option<usize>,
}

impl Members<'_, '_> {
    /// Moves to the next key. Returns whether there is one.
    #[inline]
    fn has_next(&mut self) -> Result<bool, Error> {
        let scan = &mut self.reader.scan;
        let next = match scan.token() {
            Some(b',') if !self.is_first => {
                scan.at += 1;
                match scan.token() {
                    Some(b'"') => return Ok(true),
                    Some(b'}') => return Err(scan.error_ahead(Fault::TrailingComma)),
                    Some(next) => next,
                    None => return Err(scan.error_ahead(Fault::EndInValue)),
                }
            }
            Some(b'}') => return Ok(false),
            Some(next) if std::mem::take(&mut self.is_first) => next,
            Some(_) => return Err(scan.error_ahead(Fault::ExpectedCommaInObject)),
            None => return Err(scan.error_ahead(Fault::EndInObject)),
        };
        if next == b'"' { Ok(true) } else { Err(scan.error_ahead(Fault::KeyIsNotText)) }
    }
}

impl Reader<'_> {
    /// Returns the step to the member whose key starts at a position.
    #[cold]
    fn member(&self, key: Option<usize>) -> Step {
        key.and_then(|at| self.scan.string_at(at)).map_or(Step::Unknown, Step::Member)
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.has_next() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(error.within(Step::Unknown)),
        }
        let key = self.reader.scan.at;
        self.key = Some(key);
        let read = seed.deserialize(Key { reader: &mut *self.reader });
        read.map(Some).map_err(|error| error.within(self.reader.member(Some(key))))
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let key = self.key.take();
        self.reader.scan.colon()?;
        seed.deserialize(&mut *self.reader).map_err(|error| error.within(self.reader.member(key)))
    }
}

/// A key of an object. The next byte is its quote.
struct Key<'a, 'de> {
    reader: &'a mut Reader<'de>,
}

impl<'de> Key<'_, 'de> {
    /// Reads a number in quotes.
    fn number<T>(self, read: impl FnOnce(&mut Reader<'de>) -> Result<T, Error>) -> Result<T, Error> {
        self.reader.scan.at += 1;
        if !matches!(self.reader.scan.peek(), Some(b'0'..=b'9' | b'-')) {
            return Err(self.reader.scan.error(Fault::ExpectedNumericKey));
        }
        let value = read(&mut *self.reader)?;
        match self.reader.scan.peek() {
            Some(b'"') => {
                self.reader.scan.at += 1;
                Ok(value)
            }
            _ => Err(self.reader.scan.error_ahead(Fault::ExpectedQuote)),
        }
    }
}

macro_rules! number_keys {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.number(|reader| reader.$method(visitor))
        }
    )* };
}

impl<'de> Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.string(visitor)
    }

    number_keys! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let scan = &mut self.reader.scan;
        scan.at += 1;
        let value = match scan.peek() {
            Some(b't') => self.reader.literal("rue\"").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.reader.literal("alse\"").and_then(|()| visitor.visit_bool(false)),
            _ => Err(match scan.string()? {
                Characters::Borrowed(text) => de::Error::invalid_type(Unexpected::Str(text), &visitor),
                Characters::Owned(text) => de::Error::invalid_type(Unexpected::Str(&text), &visitor),
            }),
        };
        self.reader.placed(value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if is_token(name) {
            return self.reader.raw(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.reader.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.reader.deserialize_bytes(visitor)
    }

    forward_to_deserialize_any! {
        char str string unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The only member of an object that is a variant of an enum.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    key: Option<usize>,
}

impl<'de> Variant<'_, 'de> {
    fn value<T>(self, read: impl FnOnce(&mut Reader<'de>) -> Result<T, Error>) -> Result<T, Error> {
        read(&mut *self.reader).map_err(|error| error.within(self.reader.member(self.key)))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), Error> {
        let scan = &mut self.reader.scan;
        match scan.token() {
            Some(b'"') => self.key = Some(scan.at),
            Some(b'}') => return Err(scan.error_ahead(Fault::ExpectedValue)),
            Some(_) => return Err(scan.error_ahead(Fault::KeyIsNotText)),
            None => return Err(scan.error_ahead(Fault::EndInObject)),
        }
        let key = seed.deserialize(Key { reader: &mut *self.reader });
        let key = self.reader.placed(key)?;
        self.reader.scan.colon()?;
        Ok((key, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.value(|reader| de::Deserialize::deserialize(reader))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.value(|reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.value(|reader| reader.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.value(|reader| reader.deserialize_struct("", fields, visitor))
    }
}

/// A string that is a variant of an enum.
struct UnitVariant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    key: usize,
}

impl<'de> UnitVariant<'_, 'de> {
    fn unfit<T>(self, expected: &str) -> Result<T, Error> {
        let error: Error = de::Error::invalid_type(Unexpected::UnitVariant, &expected);
        Err(error.within(self.reader.member(Some(self.key))))
    }
}

impl<'de> EnumAccess<'de> for UnitVariant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let key = self.reader.scan.at;
        let variant = seed.deserialize(&mut *self.reader)?;
        Ok((variant, Self { key, ..self }))
    }
}

impl<'de> VariantAccess<'de> for UnitVariant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        self.unfit("newtype variant")
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        self.unfit("tuple variant")
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        self.unfit("struct variant")
    }
}
