//! A venue's API as data, and calls by name: what tools stand on that serve every venue alike.
//!
//! Feature `meta`. Generated crates have a `meta::META` each; the crate `venuekit-venues` lists them all.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_with::{DeserializeAs, SerializeAs};

use crate::client::{Client, ClientBuilder};
use crate::operation::{Operation, Venue};
use crate::transport::BoxFuture;
use crate::wire::{DecodeAs, EncodeAs, Json, TextIntegers};
use crate::{BoxError, Call, Error, Reply, Signer, call};

/// A venue's API as data.
#[derive(Debug)]
pub struct VenueMeta {
    /// The venue.
    pub venue: &'static Venue,
    /// What its spec says of it (Markdown).
    pub description: Option<&'static str>,
    /// The venue's own version of its API.
    pub api_version: &'static str,
    /// The spec it was generated from: `specs/btse-spot.yaml`.
    pub spec: &'static str,
    /// Its operations, in the order of the spec.
    pub operations: &'static [OperationMeta],
    /// Its named schemas as the spec has them (JSON): schemas refer to them as `#/components/schemas/NAME`.
    pub schemas: &'static [(&'static str, &'static str)],
    /// The examples in its spec.
    pub examples: &'static [Example],
    /// The venue's client, as one that takes operations by name.
    pub connect: fn(Client) -> Box<dyn AnyClient>,
    /// Makes credentials of a key and a secret, with the defaults of the venue's signing crate; `None`: the venue has none.
    pub credentials: Option<MakeCredentials>,
    /// Makes credentials of a key and an RSA private key (PEM); `None`: the venue knows no such keys.
    pub private_key: Option<MakeCredentials>,
}

/// Makes credentials of a key and a secret or a private key.
pub type MakeCredentials = fn(&str, &str) -> Result<Arc<dyn Signer>, BoxError>;

impl VenueMeta {
    /// Starts a client, to be given to [`connect`](Self::connect).
    pub fn builder(&self) -> ClientBuilder<Client> {
        ClientBuilder::for_venue(self.venue)
    }

    /// The operation of this id.
    pub fn operation(&self, id: &str) -> Option<&'static OperationMeta> {
        self.operations.iter().find(|operation| operation.operation.id() == id)
    }
}

/// An operation as data.
#[derive(Debug)]
pub struct OperationMeta {
    /// How it travels and what it needs.
    pub operation: &'static Operation,
    /// The method of the generated client.
    pub method: &'static str,
    /// One line.
    pub summary: &'static str,
    /// More (Markdown).
    pub description: Option<&'static str>,
    /// Its parameters, in the order of [`Operation::parameters`].
    pub parameters: &'static [ParameterMeta],
    /// Its body.
    pub body: Option<BodyMeta>,
    /// The schema of its reply (JSON); `None`: nothing to read.
    pub reply_schema: Option<&'static str>,
}

/// A parameter as data.
#[derive(Debug)]
pub struct ParameterMeta {
    /// On the wire.
    pub name: &'static str,
    /// The setter of the generated operation.
    pub setter: &'static str,
    /// What it means (Markdown).
    pub description: Option<&'static str>,
    /// Its schema (JSON).
    pub schema: &'static str,
    /// An example (JSON).
    pub example: Option<&'static str>,
}

/// A body as data.
#[derive(Debug)]
pub struct BodyMeta {
    /// What it means (Markdown).
    pub description: Option<&'static str>,
    /// Its schema (JSON).
    pub schema: &'static str,
    /// An example (JSON).
    pub example: Option<&'static str>,
}

/// An example in a spec, and its type.
#[derive(Debug)]
pub struct Example {
    /// Where it stands in the spec (a JSON pointer).
    pub pointer: &'static str,
    /// What it is an example of.
    pub of: ExampleOf,
    /// The example: JSON, its digits as the spec has them.
    pub json: &'static str,
    round_trip: fn(Source, &[u8]) -> serde_json::Result<String>,
}

impl Example {
    /// An example of the type `T`, which travels by way of `A`.
    pub const fn of<T, A>(pointer: &'static str, of: ExampleOf, json: &'static str) -> Self
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        Self { pointer, of, json, round_trip: round_trip::<T, A> }
    }

    /// Reads `json` as the type of this example and writes it again.
    ///
    /// # Errors
    /// When it is no value of the type.
    pub fn round_trip(&self, source: Source, json: &[u8]) -> serde_json::Result<String> {
        (self.round_trip)(source, json)
    }
}

/// What an example is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExampleOf {
    /// A reply of an operation.
    Reply {
        /// The operation's id.
        operation: &'static str,
        /// The status it comes with; for JSON-RPC the name of the example.
        status: &'static str,
    },
    /// The body of an operation.
    Body {
        /// The operation's id.
        operation: &'static str,
    },
    /// A parameter.
    Parameter {
        /// The operation's id.
        operation: &'static str,
        /// The parameter's name on the wire.
        parameter: &'static str,
    },
    /// A component that several operations use.
    Component(&'static str),
    /// A schema, wherever it stands.
    Schema,
}

/// What JSON is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Bytes in memory.
    Slice,
    /// A reader.
    Reader,
    /// A [`serde_json::Value`], whose numbers are floats.
    Value,
}

fn round_trip<T, A>(source: Source, json: &[u8]) -> serde_json::Result<String>
where
    A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
{
    let value = match source {
        Source::Slice => call::decode_as::<T, A>(json).map_err(|error| error.source)?,
        Source::Reader => {
            let mut deserializer = serde_json::Deserializer::from_reader(json);
            let value = A::deserialize_as(TextIntegers(&mut deserializer))?;
            deserializer.end()?;
            value
        }
        Source::Value => A::deserialize_as(TextIntegers(serde_json::from_slice::<serde_json::Value>(json)?))?,
    };
    serde_json::to_string(&EncodeAs::<T, A>::new(&value))
}

/// A client that takes operations by name.
pub trait AnyClient: fmt::Debug + Send + Sync {
    /// The venue.
    fn meta(&self) -> &'static VenueMeta;

    /// Starts a call; like any call it is not sent before it is polled. The arguments are read into the operation's types first, and the
    /// reply has been read into its type and written again.
    ///
    /// # Errors
    /// When there is no such operation, or an argument is unknown, missing or of another type.
    fn call(&self, operation: &str, arguments: Arguments) -> Result<AnyCall, ArgumentError>;
}

/// A call by name.
pub type AnyCall = BoxFuture<'static, Result<Reply<Json>, Error>>;

/// The arguments of a call by name: values by the parameters' names on the wire, as JSON, and a body.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    values: BTreeMap<String, Json>,
    body: Option<Json>,
    operation: Option<&'static Operation>,
}

impl Arguments {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// The members of a JSON object, by the names of the parameters on the wire.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { values: serde_json::from_str(json)?, ..Self::default() })
    }

    /// Sets a parameter.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: Json) -> Self {
        self.values.insert(name.into(), value);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn set_body(mut self, body: Json) -> Self {
        self.body = Some(body);
        self
    }

    /// For generated code: these arguments for this operation.
    #[doc(hidden)]
    pub fn of(mut self, operation: &'static Operation) -> Result<Self, ArgumentError> {
        self.operation = Some(operation);
        let known = |name: &str| operation.parameters().iter().any(|parameter| parameter.name() == name);
        if let Some(name) = self.values.keys().find(|name| !known(name)) {
            return Err(ArgumentError::new(operation.id(), format!("there is no parameter `{name}`")));
        }
        if self.body.is_some() && operation.body().is_none() {
            return Err(ArgumentError::new(operation.id(), "it has no body".to_owned()));
        }
        Ok(self)
    }

    /// For generated code: the value of a required parameter.
    #[doc(hidden)]
    pub fn required<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
        name: &str,
    ) -> Result<T, ArgumentError> {
        self.optional::<T, A>(name)?.ok_or_else(|| self.error(format!("required `{name}` is missing")))
    }

    /// For generated code: the value of a parameter.
    #[doc(hidden)]
    pub fn optional<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, ArgumentError> {
        self.values.get(name).map(|json| self.read::<T, A>(json, &format!("`{name}`"))).transpose()
    }

    /// For generated code: the body.
    #[doc(hidden)]
    pub fn body<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(&self) -> Result<T, ArgumentError> {
        self.optional_body::<T, A>()?.ok_or_else(|| self.error("the body is missing".to_owned()))
    }

    /// For generated code: the body, if there is one.
    #[doc(hidden)]
    pub fn optional_body<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
    ) -> Result<Option<T>, ArgumentError> {
        self.body.as_ref().map(|json| self.read::<T, A>(json, "the body")).transpose()
    }

    /// For generated code: the call, with its reply as JSON.
    #[doc(hidden)]
    pub fn call<T, A>(&self, call: Call<T>) -> AnyCall
    where
        T: Send + 'static,
        A: SerializeAs<T> + 'static,
    {
        Box::pin(async move {
            let reply = call.await?;
            let json = Json::encode(&EncodeAs::<T, A>::new(&reply))
                .map_err(|error| Error::request("the reply cannot be written as JSON").with_source(error))?;
            Ok(reply.map(|_| json))
        })
    }

    fn read<T, A>(&self, json: &Json, what: &str) -> Result<T, ArgumentError>
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        let other_type = |error: serde_json::Error| self.error(format!("{what} is of another type: {error}"));
        let value: DecodeAs<T, A> = serde_json::from_str(json.get()).map_err(other_type)?;
        let value = value.into_inner();
        // A reply's unknown member does no harm; one in a request is a slip, and an order would go out without it.
        let given: serde_json::Value = serde_json::from_str(json.get()).map_err(other_type)?;
        let kept = serde_json::to_value(EncodeAs::<T, A>::new(&value)).map_err(other_type)?;
        match dropped(&given, &kept, "") {
            Some(path) => Err(self.error(format!("{what} has no member `{path}`"))),
            None => Ok(value),
        }
    }

    fn error(&self, message: String) -> ArgumentError {
        ArgumentError::new(self.operation.map_or("?", Operation::id), message)
    }
}

/// Where `given` has a member or an element that is not in `kept`. Null stands for none.
fn dropped(given: &serde_json::Value, kept: &serde_json::Value, path: &str) -> Option<String> {
    use serde_json::Value::{Array, Null, Object};

    let join = |segment: &str| if path.is_empty() { segment.to_owned() } else { format!("{path}.{segment}") };
    match (given, kept) {
        (Object(given), Object(kept)) => {
            given.iter().filter(|(_, value)| !value.is_null()).find_map(|(name, value)| {
                let path = join(name);
                match kept.get(name) {
                    None | Some(Null) => Some(path),
                    Some(kept) => dropped(value, kept, &path),
                }
            })
        }
        (Array(given), Array(kept)) => given.iter().enumerate().find_map(|(index, value)| {
            let path = join(&index.to_string());
            match kept.get(index) {
                None if value.is_null() => None,
                None => Some(path),
                Some(kept) => dropped(value, kept, &path),
            }
        }),
        _ => None,
    }
}

/// Why arguments are none of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    operation: String,
    message: String,
}

impl ArgumentError {
    fn new(operation: &str, message: String) -> Self {
        Self { operation: operation.to_owned(), message }
    }

    /// For generated code: the venue has no such operation.
    #[doc(hidden)]
    pub fn operation(meta: &VenueMeta, operation: &str) -> Self {
        Self::new(operation, format!("{} has no such operation", meta.venue.name()))
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)
    }
}

impl std::error::Error for ArgumentError {}
