//! The envelopes of messages.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use venuekit_json::reader;

/// A message of the venue.
#[derive(Debug, PartialEq)]
pub(super) enum Frame<'a> {
    /// A response, with its id and the place of the id in the text.
    Response { id: u64, place: Range<usize> },
    /// A notification, with its method and the text of its `params`.
    Notification { method: Cow<'a, str>, params: &'a str },
    /// A response whose id no request can have.
    Foreign,
    /// Any other text.
    Unreadable,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

impl<'a> Frame<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        if !text.trim_ascii_start().starts_with('{') {
            return Self::Unreadable;
        }
        let Ok(Message { id, method, params }) = reader::from_str::<Message<'a>>(text) else {
            return Self::Unreadable;
        };
        match (id, method) {
            (Some(id), _) => {
                let Ok(number) = id.get().parse() else { return Self::Foreign };
                let Some(place) = place_of(text, id.get()) else { return Self::Unreadable };
                Self::Response { id: number, place }
            }
            (None, Some(method)) => {
                let plain = method.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let method = match plain {
                    Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
                    _ => match serde_json::from_str::<String>(method.get()) {
                        Ok(method) => Cow::Owned(method),
                        Err(_) => return Self::Unreadable,
                    },
                };
                Self::Notification { method, params: params.map_or("[]", RawValue::get) }
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
        let notification = Frame::Notification { method: "price.update".into(), params: r#"["A", "1"]"# };
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
