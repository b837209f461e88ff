//! The builder that generated operations wrap.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_with::{DeserializeAs, SerializeAs};

use crate::call::Call;
use crate::client::Client;
use crate::client::state::ClientState;
use crate::file::File;
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::request::values::RequestValues;
use crate::response::by_status::{ByStatus, decode_by_status, decode_optional};
use crate::response::byte_stream::ByteStream;
use crate::response::decode::{decode, decode_as};
use crate::response::received::{decode_bytes, decode_text, decode_unit};
use crate::setters::Optional;
use crate::upload::Upload;
use crate::wire::EncodeAs;
use crate::wire::json::Json;
#[cfg(feature = "ws")]
use crate::{
    error::Error,
    operation::family::SubscriptionFamily,
    pipeline::attempt::authorise,
    request::{build::build, options::CallOptions},
    ws::{NewSubscription, SocketTransport, Subscribe},
};
#[cfg(feature = "ws")]
use serde_with::Same;

/// The values of an operation that were set so far, and the client that sends them.
///
/// Generated operations are thin types around this builder. They track at compile time which values
/// are missing; the builder holds the values. A `position` is an index into the parameters of the
/// operation.
#[derive(Clone, Debug)]
pub struct RequestBuilder {
    client: Arc<ClientState>,
    values: RequestValues,
}

impl RequestBuilder {
    /// Creates the request of an operation without values.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self { client: Arc::clone(&client.state), values: RequestValues::new(operation) }
    }

    /// Sets the parameter at `position`.
    #[must_use]
    pub fn set<T: Serialize + ?Sized>(mut self, position: usize, value: &T) -> Self {
        self.values.set(position, value);
        self
    }

    /// Sets the parameter at `position` with the adaptor `A`.
    #[must_use]
    pub fn set_as<T, A: SerializeAs<T>>(self, position: usize, value: &T) -> Self {
        self.set(position, &EncodeAs::<T, A>::new(value))
    }

    /// Sets the parameter at `position` to a file.
    #[must_use]
    pub fn set_file(self, position: usize, file: impl Into<File>) -> Self {
        self.set_files(position, [file])
    }

    /// Sets the parameter at `position` to files.
    #[must_use]
    pub fn set_files(mut self, position: usize, files: impl IntoIterator<Item = impl Into<File>>) -> Self {
        self.values.set_files(position, files.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the parameter at `position` to a file if there is one.
    #[must_use]
    pub fn set_optional_file(self, position: usize, file: impl Optional<File>) -> Self {
        match file.into_optional() {
            Some(file) => self.set_file(position, file),
            None => self,
        }
    }

    /// Sets the parameter at `position` to files if there are any.
    #[must_use]
    pub fn set_optional_files(self, position: usize, files: impl Optional<Vec<File>>) -> Self {
        match files.into_optional() {
            Some(files) => self.set_files(position, files),
            None => self,
        }
    }

    /// Sets the body.
    #[must_use]
    pub fn set_body<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        self.values.set_body(value);
        self
    }

    /// Sets the body with the adaptor `A`.
    #[must_use]
    pub fn set_body_as<T, A: SerializeAs<T>>(self, value: &T) -> Self {
        self.set_body(&EncodeAs::<T, A>::new(value))
    }

    /// Sets a body of text.
    #[must_use]
    pub fn set_text_body(mut self, text: impl Into<String>) -> Self {
        self.values.set_raw_body(text.into().into());
        self
    }

    /// Sets a body of bytes, or of a stream.
    #[must_use]
    pub fn set_bytes_body(mut self, bytes: impl Into<Upload>) -> Self {
        self.values.set_upload_body(bytes.into());
        self
    }

    /// Sets a body of text if there is one.
    #[must_use]
    pub fn set_optional_text_body(self, text: impl Optional<String>) -> Self {
        match text.into_optional() {
            Some(text) => self.set_text_body(text),
            None => self,
        }
    }

    /// Sets a body of bytes if there is one.
    #[must_use]
    pub fn set_optional_bytes_body(self, bytes: impl Optional<Upload>) -> Self {
        match bytes.into_optional() {
            Some(bytes) => self.set_bytes_body(bytes),
            None => self,
        }
    }

    /// Sets the parameter at `position` if there is a value.
    #[must_use]
    pub fn set_optional<T: Serialize>(self, position: usize, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set(position, &value),
            None => self,
        }
    }

    /// Sets the parameter at `position` with the adaptor `A` if there is a value.
    #[must_use]
    pub fn set_optional_as<T, A: SerializeAs<T>>(self, position: usize, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set_as::<T, A>(position, &value),
            None => self,
        }
    }

    /// Sets the body if there is one.
    #[must_use]
    pub fn set_optional_body<T, A: SerializeAs<T>>(self, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set_body_as::<T, A>(&value),
            None => self,
        }
    }

    /// Creates the call; its response is decoded as `T`.
    #[inline]
    pub fn send<T: DeserializeOwned>(self) -> Call<T> {
        Call::new(self.client, self.values, |received| decode::<T>(received.result))
    }

    /// Creates the call; its response is decoded as `T` with the adaptor `A`, for bare decimals and
    /// lists of them.
    #[inline]
    pub fn send_as<T, A>(self) -> Call<T>
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        Call::new(self.client, self.values, |received| decode_as::<T, A>(received.result))
    }

    /// Creates the call; its response is decoded as `T` with the adaptor `A`, or is `None` if its
    /// status has no content.
    pub fn send_optional<T, A>(self) -> Call<Option<T>>
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        Call::new(self.client, self.values, decode_optional::<T, A>)
    }

    /// Creates the call; its response is decoded by its status.
    pub fn send_by_status<T: ByStatus>(self) -> Call<T> {
        Call::new(self.client, self.values, decode_by_status::<T>)
    }

    /// Creates the call; its response is text.
    pub fn send_text(self) -> Call<String> {
        Call::new(self.client, self.values, decode_text)
    }

    /// Creates the call; its response is the body as bytes.
    pub fn send_bytes(self) -> Call<Bytes> {
        Call::new(self.client, self.values, decode_bytes)
    }

    /// Creates the call; its response is a stream of bytes.
    pub fn send_stream(self) -> Call<ByteStream> {
        self.send_bytes().into_stream()
    }

    /// Creates a subscription; its notifications are decoded as `T`.
    #[cfg(feature = "ws")]
    pub fn subscribe<T: DeserializeOwned>(self, family: &'static SubscriptionFamily) -> Subscribe<T> {
        self.subscribe_as::<T, Same>(family)
    }

    /// Creates a subscription; its notifications are decoded as `T` with the adaptor `A`.
    #[cfg(feature = "ws")]
    pub fn subscribe_as<T, A>(self, family: &'static SubscriptionFamily) -> Subscribe<T>
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        let Self { client, values } = self;
        let target = subscription_target(&client, &values);
        let (venue, timeout) = (client.venue, client.settings.timeout);
        Subscribe::new::<A>(NewSubscription { venue, family, target, timeout, client })
    }

    /// Creates the call; its response is the JSON of its result.
    pub(crate) fn send_result(self) -> Call<Bytes> {
        Call::new(self.client, self.values, |received| Ok(received.result.clone()))
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.values.operation()
    }

    pub(crate) fn venue(&self) -> &'static Venue {
        self.client.venue
    }

    /// Returns the value of the parameter at `position`, as JSON; `None` if it is not set, or if it
    /// is a list, an object or a file.
    pub(crate) fn value(&self, position: usize) -> Option<Json> {
        self.values.json(position)
    }

    /// Creates the call; its response may have any content.
    pub fn send_unit(self) -> Call<()> {
        Call::new(self.client, self.values, decode_unit)
    }
}

/// Returns the connections and the `params` of a subscription.
#[cfg(feature = "ws")]
fn subscription_target(client: &ClientState, values: &RequestValues) -> Result<(SocketTransport, String), Error> {
    let no_socket = "this client has no WebSocket, because it has a transport of its own";
    let socket = client.socket.clone().ok_or_else(|| Error::request(no_socket))?;
    let request = build(values, &CallOptions::default(), &client.target())?;
    authorise(client, &request)?;
    let body = String::from_utf8_lossy(&request.signable.body).into_owned();
    let params = body.split_once(r#","params":"#).and_then(|(_, params)| params.strip_suffix('}'));
    let params = params.ok_or_else(|| Error::request("the operation is not one of JSON-RPC"))?;
    Ok((socket, params.to_owned()))
}

/// Marks a call as one that changes something at the venue (`Changes`), or only reads (`Reads`).
#[inline]
pub fn of_kind<T, K>(call: Call<T>) -> Call<T, K> {
    call.into_kind()
}
