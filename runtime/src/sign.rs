//! The seam between the pipeline and the signing schemes of the venues.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::encode::push_pair;
use crate::error::{BoxError, Error};
use crate::operation::Security;
use crate::transport::BoxFuture;

/// Signs requests as a venue wants it.
///
/// The pipeline calls it for each attempt of an operation whose security is [`Key`](Security::Key) or [`Signed`](Security::Signed), as the last
/// step before sending. What the request shows is byte for byte what will be sent; what the signer adds is sent as well. An
/// own signer, one that asks a hardware module for instance, may be as slow as the call's timeout allows.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Adds to `request` what the venue wants: headers, query parameters, members of the body.
    ///
    /// `stamp` is the time and the nonce to use: a nonce of the signer's own would collide with those of other calls.
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>>;
}

/// The time and the nonce of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The time to state.
    pub time: SystemTime,
    /// Rises strictly from attempt to attempt of a client: milliseconds since 1970 where that is enough.
    pub nonce: u64,
}

impl Stamp {
    /// A stamp with both.
    pub const fn new(time: SystemTime, nonce: u64) -> Self {
        Self { time, nonce }
    }
}

/// A request as it will be sent, open to additions only.
pub struct SignableRequest {
    pub(crate) method: http::Method,
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) security: Security,
}

impl SignableRequest {
    /// The HTTP method.
    pub fn method(&self) -> &http::Method {
        &self.method
    }

    /// The path of the URL as sent, with the base URL's own path: `/spot/v2/order`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as sent: encoded, without the question mark; empty when there is none.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The names and values of the query in their order, decoded.
    pub fn query_pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as sent; empty when there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the operation needs: the key alone, or a signature too.
    pub fn security(&self) -> Security {
        self.security
    }

    /// Appends a parameter to the query, encoded as all others are.
    pub fn append_query(&mut self, name: &str, value: &str) {
        push_pair(&mut self.query, name, value);
        self.pairs.push((name.to_owned(), value.to_owned()));
    }

    /// Adds a member to the JSON object in the body, after the others, leaving their bytes alone. An empty body becomes an object.
    ///
    /// `json` is the member's value as JSON text.
    ///
    /// # Errors
    /// When the body is no JSON object.
    pub fn append_member(&mut self, name: &str, json: &str) -> Result<(), BoxError> {
        let name = serde_json::to_string(name)?;
        let body = std::str::from_utf8(&self.body)?.trim_end();
        let spliced = match (body.strip_suffix('}'), body.trim_start()) {
            (_, "") => format!("{{{name}:{json}}}"),
            (Some(head), text) if text.starts_with('{') => {
                let comma = if head.trim() == "{" { "" } else { "," };
                format!("{head}{comma}{name}:{json}}}")
            }
            _ => return Err("the body is no JSON object, so nothing can be added to it".into()),
        };
        self.body = Bytes::from(spliced);
        Ok(())
    }

    /// Sets a header and marks it as sensitive: no log shows its value.
    ///
    /// # Errors
    /// When the name or the value cannot be a header; the message does not contain the value.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let name = HeaderName::try_from(name).map_err(|_| format!("`{name}` is no name of a header"))?;
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| format!("the value of `{name}` has characters that no header may have"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(())
    }

    /// The URL that is sent.
    pub(crate) fn url(&self) -> Result<url::Url, Error> {
        let mut text = format!("{}{}", self.origin, self.path);
        if !self.query.is_empty() {
            text.push('?');
            text.push_str(&self.query);
        }
        // What was signed is what is sent: a URL that the parser would write in another way is refused.
        match url::Url::parse(&text) {
            Ok(url) if url.as_str() == text => Ok(url),
            _ => Err(Error::request("the path would not be sent as it is written")),
        }
    }
}

impl fmt::Debug for SignableRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignableRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> SignableRequest {
        SignableRequest {
            method: http::Method::POST,
            origin: "https://host".to_owned(),
            path: "/a".to_owned(),
            query: String::new(),
            pairs: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_owned()),
            security: Security::Signed,
        }
    }

    #[test]
    fn a_member_is_spliced_in_and_the_others_keep_their_bytes() {
        for (before, after) in [
            (r#"{"price":1.50, "b":"}"}"#, r#"{"price":1.50, "b":"}","ts":"x"}"#),
            ("{ }", r#"{ "ts":"x"}"#),
            ("{}\n", r#"{"ts":"x"}"#),
            ("", r#"{"ts":"x"}"#),
        ] {
            let mut request = request(before);
            request.append_member("ts", r#""x""#).unwrap();
            assert_eq!(std::str::from_utf8(request.body()).unwrap(), after);
        }
        assert!(request("[1]").append_member("ts", "1").is_err());
        assert!(request("1}").append_member("ts", "1").is_err());
    }

    #[test]
    fn appended_parameters_are_encoded_and_shown_decoded() {
        let mut request = request("");
        request.append_query("sig", "a+b/=");
        assert_eq!(request.query(), "sig=a%2Bb%2F%3D");
        assert_eq!(request.query_pairs(), [("sig".to_owned(), "a+b/=".to_owned())]);
        assert_eq!(request.url().unwrap().as_str(), "https://host/a?sig=a%2Bb%2F%3D");
    }

    #[test]
    fn a_path_that_a_url_parser_rewrites_is_refused() {
        let mut request = request("");
        request.path = "/orders/%2e%2e/x".to_owned();
        assert_eq!(request.url().unwrap_err().outcome(), crate::Outcome::NotSent);
    }

    #[test]
    fn a_bad_header_value_is_refused_without_showing_it() {
        let error = request("").set_header("x-key", "sec\nret").unwrap_err();
        assert!(!error.to_string().contains("sec"));
    }
}
