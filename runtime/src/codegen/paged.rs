//! The stream of the items of all pages, for generated operations.

use serde_with::DeserializeAs;

use super::request_builder::RequestBuilder;
use crate::paging::Items;

impl RequestBuilder {
    /// Creates the stream of the items of all pages; they are decoded as `T` with the adaptor `A`.
    pub fn items<T, A>(self) -> Items<T>
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        Items::new::<A>(self)
    }
}
