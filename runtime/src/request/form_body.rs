//! The form that is the body of a request.

use http::HeaderValue;

use super::encode::{Kept, push_pair_keeping};
use super::form::{empty, fields};
use super::multipart::{self, Part};
use super::values::{RequestValues, Value};
use crate::error::Error;
use crate::operation::content::BodyContent;
use crate::operation::form::FormStyle;
use crate::operation::parameter::ParameterIn;
use crate::upload::Upload;

/// Returns the pieces of the form that is the body of an operation, and its media type; `None` if
/// the body is not a form, or if no property was given.
///
/// # Errors
/// When a style cannot express its value, or when the media type of a file is not valid.
pub(super) fn form_body(values: &RequestValues) -> Result<Option<(Vec<Upload>, HeaderValue)>, Error> {
    let content = values.operation().content;
    if !matches!(content, BodyContent::Form | BodyContent::Multipart) {
        return Ok(None);
    }
    let mut parts = Vec::new();
    for (parameter, value) in values.all().filter(|(parameter, _)| parameter.place == ParameterIn::Form) {
        match (value, parameter.form_style) {
            (Some(Value::Json(json)), style) => {
                let kept = if parameter.keeps_reserved { Kept::Reserved } else { Kept::Unreserved };
                parts.extend(fields(parameter.name, style, json)?.into_iter().map(|field| Part::Field(field, kept)));
            }
            (Some(Value::Files(files)), FormStyle::File(media_type)) if !files.is_empty() => {
                parts.extend(files.iter().map(|file| Part::File { name: parameter.name, media_type, file }));
            }
            (Some(Value::Files(_)), _) => return Err(empty(parameter.name)),
            (Some(Value::Text(_)) | None, _) => {}
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    if content == BodyContent::Multipart {
        return multipart::encode(&parts).map(Some);
    }
    let mut form = String::new();
    for part in &parts {
        match part {
            // A space is `%20`, which every decoder of forms reads.
            Part::Field(field, kept) => push_pair_keeping(&mut form, &field.name, &field.value, *kept),
            Part::File { name, .. } => {
                return Err(Error::request(format!("`{name}` is a file, which needs a form of parts")));
            }
        }
    }
    Ok(Some((vec![form.into()], HeaderValue::from_static(content.media_type()))))
}
