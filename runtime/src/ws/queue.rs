//! The bounded buffer between a connection and a consumer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::event::{Interrupted, Resumed, Stale};
use crate::error::Error;

/// The maximum number of bytes of all notifications that wait in one buffer.
const MAX_BYTES: usize = 32 << 20;

/// The maximum number of buffers of bytes that are kept to be used again, and their maximum length.
const SPARES: usize = 64;
const SPARE_BYTES: usize = 16 << 10;

/// The kind of a notification, as the consumer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Snapshot,
    Update,
    Recovered,
}

/// An event that waits for its consumer.
#[derive(Debug)]
pub(super) enum Item {
    Data(Data),
    Interrupted(Interrupted),
    Resumed(Resumed),
    Stale(Stale),
    /// The end of the subscription.
    Failed(Error),
}

/// A notification that waits for its consumer.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) kind: Kind,
    pub(super) json: Vec<u8>,
    topic: Option<Arc<str>>,
}

/// The rule for a notification for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenFull {
    /// A notification replaces the one of its topic that is still waiting.
    Latest,
    /// The subscription is interrupted. The notifications that wait are of no use then.
    InterruptAndClear,
    /// The subscription is interrupted. The notifications that wait stay.
    Interrupt,
}

/// There is no room.
#[derive(Debug, PartialEq)]
pub(super) struct Full;

/// The bounded buffer between a connection and a consumer.
#[derive(Debug)]
pub(super) struct Queue(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    items: VecDeque<Item>,
    /// The number of notifications among the items, and of their bytes.
    notifications: usize,
    bytes: usize,
    capacity: usize,
    when_full: WhenFull,
    waker: Option<Waker>,
    spares: Vec<Vec<u8>>,
    /// The end of an interruption that became one with the next interruption.
    carried: Option<Resumed>,
    is_closed: bool,
}

impl Queue {
    pub(super) fn new(capacity: usize, when_full: WhenFull) -> Self {
        Self(Mutex::new(Inner {
            items: VecDeque::new(),
            notifications: 0,
            bytes: 0,
            capacity: capacity.max(1),
            when_full,
            waker: None,
            spares: Vec::new(),
            carried: None,
            is_closed: false,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether there is room for another notification.
    pub(super) fn has_room(&self) -> bool {
        let inner = self.lock();
        inner.notifications < inner.capacity && inner.bytes <= MAX_BYTES
    }

    /// Returns whether more than half of the room is taken.
    pub(super) fn is_crowded(&self) -> bool {
        let inner = self.lock();
        inner.when_full != WhenFull::Latest && inner.notifications > inner.capacity / 2
    }

    pub(super) fn capacity(&self) -> usize {
        self.lock().capacity
    }

    /// Adds a notification.
    ///
    /// # Errors
    ///
    /// When there is no room.
    pub(super) fn push(&self, kind: Kind, topic: Option<&Arc<str>>, json: &str) -> Result<(), Full> {
        let mut inner = self.lock();
        inner.push(kind, topic, json)?;
        inner.wake();
        Ok(())
    }

    /// Adds the beginning of an interruption. If the last event is the end of an earlier one, the
    /// two become one interruption.
    pub(super) fn interrupt(&self, interrupted: Interrupted) {
        let mut inner = self.lock();
        if inner.when_full != WhenFull::Interrupt {
            inner.clear_notifications();
        }
        match inner.items.pop_back() {
            // The consumer has not read of the earlier one, nor of anything between the two.
            Some(Item::Resumed(resumed)) if matches!(inner.items.back(), Some(Item::Interrupted(_))) => {
                inner.carried = Some(resumed);
                if let Some(Item::Interrupted(earlier)) = inner.items.back_mut() {
                    earlier.reason = interrupted.reason;
                }
            }
            last => {
                inner.items.extend(last);
                inner.items.push_back(Item::Interrupted(interrupted));
            }
        }
        inner.wake();
    }

    /// Adds the end of an interruption.
    pub(super) fn resume(&self, mut resumed: Resumed) {
        let mut inner = self.lock();
        if let Some(carried) = inner.carried.take() {
            resumed.gap = resumed.gap.saturating_add(carried.gap);
            resumed.missing.splice(..0, carried.missing);
            resumed.may_have_hole |= carried.may_have_hole;
            resumed.recovery_failed = resumed.recovery_failed.or(carried.recovery_failed);
        }
        inner.items.push_back(Item::Resumed(resumed));
        inner.wake();
    }

    /// Adds a silence, in place of one that is the last event.
    pub(super) fn stale(&self, stale: Stale) {
        let mut inner = self.lock();
        if matches!(inner.items.back(), Some(Item::Stale(_))) {
            inner.items.pop_back();
        }
        inner.items.push_back(Item::Stale(stale));
        inner.wake();
    }

    /// Ends the subscription with an error.
    pub(super) fn fail(&self, error: Error) {
        let mut inner = self.lock();
        inner.items.push_back(Item::Failed(error));
        inner.is_closed = true;
        inner.wake();
    }

    /// Ends the stream after the events that wait.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        inner.wake();
    }

    /// Returns the next event; `None` at the end.
    pub(super) fn poll_pop(&self, context: &mut Context<'_>) -> Poll<Option<Item>> {
        let mut inner = self.lock();
        match inner.items.pop_front() {
            Some(item) => {
                if let Item::Data(data) = &item {
                    inner.notifications -= 1;
                    inner.bytes -= data.json.len();
                }
                Poll::Ready(Some(item))
            }
            None if inner.is_closed => Poll::Ready(None),
            None => {
                match &mut inner.waker {
                    Some(waker) => waker.clone_from(context.waker()),
                    none => *none = Some(context.waker().clone()),
                }
                Poll::Pending
            }
        }
    }

    /// Takes back the bytes of a notification that was read.
    pub(super) fn recycle(&self, json: Vec<u8>) {
        self.lock().recycle(json);
    }
}

impl Inner {
    fn push(&mut self, kind: Kind, topic: Option<&Arc<str>>, json: &str) -> Result<(), Full> {
        if self.when_full == WhenFull::Latest
            && let Some(waiting) = self.items.iter_mut().rev().find_map(|item| match item {
                Item::Data(data) if data.topic.as_ref() == topic => Some(data),
                _ => None,
            })
        {
            self.bytes = self.bytes - waiting.json.len() + json.len();
            waiting.json.clear();
            waiting.json.extend_from_slice(json.as_bytes());
            return Ok(());
        }
        // The answer to a query is told completely, because what it has is known from then on.
        if kind != Kind::Recovered && !(self.notifications < self.capacity && self.bytes <= MAX_BYTES) {
            return Err(Full);
        }
        let mut bytes = self.spares.pop().unwrap_or_default();
        bytes.extend_from_slice(json.as_bytes());
        self.notifications += 1;
        self.bytes += bytes.len();
        self.items.push_back(Item::Data(Data { kind, json: bytes, topic: topic.cloned() }));
        Ok(())
    }

    fn clear_notifications(&mut self) {
        self.items.retain(|item| !matches!(item, Item::Data(_)));
        (self.notifications, self.bytes) = (0, 0);
    }

    fn recycle(&mut self, mut json: Vec<u8>) {
        if self.spares.len() < SPARES && json.capacity() <= SPARE_BYTES {
            json.clear();
            self.spares.push(json);
        }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::super::event::Reason;
    use super::*;

    fn interrupted(reason: Reason) -> Interrupted {
        Interrupted { since: UNIX_EPOCH, reason }
    }

    fn all(queue: &Queue) -> Vec<String> {
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(item)) = queue.poll_pop(&mut context) {
            all.push(match item {
                Item::Data(data) => format!("{:?} {}", data.kind, String::from_utf8(data.json).unwrap()),
                Item::Interrupted(interrupted) => format!("interrupted {}", interrupted.reason()),
                Item::Resumed(_) => "resumed".to_owned(),
                Item::Stale(_) => "stale".to_owned(),
                Item::Failed(_) => "failed".to_owned(),
            });
        }
        all
    }

    #[test]
    fn of_whole_states_the_latest_of_each_topic_stays() {
        let queue = Queue::new(2, WhenFull::Latest);
        let (a, b, c) = (Arc::from("a"), Arc::from("b"), Arc::from("c"));
        for (kind, topic, json) in
            [(Kind::Snapshot, &a, "a1"), (Kind::Snapshot, &b, "b1"), (Kind::Update, &a, "a2"), (Kind::Update, &a, "a3")]
        {
            queue.push(kind, Some(topic), json).unwrap();
        }
        assert_eq!(queue.push(Kind::Snapshot, Some(&c), "c1"), Err(Full));
        assert_eq!(all(&queue), ["Snapshot a3", "Snapshot b1"]);
    }

    #[test]
    fn notifications_that_count_once_stay_and_states_before_an_interruption_do_not() {
        for (when_full, expected) in [
            (WhenFull::Interrupt, &["Update 1", "Update 2", "interrupted buffer full"][..]),
            (WhenFull::InterruptAndClear, &["interrupted buffer full"]),
        ] {
            let queue = Queue::new(2, when_full);
            queue.push(Kind::Update, None, "1").unwrap();
            queue.push(Kind::Update, None, "2").unwrap();
            assert_eq!(queue.push(Kind::Update, None, "3"), Err(Full));
            queue.interrupt(interrupted(Reason::Overflow));
            assert_eq!(all(&queue), expected);
        }
    }

    #[test]
    fn interruptions_without_a_notification_between_them_become_one() {
        let queue = Queue::new(2, WhenFull::Interrupt);
        queue.push(Kind::Update, None, "1").unwrap();
        for id in 0..1000 {
            queue.interrupt(interrupted(Reason::Disconnected));
            queue.resume(Resumed { missing: vec![id.to_string()], ..Resumed::default() });
            assert!(queue.lock().items.len() <= 3);
        }
        let missing = |item: &Item| matches!(item, Item::Resumed(resumed) if resumed.missing.len() == 1000);
        assert!(queue.lock().items.back().is_some_and(missing));
        queue.push(Kind::Update, None, "2").unwrap();
        queue.interrupt(interrupted(Reason::Disconnected));
        queue.close();
        let expected = ["Update 1", "interrupted disconnected", "resumed", "Update 2", "interrupted disconnected"];
        assert_eq!(all(&queue), expected);
    }
}
