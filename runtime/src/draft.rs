//! An operation's values on their way to a request, whatever the protocol.

use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap,
    HeaderName, HeaderValue, TRANSFER_ENCODING, USER_AGENT,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_with::SerializeAs;

use crate::call::{self, Call};
use crate::classify::RawReply;
use crate::client::Client;
use crate::encode::{encode_into, push_pair};
use crate::error::Error;
use crate::json_find;
use crate::operation::{Location, Operation, Parameter, Route, Security};
use crate::pipeline;
use crate::printable::Line;
use crate::redact::Secrets;
use crate::setters::Optional;
use crate::sign::SignableRequest;
use crate::wire::EncodeAs;

/// Headers that a caller cannot set: those of the connection, and those that change what a response means.
const RESERVED_HEADERS: [HeaderName; 7] =
    [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, AUTHORIZATION, COOKIE, ACCEPT_ENCODING];

/// The values given to an operation so far.
///
/// Generated operations are thin types around it: they know at compile time what is still missing, it holds the values, each at its place in the order
/// of the spec whatever the order of the calls.
#[derive(Clone, Debug)]
pub struct Draft {
    client: Client,
    operation: &'static Operation,
    /// By the position of the parameter in the spec; exact JSON text.
    values: Vec<Option<Box<str>>>,
    body: Option<Bytes>,
    timeout: Option<Duration>,
    recv_window: Option<Duration>,
    /// Headers of the caller, which are not signed.
    extra_headers: Vec<(HeaderName, HeaderValue)>,
    /// The first value that could not be written.
    fault: Option<String>,
}

impl Draft {
    /// An operation without values.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            values: vec![None; operation.parameters.len()],
            body: None,
            timeout: None,
            recv_window: None,
            extra_headers: Vec::new(),
            fault: None,
        }
    }

    /// Sets the parameter at `position` of the spec.
    #[must_use]
    pub fn set<T: Serialize + ?Sized>(self, position: usize, value: &T) -> Self {
        self.set_json(position, serde_json::to_string(value))
    }

    fn set_json(mut self, position: usize, json: serde_json::Result<String>) -> Self {
        let name = self.operation.parameters.get(position).map_or("?", |parameter| parameter.name);
        match (json, self.values.get_mut(position)) {
            (Ok(json), Some(slot)) => *slot = Some(json.into()),
            (Err(error), _) => self.refuse(format!("`{name}` cannot be written as JSON: {error}")),
            (_, None) => self.refuse(format!("there is no parameter {position}")),
        }
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn set_body<T: Serialize + ?Sized>(self, value: &T) -> Self {
        self.set_body_json(serde_json::to_vec(value))
    }

    fn set_body_json(mut self, json: serde_json::Result<Vec<u8>>) -> Self {
        match json {
            Ok(json) => self.body = Some(json.into()),
            Err(error) => self.refuse(format!("the body cannot be written as JSON: {error}")),
        }
        self
    }

    /// Sets the parameter at `position` of the spec if there is a value.
    #[must_use]
    pub fn set_optional<T: Serialize>(self, position: usize, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set(position, &value),
            None => self,
        }
    }

    /// Sets the parameter at `position` of the spec, which travels by way of `A`, if there is a value.
    #[must_use]
    pub fn set_optional_as<T, A: SerializeAs<T>>(self, position: usize, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set(position, &EncodeAs::<T, A>::new(&value)),
            None => self,
        }
    }

    /// Sets the body if there is one.
    #[must_use]
    pub fn set_optional_body<T, A: SerializeAs<T>>(self, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set_body(&EncodeAs::<T, A>::new(&value)),
            None => self,
        }
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    pub(crate) fn set_recv_window(&mut self, window: Duration) {
        if self.operation.security != Security::Signed {
            self.refuse("a recv window belongs to requests that are signed, and this one is not".to_owned());
        } else if let Err(error) = self.client.venue().check_recv_window(window) {
            self.refuse(error);
        }
        self.recv_window = Some(window);
    }

    pub(crate) fn add_header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.extra_headers.push((name, value)),
            (Err(_), _) => self.refuse(format!("`{}` is not a name of a header", Line(name, 60))),
            (_, Err(_)) => self.refuse(format!("the value given for the header `{name}` is not valid")),
        }
    }

    /// Adds the headers that the caller gave to a request that is signed.
    pub(crate) fn add_extra_headers(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (name, _) in &self.extra_headers {
            if RESERVED_HEADERS.contains(name) {
                return Err(Error::request(format!("the header `{name}` cannot be set by the caller")));
            }
            if headers.contains_key(name) {
                return Err(Error::request(format!("the header `{name}` is set by the client already")));
            }
        }
        for (name, value) in &self.extra_headers {
            headers.append(name, value.clone());
        }
        Ok(())
    }

    /// Sends it; the reply is read as `T`.
    #[inline]
    pub fn send<T: DeserializeOwned>(self) -> Call<T> {
        Call::new(self, call::decode::<T>)
    }

    /// Sends it; the reply is read as `T` through the adaptor `A`: for replies that are bare decimals or lists of them.
    #[inline]
    pub fn send_as<T, A>(self) -> Call<T>
    where
        A: for<'de> serde_with::DeserializeAs<'de, T>,
    {
        Call::new(self, call::decode_as::<T, A>)
    }

    /// Sends it; a reply of any content will do.
    pub fn send_unit(self) -> Call<()> {
        Call::new(self, call::decode_unit)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn allowed(&self) -> Duration {
        self.timeout.unwrap_or(self.client.settings().timeout)
    }

    pub(crate) fn recv_window_setting(&self) -> Option<Duration> {
        self.recv_window
    }

    /// Whether this parameter, or top-level member of the body, is there and says something: an empty id is none.
    pub(crate) fn has(&self, name: &str) -> bool {
        let says_something = |json: &str| !matches!(json, "null" | r#""""# | "[]");
        let parameter = self.given().find(|(parameter, _)| parameter.name == name);
        parameter.map(|(_, json)| says_something(json)).unwrap_or_else(|| {
            let pointer = venuekit_json::pointer::join("", name);
            let found = self.body.as_ref().and_then(|body| json_find::first(body, &[&pointer]));
            found.is_some_and(|value| says_something(value.get()))
        })
    }

    /// Sends it, whatever it needs and whatever the reply: for what the pipeline asks on its own.
    pub(crate) fn send_raw(self) -> impl Future<Output = Result<RawReply, Error>> + Send {
        let aborts = self.client.aborts();
        pipeline::run(self, aborts)
    }

    fn refuse(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    /// The request, encoded once, and for JSON-RPC the id that the reply has to carry.
    pub(crate) fn build(&self) -> Result<(SignableRequest, Option<u64>), Error> {
        if let Some(fault) = &self.fault {
            return Err(Error::request(fault.clone()));
        }
        let base = self.client.base();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.client.user_agent().clone());
        // A reply in a coding that was not asked for cannot be read: a refusal would not be told from an unknown outcome.
        let coding = if self.client.settings().gzip { "gzip" } else { "identity" };
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding));
        let mut request = SignableRequest {
            method: http::Method::POST,
            origin: base.origin.clone(),
            path: base.path.clone(),
            query: String::new(),
            pairs: Vec::new(),
            headers,
            body: self.body.clone().unwrap_or_default(),
            security: self.operation.security,
            explanation: None,
            secrets: Secrets::default(),
        };
        let mut rpc_id = None;
        match self.operation.route {
            Route::Http { method, path } => {
                request.method = method.into();
                request.path = self.path(&base.prefix, path)?;
                self.query(&mut request)?;
                self.headers(&mut request.headers)?;
            }
            Route::Rpc { method } => {
                let id = self.client.next_rpc_id();
                request.body = self.rpc_body(id, method);
                rpc_id = Some(id);
            }
        }
        if !request.body.is_empty() {
            request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok((request, rpc_id))
    }

    fn given(&self) -> impl Iterator<Item = (&'static Parameter, &str)> {
        let values = self.operation.parameters.iter().zip(&self.values);
        values.filter_map(|(parameter, value)| Some((parameter, value.as_deref()?)))
    }

    fn path(&self, prefix: &str, template: &str) -> Result<String, Error> {
        let mut path = prefix.to_owned();
        for segment in template.split('/').skip(1) {
            path.push('/');
            let mut rest = segment;
            let start = path.len();
            while let Some((literal, tail)) = rest.split_once('{') {
                path.push_str(literal);
                let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
                let value = self.given().find(|(p, _)| p.name == name && p.location == Location::Path);
                let Some((_, json)) = value else {
                    return Err(Error::request(format!("`{name}` is not given, and the path needs it")));
                };
                let text = scalar(name, json)?;
                if text.is_empty() {
                    return Err(Error::request(format!("`{name}` is empty, and a segment of the path cannot be")));
                }
                encode_into(&mut path, &text);
                rest = tail;
            }
            path.push_str(rest);
            if rest.len() != segment.len() && matches!(path.get(start..), Some("." | "..")) {
                return Err(Error::request("`.` and `..` cannot be segments of the path"));
            }
        }
        Ok(path)
    }

    fn query(&self, request: &mut SignableRequest) -> Result<(), Error> {
        for (parameter, json) in self.given() {
            match parameter.location {
                Location::Query => {
                    for text in some(parameter.name, scalars(parameter.name, json)?)? {
                        request.push_query(parameter.name, &text);
                    }
                }
                Location::QueryJoined => {
                    let texts = some(parameter.name, scalars(parameter.name, json)?)?;
                    if texts.iter().any(|text| text.contains(',')) {
                        let name = parameter.name;
                        return Err(Error::request(format!(
                            "`{name}` has an element with a comma, which joins the elements"
                        )));
                    }
                    push_pair(&mut request.query, parameter.name, "");
                    for (index, text) in texts.iter().enumerate() {
                        if index > 0 {
                            request.query.push(',');
                        }
                        encode_into(&mut request.query, text);
                    }
                    request.pairs.push((parameter.name.to_owned(), texts.join(",")));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn headers(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (parameter, json) in self.given().filter(|(parameter, _)| parameter.location == Location::Header) {
            let name = parameter.name;
            let text = scalars(name, json)?.join(",");
            let header = HeaderName::try_from(name)
                .map_err(|error| Error::request(format!("`{name}` is no name of a header")).with_source(error))?;
            let value = HeaderValue::try_from(text)
                .map_err(|error| Error::request(format!("`{name}` is no value of a header")).with_source(error))?;
            headers.insert(header, value);
        }
        Ok(())
    }

    /// The envelope. Parameters that are left out in the middle are null, at the end they are left off.
    fn rpc_body(&self, id: u64, method: &str) -> Bytes {
        let given = self.values.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let mut params = String::new();
        for (parameter, value) in self.operation.parameters.iter().zip(&self.values).take(given) {
            let json = value.as_deref().unwrap_or("null");
            let json = match parameter.location {
                Location::Rest => json.strip_prefix('[').and_then(|json| json.strip_suffix(']')).unwrap_or(json),
                _ => json,
            };
            if !params.is_empty() && !json.is_empty() {
                params.push(',');
            }
            params.push_str(json);
        }
        // A method's name is the spec's: letters, digits, dots and underlines, but a string all the same.
        let method = serde_json::Value::from(method);
        format!(r#"{{"id":{id},"method":{method},"params":[{params}]}}"#).into()
    }
}

/// The text of a scalar: of a JSON string what it stands for, of a number or truth value its digits or letters.
fn scalar(name: &str, json: &str) -> Result<String, Error> {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json)
            .map_err(|error| Error::request(format!("`{name}` cannot be read back")).with_source(error)),
        Some(b'{' | b'[') | None => Err(Error::request(format!("`{name}` is neither text nor a number"))),
        Some(_) => Ok(json.to_owned()),
    }
}

/// The texts of a scalar, or of the elements of a list; none of null.
fn scalars(name: &str, json: &str) -> Result<Vec<String>, Error> {
    match json.as_bytes().first() {
        Some(b'[') => {
            let elements: Vec<&serde_json::value::RawValue> = serde_json::from_str(json)
                .map_err(|error| Error::request(format!("`{name}` cannot be read back")).with_source(error))?;
            elements.into_iter().map(|element| scalar(name, element.get())).collect()
        }
        Some(b'n') => Ok(Vec::new()),
        _ => Ok(vec![scalar(name, json)?]),
    }
}

/// Refuses an empty list in the query, which has no way to write it: the call would go out as if it had not been given.
fn some(name: &str, texts: Vec<String>) -> Result<Vec<String>, Error> {
    if texts.is_empty() {
        return Err(Error::request(format!("`{name}` is empty, which a query cannot say; help: leave it out")));
    }
    Ok(texts)
}
