//! The store.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;
use venuekit::state::{
    Grant, Later, LaterReason, Notice, Reservation, Reserved, SharedLimit, SharedReading, SharedReadings, StateStore,
};
use venuekit::{BoxError, BoxFuture, Error};

use crate::builder::RedisBuilder;
use crate::link::Link;
use crate::names::Names;
use crate::notices::{Delivery, Notices, millis};
use crate::scripts::Scripts;

/// The largest number that is exact in a script.
const LARGEST: u64 = 1 << 53;

/// A store in Redis or Valkey.
///
/// It keeps one connection, which all clients of the program share. Notices are delivered by a task
/// of the tokio runtime in which the store was built.
#[derive(Debug)]
pub struct RedisStore {
    link: Arc<Link>,
    names: Names,
    scripts: Arc<Scripts>,
    notices: Notices,
    nonce_ahead: Duration,
    longest_hold: Duration,
}

impl RedisStore {
    /// Creates a store at `redis://[user:password@]host[:port]`, `rediss://..` (TLS) or
    /// `unix:///path`, with default settings. It connects with the first request.
    ///
    /// # Errors
    ///
    /// When the URL is not valid, or when the function is called outside of a tokio runtime.
    pub fn new(url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// Returns a builder of a store at this URL.
    pub fn builder(url: impl Into<String>) -> RedisBuilder {
        RedisBuilder::new(url.into())
    }

    /// Checks that the server responds, and that it can run the scripts.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub async fn check(&self) -> Result<(), BoxError> {
        self.read(&[]).await.map(drop)
    }

    async fn make(&self, asked: &Reservation) -> Result<Reserved, BoxError> {
        let mut script = self.scripts.reserve.prepare_invoke();
        let id = asked.id().to_string();
        let process = id.split('-').next().unwrap_or_default();
        script.arg(&id).arg(process).arg(millis(asked.hold())).arg(u8::from(asked.is_forced()));
        match asked.nonce() {
            Some(nonce) if nonce.floor >= LARGEST => return Err("the nonces of this key are too large to share".into()),
            Some(nonce) => script.arg(nonce.floor),
            None => script.arg(""),
        };
        script.arg(millis(self.nonce_ahead)).arg(u8::from(asked.has_turn()));
        script.arg(millis(self.longest_hold)).arg(asked.places().len());
        for place in asked.places() {
            script.key(self.names.limit(&place.limit).as_slice());
            script.arg(place.weight.min(LARGEST)).arg(place.limit.capacity().min(LARGEST));
            script.arg(millis(place.limit.window())).arg(place.known_epoch).arg(place.own_use);
        }
        if asked.nonce().is_some() || asked.has_turn() {
            let key = asked.key().ok_or("a nonce or a turn needs a key")?;
            if asked.nonce().is_some() {
                script.key(self.names.nonces(asked.venue(), key));
            }
            if asked.has_turn() {
                script.key(self.names.turn(asked.venue(), key));
            }
        }
        let reply: Vec<redis::Value> = self.link.run(&script, true).await?;
        let reserved = read_reserved(&reply, asked).ok_or("the Redis server gave a response that is not valid");
        if reserved.is_err() {
            // The response may belong to another request.
            self.link.forget(self.link.newest()).await;
        }
        Ok(reserved?)
    }
}

/// Reads the response of the script that reserves.
fn read_reserved(reply: &[redis::Value], asked: &Reservation) -> Option<Reserved> {
    match reply {
        [redis::Value::Int(1), now, nonce, epochs @ ..] => {
            let mut grant = Grant::new(time(now)?);
            if asked.nonce().is_some() {
                grant = grant.with_nonce(number(nonce).filter(|nonce| *nonce > 0)?);
            }
            let epochs: Vec<u64> = epochs.iter().map(number).collect::<Option<_>>()?;
            (epochs.len() == asked.places().len()).then(|| Reserved::Granted(grant.with_epochs(epochs)))
        }
        [redis::Value::Int(0), reason, place, wait] => {
            let index = || usize::try_from(number(place)?.checked_sub(1)?).ok();
            let index = || index().filter(|index| *index < asked.places().len());
            let reason = match text(reason)? {
                "full" => LaterReason::Full(index()?),
                "closed" => LaterReason::Closed(index()?),
                "recover" => LaterReason::Recovering(index()?),
                "turn" => LaterReason::Turn,
                "nonce" => LaterReason::Nonce,
                _ => return None,
            };
            Some(Reserved::Later(Later::new(reason, Duration::from_millis(number(wait)?))))
        }
        _ => None,
    }
}

fn number(value: &redis::Value) -> Option<u64> {
    match value {
        redis::Value::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn text(value: &redis::Value) -> Option<&str> {
    match value {
        redis::Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        redis::Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

fn time(value: &redis::Value) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(number(value)?))
}

// Here, not beside the settings: the settings do not know the store.
impl RedisBuilder {
    /// Builds the store. It connects with the first request, and again whenever it has to.
    ///
    /// # Errors
    ///
    /// When a URL is not valid, or when the function is called outside of a tokio runtime.
    pub fn build(self) -> Result<RedisStore, Error> {
        let runtime = Handle::try_current()
            .map_err(|_| Error::settings("the shared state has to be built inside of a tokio runtime"))?;
        let link = Arc::new(Link::new(&self)?);
        let (names, scripts) = (Names(self.namespace), Arc::new(Scripts::new()));
        let delivery = Delivery { link: Arc::clone(&link), names: names.clone(), scripts: Arc::clone(&scripts) };
        let notices = Notices::start(&runtime, delivery);
        let (nonce_ahead, longest_hold) = (self.nonce_ahead, self.longest_hold);
        Ok(RedisStore { link, names, scripts, notices, nonce_ahead, longest_hold })
    }
}

impl StateStore for RedisStore {
    fn reserve<'a>(&'a self, asked: &'a Reservation) -> BoxFuture<'a, Result<Reserved, BoxError>> {
        Box::pin(self.make(asked))
    }

    fn notify(&self, notice: Notice) {
        self.notices.send(notice);
    }

    fn read<'a>(&'a self, limits: &'a [Arc<SharedLimit>]) -> BoxFuture<'a, Result<SharedReadings, BoxError>> {
        Box::pin(async move {
            let mut script = self.scripts.read.prepare_invoke();
            for limit in limits {
                script.key(self.names.limit(limit).as_slice());
            }
            let reply: Vec<redis::Value> = self.link.run(&script, true).await?;
            let read = |pair: &[redis::Value]| {
                let [used, closed] = pair else { return None };
                let closed = number(closed)?;
                Some(SharedReading::new(number(used)?, (closed > 0).then(|| Duration::from_millis(closed))))
            };
            let readings = match reply.split_first() {
                Some((now, pairs)) if pairs.len() == 2 * limits.len() => {
                    let limits = pairs.chunks(2).map(read).collect::<Option<Vec<_>>>();
                    time(now).zip(limits).map(|(now, limits)| SharedReadings::new(now, limits))
                }
                _ => None,
            };
            Ok(readings.ok_or("the Redis server gave a response that is not valid")?)
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.notices.flush())
    }
}
