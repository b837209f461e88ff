//! A venue's API as data, and calls by name: what tools stand on that serve every venue alike.
//!
//! Feature `meta`. Generated crates have a `meta::META` each; the crate `venuekit-venues` lists them all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_with::{DeserializeAs, SerializeAs};

use crate::call::DecodeError;
use crate::client::{Client, ClientBuilder};
use crate::operation::{Operation, Venue};
use crate::transport::BoxFuture;
use crate::wire::{EncodeAs, Json, TextIntegers};
use crate::{BoxError, Call, Error, Response, Signer, call};

/// A venue's API as data.
#[derive(Debug)]
#[non_exhaustive]
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
    /// Describes a venue. `spec`: the file that it was generated from. `connect`: makes its client.
    pub const fn new(venue: &'static Venue, spec: &'static str, connect: fn(Client) -> Box<dyn AnyClient>) -> Self {
        Self {
            venue,
            description: None,
            api_version: "",
            spec,
            operations: &[],
            schemas: &[],
            examples: &[],
            connect,
            credentials: None,
            private_key: None,
        }
    }

    /// Sets what the spec says of the venue (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Sets the venue's own version of its API.
    #[must_use]
    pub const fn with_api_version(mut self, api_version: &'static str) -> Self {
        self.api_version = api_version;
        self
    }

    /// Sets the operations.
    #[must_use]
    pub const fn with_operations(mut self, operations: &'static [OperationMeta]) -> Self {
        self.operations = operations;
        self
    }

    /// Sets the named schemas (JSON).
    #[must_use]
    pub const fn with_schemas(mut self, schemas: &'static [(&'static str, &'static str)]) -> Self {
        self.schemas = schemas;
        self
    }

    /// Sets the examples.
    #[must_use]
    pub const fn with_examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    /// Sets how credentials are made of a key and a secret.
    #[must_use]
    pub const fn with_credentials(mut self, credentials: MakeCredentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets how credentials are made of a key and an RSA private key.
    #[must_use]
    pub const fn with_private_key(mut self, private_key: MakeCredentials) -> Self {
        self.private_key = Some(private_key);
        self
    }

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
#[non_exhaustive]
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

impl OperationMeta {
    /// Describes an operation. `method`: the method of the generated client.
    pub const fn new(operation: &'static Operation, method: &'static str) -> Self {
        Self { operation, method, summary: "", description: None, parameters: &[], body: None, reply_schema: None }
    }

    /// Sets the line that says what it does.
    #[must_use]
    pub const fn with_summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Sets what else the spec says of it (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Sets the parameters.
    #[must_use]
    pub const fn with_parameters(mut self, parameters: &'static [ParameterMeta]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets the body.
    #[must_use]
    pub const fn with_body(mut self, body: BodyMeta) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets the schema of the reply (JSON).
    #[must_use]
    pub const fn with_reply_schema(mut self, reply_schema: &'static str) -> Self {
        self.reply_schema = Some(reply_schema);
        self
    }
}

/// A parameter as data.
#[derive(Debug)]
#[non_exhaustive]
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

impl ParameterMeta {
    /// Describes a parameter: its name on the wire, the setter of the generated operation, and its schema (JSON).
    pub const fn new(name: &'static str, setter: &'static str, schema: &'static str) -> Self {
        Self { name, setter, description: None, schema, example: None }
    }

    /// Sets what it means (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Sets an example (JSON).
    #[must_use]
    pub const fn with_example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }
}

/// A body as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct BodyMeta {
    /// What it means (Markdown).
    pub description: Option<&'static str>,
    /// Its schema (JSON).
    pub schema: &'static str,
    /// An example (JSON).
    pub example: Option<&'static str>,
}

impl BodyMeta {
    /// Describes a body by its schema (JSON).
    pub const fn new(schema: &'static str) -> Self {
        Self { description: None, schema, example: None }
    }

    /// Sets what it means (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// Sets an example (JSON).
    #[must_use]
    pub const fn with_example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }
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
    #[non_exhaustive]
    Reply {
        /// The operation's id.
        operation: &'static str,
        /// The status it comes with; for JSON-RPC the name of the example.
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
    /// A component that several operations use.
    Component(&'static str),
    /// A schema, wherever it stands.
    Schema,
}

impl ExampleOf {
    /// The reply of an operation; for JSON-RPC, `status` is the name of the example.
    pub const fn reply(operation: &'static str, status: &'static str) -> Self {
        Self::Reply { operation, status }
    }

    /// The body of an operation.
    pub const fn body(operation: &'static str) -> Self {
        Self::Body { operation }
    }

    /// A parameter of an operation.
    pub const fn parameter(operation: &'static str, parameter: &'static str) -> Self {
        Self::Parameter { operation, parameter }
    }
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

    /// Starts a call; like any call it is not sent before it is polled. The arguments are read into the operation's
    /// types first, and the reply has been read into its type and written again.
    ///
    /// # Errors
    /// When there is no such operation, when an argument is unknown, missing or of another type, and when a part of one
    /// would not be sent: an unknown member, an element beyond the columns of a row, null where it cannot be.
    fn call(&self, operation: &str, arguments: Arguments) -> Result<AnyCall, ArgumentError>;
}

/// A call by name.
pub type AnyCall = BoxFuture<'static, Result<Response<Json>, Error>>;

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

    /// Takes the members of a JSON object, by the names of the parameters on the wire.
    ///
    /// # Errors
    /// When it is no JSON object, or has a member twice.
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
            let reply = call.with_response().await?;
            let json = Json::encode(&EncodeAs::<T, A>::new(reply.value()))
                .map_err(|error| Error::request("the reply cannot be written as JSON").with_source(error))?;
            Ok(reply.map(|_| json))
        })
    }

    fn read<T, A>(&self, json: &Json, what: &str) -> Result<T, ArgumentError>
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        let value = call::decode_as::<T, A>(json.get().as_bytes()).map_err(|DecodeError { path, source }| {
            let place = if path == "." { String::new() } else { format!(" at `{path}`") };
            self.error(format!("{what} is of another type{place}: {source}"))
        })?;
        // An unknown member does no harm in a reply. In a request it is a slip, and an order would go out without it.
        let kept = serde_json::to_string(&EncodeAs::<T, A>::new(&value))
            .map_err(|error| self.error(format!("{what} cannot be written as JSON: {error}")))?;
        match lost(json.get(), &kept, "") {
            Some(Lost { path, reason }) => Err(self.error(match reason {
                LostReason::Unknown => format!("{what} has no `{path}`; help: correct its name, or leave it out"),
                LostReason::Null => format!("{what} cannot have null at `{path}`; help: leave it out"),
                LostReason::Twice => format!("{what} has `{path}` twice; help: leave one of them out"),
            })),
            None => Ok(value),
        }
    }

    fn error(&self, message: String) -> ArgumentError {
        ArgumentError::new(self.operation.map_or("?", Operation::id), message)
    }
}

/// A member or an element that was given and would not be sent.
struct Lost {
    path: String,
    reason: LostReason,
}

enum LostReason {
    /// There is no such member or element.
    Unknown,
    /// It is null, and cannot be.
    Null,
    /// Its name is given twice.
    Twice,
}

/// Finds the first member or element of `given` that is not in `kept`, both JSON.
fn lost(given: &str, kept: &str, path: &str) -> Option<Lost> {
    // Any JSON is kept as its text, however deep it is nested.
    if given == kept {
        return None;
    }
    let not_kept = |path: String, value: &RawValue| {
        let reason = if value.get() == RawValue::NULL.get() { LostReason::Null } else { LostReason::Unknown };
        Some(Lost { path, reason })
    };
    match given.as_bytes().first() {
        Some(b'{') => {
            let Members::<&RawValue>(given) = serde_json::from_str(given).ok()?;
            let kept: BTreeMap<String, &RawValue> = serde_json::from_str(kept).unwrap_or_default();
            let mut seen = BTreeSet::new();
            given.iter().find_map(|(name, value)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if !seen.insert(name) {
                    return Some(Lost { path, reason: LostReason::Twice });
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

/// The members of an object in their order, also those whose name comes twice.
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

    /// Reads a body, and gives what would be sent.
    fn body(json: &str) -> Result<String, String> {
        let arguments = Arguments::new().set_body(Json::parse(json).unwrap());
        let order = arguments.body::<Order, Same>().map_err(|error| error.to_string())?;
        Ok(serde_json::to_string(&order).unwrap())
    }

    #[test]
    fn what_is_given_is_sent() {
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
    fn what_would_be_left_out_is_refused_by_its_path() {
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
    fn what_is_of_another_type_is_told_with_its_path() {
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
