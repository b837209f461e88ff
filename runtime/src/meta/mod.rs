//! A venue's API as data, and calls by name, for tools that serve all venues alike.
//!
//! Requires the feature `meta`. Each generated crate has a `meta::META`; the crate
//! `venuekit-venues` lists them all.

mod arguments;
mod error_code;
mod example;
mod scheme;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

#[cfg(feature = "ws")]
pub use arguments::AnySubscribe;
pub use arguments::{AnyCall, ArgumentError, Arguments};
pub use error_code::ErrorCodeMeta;
pub use example::{Example, ExampleOf, JsonSource};
pub use scheme::{SchemeCarrier, SchemeMeta};

use crate::client::Client;
use crate::client::builder::ClientBuilder;
use crate::error::api_error::ApiError;
use crate::error::outcome::BoxError;
use crate::operation::family::SubscriptionFamily;
use crate::operation::operation::Operation;
use crate::operation::parameter::Parameter;
use crate::operation::venue::Venue;
use crate::request::constraints::first_broken;
use crate::signer::Signer;

/// A venue's API as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct VenueMeta {
    /// The venue.
    pub venue: &'static Venue,
    /// The description of the venue in its spec (Markdown).
    pub description: Option<&'static str>,
    /// The venue's own version of its API.
    pub api_version: &'static str,
    /// The spec from which the client was generated: `specs/btse-spot.yaml`.
    pub spec: &'static str,
    /// The operations, in the order of the spec.
    pub operations: &'static [OperationMeta],
    /// The operations that subscribe to notifications, in the order of the spec.
    pub subscriptions: &'static [SubscriptionMeta],
    /// The security schemes that the operations name.
    pub security_schemes: &'static [SchemeMeta],
    /// The named schemas of the spec (JSON): schemas refer to them as `#/components/schemas/NAME`.
    pub schemas: &'static [(&'static str, &'static str)],
    /// The examples in the spec.
    pub examples: &'static [Example],
    /// The known error codes.
    pub error_codes: &'static [ErrorCodeMeta],
    /// Wraps a client of the venue as one that takes operations by name.
    pub connect: fn(Client) -> Box<dyn AnyClient>,
    /// Creates credentials from a key and a secret, with the defaults of the venue's signing crate;
    /// `None` if the venue has no such credentials.
    pub credentials: Option<MakeCredentials>,
    /// Creates credentials from a key and an RSA private key (PEM); `None` if the venue has no such
    /// keys.
    pub private_key: Option<MakeCredentials>,
    /// Creates credentials from a key without a secret; `None` if no operation needs the key alone.
    pub key_only: Option<MakeKeyOnly>,
    /// Creates credentials from a token and the origin of the login, such as `web`; `None` if the
    /// venue has no such login.
    pub token_login: Option<MakeCredentials>,
}

/// Creates credentials from two texts: a key, and a secret or a private key; or a token, and the
/// origin of the login.
pub type MakeCredentials = fn(&str, &str) -> Result<Arc<dyn Signer>, BoxError>;

/// Creates credentials from a key alone.
pub type MakeKeyOnly = fn(&str) -> Result<Arc<dyn Signer>, BoxError>;

impl VenueMeta {
    /// Describes a venue. `spec`: the file from which the client was generated. `connect`: wraps a
    /// client as one that takes operations by name.
    pub const fn new(venue: &'static Venue, spec: &'static str, connect: fn(Client) -> Box<dyn AnyClient>) -> Self {
        Self {
            venue,
            description: None,
            api_version: "",
            spec,
            operations: &[],
            subscriptions: &[],
            security_schemes: &[],
            schemas: &[],
            examples: &[],
            error_codes: &[],
            connect,
            credentials: None,
            private_key: None,
            key_only: None,
            token_login: None,
        }
    }

    /// Sets the description of the venue in its spec (Markdown).
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

    /// Sets the operations that subscribe.
    #[must_use]
    pub const fn with_subscriptions(mut self, subscriptions: &'static [SubscriptionMeta]) -> Self {
        self.subscriptions = subscriptions;
        self
    }

    /// Sets the security schemes that the operations name.
    #[must_use]
    pub const fn with_security_schemes(mut self, schemes: &'static [SchemeMeta]) -> Self {
        self.security_schemes = schemes;
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

    /// Sets the known error codes.
    #[must_use]
    pub const fn with_error_codes(mut self, error_codes: &'static [ErrorCodeMeta]) -> Self {
        self.error_codes = error_codes;
        self
    }

    /// Sets the function that creates credentials from a key and a secret.
    #[must_use]
    pub const fn with_credentials(mut self, credentials: MakeCredentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets the function that creates credentials from a key and an RSA private key.
    #[must_use]
    pub const fn with_private_key(mut self, private_key: MakeCredentials) -> Self {
        self.private_key = Some(private_key);
        self
    }

    /// Sets the function that creates credentials from a key alone.
    #[must_use]
    pub const fn with_key_only(mut self, key_only: MakeKeyOnly) -> Self {
        self.key_only = Some(key_only);
        self
    }

    /// Sets the function that creates credentials from a token and the origin of the login.
    #[must_use]
    pub const fn with_token_login(mut self, token_login: MakeCredentials) -> Self {
        self.token_login = Some(token_login);
        self
    }

    /// Returns what is known of the code of an error. If the code has several meanings, the message
    /// of the error selects among them. If no meaning has the message, all meanings of the code are
    /// returned. The result is empty if the code is not known.
    pub fn meanings(&self, error: &ApiError) -> Vec<&'static ErrorCodeMeta> {
        error_code::meanings(self.error_codes, error)
    }

    /// Returns the builder of a client that can be passed to [`connect`](Self::connect).
    pub fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_venue(self.venue)
    }

    /// Returns the operation of this id; `None` if there is none.
    pub fn operation(&self, id: &str) -> Option<&'static OperationMeta> {
        self.operations.iter().find(|operation| operation.operation.id() == id)
    }
}

/// An operation as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationMeta {
    /// Route, parameters and limits of the operation.
    pub operation: &'static Operation,
    /// The name of the method of the generated client.
    pub method: &'static str,
    /// The summary in one line.
    pub summary: &'static str,
    /// The description (Markdown).
    pub description: Option<&'static str>,
    /// The parameters, in the order of [`Operation::parameters`].
    pub parameters: &'static [ParameterMeta],
    /// The body.
    pub body: Option<BodyMeta>,
    /// The schema of the response (JSON); `None` if the response has no value.
    pub response_schema: Option<&'static str>,
    /// The description of the response (Markdown).
    pub response_description: Option<&'static str>,
    /// The documented statuses other than a success (`400`, `5XX`, `default`), each with its
    /// description.
    pub statuses: &'static [(&'static str, &'static str)],
    /// True if the spec marks the operation as deprecated.
    pub deprecated: bool,
    short_example: Option<&'static [&'static str]>,
    full_example: Option<&'static [&'static str]>,
}

impl OperationMeta {
    /// Describes an operation. `method`: the name of the method of the generated client.
    pub const fn new(operation: &'static Operation, method: &'static str) -> Self {
        Self {
            operation,
            method,
            summary: "",
            description: None,
            parameters: &[],
            body: None,
            response_schema: None,
            response_description: None,
            statuses: &[],
            deprecated: false,
            short_example: None,
            full_example: None,
        }
    }

    /// Sets the summary in one line.
    #[must_use]
    pub const fn with_summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Sets the description (Markdown).
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

    /// Sets the schema of the response (JSON).
    #[must_use]
    pub const fn with_response_schema(mut self, response_schema: &'static str) -> Self {
        self.response_schema = Some(response_schema);
        self
    }

    /// Sets the description of the response (Markdown).
    #[must_use]
    pub const fn with_response_description(mut self, description: &'static str) -> Self {
        self.response_description = Some(description);
        self
    }

    /// Sets the documented statuses other than a success, each with its description.
    #[must_use]
    pub const fn with_statuses(mut self, statuses: &'static [(&'static str, &'static str)]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Marks the operation as deprecated in the spec.
    #[must_use]
    pub const fn with_deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets the parameters of a short example call. By default, they are the required parameters.
    #[must_use]
    pub const fn with_short_example(mut self, parameters: &'static [&'static str]) -> Self {
        self.short_example = Some(parameters);
        self
    }

    /// Sets the parameters of a full example call. By default, they are all parameters.
    #[must_use]
    pub const fn with_full_example(mut self, parameters: &'static [&'static str]) -> Self {
        self.full_example = Some(parameters);
        self
    }

    /// Returns whether an example call with few values gives this parameter: a required parameter,
    /// or one that a constraint needs. A call with the examples of these parameters breaks no
    /// constraint.
    pub fn is_in_short_example(&self, parameter: &Parameter) -> bool {
        self.short_example.map_or(parameter.is_required(), |names| names.contains(&parameter.name()))
    }

    /// Returns whether an example call with many values gives this parameter. Parameters that may
    /// not be given together with the others are left out.
    pub fn is_in_full_example(&self, parameter: &Parameter) -> bool {
        self.full_example.is_none_or(|names| names.contains(&parameter.name()))
    }

    /// Checks the values of a request against the constraints of the operation, as a client does
    /// before it sends the request. `parameters` are JSON texts, by the names on the wire.
    ///
    /// # Errors
    ///
    /// When the values break a checked constraint: the error is the message of the first one, with
    /// the given values and a help.
    pub fn check_constraints(&self, parameters: &[(&str, &str)], body: Option<&[u8]>) -> Result<(), String> {
        let parameters: Vec<_> = parameters.iter().map(|(name, json)| (*name, Cow::Borrowed(*json))).collect();
        match first_broken(self.operation.constraints(), &parameters, body) {
            Some(broken) => Err(broken.message()),
            None => Ok(()),
        }
    }
}

/// A parameter as data. [`Parameter::bounds`](crate::operation::Parameter::bounds) has the bounds
/// of its value.
#[derive(Debug)]
#[non_exhaustive]
pub struct ParameterMeta {
    /// The name on the wire.
    pub name: &'static str,
    /// The name of the setter of the generated operation.
    pub setter: &'static str,
    /// The description (Markdown).
    pub description: Option<&'static str>,
    /// The schema (JSON).
    pub schema: &'static str,
    /// An example (JSON).
    pub example: Option<&'static str>,
    /// The known values of an enum, or of a list of them; empty for other types.
    pub values: &'static [EnumValue],
    /// True if the spec marks the parameter as deprecated.
    pub deprecated: bool,
}

impl ParameterMeta {
    /// Describes a parameter: its name on the wire, the setter of the generated operation, and its
    /// schema (JSON).
    pub const fn new(name: &'static str, setter: &'static str, schema: &'static str) -> Self {
        Self { name, setter, description: None, schema, example: None, values: &[], deprecated: false }
    }

    /// Sets the description (Markdown).
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

    /// Sets the known values of an enum, or of a list of them.
    #[must_use]
    pub const fn with_values(mut self, values: &'static [EnumValue]) -> Self {
        self.values = values;
        self
    }

    /// Marks the parameter as deprecated in the spec.
    #[must_use]
    pub const fn with_deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}

/// A known value of an enum.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct EnumValue {
    /// The value as text; an integer in decimal.
    pub value: &'static str,
    /// The name of the variant in Rust.
    pub name: &'static str,
    /// The meaning (Markdown).
    pub description: Option<&'static str>,
}

impl EnumValue {
    /// Describes a value by its text and the name of its variant.
    pub const fn new(value: &'static str, name: &'static str) -> Self {
        Self { value, name, description: None }
    }

    /// Sets the meaning (Markdown).
    #[must_use]
    pub const fn with_description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }
}

/// A body as data. [`Operation::body_bounds`] has the bounds of its values.
#[derive(Debug)]
#[non_exhaustive]
pub struct BodyMeta {
    /// The description (Markdown).
    pub description: Option<&'static str>,
    /// The schema (JSON).
    pub schema: &'static str,
    /// An example (JSON).
    pub example: Option<&'static str>,
}

impl BodyMeta {
    /// Describes a body by its schema (JSON).
    pub const fn new(schema: &'static str) -> Self {
        Self { description: None, schema, example: None }
    }

    /// Sets the description (Markdown).
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

/// An operation that subscribes to notifications.
#[derive(Debug)]
#[non_exhaustive]
pub struct SubscriptionMeta {
    /// The operation.
    pub operation: OperationMeta,
    /// The family of the subscription.
    pub family: &'static SubscriptionFamily,
    /// The schema of the `params` of a notification (JSON).
    pub params_schema: &'static str,
}

impl SubscriptionMeta {
    /// Describes an operation that subscribes.
    pub const fn new(
        operation: OperationMeta,
        family: &'static SubscriptionFamily,
        params_schema: &'static str,
    ) -> Self {
        Self { operation, family, params_schema }
    }
}

/// A client that takes operations by name.
pub trait AnyClient: fmt::Debug + Send + Sync {
    /// Returns the venue.
    fn meta(&self) -> &'static VenueMeta;

    /// Creates a call, which is not sent before it is polled. The arguments are decoded into the
    /// operation's types first. The response is decoded into its type, and the result is encoded as
    /// JSON again.
    ///
    /// # Errors
    ///
    /// When the operation does not exist, or when an argument is unknown, missing or of another
    /// type. It is also an error if a part of an argument would not be sent: an unknown property,
    /// an element beyond the columns of a row, or null where it is not allowed.
    fn call(&self, operation: &str, arguments: Arguments) -> Result<AnyCall, ArgumentError>;

    /// Creates a subscription by the operation that makes it, with its events as JSON. It is not
    /// sent before it is polled.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call), and when the operation makes no subscription.
    #[cfg(feature = "ws")]
    fn subscribe(&self, operation: &str, arguments: Arguments) -> Result<AnySubscribe, ArgumentError> {
        let _ = arguments;
        Err(ArgumentError::unknown_operation(self.meta().venue, operation))
    }
}
