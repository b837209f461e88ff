//! The envelopes of messages.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use venuekit_json::reader::{self, Members};

/// A message of the venue.
#[derive(Debug, PartialEq)]
pub(super) enum Frame<'a> {
    /// A response, with its id and the place of the id in the text.
    Response { id: u64, place: Range<usize> },
    /// A notification, with its method and its `params`.
    Notification { method: Cow<'a, str>, params: Params<'a> },
    /// A response whose id no request can have.
    Foreign,
    /// Any other text.
    Unreadable,
}

/// The number of elements of `params` that are kept.
const ELEMENTS: usize = 4;

/// The text of the `params` of a notification, and that of its first elements, which most families
/// need to tell who gets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Params<'a> {
    pub(super) text: &'a str,
    elements: [&'a str; ELEMENTS],
    count: usize,
}

impl<'a> Params<'a> {
    const EMPTY: Self = Self { text: "[]", elements: [""; ELEMENTS], count: 0 };

    /// Returns an element of the list that `params` is; `None` if it is not known.
    pub(super) fn element(&self, index: usize) -> Option<&'a str> {
        self.elements.get(..self.count)?.get(index).copied()
    }

    fn push(&mut self, element: &'a str) {
        if let Some(place) = self.elements.get_mut(self.count) {
            *place = element;
            self.count += 1;
        }
    }

    #[cfg(test)]
    pub(super) fn new(text: &'a str) -> Self {
        let elements = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(text).unwrap_or_default();
        let mut params = Self { text, ..Self::EMPTY };
        elements.into_iter().for_each(|element| params.push(element.get()));
        params
    }
}

/// The members of a message that this module knows, as text.
#[derive(Default)]
struct Head<'a> {
    id: Option<&'a str>,
    method: Option<&'a str>,
    params: Option<Params<'a>>,
}

impl<'a> Head<'a> {
    /// Reads a message in one pass. Returns `None` if it is not an object of JSON, or if it has one
    /// of the members twice.
    fn read(text: &'a str) -> Option<Self> {
        let mut members = Members::new(text)?;
        let mut known = Self::default();
        while let Some(name) = members.name().ok()? {
            let was_known = match &*name {
                "id" => known.id.replace(members.value().ok()?).is_some(),
                "method" => known.method.replace(members.value().ok()?).is_some(),
                "params" => {
                    let mut params = Params::EMPTY;
                    let text = members.elements(|element| params.push(element)).ok()?;
                    params.text = text;
                    known.params.replace(params).is_some()
                }
                _ => members.value().is_err(),
            };
            if was_known {
                return None;
            }
        }
        known.id = known.id.filter(|text| *text != "null");
        known.method = known.method.filter(|text| *text != "null");
        known.params = known.params.filter(|params| params.text != "null");
        Some(known)
    }
}

impl<'a> Frame<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let Some(Head { id, method, params }) = Head::read(text) else { return Self::Unreadable };
        match (id, method) {
            (Some(id), _) => {
                let Ok(number) = id.parse() else { return Self::Foreign };
                let Some(place) = place_of(text, id) else { return Self::Unreadable };
                Self::Response { id: number, place }
            }
            (None, Some(method)) => {
                let plain = method.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let method = match plain {
                    Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
                    _ => match reader::from_str::<String>(method) {
                        Ok(method) => Cow::Owned(method),
                        Err(_) => return Self::Unreadable,
                    },
                };
                Self::Notification { method, params: params.unwrap_or(Params::EMPTY) }
            }
            (None, None) => Self::Unreadable,
        }
    }
}

/// Returns the place of a part of a text that was borrowed from it.
pub(super) fn place_of(text: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= text.len()).then_some(start..end)
}

/// A request of the pipeline, without its id.
#[derive(Debug)]
pub(super) struct Envelope {
    text: Bytes,
    /// The place of the id; `None` for a notification.
    id: Option<Range<usize>>,
}

impl Envelope {
    /// Reads an envelope that this crate wrote: its id comes before its method. Returns `None` for
    /// other bytes.
    pub(super) fn new(text: Bytes) -> Option<Self> {
        const ID: &str = r#""id":"#;
        let json = std::str::from_utf8(&text).ok()?;
        let head = json.split_once(r#""method":"#)?.0;
        let id = head.find(ID).map(|at| {
            let start = at + ID.len();
            let digits = head.get(start..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
            start..start + digits
        });
        Some(Self { text, id: id.filter(|id| !id.is_empty()) })
    }

    pub(super) fn has_id(&self) -> bool {
        self.id.is_some()
    }

    /// Returns the text with another id.
    pub(super) fn with_id(&self, id: u64) -> Option<String> {
        let json = std::str::from_utf8(&self.text).ok()?;
        match &self.id {
            Some(place) => replaced(json, place, &id.to_string()),
            None => Some(json.to_owned()),
        }
    }

    /// Returns the text of a response with the id of this request.
    pub(super) fn with_own_id(&self, response: &str, place: &Range<usize>) -> Option<String> {
        let own = self.id.clone().and_then(|id| std::str::from_utf8(self.text.get(id)?).ok())?;
        replaced(response, place, own)
    }
}

fn replaced(text: &str, place: &Range<usize>, by: &str) -> Option<String> {
    let (before, after) = (text.get(..place.start)?, text.get(place.end..)?);
    Some([before, by, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_may_have_any_order_and_lines() {
        let text = "{\n \"error\": null,\n \"result\": \"pong\",\n \"id\": 41\n}";
        let Frame::Response { id: 41, place } = Frame::read(text) else { panic!("{:?}", Frame::read(text)) };
        assert_eq!(&text[place], "41");
        let notification = Frame::Notification { method: "price.update".into(), params: Params::new(r#"["A", "1"]"#) };
        assert_eq!(Frame::read(r#"{"method":"price.update","params":["A", "1"],"id":null}"#), notification);
        assert_eq!(Frame::read(r#"{"id": null, "params": ["A", "1"], "method": "price\u002eupdate"}"#), notification);
        assert_eq!(Frame::read(r#"{"params":["A", "1"],"method":"price.update"}"#), notification);
    }

    #[test]
    fn other_texts_are_neither_a_response_nor_a_notification() {
        for text in ["", "[]", "pong", "{}", "{", r#"{"id":null}"#, r#"{"method":1}"#, r#"{"id":1,"id":2}"#] {
            assert_eq!(Frame::read(text), Frame::Unreadable, "{text}");
        }
        for text in [r#"{"id":"7"}"#, r#"{"id":7.0}"#, r#"{"id":-7}"#, r#"{"id":99999999999999999999}"#] {
            assert_eq!(Frame::read(text), Frame::Foreign, "{text}");
        }
    }

    #[test]
    fn the_id_of_a_request_and_of_its_response_are_exchanged_and_nothing_else() {
        let request = br#"{"id":12,"method":"a \"id\":3","params":[{"id":12}]}"#;
        let envelope = Envelope::new(Bytes::from_static(request)).unwrap();
        assert_eq!(envelope.with_id(7).unwrap(), r#"{"id":7,"method":"a \"id\":3","params":[{"id":12}]}"#);
        let response = r#"{"result":{"id":7},"error":null,"id":7}"#;
        let Frame::Response { id: 7, place } = Frame::read(response) else { panic!() };
        assert_eq!(envelope.with_own_id(response, &place).unwrap(), r#"{"result":{"id":7},"error":null,"id":12}"#);
        let v2 = Envelope::new(Bytes::from_static(br#"{"jsonrpc":"2.0","id":5,"method":"m","params":[]}"#)).unwrap();
        assert_eq!(v2.with_id(600).unwrap(), r#"{"jsonrpc":"2.0","id":600,"method":"m","params":[]}"#);
        let notification = Envelope::new(Bytes::from_static(br#"{"method":"m","params":[]}"#)).unwrap();
        assert!(!notification.has_id());
        assert!(Envelope::new(Bytes::from_static(b"symbol=A")).is_none());
    }
}
