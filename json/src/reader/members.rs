//! The members of an object as text, in one pass.

use std::borrow::Cow;

use super::error::{Error, Fault};
use super::scan::{Characters, Scan};

/// The members of the object that a text is. Their values are read as text, and all of the text is
/// checked as JSON.
///
/// ```
/// use venuekit_json::reader::Members;
///
/// let mut members = Members::new(r#"{"id": null, "params": [1.50, {"a": 2}]}"#).ok_or("no object")?;
/// let mut elements = Vec::new();
/// while let Some(name) = members.name()? {
///     match &*name {
///         "params" => drop(members.elements(|element| elements.push(element))?),
///         _ => drop(members.value()?),
///     }
/// }
/// assert_eq!(elements, ["1.50", r#"{"a": 2}"#]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[allow(missing_debug_implementations, reason = "it is a position in a text")]
pub struct Members<'de> {
    scan: Scan<'de>,
    is_first: bool,
}

impl<'de> Members<'de> {
    /// Starts to read an object. Returns `None` if the text does not begin as one.
    #[inline]
    #[must_use]
    pub fn new(text: &'de str) -> Option<Self> {
        let mut scan = Scan::new(text, &[]);
        (scan.token() == Some(b'{')).then(|| {
            scan.at += 1;
            Self { scan, is_first: true }
        })
    }

    /// Returns the name of the next member; `None` at the end of the text. The value of the member
    /// has to be read before the next name.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or goes on after the object.
    #[inline]
    pub fn name(&mut self) -> Result<Option<Cow<'de, str>>, Error> {
        match (self.scan.token(), std::mem::take(&mut self.is_first)) {
            (Some(b'}'), _) => {
                self.scan.at += 1;
                return match self.scan.token() {
                    None => Ok(None),
                    Some(_) => Err(self.scan.error_ahead(Fault::TrailingCharacters)),
                };
            }
            (Some(b'"'), true) => {}
            (Some(b','), false) => {
                self.scan.at += 1;
                match self.scan.token() {
                    Some(b'"') => {}
                    Some(b'}') => return Err(self.scan.error_ahead(Fault::TrailingComma)),
                    Some(_) => return Err(self.scan.error_ahead(Fault::KeyIsNotText)),
                    None => return Err(self.scan.error_ahead(Fault::EndInValue)),
                }
            }
            (Some(_), true) => return Err(self.scan.error_ahead(Fault::KeyIsNotText)),
            (Some(_), false) => return Err(self.scan.error_ahead(Fault::ExpectedCommaInObject)),
            (None, _) => return Err(self.scan.error_ahead(Fault::EndInObject)),
        }
        self.scan.at += 1;
        let name = match self.scan.string()? {
            Characters::Borrowed(name) => Cow::Borrowed(name),
            Characters::Owned(name) => Cow::Owned(name),
        };
        self.scan.colon()?;
        Ok(Some(name))
    }

    /// Returns the text of the value of this member.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    #[inline]
    pub fn value(&mut self) -> Result<&'de str, Error> {
        self.scan.raw_value()
    }

    /// Returns the text of the value of this member, and reports the text of each element if it is
    /// an array.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    #[inline]
    pub fn elements(&mut self, mut report: impl FnMut(&'de str)) -> Result<&'de str, Error> {
        if self.scan.token() != Some(b'[') {
            return self.scan.raw_value();
        }
        let start = self.scan.at;
        self.scan.at += 1;
        if self.scan.token() != Some(b']') {
            loop {
                report(self.scan.raw_value()?);
                match self.scan.token() {
                    Some(b',') => self.scan.at += 1,
                    Some(b']') => break,
                    Some(_) => return Err(self.scan.error_ahead(Fault::ExpectedCommaInArray)),
                    None => return Err(self.scan.error_ahead(Fault::EndInArray)),
                }
                if self.scan.token() == Some(b']') {
                    return Err(self.scan.error_ahead(Fault::TrailingComma));
                }
            }
        }
        self.scan.at += 1;
        self.scan.raw_slice(start)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::{MapAccess, Visitor};
    use serde_json::value::RawValue;

    use super::*;

    /// The members of an object in the order of the text, as `serde_json` reads them.
    struct InOrder(Vec<(String, String)>);

    impl<'de> serde::Deserialize<'de> for InOrder {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Read;

            impl<'de> Visitor<'de> for Read {
                type Value = InOrder;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder, A::Error> {
                    let mut members = Vec::new();
                    while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                        members.push((name, value.get().to_owned()));
                    }
                    Ok(InOrder(members))
                }
            }

            deserializer.deserialize_map(Read)
        }
    }

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let mut members = Members::new(text)?;
        let mut all = Vec::new();
        while let Some(name) = members.name().ok()? {
            let mut elements = Vec::new();
            let value = members.elements(|element| elements.push(element)).ok()?;
            if value.starts_with('[') {
                let expected: Vec<&RawValue> = serde_json::from_str(value).unwrap();
                assert_eq!(elements, expected.iter().map(|element| element.get()).collect::<Vec<_>>(), "{text}");
            } else {
                assert!(elements.is_empty());
            }
            all.push((name.into_owned(), value.to_owned()));
        }
        Some(all)
    }

    #[test]
    fn members_and_elements_are_those_of_serde_json_and_so_are_the_texts_that_are_refused() {
        let whole =
            r#" { "a" : [ 1.50 , {"b":[]}, "]" ,null] , "\u0062\"" : "x,}" , "c":{"d":[1,{}]},"e":-1e9,"f":[ ] } "#;
        for end in 0..=whole.len() {
            let text = &whole[..end];
            let expected = serde_json::from_str::<InOrder>(text).ok().map(|members| members.0);
            assert_eq!(read(text), expected, "{text}");
        }
        for text in [
            "{}",
            "{ }",
            "{,}",
            r#"{"a":1,}"#,
            r#"{"a" 1}"#,
            r#"{"a":1 "b":2}"#,
            r#"{a:1}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[,1]}"#,
            r#"{"a":[1 2]}"#,
            r#"{"a":}"#,
            r#"{"a":1}x"#,
            r#"{"a":01}"#,
            "{\"a\":\"\u{1}\"}",
            "[]",
            "",
            r#"{"a":tru}"#,
            r#"{"a":[1}"#,
            r#"{"a":{"b":1]}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"\ud800":1}"#,
        ] {
            let expected = serde_json::from_str::<InOrder>(text).ok().map(|members| members.0);
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn errors_have_the_messages_and_places_of_the_reader() {
        for text in
            [r#"{"a":[1 2]}"#, r#"{"a":1 "b":2}"#, r#"{"a":1}x"#, r#"{"a":1,}"#, r#"{"a":[1,]}"#, r#"{"a":tru}"#]
        {
            let read = || -> Result<(), Error> {
                let mut members = Members::new(text).unwrap();
                while members.name()?.is_some() {
                    members.elements(|_| {})?;
                }
                Ok(())
            };
            let mut reader = super::super::Reader::from_str(text);
            let expected = serde_json::Value::deserialize(&mut reader).and_then(|_| reader.end()).unwrap_err();
            assert_eq!(read().unwrap_err().to_string(), expected.to_string(), "{text}");
        }
    }
}
