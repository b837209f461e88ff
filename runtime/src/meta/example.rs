//! The examples of a spec, with their types.

use serde_with::{DeserializeAs, SerializeAs};

use crate::response::decode::decode_as;
use crate::wire::EncodeAs;
use crate::wire::integer::TextIntegers;

/// An example in a spec, and its type.
#[derive(Debug)]
#[non_exhaustive]
pub struct Example {
    /// The place of the example in the spec (a JSON pointer).
    pub pointer: &'static str,
    /// The subject of the example.
    pub subject: ExampleOf,
    /// The example (JSON), with the digits of the spec.
    pub json: &'static str,
    round_trip: fn(JsonSource, &[u8]) -> serde_json::Result<String>,
}

impl Example {
    /// Describes an example of the type `T`, which is encoded by the adaptor `A`.
    pub const fn new<T, A>(pointer: &'static str, subject: ExampleOf, json: &'static str) -> Self
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        Self { pointer, subject, json, round_trip: round_trip::<T, A> }
    }

    /// Reads `json` as the type of this example and writes it again.
    ///
    /// # Errors
    ///
    /// When `json` is not a value of the type.
    pub fn round_trip(&self, source: JsonSource, json: &[u8]) -> serde_json::Result<String> {
        (self.round_trip)(source, json)
    }
}

/// The subject of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExampleOf {
    /// A response of an operation.
    #[non_exhaustive]
    Response {
        /// The operation's id.
        operation: &'static str,
        /// The status of the response; for JSON-RPC the name of the example.
        status: &'static str,
    },
    /// The body of an operation.
    #[non_exhaustive]
    Body {
        /// The operation's id.
        operation: &'static str,
    },
    /// A parameter.
    #[non_exhaustive]
    Parameter {
        /// The operation's id.
        operation: &'static str,
        /// The parameter's name on the wire.
        parameter: &'static str,
    },
    /// A named component of the spec.
    Component(&'static str),
    /// Any other schema.
    Schema,
}

impl ExampleOf {
    /// Returns the subject of an example for a response of an operation. For JSON-RPC, `status` is
    /// the name of the example.
    pub const fn response(operation: &'static str, status: &'static str) -> Self {
        Self::Response { operation, status }
    }

    /// Returns the subject of an example for the body of an operation.
    pub const fn body(operation: &'static str) -> Self {
        Self::Body { operation }
    }

    /// Returns the subject of an example for a parameter of an operation.
    pub const fn parameter(operation: &'static str, parameter: &'static str) -> Self {
        Self::Parameter { operation, parameter }
    }
}

/// The source from which JSON is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonSource {
    /// Bytes in memory.
    Slice,
    /// A reader.
    Reader,
    /// A [`serde_json::Value`], whose numbers are floats.
    Value,
}

fn round_trip<T, A>(source: JsonSource, json: &[u8]) -> serde_json::Result<String>
where
    A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
{
    let value = match source {
        JsonSource::Slice => decode_as::<T, A>(json).map_err(|error| error.source)?,
        JsonSource::Reader => {
            let mut deserializer = serde_json::Deserializer::from_reader(json);
            let value = A::deserialize_as(TextIntegers(&mut deserializer))?;
            deserializer.end()?;
            value
        }
        JsonSource::Value => A::deserialize_as(TextIntegers(serde_json::from_slice::<serde_json::Value>(json)?))?,
    };
    serde_json::to_string(&EncodeAs::<T, A>::new(&value))
}
