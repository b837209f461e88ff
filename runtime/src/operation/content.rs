//! The content of a request body, and of the response to a successful request.

use std::any::{TypeId, type_name};

use http::StatusCode;

/// The content of a request body: its encoding and its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyContent {
    /// A JSON value, with this media type.
    Json(&'static str),
    /// Text, sent as it is given, with this media type.
    Text(&'static str),
    /// Bytes, sent as they are given, with this media type.
    Bytes(&'static str),
    /// The parameters of the form, as `application/x-www-form-urlencoded`.
    Form,
    /// The parameters of the form, as `multipart/form-data`.
    Multipart,
}

impl BodyContent {
    /// Returns the media type, which is sent as `Content-Type`. The header of a multipart form also
    /// has a boundary.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json(media) | Self::Text(media) | Self::Bytes(media) => media,
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }

    /// Returns whether the body is a JSON value.
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json(_))
    }
}

/// The type of the documented JSON body of an error status.
#[derive(Clone, Copy, Debug)]
pub struct ErrorType {
    pub(crate) status: &'static str,
    pub(crate) id: fn() -> TypeId,
    pub(crate) name: fn() -> &'static str,
}

impl ErrorType {
    /// Describes the body of a status (`400`), of a range (`4XX`), or of the other statuses
    /// (`default`).
    pub const fn new<T: 'static>(status: &'static str) -> Self {
        Self { status, id: TypeId::of::<T>, name: type_name::<T> }
    }

    /// Returns the status, the range or `default`.
    pub const fn status(&self) -> &'static str {
        self.status
    }
}

/// Returns the entry for a status: the entry of the status itself, or else of its range, or else
/// the entry `default`.
pub(crate) fn find_status<T>(entries: &[T], status: StatusCode, key: impl Fn(&T) -> &'static str) -> Option<&T> {
    let find = |wanted: &str| entries.iter().find(|entry| key(entry) == wanted);
    let range = |class: u16| format!("{class}XX");
    find(status.as_str()).or_else(|| find(&range(status.as_u16() / 100))).or_else(|| find("default"))
}

/// The content of the response to a successful request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseContent {
    /// A JSON value.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}
