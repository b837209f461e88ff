//! Decodes the body of an error as the type that the spec documents.

use std::any::{TypeId, type_name};
use std::error::Error as StdError;
use std::fmt;

use serde::de::DeserializeOwned;

use super::Error;
use crate::json_find;
use crate::operation::content::find_status;
use crate::response::decode::decode;

impl Error {
    /// Decodes the body of the response as the type that the spec documents for its status:
    /// `error.decode::<types::ApiError>()`.
    ///
    /// [`Operation::error_types`] lists the types of an operation. The bytes stay in
    /// [`body`](Self::body).
    ///
    /// [`Operation::error_types`]: crate::operation::Operation::error_types
    ///
    /// # Errors
    ///
    /// When there is no response, when the spec documents no body or another type for its status,
    /// or when the body is not a value of this type.
    pub fn decode<T: DeserializeOwned + 'static>(&self) -> Result<T, NotDocumented> {
        let (Some(operation), Some(status), Some(body)) = (self.operation(), self.status(), self.body()) else {
            return Err(NotDocumented("there is no response".to_owned()));
        };
        let status_number = status.as_u16();
        let Some(documented) = find_status(operation.error_types, status, |error| error.status) else {
            return Err(NotDocumented(format!("the spec documents no JSON body of status {status_number}")));
        };
        if (documented.id)() != TypeId::of::<T>() {
            let (name, wanted) = ((documented.name)(), type_name::<T>());
            return Err(NotDocumented(format!("the body of status {status_number} is a `{name}`, not a `{wanted}`")));
        }
        // The decoder's message is dropped: it can contain values of the body, and a venue may
        // repeat the key there.
        decode(json_find::without_mark(body))
            .map_err(|_| NotDocumented(format!("the body of status {status_number} differs from the spec")))
    }
}

/// The reason why [`Error::decode`] returned no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDocumented(String);

impl fmt::Display for NotDocumented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for NotDocumented {}
