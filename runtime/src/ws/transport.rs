//! The transport, with all connections of a client.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, StatusCode};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use url::Url;

use super::command::{CallCommand, Command, LoginSource, Place, Places};
use super::connection::Connection;
use super::dial::Dialer;
use super::frame::Envelope;
use super::pace::Pace;
use super::session::Core;
use super::settings::SocketSettings;
use super::state::{ConnectionState, SharedState};
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::family::{SubscriptionFamily, Topics};
use crate::operation::venue::Venue;
use crate::transport::error::TransportError;
use crate::transport::transport::{Transport, TransportRequest, TransportResponse};

/// A transport over a WebSocket. Calls of JSON-RPC share one connection, and their responses may
/// come in any order.
///
/// A client of a venue that is called over a WebSocket creates its own. For another venue, give it
/// to [`ClientBuilder::transport`](crate::ClientBuilder::transport), if a host speaks the calls of
/// the venue over a WebSocket. Requests that are signed by headers cannot be sent so.
///
/// Clones share the connections. A connection is opened by the first call, on a tokio runtime.
#[derive(Clone)]
pub struct SocketTransport {
    shared: Arc<Shared>,
}

struct Shared {
    dialer: Arc<Dialer>,
    settings: SocketSettings,
    venue: Option<&'static Venue>,
    login: OnceLock<LoginSource>,
    ids: Arc<AtomicU64>,
    connections: Mutex<Vec<Connected>>,
}

/// A connection, or its task.
#[derive(Clone)]
struct Connected {
    commands: mpsc::UnboundedSender<Command>,
    state: SharedState,
    places: Places,
}

impl SocketTransport {
    /// Creates a transport that connects to a URL of `wss://` or `ws://`.
    ///
    /// # Errors
    ///
    /// When the URL is not valid, or when the user agent cannot be a header.
    pub fn new(url: &str, settings: SocketSettings) -> Result<Self, Error> {
        Self::create(url, settings, None)
    }

    pub(crate) fn for_venue(url: &str, settings: SocketSettings, venue: &'static Venue) -> Result<Self, Error> {
        Self::create(url, settings, Some(venue))
    }

    fn create(url: &str, settings: SocketSettings, venue: Option<&'static Venue>) -> Result<Self, Error> {
        let url = Url::parse(url).map_err(|error| Error::settings("this is not a URL").with_source(error))?;
        if !matches!(url.scheme(), "ws" | "wss") || !url.has_host() {
            return Err(Error::settings("the URL of a WebSocket has to start with wss:// or ws:// and a host"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Error::settings("the URL of a WebSocket must not have a user, a password or a fragment"));
        }
        if settings.user_agent.as_deref().is_some_and(|agent| http::HeaderValue::try_from(agent).is_err()) {
            return Err(Error::settings("the user agent is not a valid header value"));
        }
        let dialer = Arc::new(Dialer::new(url, settings.clone()));
        Ok(Self {
            shared: Arc::new(Shared {
                dialer,
                settings,
                venue,
                login: OnceLock::new(),
                ids: Arc::new(AtomicU64::new(1)),
                connections: Mutex::new(Vec::new()),
            }),
        })
    }

    /// Sets the maker of logins, before the first call.
    pub(crate) fn set_login(&self, login: LoginSource) {
        drop(self.shared.login.set(login));
    }

    /// Returns the state of each connection.
    pub fn connections(&self) -> Vec<ConnectionState> {
        self.lock().iter().map(|connected| connected.state.get()).collect()
    }

    /// Returns how the subscriptions of a family become one call, by the settings.
    pub(super) fn topics(&self, family: &SubscriptionFamily) -> Topics {
        match family.topics {
            Topics::RowsOrSingle if self.shared.settings.several_rows => Topics::Rows,
            Topics::RowsOrSingle => Topics::Single,
            topics => topics,
        }
    }

    pub(super) fn take_id(&self) -> u64 {
        self.shared.ids.fetch_add(1, Ordering::Relaxed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connected>> {
        self.shared.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a command to the connection for calls.
    fn send_to_first(&self, command: Command) -> Result<mpsc::UnboundedSender<Command>, String> {
        let mut connections = self.lock();
        match connections.first_mut() {
            Some(first) if !first.commands.is_closed() => {}
            // The runtime of its task has ended.
            Some(first) => *first = self.open(false)?,
            None => connections.push(self.open(false)?),
        }
        let first = connections.first().ok_or("there is no connection")?;
        first.commands.send(command).map_err(|_| "the connection has ended")?;
        Ok(first.commands.clone())
    }

    /// Returns a connection that can carry another subscription of a family, and its place there.
    pub(super) fn place(
        &self,
        family: &'static SubscriptionFamily,
        topic: Option<&Arc<str>>,
    ) -> Result<(mpsc::UnboundedSender<Command>, Place), Error> {
        let no_task = |message: String| Error::new(ErrorKind::Connect, Outcome::NotSent).with_message(message);
        let wanted = match self.topics(family) {
            Topics::List | Topics::Ids => None,
            Topics::Rows => Some((family.name, topic.cloned())),
            Topics::Single | Topics::RowsOrSingle => Some((family.name, None)),
        };
        let mut connections = self.lock();
        for (index, connected) in connections.iter_mut().enumerate() {
            if connected.commands.is_closed() {
                *connected = self.open(index > 0).map_err(no_task)?;
            }
            let place = wanted.as_ref().map_or(Some(Place::default()), |wanted| connected.places.take(wanted));
            if let Some(place) = place {
                return Ok((connected.commands.clone(), place));
            }
        }
        let max = self.shared.settings.max_connections.max(1);
        if connections.len() >= max {
            let name = family.name;
            let hint = match family.topics {
                Topics::RowsOrSingle => ", or set several_rows if the host takes them in one call",
                _ => "",
            };
            return Err(Error::request(format!(
                "a connection carries one subscription of `{name}`, and each of the {max} connections has one \
                 (help: end one, or allow more connections with max_connections{hint})"
            )));
        }
        let connected = self.open(!connections.is_empty()).map_err(no_task)?;
        let place = wanted.and_then(|wanted| connected.places.take(&wanted)).unwrap_or_default();
        let commands = connected.commands.clone();
        connections.push(connected);
        Ok((commands, place))
    }

    /// Starts the task of a connection.
    fn open(&self, is_extra: bool) -> Result<Connected, String> {
        let runtime = Handle::try_current().map_err(|_| "a connection needs a tokio runtime, and none is running")?;
        let shared = &*self.shared;
        let (sender, commands) = mpsc::unbounded_channel();
        let state = SharedState::default();
        let socket = shared.venue.and_then(Venue::socket);
        let of_spec = socket.map_or(Duration::from_secs(20), |socket| socket.ping_interval());
        let ping_interval = bounded(shared.settings.ping_interval.unwrap_or(of_spec)).max(Duration::from_millis(1));
        let silence_timeout = shared.settings.silence_timeout.map_or(ping_interval * 2, bounded);
        let connection = Connection {
            name: shared.venue.map_or("", Venue::name),
            dialer: Arc::clone(&shared.dialer),
            connect_timeout: shared.settings.connect_timeout,
            commands,
            is_extra,
            core: Core {
                venue: shared.venue,
                socket,
                login_source: shared.login.get().cloned(),
                reconnect: shared.settings.reconnect,
                ping_interval,
                silence_timeout,
                request_timeout: shared.settings.request_timeout,
                state: state.clone(),
                ids: Arc::clone(&shared.ids),
                calls: VecDeque::new(),
                slots: Vec::new(),
                pace: Pace::new(shared.venue),
            },
        };
        drop(runtime.spawn(connection.run()));
        Ok(Connected { commands: sender, state, places: Places::default() })
    }

    async fn call(&self, request: TransportRequest) -> Result<TransportResponse, TransportError> {
        let usual = [ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT];
        if let Some(name) = request.headers.keys().find(|name| !usual.contains(name)) {
            let message = format!("a message on a WebSocket has no headers, and the request has `{name}`");
            return Err(TransportError::unsendable(message));
        }
        let envelope = request.body.as_bytes().cloned().and_then(Envelope::new);
        let envelope =
            envelope.ok_or_else(|| TransportError::unsendable("only calls of JSON-RPC go over a WebSocket"))?;
        let ticket = self.take_id();
        let departure = request.departure.clone();
        departure.wait();
        let (reply, answer) = oneshot::channel();
        let command = CallCommand {
            ticket,
            envelope,
            needs_login: request.needs_login,
            fails_when_full: request.fails_when_throttled,
            departure: departure.clone(),
            signal: Some(request.response_signal),
            reply,
            secrets: request.secrets,
        };
        let needs_login = command.needs_login;
        let commands = self.send_to_first(Command::Call(Box::new(command))).map_err(TransportError::not_sent)?;
        let mut waiting = Waiting { ticket, commands, is_over: false };
        let answered = timeout(bounded(request.timeout), answer).await;
        waiting.is_over = matches!(answered, Ok(Ok(_)));
        match answered {
            Ok(Ok(Ok(body))) => Ok(response(body)),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) if departure.abandon() => Err(TransportError::not_sent("the task of the connection ended")),
            Ok(Err(_)) => Err(TransportError::maybe_sent("the task of the connection ended")),
            Err(_) if departure.abandon() => {
                let obstacle = self.lock().first().map(|first| first.state.obstacle(needs_login)).unwrap_or_default();
                let message =
                    format!("the time ran out while waiting for the connection, its login or its rate limit{obstacle}");
                Err(TransportError::connect_timed_out(message))
            }
            Err(_) => Err(TransportError::timed_out("no response came within the time allowed")),
        }
    }
}

fn response(body: Bytes) -> TransportResponse {
    TransportResponse::new(StatusCode::OK, HeaderMap::new(), body)
}

/// A call that waits for its response. When it is dropped before, the connection forgets the call.
struct Waiting {
    ticket: u64,
    commands: mpsc::UnboundedSender<Command>,
    is_over: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_over {
            drop(self.commands.send(Command::Forget(self.ticket)));
        }
    }
}

impl Transport for SocketTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(self.call(request))
    }
}

impl fmt::Debug for SocketTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketTransport")
            .field("venue", &self.shared.venue.map(Venue::name))
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
