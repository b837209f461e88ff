//! The request as a signer sees it: byte for byte as it will be sent, and open to additions only.
//!
//! An added property is spliced into the text of the body. Parsing the body and writing it again
//! with serde_json could change other bytes.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, DATE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use percent_encoding::percent_decode_str;
use url::Url;

use super::encode::{Kept, push_pair, push_pair_keeping};
use crate::error::Error;
use crate::error::outcome::BoxError;
use crate::operation::content::BodyContent;
use crate::operation::operation::Security;
use crate::redact::{Secrets, SensitiveText};

/// A request as it will be sent, open to additions only.
#[derive(Clone)]
pub struct SignableRequest {
    pub(crate) method: http::Method,
    /// `https://host:port/`.
    pub(crate) origin: Arc<Url>,
    pub(crate) path: String,
    pub(crate) query: String,
    /// The decoded pairs of the query, once a signer has asked for them.
    pub(crate) pairs: OnceLock<Vec<(String, String)>>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) security: Security,
    pub(crate) schemes: &'static [&'static [&'static str]],
    pub(crate) explanation: Option<Explanation>,
    /// The secrets that a signer added or named so far.
    pub(crate) secrets: Secrets,
}

/// The string that was signed, if the client was built with `explain`.
#[derive(Clone, Default)]
pub(crate) struct Explanation(pub(crate) Option<String>);

impl SignableRequest {
    /// Creates a request to be signed, for tests of signers. `url` is the whole URL, encoded as it
    /// is to be sent.
    ///
    /// # Errors
    ///
    /// When `url` is not a valid URL.
    pub fn new(method: http::Method, url: &str, body: impl Into<Bytes>, security: Security) -> Result<Self, Error> {
        let parsed = Url::parse(url).map_err(|error| Error::request("this is not a URL").with_source(error))?;
        // Here a plus is a space, as in a form.
        let has_plus = parsed.query().is_some_and(|query| query.contains('+'));
        let pairs = if has_plus {
            OnceLock::from(parsed.query_pairs().into_owned().collect::<Vec<_>>())
        } else {
            OnceLock::new()
        };
        Ok(Self {
            method,
            path: parsed.path().to_owned(),
            query: parsed.query().unwrap_or_default().to_owned(),
            pairs,
            origin: Arc::new(origin_of(parsed)),
            headers: HeaderMap::new(),
            body: body.into(),
            security,
            schemes: &[],
            explanation: None,
            secrets: Secrets::default(),
        })
    }

    /// Returns a copy for one attempt, with room in the query for the additions of a signer.
    pub(crate) fn for_attempt(&self) -> Self {
        /// The room for a time, a recv window and a signature in hexadecimal.
        const ADDED: usize = 192;
        let room = if self.query.is_empty() && self.security == Security::Public { 0 } else { ADDED };
        let mut query = String::with_capacity(self.query.len() + room);
        query.push_str(&self.query);
        Self {
            method: self.method.clone(),
            origin: Arc::clone(&self.origin),
            path: self.path.clone(),
            query,
            pairs: self.pairs.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            security: self.security,
            schemes: self.schemes,
            explanation: self.explanation.clone(),
            secrets: self.secrets.clone(),
        }
    }

    /// Keeps a text out of errors and logs about this call, also if the venue repeats it literally,
    /// escaped, or in upper or lower case.
    ///
    /// Texts that are added to the request are kept out automatically, except for times, nonces and
    /// short numbers. A signer calls this for texts that it does not add literally, such as a
    /// secret or a passphrase, and for a key that has only digits.
    ///
    /// A text of less than 8 bytes is kept out where it occurs as a separate word. A text of less
    /// than 4 bytes is not hidden, because it occurs in other text by chance.
    pub fn conceal(&mut self, text: impl Into<SensitiveText>) {
        self.secrets.name(text.into());
    }

    /// Records the string that is signed, to compare it with the venue's if the venue rejects a
    /// signature. `text` is called only for clients that were built with `explain`. It has to leave
    /// out the secret and the key.
    pub fn explain(&mut self, text: impl FnOnce() -> String) {
        if let Some(explanation) = &mut self.explanation {
            explanation.0 = Some(text());
        }
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &http::Method {
        &self.method
    }

    /// Returns the path of the URL as sent, with the base URL's own path: `/spot/v2/order`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query as sent: encoded, without the question mark; empty if there is none.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Returns the decoded names and values of the query, in their order.
    pub fn query_pairs(&self) -> &[(String, String)] {
        self.pairs.get_or_init(|| {
            let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
            pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(decoded).collect()
        })
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as sent; empty if there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the credentials that the operation needs: only a key, or also a signature.
    pub fn security(&self) -> Security {
        self.security
    }

    /// Returns the names of the security schemes that the operation needs: all schemes of one of
    /// these lists. It is empty if the spec names none.
    pub fn schemes(&self) -> &'static [&'static [&'static str]] {
        self.schemes
    }

    /// Appends a parameter to the query. Its name and value are percent-encoded.
    pub fn append_query(&mut self, name: &str, value: &str) {
        self.push_query(name, value);
        self.secrets.add(value);
    }

    /// Appends a parameter of the caller, which is not a secret.
    pub(crate) fn push_query(&mut self, name: &str, value: &str) {
        self.push_query_keeping(name, value, Kept::Unreserved);
    }

    /// Appends a parameter of the caller. Some characters of its value stay as they are.
    pub(crate) fn push_query_keeping(&mut self, name: &str, value: &str, kept: Kept) {
        push_pair_keeping(&mut self.query, name, value, kept);
        if let Some(pairs) = self.pairs.get_mut() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Appends a parameter that is already encoded, for a scheme that requires a particular
    /// encoding: for instance `:` literally and not as `%3A`.
    ///
    /// # Errors
    ///
    /// When the name or the value has characters that need encoding in a query.
    pub fn append_encoded_query(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'()*+,;:@/?%".contains(&byte);
        if !name.bytes().chain(value.bytes()).all(stands) {
            return Err(format!("`{name}` is not encoded for a query").into());
        }
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(&format!("{name}={value}"));
        let pair = decoded((name, value));
        self.secrets.add(&pair.1);
        if let Some(pairs) = self.pairs.get_mut() {
            pairs.push(pair);
        }
        Ok(())
    }

    /// Appends a field to the form in the body (`application/x-www-form-urlencoded`), encoded like
    /// all others. An empty body becomes a form.
    ///
    /// # Errors
    ///
    /// When the body is not such a form.
    pub fn append_form(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        let form = BodyContent::Form.media_type();
        let is_form = self.headers.get(CONTENT_TYPE).is_none_or(|media_type| media_type == form);
        let mut body = match std::str::from_utf8(&self.body) {
            Ok(body) if is_form => body.to_owned(),
            _ => return Err("the body is not a form, so no field can be added to it".into()),
        };
        push_pair(&mut body, name, value);
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
        self.body = body.into();
        self.secrets.add(value);
        Ok(())
    }

    /// Appends a property to the JSON object in the body, and leaves the bytes of the others
    /// unchanged. An empty body becomes an object.
    ///
    /// `json` is the property's value as JSON text.
    ///
    /// # Errors
    ///
    /// When the body is not a JSON object.
    pub fn append_member(&mut self, name: &str, json: &str) -> Result<(), BoxError> {
        if !self.has_json() {
            return Err("the body is not JSON, so no property can be added to it".into());
        }
        let name = serde_json::to_string(name)?;
        let body = std::str::from_utf8(&self.body)?.trim_end();
        let spliced = match (body.strip_suffix('}'), body.trim_start()) {
            (_, "") => format!("{{{name}:{json}}}"),
            (Some(head), text) if text.starts_with('{') => {
                let comma = if head.trim() == "{" { "" } else { "," };
                format!("{head}{comma}{name}:{json}}}")
            }
            _ => return Err("the body is not a JSON object, so no property can be added to it".into()),
        };
        self.body = Bytes::from(spliced);
        self.secrets.add_json(json);
        Ok(())
    }

    /// Appends a parameter by its name to `params` of the JSON-RPC call in the body, and leaves the
    /// other bytes unchanged. An empty list of parameters becomes an object.
    ///
    /// `json` is the parameter's value as JSON text.
    ///
    /// # Errors
    ///
    /// When the body is not a JSON-RPC call, and when its parameters go by position.
    pub fn append_param(&mut self, name: &str, json: &str) -> Result<(), BoxError> {
        let member = format!("{}:{json}", serde_json::to_string(name)?);
        self.append_to_params('{', '}', &member)?;
        self.secrets.add_json(json);
        Ok(())
    }

    /// Appends a parameter at the next position to `params` of the JSON-RPC call in the body, and
    /// leaves the other bytes unchanged. `json` is the parameter's value as JSON text.
    ///
    /// # Errors
    ///
    /// When the body is not a JSON-RPC call, and when its parameters go by name.
    pub fn append_position(&mut self, json: &str) -> Result<(), BoxError> {
        self.append_to_params('[', ']', json)?;
        self.secrets.add_json(json);
        Ok(())
    }

    /// Appends text to the list or object that is `params`. The pipeline writes `params` last.
    fn append_to_params(&mut self, open: char, close: char, text: &str) -> Result<(), BoxError> {
        let body = std::str::from_utf8(&self.body)?;
        let not_a_call = "the body is not a JSON-RPC call, so no parameter can be added to it";
        let (head, params) = body.split_once(r#","params":"#).filter(|_| self.has_json()).ok_or(not_a_call)?;
        let params = params.strip_suffix('}').filter(|_| head.contains(r#""method":"#)).ok_or(not_a_call)?;
        let inside = match params {
            "[]" | "{}" => "",
            params => params
                .strip_prefix(open)
                .and_then(|params| params.strip_suffix(close))
                .ok_or("the parameters of the call go another way: by name or by position")?,
        };
        let comma = if inside.is_empty() { "" } else { "," };
        self.body = format!(r#"{head},"params":{open}{inside}{comma}{text}{close}}}"#).into();
        Ok(())
    }

    /// Returns whether the media type is one for JSON (`/json`, `+json` or `/javascript`). A body
    /// without a media type may be JSON.
    fn has_json(&self) -> bool {
        let Some(media_type) = self.headers.get(CONTENT_TYPE) else { return true };
        let text = String::from_utf8_lossy(media_type.as_bytes()).to_ascii_lowercase();
        let name = text.split(';').next().unwrap_or_default().trim();
        name.ends_with("/json") || name.ends_with("+json") || name.ends_with("/javascript")
    }

    /// Sets a header, in place of an earlier one of this name. Marks it as sensitive, so that logs
    /// do not show its value.
    ///
    /// The name is a text or a [`HeaderName`]. A `static` made by `HeaderName::from_static` is not
    /// parsed again for each request.
    ///
    /// # Errors
    ///
    /// When the name or the value is not valid in a header. The message does not contain the value.
    pub fn set_header<N: AsRef<str> + ?Sized>(&mut self, name: &N, value: &str) -> Result<(), BoxError>
    where
        HeaderName: for<'n> TryFrom<&'n N>,
    {
        let name = HeaderName::try_from(name).map_err(|_| format!("`{}` is not a valid header name", name.as_ref()))?;
        // The value is added even if it cannot be sent, because the signer's error may contain it.
        if !matches!(name, ACCEPT | CONTENT_TYPE | DATE | HOST | USER_AGENT) {
            self.secrets.add_header(value);
        }
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| format!("the value of `{name}` has characters that no header may have"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(())
    }

    /// Appends a cookie to those of the request, and marks the header as sensitive.
    ///
    /// # Errors
    ///
    /// When the name or the value has characters that a cookie cannot have. The message does not
    /// contain the value.
    pub fn append_cookie(&mut self, name: &str, value: &str) -> Result<(), BoxError> {
        // The value is added even if it cannot be sent, because the signer's error may contain it.
        self.secrets.add(value);
        let stands = |byte: u8| byte.is_ascii_graphic() && !b"\";,\\".contains(&byte);
        if name.is_empty() || name.contains('=') || !name.bytes().chain(value.bytes()).all(stands) {
            return Err(format!("the cookie `{name}` has characters that no cookie may have").into());
        }
        let mut cookies = match self.headers.get(COOKIE) {
            Some(earlier) => format!("{}; ", earlier.to_str()?),
            None => String::new(),
        };
        cookies.push_str(&format!("{name}={value}"));
        let mut value = HeaderValue::try_from(cookies).map_err(|_| "the cookies are not valid in a header")?;
        value.set_sensitive(true);
        self.headers.insert(COOKIE, value);
        Ok(())
    }

    /// Returns whether the request cannot be read in transit: it goes by https or wss, or stays on
    /// this machine.
    pub(crate) fn is_private(&self) -> bool {
        matches!(self.origin.scheme(), "https" | "wss") || is_this_machine(&self.origin)
    }

    /// Returns the URL as it is sent.
    ///
    /// # Errors
    ///
    /// When a parser of URLs would write this URL in another form.
    pub(crate) fn url(&self) -> Result<Url, Error> {
        let mut url = Url::clone(&self.origin);
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        // The signed URL must be the URL that is sent.
        if url.path() == self.path && url.query().unwrap_or_default() == self.query {
            Ok(url)
        } else {
            Err(Error::request("the path would not be sent as it is written"))
        }
    }
}

/// Returns a URL without user, path, query and fragment.
pub(crate) fn origin_of(mut url: Url) -> Url {
    url.set_fragment(None);
    url.set_query(None);
    url.set_path("/");
    // These fail for a URL without a host, which has neither.
    let _ = (url.set_username(""), url.set_password(None));
    url
}

/// Returns the name and the value of a pair of the query without their percent-encoding.
fn decoded((name, value): (&str, &str)) -> (String, String) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decoded(name), decoded(value))
}

/// Returns whether a URL leads to this machine: its host is `localhost`, or a loopback address.
///
/// Any other name is resolved, and may lead to any machine. This includes `evil.localhost` and
/// `localhost.`, which many resolvers treat like all other names.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
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
        SignableRequest::new(http::Method::POST, "https://host/a", body.to_owned(), Security::Signed).unwrap()
    }

    #[test]
    fn the_pairs_of_a_query_are_those_that_were_pushed_whenever_they_are_asked_for() {
        let empty = request("");
        let push = |request: &mut SignableRequest| {
            request.push_query("a b", "1&2=3");
            request.push_query_keeping("kept", "x/y=,(z)", Kept::Reserved);
            request.append_query("empty", "");
            request.append_encoded_query("time%20", "12:30+%C3%A9").unwrap();
        };
        let expected = [("a b", "1&2=3"), ("kept", "x/y=,(z)"), ("empty", ""), ("time ", "12:30+é")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut asked_after = empty.clone();
        push(&mut asked_after);
        assert_eq!(asked_after.query(), "a%20b=1%262%3D3&kept=x/y=,(z)&empty=&time%20=12:30+%C3%A9");
        assert_eq!(asked_after.query_pairs(), expected);
        let mut asked_before = empty;
        assert_eq!(asked_before.query_pairs(), []);
        push(&mut asked_before);
        assert_eq!(asked_before.query_pairs(), expected);
        assert_eq!(asked_before.for_attempt().query_pairs(), expected);
    }

    #[test]
    fn a_url_is_sent_as_it_was_signed_or_not_at_all() {
        let url = |path: &str, query: &str| {
            let (path, query) = (path.to_owned(), query.to_owned());
            SignableRequest { path, query, ..request("") }.url().map(|url| url.to_string()).map_err(drop)
        };
        assert_eq!(url("/a%2Fb//c", "x=%20&y=é"), Err(()));
        assert_eq!(url("/a%2Fb//c", "x=%20&y=%C3%A9"), Ok("https://host/a%2Fb//c?x=%20&y=%C3%A9".to_owned()));
        assert_eq!(url("//evil/a", ""), Ok("https://host//evil/a".to_owned()));
        for path in ["", "a", "/a/../b", "/./a", "/a b", "/a?b", "/a#b", "/a\\b", "/a\tb", "@evil"] {
            assert_eq!(url(path, ""), Err(()), "{path}");
        }
        for query in ["a b", "a#b", "a'b", "a\nb"] {
            assert_eq!(url("/a", query), Err(()), "{query}");
        }
    }

    #[test]
    fn the_name_of_a_header_is_a_text_or_a_parsed_name() {
        static NAME: HeaderName = HeaderName::from_static("x-key");
        let mut request = request("");
        request.set_header("X-Key", "first").unwrap();
        request.set_header(&NAME, "second").unwrap();
        request.set_header(&"x-other".to_owned(), "third").unwrap();
        let headers: Vec<_> = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        assert_eq!(headers, [("x-key", &b"second"[..]), ("x-other", b"third")]);
        assert_eq!(request.set_header("x key", "").unwrap_err().to_string(), "`x key` is not a valid header name");
    }

    #[test]
    fn a_property_is_spliced_in_and_the_others_keep_their_bytes() {
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
        let mut text = request("{}");
        text.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert!(text.append_member("ts", "1").is_err());
    }

    #[test]
    fn a_parameter_is_added_to_a_call_in_the_way_of_the_others() {
        let by = |params: &str| request(&format!(r#"{{"id":1,"method":"a,\"params\":b","params":{params}}}"#));
        for (before, after) in [
            ("{}", r#"{"ts":7}"#),
            ("[]", r#"{"ts":7}"#),
            (r#"{"price":1.50, "b":"}"}"#, r#"{"price":1.50, "b":"}","ts":7}"#),
        ] {
            let mut request = by(before);
            request.append_param("ts", "7").unwrap();
            assert_eq!(request.body(), by(after).body());
        }
        for (before, after) in [("[]", "[7]"), (r#"[1.50,"]"]"#, r#"[1.50,"]",7]"#)] {
            let mut request = by(before);
            request.append_position("7").unwrap();
            assert_eq!(request.body(), by(after).body());
        }
        assert!(by("[1]").append_param("ts", "7").is_err());
        assert!(by(r#"{"a":1}"#).append_position("7").is_err());
        assert!(request("{}").append_param("ts", "7").is_err());
    }

    #[test]
    fn a_field_is_added_to_a_form_and_to_nothing_else() {
        let mut request = request("");
        request.append_form("a", "1 2").unwrap();
        request.append_form("sig", "a+b/=").unwrap();
        assert_eq!(request.body(), b"a=1%202&sig=a%2Bb%2F%3D");
        assert_eq!(request.headers()[CONTENT_TYPE], "application/x-www-form-urlencoded");
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert!(request.append_form("a", "1").is_err());
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
    fn an_encoded_parameter_is_appended_unchanged_and_an_unencoded_one_is_refused() {
        let mut request = request("");
        request.append_encoded_query("ts", "2020-01-08T00:00:00").unwrap();
        assert_eq!(request.url().unwrap().as_str(), "https://host/a?ts=2020-01-08T00:00:00");
        assert!(request.append_encoded_query("x", "a&b").is_err());
        assert!(request.append_encoded_query("x", "a b").is_err());
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
