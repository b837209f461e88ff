//! Multipart forms: `multipart/form-data` (RFC 7578).
//!
//! reqwest creates the boundary of a multipart form only when it sends the form. Here the boundary
//! is part of the bytes that are signed.

use bytes::{BufMut, BytesMut};
use http::{HeaderName, HeaderValue};

use super::encode::Kept;
use super::form::Field;
use crate::error::Error;
use crate::file::File;
use crate::printable::Line;
use crate::upload::Upload;

/// The headers that a part has anyway.
const RESERVED_HEADERS: [&str; 2] = ["content-disposition", "content-type"];

/// A part of a form.
pub(super) enum Part<'p> {
    /// A field, and the characters that stay as they are in a form that is percent-encoded.
    Field(Field, Kept),
    File {
        name: &'static str,
        /// The media type of a file that states none.
        media_type: &'static str,
        file: &'p File,
    },
}

/// Returns the pieces of the body, and the media type with its boundary. It is one piece, unless a
/// file comes from a stream.
///
/// # Errors
/// When the media type of a file is not valid.
pub(super) fn encode(parts: &[Part<'_>]) -> Result<(Vec<Upload>, HeaderValue), Error> {
    loop {
        // The boundary has 128 random bits, so it is hardly ever in a content by chance. A stream
        // cannot be searched for it.
        let boundary = format!("venuekit-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let body = with_boundary(parts, &boundary)?;
        if occurs_in(parts, boundary.as_bytes()) {
            continue;
        }
        let media_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .map_err(|error| Error::request("the boundary is not valid").with_source(error))?;
        return Ok((body, media_type));
    }
}

fn occurs_in(parts: &[Part<'_>], boundary: &[u8]) -> bool {
    parts.iter().any(|part| {
        let content = match part {
            Part::Field(field, _) => field.value.as_bytes(),
            Part::File { file, .. } => file.content().as_bytes().map_or(&[][..], |bytes| bytes),
        };
        content.windows(boundary.len()).any(|window| window == boundary)
    })
}

fn with_boundary(parts: &[Part<'_>], boundary: &str) -> Result<Vec<Upload>, Error> {
    let mut pieces = Vec::new();
    let mut body = BytesMut::new();
    for part in parts {
        body.put_slice(format!("--{boundary}\r\n").as_bytes());
        let (head, content) = match part {
            Part::Field(Field { name, value, is_json }, _) => {
                let json = if *is_json { "Content-Type: application/json\r\n" } else { "" };
                let name = quoted(name);
                (format!("Content-Disposition: form-data; name=\"{name}\"\r\n{json}"), value.as_bytes())
            }
            Part::File { name, media_type, file } => {
                let media_type = file.content_type().unwrap_or(media_type);
                if HeaderValue::try_from(media_type).is_err() {
                    return Err(Error::request(format!("the media type of the file `{name}` is not valid")));
                }
                let (file_name, name) = (quoted(file.name().unwrap_or(name)), quoted(name));
                let mut head = format!(
                    "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n"
                );
                for (header, value) in file.headers() {
                    let is_valid = HeaderName::try_from(header)
                        .is_ok_and(|name| !RESERVED_HEADERS.contains(&name.as_str()))
                        && HeaderValue::try_from(value).is_ok();
                    if !is_valid {
                        let message = format!("the file `{name}` cannot have the header `{}`", Line(header, 60));
                        return Err(Error::request(message));
                    }
                    head.push_str(&format!("{header}: {value}\r\n"));
                }
                (head, file.content().as_bytes().map_or(&[][..], |bytes| bytes))
            }
        };
        body.put_slice(head.as_bytes());
        body.put_slice(b"\r\n");
        body.put_slice(content);
        if let Part::File { file, .. } = part
            && file.content().as_bytes().is_none()
        {
            pieces.push(body.split().freeze().into());
            pieces.push(file.content().clone());
        }
        body.put_slice(b"\r\n");
    }
    body.put_slice(format!("--{boundary}--\r\n").as_bytes());
    pieces.push(body.freeze().into());
    Ok(pieces)
}

/// Returns a name escaped for a quoted parameter of a header, as browsers escape it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
