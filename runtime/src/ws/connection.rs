//! The task that opens a connection again and again.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::command::Command;
use super::dial::Dialer;
use super::session::{Core, End, Session};
use crate::bounded::bounded;

/// The task that opens a connection when it is needed, and again when it breaks.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) name: &'static str,
    pub(super) dialer: Arc<Dialer>,
    pub(super) connect_timeout: Duration,
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) core: Core,
    /// True for a connection that ends when it has no subscription.
    pub(super) is_extra: bool,
}

impl Connection {
    pub(super) async fn run(mut self) {
        let mut attempts = 0_u32;
        // The last reason that is more than a silence.
        let mut cause: Option<String> = None;
        loop {
            while !self.core.needs_connection() {
                match self.commands.recv().await {
                    Some(command) => self.core.take(command, Instant::now()),
                    None => return,
                }
            }
            if attempts > 0 {
                let wait = self.core.reconnect.wait(attempts);
                tracing::debug!(venue = self.name, attempts, wait_ms = wait.as_millis(), "connecting again");
                if self.meanwhile(sleep(wait)).await.is_none() {
                    return;
                }
            }
            let dialer = Arc::clone(&self.dialer);
            let limit = bounded(self.connect_timeout);
            let dialed = self.meanwhile(async move { timeout(limit, dialer.dial()).await }).await;
            let is_silence = matches!(dialed, Some(Err(_)));
            let message = match dialed {
                None => return,
                Some(Ok(Ok(wire))) => {
                    tracing::debug!(venue = self.name, "connected");
                    let opened = Instant::now();
                    let end = Session::new(&mut self.core, &mut self.commands, wire, self.is_extra).run().await;
                    let lived = opened.elapsed();
                    match end {
                        End::Unused if self.commands.is_closed() => return,
                        End::Unused => {
                            attempts = 0;
                            continue;
                        }
                        End::Lost(reason) => {
                            tracing::warn!(venue = self.name, reason, lived_ms = lived.as_millis(), "connection lost");
                            cause = Some(reason.clone());
                            self.core.state.change(|state| state.connect_error = Some(reason));
                            // A server that closes each connection at once is not asked at once.
                            let is_lasting = lived > self.core.reconnect.wait(attempts);
                            attempts = if is_lasting { 1 } else { attempts.saturating_add(1) };
                            continue;
                        }
                    }
                }
                Some(Ok(Err(error))) => error.to_string(),
                Some(Err(_)) => format!("no connection within {} ms", limit.as_millis()),
            };
            tracing::debug!(venue = self.name, error = message, "no connection");
            let told = match &cause {
                // A cause tells more than the silence after it.
                Some(cause) if is_silence => format!("{message}; before: {cause}"),
                _ => message.clone(),
            };
            if !is_silence {
                cause = Some(message.clone());
            }
            self.core.state.change(|state| state.connect_error = Some(told));
            self.core.refuse_calls(&message);
            attempts = attempts.saturating_add(1);
        }
    }

    /// Takes commands until a future ends. Returns `None` if nobody can send commands any more.
    async fn meanwhile<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut timer: Option<Pin<Box<tokio::time::Sleep>>> = None;
        std::future::poll_fn(|context| {
            loop {
                match self.commands.poll_recv(context) {
                    Poll::Ready(Some(command)) => self.core.take(command, Instant::now()),
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Pending => break,
                }
            }
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            // New subscriptions may be late before there is a connection.
            while let Some(at) = self.core.wake_at() {
                let now = Instant::now();
                if at <= now {
                    self.core.tick(now);
                    continue;
                }
                let timer = timer.insert(Box::pin(sleep_until(at)));
                if timer.as_mut().poll(context).is_pending() {
                    break;
                }
            }
            Poll::Pending
        })
        .await
    }
}
