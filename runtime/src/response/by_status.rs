//! Responses whose value depends on the status.

use bytes::Bytes;
use serde_with::DeserializeAs;

use super::decode::{DecodeError, decode_as};
use super::received::{Received, decode_bytes, decode_text};

/// The response of a success, for the types that [`by_status!`](crate::by_status) defines.
#[derive(Clone, Copy, Debug)]
pub struct StatusResponse<'r>(Received<'r>);

impl StatusResponse<'_> {
    /// Returns the status, or the range of statuses, under which the spec describes the response;
    /// empty if the spec does not describe it.
    pub fn key(&self) -> &'static str {
        self.0.operation.success(self.0.status).map_or("", |(key, _)| key)
    }

    /// Decodes the body as JSON, with the adaptor `A`.
    ///
    /// # Errors
    /// When the body is not a value of this type.
    pub fn json<T, A: for<'de> DeserializeAs<'de, T>>(&self) -> Result<T, DecodeError> {
        decode_as::<T, A>(self.0.result)
    }

    /// Returns the body as text.
    ///
    /// # Errors
    /// When the body is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        decode_text(self.0)
    }

    /// Returns the body.
    ///
    /// # Errors
    /// Never.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        decode_bytes(self.0)
    }

    /// Returns the error of a status that the spec does not describe.
    pub fn undescribed(&self) -> DecodeError {
        let status = self.0.status.as_u16();
        DecodeError::new(format!("the spec describes no response of status {status}"))
    }
}

/// A type with the responses of an operation, distinguished by their statuses.
pub trait ByStatus: Sized {
    /// Decodes a response.
    ///
    /// # Errors
    /// When the spec does not describe the status, or when the body is not a value of the type.
    fn read(response: StatusResponse<'_>) -> Result<Self, DecodeError>;
}

/// Decodes a response by its status.
pub(crate) fn decode_by_status<T: ByStatus>(received: Received<'_>) -> Result<T, DecodeError> {
    T::read(StatusResponse(received))
}

/// Decodes a JSON value with the adaptor `A`; `None` if the spec describes no content for this
/// status.
pub(crate) fn decode_optional<T, A>(received: Received<'_>) -> Result<Option<T>, DecodeError>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    match received.operation.success(received.status) {
        Some((_, false)) => Ok(None),
        _ => decode_as::<T, A>(received.result).map(Some),
    }
}

/// Defines the enum of the responses of an operation, with a variant for each status.
///
/// The statuses are those of [`Operation::with_successes`](crate::operation::Operation). The
/// content of a status is `json(Type as Adaptor)`, `text` or `bytes`.
#[doc(hidden)]
#[macro_export]
macro_rules! by_status {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $(
            $(#[$variant_meta:meta])*
            $status:literal => $variant:ident $(: $kind:ident $(($ty:ty as $adaptor:ty))?)?,
        )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name { $(
            $(#[$variant_meta])*
            $variant $(($crate::__content!(type $kind $($ty)?)))?,
        )* }

        impl $crate::codegen::ByStatus for $name {
            fn read(
                response: $crate::codegen::StatusResponse<'_>,
            ) -> ::core::result::Result<Self, $crate::codegen::DecodeError> {
                match response.key() {
                    $($status => $crate::__content!(read response $name $variant $($kind $($ty, $adaptor)?)?),)*
                    _ => ::core::result::Result::Err(response.undescribed()),
                }
            }
        }

        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $($crate::__content!(pattern value $name $variant $($kind)?) =>
                        $crate::__content!(write value serializer $($kind $($ty, $adaptor)?)?),)*
                }
            }
        }
    };
}

/// Generates the parts of [`by_status!`](crate::by_status) that depend on the content of a status.
#[doc(hidden)]
#[macro_export]
macro_rules! __content {
    (type json $ty:ty) => {
        $ty
    };
    (type text) => {
        ::std::string::String
    };
    (type bytes) => {
        $crate::bytes::Bytes
    };
    (read $response:ident $name:ident $variant:ident) => {
        ::core::result::Result::Ok($name::$variant)
    };
    (read $response:ident $name:ident $variant:ident json $ty:ty, $adaptor:ty) => {
        $response.json::<$ty, $adaptor>().map($name::$variant)
    };
    (read $response:ident $name:ident $variant:ident text) => {
        $response.text().map($name::$variant)
    };
    (read $response:ident $name:ident $variant:ident bytes) => {
        $response.bytes().map($name::$variant)
    };
    (pattern $value:ident $name:ident $variant:ident) => {
        $name::$variant
    };
    (pattern $value:ident $name:ident $variant:ident $kind:ident) => {
        $name::$variant($value)
    };
    (write $value:ident $serializer:ident) => {
        $serializer.serialize_unit()
    };
    (write $value:ident $serializer:ident json $ty:ty, $adaptor:ty) => {
        $crate::codegen::serde::Serialize::serialize(&$crate::wire::EncodeAs::<$ty, $adaptor>::new($value), $serializer)
    };
    (write $value:ident $serializer:ident text) => {
        $serializer.serialize_str($value)
    };
    (write $value:ident $serializer:ident bytes) => {
        <$crate::wire::RawBytes as $crate::codegen::serde_with::SerializeAs<_>>::serialize_as($value, $serializer)
    };
}
