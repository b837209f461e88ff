//! The builder that generated operations wrap.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_with::{DeserializeAs, SerializeAs};

use crate::call::Call;
use crate::client::Client;
use crate::client::state::ClientState;
use crate::operation::operation::Operation;
use crate::request::values::RequestValues;
use crate::response::decode::{decode, decode_as, decode_unit};
use crate::setters::Optional;
use crate::wire::EncodeAs;

/// The values of an operation that were set so far, and the client that sends them.
///
/// Generated operations are thin types around it. They track at compile time which values are
/// missing; the builder holds the values.
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

    /// Sets the parameter at `position` of the spec.
    #[must_use]
    pub fn set<T: Serialize + ?Sized>(mut self, position: usize, value: &T) -> Self {
        self.values.set(position, value);
        self
    }

    /// Sets the parameter at `position` of the spec with the adaptor `A`.
    #[must_use]
    pub fn set_as<T, A: SerializeAs<T>>(self, position: usize, value: &T) -> Self {
        self.set(position, &EncodeAs::<T, A>::new(value))
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

    /// Sets the parameter at `position` of the spec if there is a value.
    #[must_use]
    pub fn set_optional<T: Serialize>(self, position: usize, value: impl Optional<T>) -> Self {
        match value.into_optional() {
            Some(value) => self.set(position, &value),
            None => self,
        }
    }

    /// Sets the parameter at `position` of the spec with the adaptor `A` if there is a value.
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
        Call::new(self.client, self.values, decode::<T>)
    }

    /// Creates the call; its response is decoded as `T` with the adaptor `A`, for bare decimals and
    /// lists of them.
    #[inline]
    pub fn send_as<T, A>(self) -> Call<T>
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        Call::new(self.client, self.values, decode_as::<T, A>)
    }

    /// Creates the call; its response may have any content.
    pub fn send_unit(self) -> Call<()> {
        Call::new(self.client, self.values, decode_unit)
    }
}

/// States whether a call can change something at the venue.
#[inline]
pub fn of_kind<T, K>(call: Call<T>) -> Call<T, K> {
    call.into_kind()
}
