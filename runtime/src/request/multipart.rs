//! Multipart forms: `multipart/form-data` (RFC 7578).
//!
//! reqwest creates the boundary of a multipart form only when it sends the form. Here the boundary
//! is part of the bytes that are signed.

use bytes::{BufMut, Bytes, BytesMut};
use http::HeaderValue;

use super::form::Field;
use crate::error::Error;
use crate::file::File;

/// A part of a form.
pub(super) enum Part<'p> {
    Field(Field),
    File {
        name: &'static str,
        /// The media type of a file that states none.
        media_type: &'static str,
        file: &'p File,
    },
}

/// Returns the body, and the media type with its boundary.
///
/// # Errors
/// When the media type of a file is not valid.
pub(super) fn encode(parts: &[Part<'_>]) -> Result<(Bytes, HeaderValue), Error> {
    loop {
        // The boundary has 128 random bits, so it is hardly ever in a content by chance.
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
            Part::Field(field) => field.value.as_bytes(),
            Part::File { file, .. } => file.content(),
        };
        content.windows(boundary.len()).any(|window| window == boundary)
    })
}

fn with_boundary(parts: &[Part<'_>], boundary: &str) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    for part in parts {
        body.put_slice(format!("--{boundary}\r\n").as_bytes());
        let (head, content) = match part {
            Part::Field(Field { name, value, is_json }) => {
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
                let head = format!(
                    "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n"
                );
                (head, &file.content()[..])
            }
        };
        body.put_slice(head.as_bytes());
        body.put_slice(b"\r\n");
        body.put_slice(content);
        body.put_slice(b"\r\n");
    }
    body.put_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(body.freeze())
}

/// Returns a name escaped for a quoted parameter of a header, as browsers escape it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
