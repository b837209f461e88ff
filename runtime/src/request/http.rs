//! Path, query and headers of an HTTP request.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::encode::{encode_into, push_pair};
use super::signable::SignableRequest;
use super::text::Text;
use super::values::RequestValues;
use crate::error::Error;
use crate::operation::parameter::ParameterIn;

/// Returns the path: `prefix`, and the template with each parameter encoded at its place.
pub(super) fn path(values: &RequestValues, prefix: &str, template: &str) -> Result<String, Error> {
    let mut path = prefix.to_owned();
    for segment in template.split('/').skip(1) {
        path.push('/');
        let mut rest = segment;
        let start = path.len();
        while let Some((literal, tail)) = rest.split_once('{') {
            path.push_str(literal);
            let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
            encode_into(&mut path, segment_text(values, name)?);
            rest = tail;
        }
        path.push_str(rest);
        if rest.len() != segment.len() && matches!(path.get(start..), Some("." | "..")) {
            return Err(Error::request("`.` and `..` cannot be segments of the path"));
        }
    }
    Ok(path)
}

/// Returns the text of the path parameter of this name.
fn segment_text<'v>(values: &'v RequestValues, name: &str) -> Result<&'v str, Error> {
    let is_meant = |place: ParameterIn, other: &str| place == ParameterIn::Path && other == name;
    let text = values.texts().find(|(parameter, _)| is_meant(parameter.place, parameter.name));
    match text {
        None | Some((_, Text::Null)) => Err(Error::request(format!("`{name}` is not given, and the path needs it"))),
        Some((_, Text::List(_))) => Err(Error::request(format!("`{name}` is a list, and the path takes one value"))),
        Some((_, Text::Scalar(text))) if text.is_empty() => {
            Err(Error::request(format!("`{name}` is empty, and a segment of the path cannot be empty")))
        }
        Some((_, Text::Scalar(text))) => Ok(text),
    }
}

/// Appends the parameters of the query, in the order of the spec.
///
/// An array repeats the name (`a=1&a=2`) or is joined by commas (`a=1,2`), as the spec states.
pub(super) fn push_query(values: &RequestValues, request: &mut SignableRequest) -> Result<(), Error> {
    for (parameter, text) in values.texts() {
        let name = parameter.name;
        match parameter.place {
            ParameterIn::Query => {
                for text in some(name, text)? {
                    request.push_query(name, text);
                }
            }
            ParameterIn::QueryJoined => {
                let texts = some(name, text)?;
                if texts.iter().any(|text| text.contains(',')) {
                    let message = format!("`{name}` has an element with a comma, which joins the elements");
                    return Err(Error::request(message));
                }
                push_pair(&mut request.query, name, "");
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 {
                        request.query.push(',');
                    }
                    encode_into(&mut request.query, text);
                }
                request.pairs.push((name.to_owned(), texts.join(",")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the texts, or an error for an empty list. A query cannot express it, so the call would
/// be sent without the parameter.
fn some<'t>(name: &str, text: &'t Text) -> Result<&'t [Box<str>], Error> {
    match text.scalars() {
        [] => Err(Error::request(format!("`{name}` is empty, which a query cannot express; help: leave it out"))),
        texts => Ok(texts),
    }
}

/// Inserts the parameters that are headers.
pub(super) fn insert_headers(values: &RequestValues, headers: &mut HeaderMap) -> Result<(), Error> {
    for (parameter, text) in values.texts().filter(|(parameter, _)| parameter.place == ParameterIn::Header) {
        let name = parameter.name;
        let header = HeaderName::try_from(name)
            .map_err(|error| Error::request(format!("`{name}` is not a valid header name")).with_source(error))?;
        let value = HeaderValue::try_from(text.scalars().join(","))
            .map_err(|error| Error::request(format!("`{name}` is not a valid header value")).with_source(error))?;
        headers.insert(header, value);
    }
    Ok(())
}
