//! The URL under which operations are called.

use std::sync::Arc;

use url::Url;

use crate::error::Error;
use crate::request::signable::origin_of;

/// The URL under which operations are called.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// The origin and the path, without a trailing slash.
    pub(crate) text: String,
    /// `https://host:port`.
    pub(crate) origin: String,
    /// The origin as a URL, from which the URL of each request is made.
    pub(crate) origin_url: Arc<Url>,
    /// The path without a trailing slash: `/spot`, or empty.
    pub(crate) prefix: String,
    /// The path as given, with its trailing slash if it has one: `/v3sign/`.
    pub(crate) path: String,
}

impl BaseUrl {
    /// Parses a URL. `is_socket`: true for a venue that is called over a WebSocket.
    pub(crate) fn parse(text: &str, is_socket: bool) -> Result<Self, Error> {
        let schemes = if is_socket { ["wss", "ws"] } else { ["https", "http"] };
        let [safe, plain] = schemes;
        let expected = || format!("the base URL has to start with {safe}:// or {plain}:// and a host");
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(error @ url::ParseError::RelativeUrlWithoutBase) => {
                return Err(Error::settings(expected()).with_source(error));
            }
            Err(error) => return Err(Error::settings("the base URL is not a URL").with_source(error)),
        };
        if !schemes.contains(&url.scheme()) || !url.has_host() {
            return Err(Error::settings(expected()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::settings("the base URL must not have a user or a password in it"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::settings("the base URL must not have a query or a fragment"));
        }
        let origin = url.origin().ascii_serialization();
        let prefix = url.path().trim_end_matches('/').to_owned();
        let (text, path) = (format!("{origin}{prefix}"), url.path().to_owned());
        Ok(Self { text, origin, origin_url: Arc::new(origin_of(url)), prefix, path })
    }
}
