//! Files in a multipart form.

use std::fmt;

use bytes::Bytes;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

use crate::upload::Upload;
use crate::wire::RawBytes;

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
///
/// The content is bytes, or a stream: `File::new(Upload::from_stream(..))`. See [`Upload`] for what
/// holds for a stream.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(serialize_with = "write_content", deserialize_with = "read_content")]
    content: Upload,
}

impl File {
    /// Creates a file of bytes, or of a stream.
    pub fn new(content: impl Into<Upload>) -> Self {
        Self { name: None, content_type: None, headers: Vec::new(), content: content.into() }
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

    /// Adds a header to the part of the file.
    ///
    /// A call with a header that is not valid, or with `Content-Disposition` or `Content-Type`,
    /// ends as [`NotSent`](crate::Outcome::NotSent).
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Returns the headers that were added.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
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
    pub fn content(&self) -> &Upload {
        &self.content
    }
}

impl fmt::Debug for File {
    /// Hides the content, which may be large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .field("content", &self.content)
            .finish()
    }
}

impl From<Upload> for File {
    fn from(content: Upload) -> Self {
        Self::new(content)
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

/// Writes the bytes of a file as JSON, for calls by name.
fn write_content<S: Serializer>(content: &Upload, serializer: S) -> Result<S::Ok, S::Error> {
    match content.as_bytes() {
        Some(bytes) => RawBytes::serialize_as(bytes, serializer),
        None => Err(S::Error::custom("a stream cannot be written as JSON")),
    }
}

fn read_content<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Upload, D::Error> {
    RawBytes::deserialize_as(deserializer).map(|bytes: Bytes| Upload::from(bytes))
}
