//! A connection from its first message to its last.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Sink, Stream};
use http::{HeaderMap, StatusCode};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::Message;

use super::command::{CallCommand, Command, LoginRequest, LoginSource};
use super::dial::Wire;
use super::frame::Frame;
use super::message_log;
use super::pace::Pace;
use super::settings::Reconnect;
use super::slot::Slot;
use super::state::SharedState;
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::json_rpc;
use crate::operation::operation::{Operation, Route, Security};
use crate::operation::socket::Socket;
use crate::operation::venue::Venue;
use crate::redact::Secrets;
use crate::response::classify::classify;
use crate::transport::error::TransportError;
use crate::transport::transport::TransportResponse;

/// The number of messages that are read before other tasks of the thread have their turn.
const MESSAGES_IN_A_ROW: usize = 64;

/// The time for which nothing is read while a consumer is behind.
const CONSUMERS_TURN: Duration = Duration::from_millis(1);

/// The number of logins in a row that fail for a reason that may pass, before those who wait for
/// the first time are told. Subscriptions that were made before wait on.
const LOGINS: u32 = 3;

/// The settings and the state that outlive a connection.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) venue: Option<&'static Venue>,
    pub(super) socket: Option<&'static Socket>,
    pub(super) login_source: Option<LoginSource>,
    pub(super) reconnect: Reconnect,
    pub(super) ping_interval: Duration,
    pub(super) silence_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) state: SharedState,
    /// The next id of a request, on any connection of the client.
    pub(super) ids: Arc<AtomicU64>,
    /// The calls that were not sent yet.
    pub(super) calls: VecDeque<CallCommand>,
    pub(super) slots: Vec<Slot>,
    pub(super) pace: Pace,
}

/// The reason why a session ended.
#[derive(Debug)]
pub(super) enum End {
    /// Nobody needs the connection any more.
    Unused,
    /// The connection broke.
    Lost(String),
}

impl Core {
    /// Takes a command while there is no connection, or before it is sent.
    pub(super) fn take(&mut self, command: Command, now: Instant) {
        match command {
            Command::Call(call) => self.calls.push_back(*call),
            Command::Forget(ticket) => self.calls.retain(|call| call.ticket != ticket),
            Command::Subscribe(new) => {
                let family = new.family;
                let at = self.slots.iter().position(|slot| std::ptr::eq(slot.family, family));
                let at = at.unwrap_or_else(|| {
                    self.slots.push(Slot::new(family, new.topics));
                    self.slots.len() - 1
                });
                if let Some(slot) = self.slots.get_mut(at) {
                    slot.add(*new, now);
                }
                self.count_subscriptions();
            }
            Command::Unsubscribe(id) => {
                self.slots.iter_mut().for_each(|slot| slot.remove(id));
                self.count_subscriptions();
            }
            Command::Renew(id) => self.slots.iter_mut().for_each(|slot| slot.renew(id)),
            Command::Interrupt(id, reason) => {
                self.slots.iter_mut().for_each(|slot| slot.interrupt(id, reason, now));
            }
        }
    }

    fn count_subscriptions(&self) {
        let subscriptions = self.slots.iter().map(Slot::len).sum();
        self.state.change(|state| state.subscriptions = subscriptions);
    }

    /// Returns whether anything needs a connection.
    pub(super) fn needs_connection(&self) -> bool {
        !self.calls.is_empty() || self.has_subscriptions()
    }

    pub(super) fn has_subscriptions(&self) -> bool {
        self.slots.iter().any(|slot| slot.len() > 0)
    }

    /// Returns whether anything needs a login.
    fn needs_login(&self) -> bool {
        let is_private = |slot: &Slot| slot.family.subscribe.security == Security::Login && slot.len() > 0;
        self.calls.iter().any(|call| call.needs_login) || self.slots.iter().any(is_private)
    }

    /// Ends the calls that were not sent, because no connection could be opened.
    pub(super) fn refuse_calls(&mut self, message: &str) {
        for call in self.calls.drain(..) {
            drop(call.reply.send(Err(TransportError::not_sent(message.to_owned()))));
        }
    }

    /// Ends the subscriptions that are late, while there is no connection.
    pub(super) fn tick(&mut self, now: Instant) {
        for slot in &mut self.slots {
            drop(slot.tick(now, &self.state));
        }
        self.count_subscriptions();
    }

    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.slots.iter().filter_map(Slot::wake_at).min()
    }
}

/// A request that was sent, and has no response yet.
#[derive(Debug)]
enum Pending {
    Call(Box<CallCommand>),
    Login,
    Ping,
    /// The call about the list of a slot.
    List {
        slot: usize,
        sent: Instant,
    },
    /// The query of a subscription.
    Query {
        slot: usize,
        member: u64,
        sent: Instant,
    },
}

/// The progress of the login.
enum Login {
    /// It was not needed so far.
    No,
    /// The request is being signed.
    Signing { id: u64, signing: BoxFuture<'static, Result<LoginRequest, Error>> },
    /// The request is signed, and waits to be sent.
    Ready { id: u64, request: LoginRequest },
    /// The request was sent.
    Sent { id: u64, operation: &'static Operation, deadline: Instant, secrets: Secrets },
    /// The venue has a fault that passes.
    Again { at: Instant },
    /// The connection is logged in.
    Yes,
}

/// A connection that is open.
pub(super) struct Session<'a> {
    core: &'a mut Core,
    commands: &'a mut mpsc::UnboundedReceiver<Command>,
    wire: Wire,
    is_extra: bool,
    pending: HashMap<u64, Pending>,
    login: Login,
    logins: u32,
    /// True if a signature was asked for, and was not polled yet.
    begins_login: bool,
    /// The time of the last message of each direction.
    sent: Instant,
    received: Instant,
    received_time: SystemTime,
    ping_due: bool,
    ping_sent: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    timer_at: Instant,
    needs_flush: bool,
    /// The secrets of the last login, which the log must not have.
    login_secrets: Secrets,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        core: &'a mut Core,
        commands: &'a mut mpsc::UnboundedReceiver<Command>,
        wire: Wire,
        is_extra: bool,
    ) -> Self {
        let now = Instant::now();
        core.pace.reset();
        core.state.change(|state| {
            state.is_connected = true;
            state.is_logged_in = false;
            state.connect_error = None;
            state.connects += 1;
        });
        Self {
            core,
            commands,
            wire,
            is_extra,
            pending: HashMap::new(),
            login: Login::No,
            logins: 0,
            begins_login: false,
            sent: now,
            received: now,
            received_time: SystemTime::now(),
            ping_due: false,
            ping_sent: None,
            timer: Box::pin(sleep_until(now)),
            timer_at: now,
            needs_flush: false,
            login_secrets: Secrets::default(),
        }
    }

    /// Runs the session to its end. Returns the reason, and how long the connection lived.
    pub(super) async fn run(mut self) -> End {
        let end = std::future::poll_fn(|context| self.poll(context)).await;
        if matches!(end, End::Unused) {
            // The server may not read. So the close frame is sent as far as there is room for it.
            let close = std::future::poll_fn(|context| Pin::new(&mut self.wire).poll_close(context));
            drop(tokio::time::timeout(Duration::from_secs(1), close).await);
        }
        self.finish(&end);
        end
    }

    fn finish(&mut self, end: &End) {
        let now = Instant::now();
        self.core.state.change(|state| (state.is_connected, state.is_logged_in) = (false, false));
        let message = match end {
            End::Lost(message) => message.as_str(),
            End::Unused => "the client was dropped",
        };
        for pending in std::mem::take(&mut self.pending).into_values() {
            if let Pending::Call(call) = pending {
                drop(call.reply.send(Err(TransportError::maybe_sent(message.to_owned()))));
            }
        }
        for slot in &mut self.core.slots {
            slot.connection_lost(self.received_time, now);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        let mut budget = MESSAGES_IN_A_ROW;
        loop {
            let now = Instant::now();
            let mut progress = false;
            while let Poll::Ready(command) = self.commands.poll_recv(context) {
                let Some(command) = command else { return Poll::Ready(End::Unused) };
                self.take(command, now);
                progress = true;
            }
            if self.is_extra && !self.core.needs_connection() && self.pending.is_empty() {
                return Poll::Ready(End::Unused);
            }
            match self.poll_receive(context, now, &mut budget) {
                Ok(received) => progress |= received,
                Err(error) => return Poll::Ready(End::Lost(error)),
            }
            // Only now it is known whether anything came.
            if let Err(message) = self.check_times(now) {
                return Poll::Ready(End::Lost(message));
            }
            progress |= self.poll_login(context, now);
            match self.poll_send(context, now) {
                Ok(sent) => progress |= sent,
                Err(error) => return Poll::Ready(End::Lost(error)),
            }
            progress |= std::mem::take(&mut self.begins_login);
            if budget == 0 {
                if self.core.slots.iter().any(Slot::is_crowded) {
                    // A runtime polls this task many times before the consumer, if both are on one
                    // thread. A consumer that is only not polled is not slow.
                    self.timer_at = now + CONSUMERS_TURN;
                    self.timer.as_mut().reset(self.timer_at);
                    if self.timer.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                }
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            if progress {
                continue;
            }
            let wake_at = self.wake_at(now);
            if wake_at != self.timer_at {
                self.timer.as_mut().reset(wake_at);
                self.timer_at = wake_at;
            }
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            // A timer that is over is set again, even if to the same time.
            self.timer_at = now;
        }
    }

    fn take(&mut self, command: Command, now: Instant) {
        if let Command::Forget(ticket) = &command {
            // The ticket of a call is the id of its request.
            if self.pending.remove(ticket).is_some() {
                return;
            }
        }
        self.core.take(command, now);
    }

    /// Checks whether the connection is alive, and does what is due.
    fn check_times(&mut self, now: Instant) -> Result<(), String> {
        let silence = self.core.silence_timeout;
        if now.saturating_duration_since(self.received) >= silence {
            return Err(format!("nothing was received for {} ms", silence.as_millis()));
        }
        if let Some(sent) = self.ping_sent
            && now.saturating_duration_since(sent) >= silence
        {
            return Err(format!("a ping got no response for {} ms", silence.as_millis()));
        }
        let quiet = self.core.ping_interval;
        self.ping_due = self.ping_sent.is_none() && now >= self.sent.min(self.received) + quiet;
        if let Login::Sent { id, deadline, .. } = &self.login
            && *deadline <= now
        {
            // The connection may be sound: a part behind the server is slow. Its other calls and
            // subscriptions go on.
            self.pending.remove(id);
            let late = Error::new(ErrorKind::Timeout, Outcome::Unknown).with_message("the login got no response");
            self.login_failed(&late, now);
        }
        if matches!(self.login, Login::Again { at } if at <= now) {
            self.login = Login::No;
            if !self.core.needs_login() {
                self.logins = 0;
            }
        }
        for slot in &mut self.core.slots {
            slot.tick(now, &self.core.state).map_err(|_| "subscriptions were not confirmed in time".to_owned())?;
        }
        Ok(())
    }

    /// Returns the next time at which [`check_times`](Self::check_times) has something to do.
    fn wake_at(&mut self, now: Instant) -> Instant {
        let mut at = self.received + bounded(self.core.silence_timeout);
        match self.ping_sent {
            Some(sent) => at = at.min(sent + bounded(self.core.silence_timeout)),
            None => at = at.min(self.sent.min(self.received) + bounded(self.core.ping_interval)),
        }
        match &self.login {
            Login::Sent { deadline: time, .. } | Login::Again { at: time } => at = at.min(*time),
            _ => {}
        }
        if let Some((_, opens)) = self.core.pace.full(now) {
            at = at.min(opens);
        }
        // Something that is due and cannot be sent yet waits for the connection, not for the time.
        let at = self.core.wake_at().map_or(at, |slots| at.min(slots));
        at.max(now + Duration::from_millis(1))
    }

    fn poll_login(&mut self, context: &mut Context<'_>, now: Instant) -> bool {
        let Login::Signing { id, signing } = &mut self.login else { return false };
        let Poll::Ready(signed) = signing.as_mut().poll(context) else { return false };
        match signed {
            Ok(request) => self.login = Login::Ready { id: *id, request },
            Err(error) => self.login_failed(&error, now),
        }
        true
    }

    fn take_id(&self) -> u64 {
        self.core.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns whether a request that needs a login may go. Begins the login if it may not.
    fn is_logged_in(&mut self) -> bool {
        match (&self.login, &self.core.login_source) {
            (Login::Yes, _) => true,
            // A venue without a login does not need one.
            (Login::No, None) => true,
            (Login::No, Some(LoginSource(source))) => {
                // The id is in the request before it is signed.
                let id = self.take_id();
                let signing = source(id);
                self.login = Login::Signing { id, signing };
                self.begins_login = true;
                self.logins += 1;
                false
            }
            _ => false,
        }
    }

    /// Logs in again later if the reason may pass. Otherwise ends everything that needs a login.
    fn login_failed(&mut self, error: &Error, now: Instant) {
        let may_pass = may_pass(error);
        let (attempts, name) = (self.logins, self.core.venue.map_or("", Venue::name));
        tracing::warn!(venue = name, error = %error, attempts, may_pass, "the login failed");
        self.core.state.change(|state| state.login_error = Some(error.to_string()));
        if may_pass {
            self.login = Login::Again { at: now + self.core.reconnect.wait(attempts) };
            if attempts < LOGINS {
                return;
            }
        } else {
            (self.login, self.logins) = (Login::No, 0);
        }
        let message = format!("the login failed: {error}");
        let (failed, left) =
            std::mem::take(&mut self.core.calls).into_iter().partition::<VecDeque<_>, _>(|call| call.needs_login);
        self.core.calls = left;
        let reason = || match may_pass {
            true => TransportError::not_sent(message.clone()),
            false => TransportError::not_logged_in(message.clone()),
        };
        for call in failed {
            drop(call.reply.send(Err(reason())));
        }
        let kind = if may_pass { ErrorKind::Connect } else { ErrorKind::Credentials };
        let ended = || Error::new(kind, Outcome::NotSent).with_message(message.clone()).with_source(reason());
        for slot in &mut self.core.slots {
            match slot.family.subscribe.security {
                Security::Login if may_pass => slot.fail_new(ended),
                Security::Login => slot.fail_all(ended),
                _ => {}
            }
        }
        self.core.count_subscriptions();
    }

    /// Sends what may go. Returns whether something was sent.
    fn poll_send(&mut self, context: &mut Context<'_>, now: Instant) -> Result<bool, String> {
        let mut has_sent = false;
        while self.has_request(now) {
            if let Some((limit, opens)) = self.core.pace.full(now) {
                has_sent |= self.refuse_full(limit, opens, now);
                break;
            }
            match Pin::new(&mut self.wire).poll_ready(context) {
                Poll::Pending => break,
                Poll::Ready(Err(error)) => return Err(error.to_string()),
                Poll::Ready(Ok(())) => {}
            }
            let Some((message, id)) = self.next_request(now) else { break };
            if message_log::is_on() {
                self.log_sent(&message, id);
            }
            let sent = Pin::new(&mut self.wire).start_send(message);
            sent.map_err(|error| error.to_string())?;
            (self.needs_flush, self.sent, has_sent) = (true, now, true);
            if let Some(id) = id {
                self.core.pace.sent(id, now);
            }
        }
        if self.needs_flush {
            match Pin::new(&mut self.wire).poll_flush(context) {
                Poll::Pending => {}
                Poll::Ready(Err(error)) => return Err(error.to_string()),
                Poll::Ready(Ok(())) => self.needs_flush = false,
            }
        }
        Ok(has_sent)
    }

    /// Logs a request. A notification is not logged, because its secrets are not known here.
    fn log_sent(&self, message: &Message, id: Option<u64>) {
        if let (Message::Text(text), Some(id)) = (message, id) {
            message_log::sent(text.as_str(), [Some(&self.login_secrets), self.secrets_of(id)]);
        }
    }

    /// Returns the secrets of a request that has no response yet. Those of a call that has ended
    /// are not known any more, and a late response can repeat them.
    fn secrets_of(&self, id: u64) -> Option<&Secrets> {
        match self.pending.get(&id)? {
            Pending::Call(call) => call.secrets.as_ref(),
            _ => Some(&self.login_secrets),
        }
    }

    /// Ends the calls that do not wait for room in a limit.
    fn refuse_full(&mut self, limit: &'static str, opens: Instant, now: Instant) -> bool {
        let (failed, left) =
            std::mem::take(&mut self.core.calls).into_iter().partition::<VecDeque<_>, _>(|call| call.fails_when_full);
        self.core.calls = left;
        let has_failed = !failed.is_empty();
        for call in failed {
            let wait = opens.saturating_duration_since(now);
            drop(call.reply.send(Err(TransportError::throttled(limit, wait))));
        }
        has_failed
    }

    /// Returns whether a request may go now. Begins the login if one needs it.
    fn has_request(&mut self, now: Instant) -> bool {
        if self.ping_due || matches!(self.login, Login::Ready { .. }) {
            return true;
        }
        let mut needs_login = false;
        for slot in &self.core.slots {
            if slot.has_request(now) {
                if slot.family.subscribe.security != Security::Login || matches!(self.login, Login::Yes) {
                    return true;
                }
                needs_login = true;
            }
        }
        for call in &self.core.calls {
            if !call.needs_login || matches!(self.login, Login::Yes) {
                return true;
            }
            needs_login = true;
        }
        needs_login && self.is_logged_in()
    }

    /// Returns the next message to be sent, and its id if it is a request.
    fn next_request(&mut self, now: Instant) -> Option<(Message, Option<u64>)> {
        if self.ping_due {
            self.ping_due = false;
            return Some(self.ping(now));
        }
        if let Login::Ready { .. } = &self.login
            && let Login::Ready { id, request } = std::mem::replace(&mut self.login, Login::No)
        {
            let text = std::str::from_utf8(&request.text).ok()?.to_owned();
            self.pending.insert(id, Pending::Login);
            let deadline = now + bounded(self.core.request_timeout);
            let LoginRequest { operation, secrets, .. } = request;
            self.login_secrets = secrets.clone();
            self.login = Login::Sent { id, operation, deadline, secrets };
            return Some((Message::text(text), Some(id)));
        }
        let may_private = matches!(self.login, Login::Yes) || self.core.login_source.is_none();
        let ids = Arc::clone(&self.core.ids);
        let timeout = bounded(self.core.request_timeout);
        for (at, slot) in self.core.slots.iter_mut().enumerate() {
            if (slot.family.subscribe.security == Security::Login && !may_private) || !slot.has_request(now) {
                continue;
            }
            let id = ids.fetch_add(1, Ordering::Relaxed);
            let Some(request) = slot.next_request(id, now, timeout) else { continue };
            let pending = match request.member {
                None => Pending::List { slot: at, sent: now },
                Some(member) => Pending::Query { slot: at, member, sent: now },
            };
            self.pending.insert(id, pending);
            return Some((Message::text(text_of(request.operation, id, &request.params)), Some(id)));
        }
        while let Some(at) = self.core.calls.iter().position(|call| !call.needs_login || may_private) {
            let mut call = self.core.calls.remove(at)?;
            if !call.departure.leave() {
                continue;
            }
            let id = call.ticket;
            let text = call.envelope.with_id(id)?;
            if call.envelope.has_id() {
                self.pending.insert(id, Pending::Call(Box::new(call)));
                return Some((Message::text(text), Some(id)));
            }
            // A notification has no response.
            call.signal = None;
            drop(call.reply.send(Ok(Bytes::new())));
            return Some((Message::text(text), None));
        }
        None
    }

    fn ping(&mut self, now: Instant) -> (Message, Option<u64>) {
        self.ping_sent = Some(now);
        match self.core.socket.and_then(Socket::ping) {
            Some(operation) => {
                let id = self.take_id();
                self.pending.insert(id, Pending::Ping);
                // The lists that never got a response are of no use any more.
                let oldest = now.checked_sub(bounded(self.core.request_timeout) * 2);
                self.pending.retain(|_, pending| match pending {
                    Pending::List { sent, .. } | Pending::Query { sent, .. } => {
                        oldest.is_none_or(|oldest| *sent > oldest)
                    }
                    _ => true,
                });
                (Message::text(text_of(operation, id, "[]")), Some(id))
            }
            // Any message of the venue is a sign of life, and ends the wait for this one.
            None => (Message::Ping(Bytes::new()), None),
        }
    }

    /// Reads what has come. Returns whether something that may lead to a request was read.
    fn poll_receive(&mut self, context: &mut Context<'_>, now: Instant, budget: &mut usize) -> Result<bool, String> {
        let mut progress = false;
        while *budget > 0 {
            let message = match Pin::new(&mut self.wire).poll_next(context) {
                Poll::Pending => break,
                Poll::Ready(None) => return Err("the venue closed the connection".to_owned()),
                Poll::Ready(Some(Err(error))) => return Err(error.to_string()),
                Poll::Ready(Some(Ok(message))) => message,
            };
            *budget -= 1;
            if self.received != now {
                (self.received, self.received_time) = (now, SystemTime::now());
            }
            if self.core.socket.and_then(Socket::ping).is_none() {
                self.ping_sent = None;
            }
            match message {
                Message::Text(text) => progress |= self.read(text.as_str(), now),
                Message::Binary(bytes) => match std::str::from_utf8(&bytes) {
                    Ok(text) => progress |= self.read(text, now),
                    Err(_) => self.core.state.change(|state| state.unreadable_messages += 1),
                },
                Message::Close(_) => return Err("the venue closed the connection".to_owned()),
                // The library answers a ping when it flushes.
                Message::Ping(_) => self.needs_flush = true,
                Message::Pong(_) | Message::Frame(_) => {}
            }
        }
        Ok(progress)
    }

    /// Takes a message. Returns whether it may lead to a request.
    fn read(&mut self, text: &str, now: Instant) -> bool {
        let frame = Frame::read(text);
        if message_log::is_on() {
            let login = Some(&self.login_secrets);
            // A text that is none of ours can repeat a request whose secrets are not known here.
            let own = match &frame {
                Frame::Response { id, .. } => self.secrets_of(*id),
                Frame::Notification { .. } => login,
                Frame::Foreign | Frame::Unreadable => None,
            };
            message_log::received(text, [login, own]);
        }
        match frame {
            Frame::Notification { method, params } => {
                let slots = self.core.slots.iter_mut();
                let mut own = slots.filter(|slot| slot.family.notifications.contains(&&*method));
                let is_meant = own.any(|slot| slot.notified(&params, now));
                if !is_meant {
                    self.core.state.change(|state| state.unmatched_notifications += 1);
                }
                false
            }
            Frame::Response { id, place } => match self.pending.remove(&id) {
                Some(pending) => {
                    self.core.pace.answered(id, now);
                    self.answered(pending, id, text, &place, now);
                    true
                }
                None => {
                    self.core.state.change(|state| state.unmatched_responses += 1);
                    false
                }
            },
            Frame::Foreign => {
                self.core.state.change(|state| state.unmatched_responses += 1);
                false
            }
            Frame::Unreadable => {
                self.core.state.change(|state| state.unreadable_messages += 1);
                false
            }
        }
    }

    fn answered(&mut self, pending: Pending, id: u64, text: &str, place: &std::ops::Range<usize>, now: Instant) {
        match pending {
            Pending::Call(mut call) => {
                if let Some(signal) = call.signal.take() {
                    signal.response_began();
                }
                let body = call.envelope.with_own_id(text, place).unwrap_or_else(|| text.to_owned());
                drop(call.reply.send(Ok(Bytes::from(body))));
            }
            Pending::Ping => self.ping_sent = None,
            Pending::Login => self.login_answered(id, text, now),
            Pending::List { slot, .. } => {
                let venue = self.core.venue;
                if let Some(slot) = self.core.slots.get_mut(slot) {
                    let result = judged(venue, slot.family.subscribe, id, text);
                    slot.answered(id, result, &self.core.reconnect, now);
                }
                self.core.count_subscriptions();
            }
            Pending::Query { slot, member, .. } => {
                let venue = self.core.venue;
                let Some(slot) = self.core.slots.get_mut(slot) else { return };
                let Some(recovery) = slot.family.recovery else { return };
                let result = judged(venue, recovery.operation, id, text);
                let answer = match &result {
                    Ok(result) => std::str::from_utf8(result).map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                slot.query_answered(id, member, answer, now);
            }
        }
    }

    fn login_answered(&mut self, answered: u64, text: &str, now: Instant) {
        let is_own = matches!(&self.login, Login::Sent { id, .. } if *id == answered);
        if !is_own {
            return;
        }
        let Login::Sent { id, operation, secrets, .. } = std::mem::replace(&mut self.login, Login::No) else { return };
        match judged(self.core.venue, operation, id, text) {
            Ok(_) => {
                self.login = Login::Yes;
                self.logins = 0;
                self.core.state.change(|state| (state.is_logged_in, state.login_error) = (true, None));
            }
            Err(error) => self.login_failed(&error.redacted(&secrets.blotter()), now),
        }
    }
}

/// Returns whether a login may succeed later: neither the venue refused it, nor could the signer
/// not sign it.
fn may_pass(error: &Error) -> bool {
    use ErrorKind::{Clock, State, Throttled, Timeout};
    error.outcome() == Outcome::Unknown || matches!(error.kind(), Clock | State | Throttled | Timeout)
}

/// Returns the text of a request.
fn text_of(operation: &Operation, id: u64, params: &str) -> String {
    let Route::Rpc { method, call } = operation.route else { return String::new() };
    let text = json_rpc::request(call, Some(id), method, |out| out.push_str(params));
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns the result of a response, or the error that it states.
fn judged(venue: Option<&'static Venue>, operation: &'static Operation, id: u64, text: &str) -> Result<Bytes, Error> {
    static NO_VENUE: Venue = Venue::new("", "", "");
    let venue = venue.unwrap_or(&NO_VENUE);
    let response = TransportResponse::new(StatusCode::OK, HeaderMap::new(), text.to_owned());
    match classify(venue, operation, response, Some(id), None) {
        Ok(success) => Ok(success.result),
        Err(error) => Err(error.with_operation(venue, operation)),
    }
}
