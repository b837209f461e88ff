//! The clients that progenitor generates in the build script, called by name.

use progenitor_client::{Error, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Includes the client of a venue, and the function that calls its operations.
macro_rules! client {
    ($module:ident, $venue:literal) => {
        #[allow(
            warnings,
            clippy::all,
            clippy::pedantic,
            mismatched_lifetime_syntaxes,
            reason = "progenitor wrote this code"
        )]
        pub mod $module {
            pub const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/", $venue, ".json"));
            include!(concat!(env!("OUT_DIR"), "/", $venue, ".rs"));
        }
    };
}

#[cfg(feature = "all-venues")]
client!(altmarket, "altmarket");
#[cfg(feature = "all-venues")]
client!(anboto, "anboto");
client!(btse_spot, "btse-spot");
client!(jex_spot, "jex-spot");

/// The arguments of a call.
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    pub parameters: &'a Map<String, Value>,
    pub body: Option<&'a Value>,
}

impl Arguments<'_> {
    /// Returns a parameter. An optional parameter that is not given is null.
    fn parameter<T: DeserializeOwned>(self, name: &str) -> Result<T, String> {
        let value = self.parameters.get(name).cloned().unwrap_or_default();
        serde_json::from_value(value).map_err(|error| format!("`{name}`: {error}"))
    }

    fn body<T: DeserializeOwned>(self) -> Result<T, String> {
        serde_json::from_value(self.body.cloned().unwrap_or_default()).map_err(|error| format!("the body: {error}"))
    }
}

/// Returns an argument, or from the function if the type of the argument cannot hold the value.
macro_rules! take {
    ($argument:expr) => {
        match $argument {
            Ok(value) => value,
            Err(message) => return crate::progenitor::Reply::NotSent(message),
        }
    };
}
use take;

/// The end of a call.
#[derive(Debug)]
#[expect(dead_code, reason = "the texts are printed with a fault")]
pub enum Reply {
    /// The response, encoded as JSON again.
    Success(Value),
    /// A documented response other than a success, encoded as JSON again.
    Refusal(u16, Value),
    /// The types cannot hold the arguments.
    NotSent(String),
    /// The types cannot hold the response.
    NotDecoded(String),
    Failed(String),
}

async fn reply<T: Serialize, E: Serialize + std::fmt::Debug>(result: Result<ResponseValue<T>, Error<E>>) -> Reply {
    let json = |result: serde_json::Result<Value>| result.map_err(|error| Reply::Failed(error.to_string()));
    match result {
        Ok(value) => json(serde_json::to_value(value.into_inner())).map_or_else(|failed| failed, Reply::Success),
        Err(Error::ErrorResponse(value)) => {
            let status = value.status().as_u16();
            json(serde_json::to_value(value.into_inner()))
                .map_or_else(|failed| failed, |json| Reply::Refusal(status, json))
        }
        Err(Error::InvalidResponsePayload(_, error)) => Reply::NotDecoded(error.to_string()),
        Err(error) => Reply::Failed(format!("{error:?}")),
    }
}
