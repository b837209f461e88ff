//! Path, query, headers and cookies of an HTTP request.

use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};

use super::encode::Kept;
use super::signable::SignableRequest;
use super::styled::{header, pairs, push_path, scalar};
use super::values::RequestValues;
use crate::error::Error;
use crate::operation::parameter::ParameterIn;

/// Returns the path: `prefix`, and the template with the values of its parameters, encoded.
pub(super) fn path(values: &RequestValues, prefix: &str, template: &str) -> Result<String, Error> {
    let mut path = String::with_capacity(prefix.len() + template.len());
    path.push_str(prefix);
    for segment in template.split('/').skip(1) {
        path.push('/');
        let mut rest = segment;
        let start = path.len();
        while let Some((literal, tail)) = rest.split_once('{') {
            path.push_str(literal);
            let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
            let mut of_path = values.within(&[ParameterIn::Path]);
            let Some((parameter, value)) = of_path.find(|(parameter, _)| parameter.name == name) else {
                return Err(Error::request(format!("`{name}` is not given, and the path needs it")));
            };
            push_path(&mut path, parameter, value)?;
            rest = tail;
        }
        path.push_str(rest);
        if rest.len() != segment.len() && matches!(path.get(start..), Some("." | "..")) {
            return Err(Error::request("`.` and `..` cannot be segments of the path"));
        }
    }
    Ok(path)
}

/// Appends the parameters of the query: first those that are the same in each request, then the
/// others in the order of the spec.
pub(super) fn push_query(values: &RequestValues, request: &mut SignableRequest) -> Result<(), Error> {
    /// The room for a name and a value of nearly every parameter.
    const ROOM: usize = 24;
    let operation = values.operation();
    let count = operation.query.len() + values.within(&[ParameterIn::Query, ParameterIn::QueryJoined]).count();
    request.query.reserve(count * ROOM);
    for (name, value) in operation.query {
        request.push_query(name, value);
    }
    for (parameter, value) in values.within(&[ParameterIn::Query, ParameterIn::QueryJoined]) {
        let kept = if parameter.keeps_reserved { Kept::Reserved } else { Kept::Unreserved };
        if let Some(text) = scalar(value) {
            // All styles write a scalar in the same way.
            request.push_query_keeping(parameter.name, text, kept);
            continue;
        }
        for pair in pairs(parameter, value)? {
            if !request.query.is_empty() {
                request.query.push('&');
            }
            pair.write(&mut request.query, kept);
        }
    }
    Ok(())
}

/// Inserts the parameters that are headers or cookies.
pub(super) fn insert_headers(values: &RequestValues, headers: &mut HeaderMap) -> Result<(), Error> {
    for (parameter, value) in values.within(&[ParameterIn::Header]) {
        let name = parameter.name;
        let text = header(parameter, value)?;
        let header = HeaderName::try_from(name)
            .map_err(|error| Error::request(format!("`{name}` is not a valid header name")).with_source(error))?;
        let value = HeaderValue::try_from(text)
            .map_err(|error| Error::request(format!("`{name}` is not a valid header value")).with_source(error))?;
        headers.insert(header, value);
    }
    let mut cookies = String::new();
    for (parameter, value) in values.within(&[ParameterIn::Cookie]) {
        for pair in pairs(parameter, value)? {
            if !cookies.is_empty() {
                cookies.push_str("; ");
            }
            pair.write(&mut cookies, Kept::Unreserved);
        }
    }
    if !cookies.is_empty() {
        let mut value = HeaderValue::try_from(cookies)
            .map_err(|error| Error::request("the cookies are not a valid header value").with_source(error))?;
        // A cookie often is a session.
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
    Ok(())
}
