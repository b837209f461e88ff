//! The description of a venue and its operations in the spec, as data.
//!
//! Each generated crate has one `static` [`Venue`], and one `static` [`Operation`] per operation.
//! The pipeline reads them, and has no code for a particular venue. All of them are created by
//! `const` functions, so that a newer version of this crate can add fields and still compile with
//! clients that were generated before.

pub(crate) mod bounds;
pub(crate) mod constraint;
pub(crate) mod content;
pub(crate) mod effect;
pub(crate) mod family;
pub(crate) mod form;
pub(crate) mod limit;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
pub(crate) mod operation;
pub(crate) mod outcome;
pub(crate) mod pagination;
pub(crate) mod parameter;
pub(crate) mod recovery;
mod route;
pub(crate) mod rpc_call;
pub(crate) mod socket;
pub(crate) mod style;
pub(crate) mod venue;

pub use bounds::Bounds;
pub use constraint::{Constraint, ValueAt, When};
pub use content::{BodyContent, ErrorType, ResponseContent};
pub use effect::{Changes, Reads, ReadsOnly};
pub use family::{Content, Entity, SubscriptionFamily, Topics};
pub use form::FormStyle;
pub use limit::Limit;
pub use operation::{Idempotent, Method, Operation, Route, Security, Weight};
pub use outcome::{Batch, CodeRule, Condition};
pub use pagination::{NextPage, Pagination};
pub use parameter::{Parameter, ParameterIn};
pub use recovery::Recovery;
pub use rpc_call::RpcCall;
pub use socket::Socket;
pub use style::Style;
pub use venue::{Environment, Host, RecvWindow, Server, ServerTime, TimeUnit, Venue};
