//! Calls and subscriptions over a WebSocket (feature `ws`).
//!
//! A client of a venue that is called over a WebSocket has one connection. Its calls go through the
//! same pipeline as those over HTTP, and have the same outcomes. A [`Subscription`] is a stream of
//! [`Event`]s. It outlives the connection: when the connection breaks, the consumer is told by
//! [`Event::Interrupted`], and the subscription is made again.
//!
//! - `settings`: the settings of connections
//! - `event`: the events of a subscription
//! - `queue`: the bounded buffer between a connection and a consumer
//! - `subscription`: subscriptions, and the request that makes one
//! - `frame`: the envelopes of messages
//! - `params`: the topics of a subscription, and the merged call of several
//! - `identity`: the elements and entities that were delivered
//! - `recovery`: the queries after an interruption
//! - `member`: one subscription on a connection
//! - `slot`: all subscriptions of one family on a connection
//! - `pace`: the limits of requests per connection
//! - `dial`: opens a connection
//! - `command`: the commands to a connection
//! - `message_log`: the messages of a connection in the log
//! - `session`: a connection from its first message to its last
//! - `connection`: the task that opens a connection again and again
//! - `transport`: the transport, with all connections of a client

mod command;
mod connection;
mod dial;
mod event;
mod frame;
mod identity;
mod member;
pub(crate) mod message_log;
mod pace;
mod params;
mod queue;
mod recovery;
mod session;
mod settings;
mod slot;
mod state;
mod subscription;
mod transport;

pub use event::{Event, Interrupted, Reason, Resumed, Stale};
pub use message_log::LOG_TARGET;
pub use settings::{Reconnect, SocketSettings};
pub use state::ConnectionState;
pub use subscription::{Subscribe, Subscription};
pub use tokio_rustls::rustls;
pub use transport::SocketTransport;

pub(crate) use command::{LoginRequest, LoginSource};
pub(crate) use subscription::NewSubscription;
