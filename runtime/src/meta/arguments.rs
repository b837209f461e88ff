//! Calls by name, and their arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_with::{DeserializeAs, SerializeAs};

use crate::call::Call;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::response::byte_stream::ByteStream;
use crate::response::decode::{DecodeError, decode_as};
use crate::response::typed::Response;
use crate::wire::json::Json;
use crate::wire::{EncodeAs, RawBytes};

/// The largest stream that a call by name reads.
const MAX_STREAM_BYTES: usize = 16 << 20;

/// Returns the error of a response whose value has no form in JSON, such as a time with a fraction
/// where the venue documents whole seconds.
fn unwritten<T>(response: Response<T>, source: serde_json::Error) -> Error {
    let error = Error::new(ErrorKind::Decode, Outcome::Unknown);
    response.failed(error.with_message("the response cannot be written as JSON").with_source(source))
}

/// A call of an operation that was selected by its name. Its response is JSON.
pub type AnyCall = BoxFuture<'static, Result<Response<Json>, Error>>;

/// A request for a subscription with its events as JSON. It is not sent before it is polled.
#[cfg(feature = "ws")]
pub type AnySubscribe = crate::ws::Subscribe<Json>;

/// The arguments of a call by name: JSON values by the parameters' names on the wire, and a body.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    values: BTreeMap<String, Json>,
    body: Option<Json>,
    operation: Option<&'static Operation>,
    sink: Option<Sink>,
}

/// Takes the pieces of a stream. It returns false if the stream is to be closed.
#[derive(Clone)]
struct Sink(Arc<dyn Fn(&HeaderMap, &[u8]) -> bool + Send + Sync>);

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}

impl Arguments {
    /// Creates arguments without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the arguments from a JSON object, by the names of the parameters on the wire.
    ///
    /// # Errors
    ///
    /// When it is not a JSON object, or has a name twice.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let Members(members) = serde_json::from_str(json)?;
        let mut arguments = Self::default();
        for (name, value) in members {
            if arguments.values.contains_key(&name) {
                return Err(serde_json::Error::custom(format!("`{name}` is given twice")));
            }
            arguments.values.insert(name, value);
        }
        Ok(arguments)
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

    /// Sets a function that takes each piece of a stream when it arrives, with the headers of the
    /// response. The first piece is empty: it tells that the stream begins. If the function returns
    /// false, the stream is closed. The response of the call is then null. The function is not
    /// called for a response that is not a stream.
    #[must_use]
    pub fn on_stream(mut self, take: impl Fn(&HeaderMap, &[u8]) -> bool + Send + Sync + 'static) -> Self {
        self.sink = Some(Sink(Arc::new(take)));
        self
    }

    /// Checks the arguments against an operation. For generated code.
    #[doc(hidden)]
    pub fn for_operation(mut self, operation: &'static Operation) -> Result<Self, ArgumentError> {
        self.operation = Some(operation);
        let known = |name: &str| operation.parameters().iter().any(|parameter| parameter.name() == name);
        if let Some(name) = self.values.keys().find(|name| !known(name)) {
            return Err(ArgumentError::new(operation.id(), format!("unknown parameter `{name}`")));
        }
        if self.body.is_some() && operation.body().is_none() {
            return Err(ArgumentError::new(operation.id(), "it has no body".to_owned()));
        }
        Ok(self)
    }

    /// Returns the value of a required parameter. For generated code.
    #[doc(hidden)]
    pub fn required<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
        name: &str,
    ) -> Result<T, ArgumentError> {
        self.optional::<T, A>(name)?.ok_or_else(|| self.error(format!("required `{name}` is missing")))
    }

    /// Returns the value of a parameter; `None` if it is not given. For generated code.
    #[doc(hidden)]
    pub fn optional<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, ArgumentError> {
        self.values.get(name).map(|json| self.read::<T, A>(json, &format!("`{name}`"))).transpose()
    }

    /// Returns the body. For generated code.
    #[doc(hidden)]
    pub fn body<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(&self) -> Result<T, ArgumentError> {
        self.optional_body::<T, A>()?.ok_or_else(|| self.error("the body is missing".to_owned()))
    }

    /// Returns the body, if there is one. For generated code.
    #[doc(hidden)]
    pub fn optional_body<T, A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>>(
        &self,
    ) -> Result<Option<T>, ArgumentError> {
        self.body.as_ref().map(|json| self.read::<T, A>(json, "the body")).transpose()
    }

    /// Returns the call, with its response as JSON. For generated code.
    #[doc(hidden)]
    pub fn call<T, A>(&self, call: impl Into<Call<T>>) -> AnyCall
    where
        T: Send + 'static,
        A: SerializeAs<T> + 'static,
    {
        let call = call.into();
        Box::pin(async move {
            let response = call.with_response().await?;
            match Json::encode(&EncodeAs::<T, A>::new(response.value())) {
                Ok(json) => Ok(response.map(|_| json)),
                Err(error) => Err(unwritten(response, error)),
            }
        })
    }

    /// Returns the subscription, with its events as JSON. For generated code.
    #[cfg(feature = "ws")]
    #[doc(hidden)]
    pub fn subscribe<T, A>(&self, subscribe: crate::ws::Subscribe<T>) -> AnySubscribe
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        subscribe.into_json::<A>()
    }

    /// Returns the call of a response that is a stream. Its pieces go to the function of
    /// [`on_stream`](Self::on_stream). Without one, its bytes are read whole, up to 16 MiB, and
    /// become JSON. For generated code.
    #[doc(hidden)]
    pub fn call_stream(&self, call: impl Into<Call<ByteStream>>) -> AnyCall {
        let (call, sink) = (call.into(), self.sink.clone());
        Box::pin(async move {
            let (mut stream, mut response) = call.with_response().await?.split();
            let Some(Sink(take)) = sink else {
                response.body = stream.into_bytes(MAX_STREAM_BYTES).await?;
                return match Json::encode(&EncodeAs::<Bytes, RawBytes>::new(&response.body)) {
                    Ok(value) => Ok(response.with_value(value)),
                    Err(error) => Err(unwritten(response, error)),
                };
            };
            let mut is_open = take(response.headers(), &[]);
            while is_open && let Some(piece) = stream.chunk().await? {
                is_open = take(response.headers(), &piece);
            }
            Ok(response.with_value(Json::default()))
        })
    }

    fn read<T, A>(&self, json: &Json, what: &str) -> Result<T, ArgumentError>
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        let value = decode_as::<T, A>(json.get().as_bytes()).map_err(|DecodeError { path, source }| {
            let place = if path == "." { String::new() } else { format!(" at `{path}`") };
            self.error(format!("{what} is of another type{place}: {source}"))
        })?;
        // An unknown property in a response is harmless. In a request it is a mistake: an order
        // would be sent without it.
        let kept = serde_json::to_string(&EncodeAs::<T, A>::new(&value))
            .map_err(|error| self.error(format!("{what} cannot be written as JSON: {error}")))?;
        match lost(json.get(), &kept, "") {
            Some(UnsentValue { path, reason }) => Err(self.error(match reason {
                UnsentReason::Unknown => format!("{what} has no `{path}`; help: correct its name, or leave it out"),
                UnsentReason::Null => format!("{what} cannot have null at `{path}`; help: leave it out"),
                UnsentReason::Twice => format!("{what} has `{path}` twice; help: leave one of them out"),
            })),
            None => Ok(value),
        }
    }

    fn error(&self, message: String) -> ArgumentError {
        ArgumentError::new(self.operation.map_or("?", Operation::id), message)
    }
}

/// A property or an element that was given, but would not be sent.
struct UnsentValue {
    path: String,
    reason: UnsentReason,
}

enum UnsentReason {
    /// The property or the element is not in the type.
    Unknown,
    /// The value is null, and null is not allowed.
    Null,
    /// The name occurs twice.
    Twice,
}

/// Finds the first property or element of `given` that `kept` lacks, or the first name that occurs
/// twice. Both are JSON.
fn lost(given: &str, kept: &str, path: &str) -> Option<UnsentValue> {
    // A type that accepts any JSON keeps the text itself, however deep it is nested.
    if given == kept {
        return None;
    }
    let not_kept = |path: String, value: &RawValue| {
        let reason = if value.get() == RawValue::NULL.get() { UnsentReason::Null } else { UnsentReason::Unknown };
        Some(UnsentValue { path, reason })
    };
    match given.as_bytes().first() {
        Some(b'{') => {
            let Members::<&RawValue>(given) = serde_json::from_str(given).ok()?;
            let kept: BTreeMap<String, &RawValue> = serde_json::from_str(kept).unwrap_or_default();
            let mut seen = BTreeSet::new();
            given.iter().find_map(|(name, value)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if !seen.insert(name) {
                    return Some(UnsentValue { path, reason: UnsentReason::Twice });
                }
                match kept.get(name) {
                    Some(kept) => lost(value.get(), kept.get(), &path),
                    None => not_kept(path, value),
                }
            })
        }
        Some(b'[') => {
            let given: Vec<&RawValue> = serde_json::from_str(given).ok()?;
            let kept: Vec<&RawValue> = serde_json::from_str(kept).unwrap_or_default();
            given.iter().enumerate().find_map(|(index, value)| {
                let path = format!("{path}[{index}]");
                match kept.get(index) {
                    Some(kept) => lost(value.get(), kept.get(), &path),
                    None => not_kept(path, value),
                }
            })
        }
        _ => None,
    }
}

/// The properties of an object in their order. A name that occurs twice is kept twice.
struct Members<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
            type Value = Vec<(String, T)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(MembersVisitor(PhantomData)).map(Self)
    }
}

/// The reason why arguments do not fit an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    operation: String,
    message: String,
}

impl ArgumentError {
    fn new(operation: &str, message: String) -> Self {
        Self { operation: operation.to_owned(), message }
    }

    /// Creates the error for an operation that the venue does not have. For generated code.
    #[doc(hidden)]
    pub fn unknown_operation(venue: &Venue, operation: &str) -> Self {
        Self::new(operation, format!("{} has no such operation", venue.name()))
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)
    }
}

impl std::error::Error for ArgumentError {}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::wire::{As, DecimalString, IntegerOrText, Maybe, OneOrMany, Present, Same};

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Order {
        id: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        #[serde(default, skip_serializing_if = "Maybe::is_absent")]
        note: Maybe<String>,
        #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Present>")]
        data: Option<Json>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        legs: Vec<Order>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        levels: Option<OneOrMany<Level>>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        ids: BTreeMap<String, Option<IntegerOrText>>,
    }

    crate::impl_object!(Order);

    #[derive(Debug)]
    struct Level {
        price: Decimal,
        size: Option<Decimal>,
    }

    crate::impl_row!(Level, required = 1, { price: DecimalString, size: Option<DecimalString> });

    /// Reads a body, and returns the JSON that would be sent.
    fn body(json: &str) -> Result<String, String> {
        let arguments = Arguments::new().set_body(Json::parse(json).unwrap());
        let order = arguments.body::<Order, Same>().map_err(|error| error.to_string())?;
        Ok(serde_json::to_string(&order).unwrap())
    }

    #[test]
    fn all_given_arguments_are_sent() {
        for json in [
            r#"{"id":28}"#,
            r#"{"id":28,"note":null,"data":null}"#,
            r#"{"id":28,"tag":"a","note":"b","data":{ "a": [ null ], "a": 1.50 }}"#,
            r#"{"id":28,"legs":[{"id":29,"note":null}],"levels":[["1.50"],["1.50","2.0"]],"ids":{"a":28,"b":"28","c":null}}"#,
        ] {
            assert_eq!(body(json).as_deref(), Ok(json));
        }
        assert_eq!(
            body(r#" { "id" : "28", "levels": [[1.50, 2]] }"#).as_deref(),
            Ok(r#"{"id":28,"levels":[["1.50","2"]]}"#)
        );
    }

    #[test]
    fn an_argument_that_would_not_be_sent_is_an_error_with_its_path() {
        for (json, message) in [
            (r#"{"id":28,"prcie":1}"#, "has no `prcie`; help: correct its name, or leave it out"),
            (r#"{"id":28,"prcie":null}"#, "cannot have null at `prcie`; help: leave it out"),
            (r#"{"id":28,"tag":null}"#, "cannot have null at `tag`; help: leave it out"),
            (
                r#"{"id":28,"legs":[{"id":1},{"id":2,"tag":null}]}"#,
                "cannot have null at `legs[1].tag`; help: leave it out",
            ),
            (r#"{"id":28,"levels":[["1","2",3]]}"#, "has no `levels[0][2]`; help: correct its name, or leave it out"),
            (r#"{"id":28,"levels":[["1"],["1",null]]}"#, "cannot have null at `levels[1][1]`; help: leave it out"),
            (r#"{"id":28,"levels":[["1","2",null]]}"#, "cannot have null at `levels[0][2]`; help: leave it out"),
            (r#"{"id":28,"ids":{"a":1,"b":2,"a":1}}"#, "has `ids.a` twice; help: leave one of them out"),
        ] {
            assert_eq!(body(json), Err(format!("?: the body {message}")), "{json}");
        }
    }

    #[test]
    fn an_argument_of_another_type_is_an_error_with_its_path() {
        let error = body(r#"{"id":28,"levels":[["1"],["1","x"]]}"#).unwrap_err();
        assert!(
            error.starts_with("?: the body is of another type at `levels[1][1]`: \"x\" is not a decimal"),
            "{error}"
        );
        let error = body("[]").unwrap_err();
        assert!(error.starts_with("?: the body is of another type: invalid type: sequence"), "{error}");
        assert!(body(r#"{"id":28,"id":29}"#).unwrap_err().contains("duplicate field `id`"));
    }

    #[test]
    fn a_parameter_that_is_given_twice_is_refused() {
        assert_eq!(Arguments::from_json(r#"{"a":1,"b":2}"#).unwrap().values.len(), 2);
        let error = Arguments::from_json(r#"{"a":1,"b":2,"a":1}"#).unwrap_err();
        assert_eq!(error.to_string(), "`a` is given twice");
        assert!(Arguments::from_json("[]").is_err());
    }
}
