//! A connection over a socket: calls, the login, and subscriptions.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use venuekit::operation::Security;

use super::frames::{self, Frames, Message};
use super::shared::Shared;
use crate::engine::{Engine, LOGIN};
use crate::fault::{Fault, Kind};
use crate::fault_set::{Target, round};
use crate::http::{Connection, Head, Request, Response};
use crate::profile::socket::{Feed, Refused, SocketProfile};
use crate::state::Stream;

/// Returns whether a request asks for a WebSocket.
pub(super) fn is_upgrade(head: &Head) -> bool {
    let has =
        |name: &str, wanted: &str| head.header(name).is_some_and(|value| value.to_ascii_lowercase().contains(wanted));
    has("upgrade", "websocket") && has("connection", "upgrade")
}

/// Answers the handshake, and serves the connection until it ends.
///
/// `asked` are the faults that the handshake asks for. They are applied to the calls.
pub(super) async fn serve(
    mut connection: Connection,
    head: &Head,
    engine: &Arc<Engine>,
    shared: &Shared,
    asked: &[String],
) {
    let Some(key) = head.header("sec-websocket-key") else {
        let response = Response::new(400, "text/plain", "the handshake has no Sec-WebSocket-Key\n");
        let _ = connection.stream.write_all(&[response.head(response.body.len()), response.body].concat()).await;
        return;
    };
    let reply = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        frames::accept(key)
    );
    if connection.stream.write_all(reply.as_bytes()).await.is_err() {
        return;
    }
    let number = shared.faults.number();
    let (stream, ahead) = connection.into_parts();
    let profile = engine.socket_profile();
    let mut session = Session {
        stream,
        engine,
        shared,
        profile,
        head: head.clone(),
        asked,
        feed: profile.map(|profile| (profile.feed)()),
        login: None,
        is_stalled: false,
        number,
        rounds: 0,
    };
    // The connection ends with the session, whatever ended it.
    let _ = session.run(Frames::new(ahead)).await;
}

struct Session<'a> {
    stream: TcpStream,
    engine: &'a Arc<Engine>,
    shared: &'a Shared,
    profile: Option<&'static SocketProfile>,
    head: Head,
    asked: &'a [String],
    feed: Option<Box<dyn Feed>>,
    /// The key with which the connection is logged in.
    login: Option<String>,
    is_stalled: bool,
    /// The number of the handshake among the requests.
    number: u64,
    /// The number of rounds of notifications so far.
    rounds: u64,
}

impl Session<'_> {
    async fn run(&mut self, mut frames: Frames) -> io::Result<()> {
        let mut round = Instant::now() + self.shared.stream_interval;
        loop {
            let left = round.saturating_duration_since(Instant::now());
            match timeout(left, frames.next(&mut self.stream)).await {
                Ok(Ok(Message::Data(text))) => self.receive(&text).await?,
                // The open source core sends an empty pong, and so does each mock.
                Ok(Ok(Message::Ping)) => self.stream.write_all(&frames::head(frames::PONG, 0)).await?,
                Ok(Ok(Message::Pong)) => {}
                Ok(Ok(Message::Close)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    round = Instant::now() + self.shared.stream_interval;
                    self.notify().await?;
                }
            }
        }
    }

    /// Answers a message of the client.
    async fn receive(&mut self, text: &[u8]) -> io::Result<()> {
        // The core closes the connection after a message that is not a call.
        let call = serde_json::from_slice::<Value>(text).ok();
        let call = call.as_ref().and_then(Value::as_object);
        let parts = call.and_then(|call| {
            let id = call.get("id")?.as_i64()?;
            Some((id, call.get("method")?.as_str()?, call.get("params")?.as_array()?))
        });
        let Some((id, method, params)) = parts else { return Err(io::ErrorKind::InvalidData.into()) };
        let result = |json: &str| format!(r#"{{"error":null,"result":{json},"id":{id}}}"#);
        let refused = |no: &Refused| {
            let message = Value::from(no.message);
            format!(r#"{{"error":{{"code":{},"message":{message}}},"result":null,"id":{id}}}"#, no.code)
        };
        let socket = self.engine.meta.venue.socket();
        let is_login = socket.is_some_and(|socket| socket.logins().any(|login| login.id() == method));
        let Some(profile) = self.profile else { return self.ask(method, text).await };
        if is_login {
            // The handshake was refused if a text is not a fault.
            let is_refused = self.shared.faults.refuses_login(self.target(), method).unwrap_or_default();
            let done = if is_refused {
                Err(Refused { code: profile.login_refused.code, message: "the login is refused by a fault" })
            } else {
                (profile.login)(method, params, self.engine.keys())
            };
            let reply = match done {
                Ok(key) => {
                    if self.login.as_ref().is_some_and(|earlier| *earlier != key) {
                        self.feed.iter_mut().for_each(|feed| feed.user_changed());
                    }
                    self.login = Some(key);
                    result(profile.success)
                }
                Err(no) => refused(&no),
            };
            self.engine.write_down_call(&self.head, text);
            return self.send(reply.as_bytes()).await;
        }
        let subscriptions = self.engine.meta.subscriptions.iter();
        let mut families = subscriptions.map(|subscription| subscription.family);
        let found = families.find(|family| [family.subscribe().id(), family.unsubscribe().id()].contains(&method));
        let Some(family) = found else { return self.ask(method, text).await };
        self.engine.write_down_call(&self.head, text);
        let faults = self.shared.faults.late(self.target(), Some(method)).unwrap_or_default();
        let is_lost = faults.iter().any(|fault| fault.is_before() && fault.kind.replaces());
        let needs_login = family.subscribe().security() != Security::Public && self.login.is_none();
        let done = match &mut self.feed {
            _ if is_lost => Ok(()),
            _ if needs_login => Err(Refused { ..profile.login_needed }),
            None => Ok(()),
            Some(feed) if family.subscribe().id() == method => {
                let subscribe = |stream: &mut Stream<'_>| feed.subscribe(family.name(), params, stream);
                self.engine.streamed(self.login.as_deref(), subscribe).unwrap_or(Ok(()))
            }
            Some(feed) => {
                feed.unsubscribe(family.name());
                Ok(())
            }
        };
        let reply = done.map_or_else(|no| refused(&no), |()| result(profile.success));
        self.deliver(&faults, reply.as_bytes()).await
    }

    /// Asks the venue that the mock simulates for the response to an ordinary call. A method that
    /// it does not have gets no response.
    async fn ask(&mut self, method: &str, text: &[u8]) -> io::Result<()> {
        let known = self.engine.meta.operations.iter().find(|operation| operation.operation.id() == method);
        let Some(known) = known else {
            self.engine.write_down_call(&self.head, text);
            return Ok(());
        };
        if let Some(profile) = self.profile.filter(|_| known.operation.security() != Security::Public)
            && self.login.is_none()
        {
            let id = serde_json::from_slice::<Value>(text).ok().and_then(|call| call.get("id")?.as_i64());
            let (id, no) = (id.unwrap_or_default(), &profile.login_needed);
            let message = Value::from(no.message);
            let reply = format!(r#"{{"error":{{"code":{},"message":{message}}},"result":null,"id":{id}}}"#, no.code);
            return self.send(reply.as_bytes()).await;
        }
        let mut head = self.head.clone();
        "POST".clone_into(&mut head.method);
        self.engine.base_path().clone_into(&mut head.path);
        head.headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        head.headers.extend(self.login.clone().map(|key| (LOGIN.to_owned(), key)));
        let faults = self.shared.faults.late(self.target(), Some(method)).unwrap_or_default();
        let response = self.engine.respond(&Request { head, body: text.to_vec() }, &faults);
        self.deliver(&faults, &response.body).await
    }

    /// Sends a response, and applies the faults of its call.
    async fn deliver(&mut self, faults: &[Fault], body: &[u8]) -> io::Result<()> {
        let is = |kind: &Kind| faults.iter().any(|fault| fault.kind == *kind);
        for fault in faults {
            if let Kind::Latency(latency) = fault.kind {
                tokio::time::sleep(latency).await;
            }
        }
        if is(&Kind::Hang) || is(&Kind::Stall) {
            return Ok(());
        }
        if is(&Kind::Cut) {
            return self.cut(body).await;
        }
        if [Kind::Reset, Kind::ResetEarly, Kind::Close].iter().any(is) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        match faults.iter().find_map(|fault| if let Kind::Slow(pause) = fault.kind { Some(pause) } else { None }) {
            Some(pause) => self.send_slowly(body, pause).await,
            None => self.send(body).await,
        }
    }

    /// Returns the next request as a target of faults.
    fn target(&self) -> Target<'_> {
        let number = self.shared.faults.number();
        Target { number, venue: self.engine.meta.venue.name(), asked: self.asked }
    }

    /// Sends the notifications of one round.
    async fn notify(&mut self) -> io::Result<()> {
        let Some(feed) = self.feed.as_mut().filter(|feed| feed.is_active()) else { return Ok(()) };
        self.rounds += 1;
        let (number, venue) = (round(self.number, self.rounds), self.engine.meta.venue.name());
        let struck = self.shared.faults.of_round(Target { number, venue, asked: self.asked }).unwrap_or_default();
        let struck: Vec<Kind> = struck.into_iter().map(|fault: Fault| fault.kind).collect();
        let is = |kind: Kind| struck.contains(&kind);
        let rounds = struck.iter().find_map(|kind| if let Kind::Flood(rounds) = kind { Some(*rounds) } else { None });
        let mut messages = Vec::new();
        for _ in 0..rounds.unwrap_or(1) {
            let round = |stream: &mut Stream<'_>| feed.round(stream);
            messages.extend(self.engine.streamed(self.login.as_deref(), round).unwrap_or_default());
        }
        self.is_stalled |= is(Kind::Stall);
        if is(Kind::HalfOpen) {
            return std::future::pending().await;
        }
        if is(Kind::Drop) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if self.is_stalled || is(Kind::Gap) {
            return Ok(());
        }
        if is(Kind::Reorder) {
            messages.reverse();
        }
        for message in &messages {
            if is(Kind::CutFrame) {
                return self.cut(message.as_bytes()).await;
            }
            for kind in &struck {
                if let Kind::HugeFrame(spaces) = kind {
                    let mut text = message.clone().into_bytes();
                    text.resize(text.len().saturating_add(usize::try_from(*spaces).unwrap_or(usize::MAX)), b' ');
                    self.send(&text).await?;
                }
            }
            let slow = struck.iter().find_map(|kind| if let Kind::Slow(pause) = kind { Some(*pause) } else { None });
            for _ in 0..=usize::from(is(Kind::Duplicate)) {
                match slow {
                    Some(pause) => self.send_slowly(message.as_bytes(), pause).await?,
                    None => self.send(message.as_bytes()).await?,
                }
            }
        }
        Ok(())
    }

    async fn send(&mut self, text: &[u8]) -> io::Result<()> {
        self.stream.write_all(&[&frames::head(frames::TEXT, text.len()), text].concat()).await
    }

    async fn send_slowly(&mut self, text: &[u8], pause: Duration) -> io::Result<()> {
        for byte in frames::head(frames::TEXT, text.len()).iter().chain(text) {
            self.stream.write_all(&[*byte]).await?;
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }

    /// Sends a frame that ends in the middle, and ends the connection.
    async fn cut(&mut self, text: &[u8]) -> io::Result<()> {
        let half = text.get(..text.len() / 2).unwrap_or_default();
        self.stream.write_all(&[&frames::head(frames::TEXT, text.len()), half].concat()).await?;
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}
