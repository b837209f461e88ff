//! Futures in boxes.

use std::future::Future;
use std::pin::Pin;

/// A boxed future, as the methods of object-safe traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
