//! The interface of a store, and the values that it takes and returns.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use super::digest::KeyDigest;
use crate::error::outcome::BoxError;
use crate::future::BoxFuture;

/// A store of limits and nonces that several processes share.
///
/// The runtime bounds the time of each call of [`reserve`](Self::reserve), [`read`](Self::read) and
/// [`flush`](Self::flush): it drops the future. A reservation that was dropped is given back by a
/// notice, in case the store made it.
pub trait StateStore: fmt::Debug + Send + Sync {
    /// Makes a reservation as a whole, or none of it, in one atomic step.
    ///
    /// - Each place counts in its limit from now on. It ends by itself one window of the limit
    ///   after [`hold`](Reservation::hold); a notice may end it sooner. There is room if the weight
    ///   of all places, of the use of others ([`Notice::Stated`]) and of the new place is at most
    ///   the capacity, and the limit is not closed.
    /// - A nonce is larger than all nonces of the key that were drawn before, and larger than
    ///   [`floor`](WantedNonce::floor).
    /// - A turn is held by one reservation of the key at a time. It ends by itself after `hold`.
    ///
    /// A reservation with an id that the store knows is granted again, without a second place.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached or does not understand. A store never reports an error for
    /// a limit that is used up; that is [`Reserved::Later`].
    fn reserve<'a>(&'a self, reservation: &'a Reservation) -> BoxFuture<'a, Result<Reserved, BoxError>>;

    /// Delivers a notice in the background, in the order of the calls. Does not block and does not
    /// fail: a notice that is lost only makes a place count for longer.
    fn notify(&self, notice: Notice);

    /// Returns the state of limits at one moment.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached or does not understand.
    fn read<'a>(&'a self, limits: &'a [Arc<SharedLimit>]) -> BoxFuture<'a, Result<SharedReadings, BoxError>>;

    /// Waits until all notices so far are delivered.
    ///
    /// # Errors
    ///
    /// When a notice could not be delivered.
    fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>>;
}

/// The id of a reservation. No other process makes the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReservationId {
    process: u64,
    number: u64,
}

impl ReservationId {
    /// Creates a new id.
    pub fn new() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(0);

        let process = *PROCESS.get_or_init(|| {
            // A forked process would inherit the state of the generator, but not its own id.
            fastrand::u64(..) ^ u64::from(std::process::id()).rotate_left(32)
        });
        Self { process, number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Default for ReservationId {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes letters and digits, with a hyphen between.
impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.process, self.number)
    }
}

/// A limit as a store keeps it: a maximum of weight per window, for one key or one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLimit {
    venue: &'static str,
    name: String,
    capacity: u64,
    window: Duration,
}

impl SharedLimit {
    /// Creates a limit of a venue. `name` tells it apart from all other limits of the venue; it has
    /// a hash of the key, never the key.
    pub fn new(venue: &'static str, name: impl Into<String>, capacity: u64, window: Duration) -> Self {
        Self { venue, name: name.into(), capacity, window }
    }

    /// Returns the name of the venue.
    pub fn venue(&self) -> &'static str {
        self.venue
    }

    /// Returns the name, which no other limit of the venue has.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the maximum that may be in use. If processes disagree, the smallest one holds.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Returns the length of a window.
    pub fn window(&self) -> Duration {
        self.window
    }
}

/// A place that a call needs in a limit.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WantedPlace {
    /// The limit.
    pub limit: Arc<SharedLimit>,
    /// The weight in the limit.
    pub weight: u64,
    /// The epoch of the limit in the last grant that this process got; 0 if it got none.
    pub known_epoch: u64,
    /// The weight of the places of this process that still count.
    pub own_use: u64,
}

/// A nonce that a call needs.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WantedNonce {
    /// The largest nonce of the key that this process has drawn; 0 if it has drawn none.
    pub floor: u64,
}

/// All that a call needs at once.
#[derive(Clone, Debug)]
pub struct Reservation {
    id: ReservationId,
    venue: &'static str,
    key: Option<KeyDigest>,
    places: Vec<WantedPlace>,
    hold: Duration,
    nonce: Option<WantedNonce>,
    has_turn: bool,
    is_forced: bool,
}

impl Reservation {
    /// Creates a reservation of nothing. `hold`: the time until which the request of the call may
    /// reach the venue, if no notice comes.
    pub fn new(venue: &'static str, key: Option<KeyDigest>, hold: Duration) -> Self {
        let id = ReservationId::new();
        Self { id, venue, key, places: Vec::new(), hold, nonce: None, has_turn: false, is_forced: false }
    }

    /// Adds a place. `known_epoch` and `own_use` are those of [`WantedPlace`].
    #[must_use]
    pub fn with_place(mut self, limit: Arc<SharedLimit>, weight: u64, known_epoch: u64, own_use: u64) -> Self {
        self.places.push(WantedPlace { limit, weight, known_epoch, own_use });
        self
    }

    /// Adds a nonce of the key, larger than `floor`.
    #[must_use]
    pub fn with_nonce(mut self, floor: u64) -> Self {
        self.nonce = Some(WantedNonce { floor });
        self
    }

    /// Adds the turn of the key.
    #[must_use]
    pub fn with_turn(mut self) -> Self {
        self.has_turn = true;
        self
    }

    /// Takes the places whether there is room or not.
    #[must_use]
    pub fn forced(mut self) -> Self {
        self.is_forced = true;
        self
    }

    /// Returns the id.
    pub fn id(&self) -> ReservationId {
        self.id
    }

    /// Returns the name of the venue.
    pub fn venue(&self) -> &'static str {
        self.venue
    }

    /// Returns the key to which the nonce and the turn belong.
    pub fn key(&self) -> Option<KeyDigest> {
        self.key
    }

    /// Returns the places.
    pub fn places(&self) -> &[WantedPlace] {
        &self.places
    }

    /// Returns the time for which the places have no end yet, and for which the turn is held, if no
    /// notice comes.
    pub fn hold(&self) -> Duration {
        self.hold
    }

    /// Returns the nonce that is wanted.
    pub fn nonce(&self) -> Option<WantedNonce> {
        self.nonce
    }

    /// Returns whether the turn of the key is wanted.
    pub fn has_turn(&self) -> bool {
        self.has_turn
    }

    /// Returns whether the places are taken without regard to room.
    pub fn is_forced(&self) -> bool {
        self.is_forced
    }
}

/// The result of a reservation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reserved {
    /// All of it was reserved.
    Granted(Grant),
    /// Nothing was reserved, because something is not free now.
    Later(Later),
}

/// A reservation that was made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Grant {
    /// The time of the store's clock.
    pub now: SystemTime,
    /// The nonce, if one was wanted.
    pub nonce: Option<u64>,
    /// The epoch of each place's limit, in the order of the places. It is another number after the
    /// store lost the counts of the limit. Empty if the store has no epochs.
    pub epochs: Vec<u64>,
}

impl Grant {
    /// Creates the grant of a reservation at this time of the store's clock.
    pub fn new(now: SystemTime) -> Self {
        Self { now, nonce: None, epochs: Vec::new() }
    }

    /// Sets the nonce.
    #[must_use]
    pub fn with_nonce(mut self, nonce: u64) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// Sets the epochs of the limits.
    #[must_use]
    pub fn with_epochs(mut self, epochs: Vec<u64>) -> Self {
        self.epochs = epochs;
        self
    }
}

/// A reservation that cannot be made now.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Later {
    /// The reason.
    pub reason: LaterReason,
    /// The shortest time until it may succeed, as far as is known.
    pub wait: Duration,
}

impl Later {
    /// Creates the result.
    pub fn new(reason: LaterReason, wait: Duration) -> Self {
        Self { reason, wait }
    }
}

/// The reason why a reservation cannot be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LaterReason {
    /// The limit of the place with this index is used up.
    Full(usize),
    /// The limit of the place with this index was closed by the venue.
    Closed(usize),
    /// The store lost counts of the limit of the place with this index, and waits until the
    /// requests that it forgot have ended.
    Recovering(usize),
    /// Another request of the key has the turn.
    Turn,
    /// The next nonce would be too far ahead of the store's clock.
    Nonce,
}

/// A place that a notice is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredPlace {
    /// The reservation that made the place.
    pub id: ReservationId,
    /// The limit.
    pub limit: Arc<SharedLimit>,
    /// The weight. It may be a part of the weight that was reserved.
    pub weight: u64,
}

impl StoredPlace {
    /// Describes a place.
    pub fn new(id: ReservationId, limit: Arc<SharedLimit>, weight: u64) -> Self {
        Self { id, limit, weight }
    }
}

/// A notice to the store, for which nobody waits.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Notice {
    /// The places end one window from now, or one window after `grace` from now.
    #[non_exhaustive]
    Ended {
        /// The places.
        places: Vec<StoredPlace>,
        /// The time for which the request may still arrive. It is zero after a response.
        grace: Duration,
    },
    /// The places were not used, and end now.
    #[non_exhaustive]
    GivenBack {
        /// The places.
        places: Vec<StoredPlace>,
    },
    /// The turn ends now.
    #[non_exhaustive]
    TurnEnded {
        /// The name of the venue.
        venue: &'static str,
        /// The key.
        key: KeyDigest,
        /// The reservation that has the turn.
        id: ReservationId,
    },
    /// A response stated how much of a limit is used. The part beyond all known places is the use
    /// of others, and counts for `lasts`. The statement replaces earlier ones, except that a
    /// smaller count of a request that was sent before the earlier statement came changes nothing.
    #[non_exhaustive]
    Stated {
        /// The limit.
        limit: Arc<SharedLimit>,
        /// The weight that the venue counts.
        used: u64,
        /// A time of the store's clock at which the request was not sent yet.
        sent_at: SystemTime,
        /// The time until the window ends in which the venue counts the use.
        lasts: Duration,
    },
    /// The venue closed a limit for this time. An earlier closing that lasts longer stays.
    #[non_exhaustive]
    Closed {
        /// The limit.
        limit: Arc<SharedLimit>,
        /// The time for which it is closed.
        wait: Duration,
    },
    /// The user opened limits again: their closings and the use of others are forgotten.
    #[non_exhaustive]
    Reopened {
        /// The limits.
        limits: Vec<Arc<SharedLimit>>,
    },
}

/// Functions that make notices, for tests of a store.
impl Notice {
    /// Creates [`Ended`](Self::Ended).
    pub fn ended(places: Vec<StoredPlace>, grace: Duration) -> Self {
        Self::Ended { places, grace }
    }

    /// Creates [`GivenBack`](Self::GivenBack).
    pub fn given_back(places: Vec<StoredPlace>) -> Self {
        Self::GivenBack { places }
    }

    /// Creates [`TurnEnded`](Self::TurnEnded).
    pub fn turn_ended(venue: &'static str, key: KeyDigest, id: ReservationId) -> Self {
        Self::TurnEnded { venue, key, id }
    }

    /// Creates [`Stated`](Self::Stated).
    pub fn stated(limit: Arc<SharedLimit>, used: u64, sent_at: SystemTime, lasts: Duration) -> Self {
        Self::Stated { limit, used, sent_at, lasts }
    }

    /// Creates [`Closed`](Self::Closed).
    pub fn closed(limit: Arc<SharedLimit>, wait: Duration) -> Self {
        Self::Closed { limit, wait }
    }

    /// Creates [`Reopened`](Self::Reopened).
    pub fn reopened(limits: Vec<Arc<SharedLimit>>) -> Self {
        Self::Reopened { limits }
    }
}

/// The state of limits at one moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SharedReadings {
    /// The time of the store's clock.
    pub taken_at: SystemTime,
    /// The state of each limit, in the order in which they were asked for.
    pub limits: Vec<SharedReading>,
}

impl SharedReadings {
    /// Creates the readings.
    pub fn new(taken_at: SystemTime, limits: Vec<SharedReading>) -> Self {
        Self { taken_at, limits }
    }
}

/// The state of a limit at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharedReading {
    /// The weight in use: all places, and the use of others.
    pub used: u64,
    /// The time until the limit opens again; `None` if it is open.
    pub closed: Option<Duration>,
}

impl SharedReading {
    /// Creates a reading.
    pub fn new(used: u64, closed: Option<Duration>) -> Self {
        Self { used, closed }
    }
}
