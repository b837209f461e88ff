//! Files in a multipart form.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::wire::{As, RawBytes};

/// A file in a multipart form (`multipart/form-data`): its content, its name and its media type.
///
/// ```
/// use venuekit::File;
///
/// let file = File::new("a,b\n").with_name("prices.csv").with_content_type("text/csv");
/// assert_eq!(file.name(), Some("prices.csv"));
/// ```
///
/// A file without a name is sent with the name of its part, because servers treat a part without a
/// file name as text. A file without a media type is sent with the media type of the spec, or else
/// with `application/octet-stream`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(with = "As::<RawBytes>")]
    content: Bytes,
}

impl File {
    /// Creates a file of these bytes.
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self { name: None, content_type: None, content: content.into() }
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Returns the name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the media type.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the content.
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

impl fmt::Debug for File {
    /// Hides the content, which may be large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .field("content_len", &self.content.len())
            .finish()
    }
}

impl From<Bytes> for File {
    fn from(content: Bytes) -> Self {
        Self::new(content)
    }
}

impl From<Vec<u8>> for File {
    fn from(content: Vec<u8>) -> Self {
        Self::new(content)
    }
}
