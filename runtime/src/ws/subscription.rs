//! Subscriptions, and the request that makes one.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use serde_with::{DeserializeAs, SerializeAs};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::command::{Command, NewMember};
use super::event::{Event, Reason};
use super::params::Wanted;
use super::queue::{Data, Item, Kind, Queue, WhenFull};
use super::transport::SocketTransport;
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::family::{Content, SubscriptionFamily};
use crate::operation::venue::Venue;
use crate::redact::Secrets;
use crate::response::decode::{DecodeError, decode_as};
use crate::wire::EncodeAs;
use crate::wire::json::Json;

/// The number of notifications that wait for a slow consumer, unless it is set.
const BUFFER: usize = 1024;

/// A function that decodes the `params` of a notification.
type Decode<T> = fn(&[u8]) -> Result<T, DecodeError>;

/// The values and the client of a subscription to be made.
pub(crate) struct NewSubscription {
    pub(crate) venue: &'static Venue,
    pub(crate) family: &'static SubscriptionFamily,
    /// The transport and the `params`, or the reason why it cannot be sent.
    pub(crate) target: Result<(SocketTransport, String), Error>,
    pub(crate) timeout: Duration,
    /// The client, which lives as long as its subscriptions.
    pub(crate) client: Arc<dyn Any + Send + Sync>,
}

/// A request for a [`Subscription`]. It is not sent before it is polled.
#[must_use = "a subscription is not made before it is awaited"]
pub struct Subscribe<T> {
    progress: Progress,
    decode: Decode<T>,
    venue: &'static Venue,
    family: &'static SubscriptionFamily,
    client: Arc<dyn Any + Send + Sync>,
}

enum Progress {
    Ready(Box<Options>),
    Underway(BoxFuture<'static, Result<Made, Error>>),
    Ended,
}

struct Options {
    new: NewSubscription,
    buffer: usize,
    stale_after: Option<Duration>,
}

/// A subscription that the venue confirmed.
struct Made {
    queue: Arc<Queue>,
    guard: Guard,
}

/// Ends the subscription when it is dropped.
#[derive(Debug)]
struct Guard {
    id: u64,
    commands: mpsc::UnboundedSender<Command>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.commands.send(Command::Unsubscribe(self.id)));
    }
}

impl<T> Subscribe<T> {
    pub(crate) fn new<A>(new: NewSubscription) -> Self
    where
        A: for<'de> DeserializeAs<'de, T>,
    {
        let (venue, family, client) = (new.venue, new.family, Arc::clone(&new.client));
        let options = Options { new, buffer: BUFFER, stale_after: None };
        Self { progress: Progress::Ready(Box::new(options)), decode: decode_as::<T, A>, venue, family, client }
    }

    /// Returns a request whose events are decoded as `T` with the adaptor `A`, and encoded as JSON
    /// again.
    pub fn into_json<A>(self) -> Subscribe<Json>
    where
        A: for<'de> DeserializeAs<'de, T> + SerializeAs<T>,
    {
        let decode: Decode<Json> = |json| {
            let value = decode_as::<T, A>(json)?;
            Json::encode(&EncodeAs::<T, A>::new(&value)).map_err(|error| DecodeError::new(error.to_string()))
        };
        let Self { progress, venue, family, client, decode: _ } = self;
        Subscribe { progress, decode, venue, family, client }
    }

    /// Sets the timeout of the venue's confirmation. Overrides the client's timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|options| options.new.timeout = timeout)
    }

    /// Sets the maximum number of notifications that wait for a slow consumer. The default is 1024;
    /// 0 counts as 1.
    ///
    /// If the notifications are whole states, a newer one replaces the one that waits. Otherwise
    /// the consumer gets [`Event::Interrupted`] when the buffer is full, and the subscription is
    /// made again.
    pub fn buffer(self, notifications: usize) -> Self {
        self.change(|options| options.buffer = notifications)
    }

    /// Sets the time without a notification after which the consumer gets [`Event::Stale`]. By
    /// default it is the interval that the venue promises, if it promises one.
    pub fn stale_after(self, silence: Duration) -> Self {
        self.change(|options| options.stale_after = Some(silence))
    }

    fn change(mut self, change: impl FnOnce(&mut Options)) -> Self {
        if let Progress::Ready(options) = &mut self.progress {
            change(options);
        }
        self
    }
}

impl<T> Future for Subscribe<T> {
    type Output = Result<Subscription<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if matches!(self.progress, Progress::Ready(_))
            && let Progress::Ready(options) = std::mem::replace(&mut self.progress, Progress::Ended)
        {
            self.progress = Progress::Underway(Box::pin(make(*options)));
        }
        let Progress::Underway(making) = &mut self.progress else {
            return Poll::Ready(Err(Error::request("the subscription was made, and was polled again")));
        };
        let made = ready!(making.as_mut().poll(context));
        self.progress = Progress::Ended;
        let (venue, family) = (self.venue, self.family);
        let operation = family.subscribe;
        Poll::Ready(match made {
            Err(error) => Err(error.with_operation(venue, operation)),
            Ok(Made { queue, guard }) => Ok(Subscription {
                queue,
                guard,
                decode: self.decode,
                venue,
                family,
                skips: false,
                _client: Arc::clone(&self.client),
            }),
        })
    }
}

async fn make(options: Options) -> Result<Made, Error> {
    let Options { new, buffer, stale_after } = options;
    let (transport, params) = new.target?;
    let family = new.family;
    let topics = transport.topics(family);
    let wanted = Wanted::new(family, topics, params)?;
    let when_full = match family.content {
        Content::States => WhenFull::Latest,
        Content::Deltas { .. } => WhenFull::InterruptAndClear,
        Content::Events => WhenFull::Interrupt,
    };
    let queue = Arc::new(Queue::new(buffer, when_full));
    let (commands, place) = transport.place(family, wanted.topics.first())?;
    let (ready, confirmed) = oneshot::channel();
    let id = transport.take_id();
    let deadline = Instant::now() + bounded(new.timeout);
    let member =
        NewMember { id, family, topics, wanted, queue: Arc::clone(&queue), stale_after, deadline, ready, place };
    let ended = || Error::new(ErrorKind::Connect, Outcome::NotSent).with_message("the task of the connection ended");
    commands.send(Command::Subscribe(Box::new(member))).map_err(|_| ended())?;
    // A caller that drops the request ends the subscription too.
    let guard = Guard { id, commands };
    confirmed.await.map_err(|_| ended())??;
    Ok(Made { queue, guard })
}

/// A subscription: a stream of [`Event`]s. Dropping it unsubscribes.
///
/// ```
/// # use venuekit::Error;
/// # use venuekit::ws::{Event, Subscription};
/// # async fn run(mut depth: Subscription<Vec<i64>>) -> Result<(), Error> {
/// // let mut depth = client.depth_subscribe().market("BTC_USDT").limit(20).send().await?;
/// while let Some(event) = depth.next().await {
///     match event {
///         Ok(Event::Snapshot(book)) => println!("the whole book: {book:?}"),
///         Ok(Event::Update(change)) => println!("a change: {change:?}"),
///         Ok(Event::Interrupted(gap)) => println!("not current since {:?}", gap.since()),
///         Ok(_) => {}
///         Err(error) => eprintln!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// An error is a notification that could not be read, after which the stream goes on, or the reason
/// why the subscription ended, after which the stream ends.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription<T> {
    queue: Arc<Queue>,
    guard: Guard,
    decode: Decode<T>,
    venue: &'static Venue,
    family: &'static SubscriptionFamily,
    /// True if notifications are skipped up to the next interruption, because a change is missing.
    skips: bool,
    _client: Arc<dyn Any + Send + Sync>,
}

impl<T> Subscription<T> {
    /// Returns the next event; `None` at the end of the subscription.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// Makes the subscription again, because what it told cannot be right: its order book is
    /// crossed, for example. The next events are [`Event::Interrupted`] with [`Reason::Renewed`],
    /// then those after every interruption. Unread states and changes of states are dropped.
    ///
    /// At the venue, all subscriptions of the family on the connection are made again.
    pub fn renew(&mut self) {
        self.skips = self.family.content != Content::Events;
        drop(self.guard.commands.send(Command::Interrupt(self.guard.id, Reason::Renewed)));
    }

    /// Returns the family of the subscription.
    pub fn family(&self) -> &'static SubscriptionFamily {
        self.family
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error>>> {
        loop {
            let Some(item) = ready!(self.queue.poll_pop(context)) else { return Poll::Ready(None) };
            return Poll::Ready(Some(Ok(match item {
                Item::Data(Data { json, .. }) if self.skips => {
                    self.queue.recycle(json);
                    continue;
                }
                Item::Data(Data { kind, json, .. }) => {
                    let decoded = (self.decode)(&json);
                    self.queue.recycle(json);
                    match (decoded, kind) {
                        (Ok(value), Kind::Snapshot) => Event::Snapshot(value),
                        (Ok(value), Kind::Update) => Event::Update(value),
                        (Ok(value), Kind::Recovered) => Event::Recovered(value),
                        (Err(error), _) => return Poll::Ready(Some(Err(self.undecodable(error)))),
                    }
                }
                Item::Interrupted(interrupted) => {
                    if matches!(interrupted.reason, Reason::Overflow | Reason::Undecodable | Reason::Renewed) {
                        self.skips = false;
                        drop(self.guard.commands.send(Command::Renew(self.guard.id)));
                    }
                    Event::Interrupted(interrupted)
                }
                Item::Resumed(resumed) => Event::Resumed(resumed),
                Item::Stale(stale) => Event::Stale(stale),
                Item::Failed(error) => return Poll::Ready(Some(Err(self.with_operation(error)))),
            })));
        }
    }

    fn undecodable(&mut self, DecodeError { path, source }: DecodeError) -> Error {
        if matches!(self.family.content, Content::Deltas { .. }) {
            // The changes that follow do not fit without this one.
            self.skips = true;
            drop(self.guard.commands.send(Command::Interrupt(self.guard.id, Reason::Undecodable)));
        }
        let message = format!("a notification cannot be read: {source}");
        let error = Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message);
        let error = if path == "." { error } else { error.with_json_path(path) };
        // A venue has no reason to repeat a secret here. The texts are cut to their usual length.
        self.with_operation(error.with_source(source).redacted(&Secrets::default().blotter()))
    }

    fn with_operation(&self, error: Error) -> Error {
        error.with_operation(self.venue, self.family.subscribe)
    }
}

impl<T> Stream for Subscription<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("venue", &self.venue.name())
            .field("family", &self.family.name)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Subscribe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe")
            .field("venue", &self.venue.name())
            .field("family", &self.family.name)
            .finish_non_exhaustive()
    }
}
