//! One subscription on a connection.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::command::{NewMember, Place};
use super::event::{Interrupted, Reason, Resumed, Stale};
use super::identity::{Filtered, Identity, members, replaced};
use super::params::Wanted;
use super::queue::{Full, Kind, Queue};
use super::recovery::Progress;
use crate::bounded::bounded;
use crate::error::Error;
use crate::operation::family::{Content, SubscriptionFamily};

/// The progress of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It was not sent yet.
    New,
    /// It was sent for the first time.
    Asked,
    /// It is confirmed.
    Live,
    /// It was interrupted, and has to be sent again.
    Lost,
    /// It was sent again.
    AskedAgain,
    /// It is confirmed again, and queries find out what was missed.
    Recovering,
    /// It was interrupted, and waits until its consumer has read so.
    Waiting,
}

/// One subscription on a connection.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: u64,
    pub(super) wanted: Wanted,
    /// The id of the subscription at the venue, as JSON, if each has one.
    pub(super) key: Option<Box<str>>,
    pub(super) phase: Phase,
    pub(super) deadline: Instant,
    /// The id of the query of this subscription that has no response.
    pub(super) asking: Option<u64>,
    family: &'static SubscriptionFamily,
    queue: Arc<Queue>,
    ready: Option<oneshot::Sender<Result<(), Error>>>,
    stale_after: Option<Duration>,
    last: Instant,
    last_time: SystemTime,
    is_stale: bool,
    /// The topics that had their first notification; `None` is that of notifications without one.
    started: HashSet<Option<Arc<str>>>,
    identity: Identity,
    interrupted_at: Option<Instant>,
    recovery: Option<Progress>,
    /// The notifications that came before the interruption has ended.
    held: Vec<Held>,
    /// Dropped last, when the subscription is gone from the connection.
    _place: Place,
}

#[derive(Debug)]
struct Held {
    topic: Option<Box<str>>,
    flag: Option<bool>,
    params: Box<str>,
}

/// A notification, with the values that decide who gets it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notification<'n> {
    pub(super) topic: Option<&'n str>,
    /// The keys of the object at the place of the topic, if they are topics.
    pub(super) keys: Option<&'n str>,
    /// Whether it is a snapshot, if the family has a flag for this.
    pub(super) flag: Option<bool>,
    pub(super) params: &'n str,
}

impl Member {
    pub(super) fn new(new: NewMember, now: Instant) -> Self {
        let NewMember { id, family, topics: _, wanted, queue, stale_after, deadline, ready, place } = new;
        Self {
            id,
            wanted,
            key: None,
            phase: Phase::New,
            deadline,
            asking: None,
            family,
            queue,
            ready: Some(ready),
            stale_after: stale_after.or(family.promised_interval),
            last: now,
            last_time: SystemTime::now(),
            is_stale: false,
            started: HashSet::new(),
            identity: Identity::default(),
            interrupted_at: None,
            recovery: None,
            held: Vec::new(),
            _place: place,
        }
    }

    /// Returns whether the consumer is behind, and is about to be interrupted.
    pub(super) fn is_crowded(&self) -> bool {
        self.phase == Phase::Live && self.queue.is_crowded()
    }

    /// Returns whether the call that subscribes has to contain this subscription.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self.phase, Phase::New | Phase::Waiting)
    }

    /// Reports that the call that subscribes was sent, and contains this subscription.
    pub(super) fn asked(&mut self) {
        self.phase = match self.phase {
            Phase::New => Phase::Asked,
            Phase::Lost => Phase::AskedAgain,
            phase => phase,
        };
    }

    /// Reports that the venue confirmed the subscription.
    pub(super) fn confirmed(&mut self, now: Instant) {
        match self.phase {
            Phase::Asked => {
                self.phase = Phase::Live;
                (self.last, self.last_time) = (now, SystemTime::now());
                if let Some(ready) = self.ready.take() {
                    // A caller that has gone drops its subscription, which ends it.
                    drop(ready.send(Ok(())));
                }
            }
            Phase::AskedAgain if !self.queue.has_room() => self.wait_for_consumer(Reason::Overflow, now),
            Phase::AskedAgain => {
                self.phase = Phase::Recovering;
                let begin = |recovery| Progress::new(recovery, &self.wanted, &self.identity, self.last_time);
                self.recovery = self.family.recovery.map(begin);
                if self.recovery.is_some() && (self.family.entity.is_some() || self.family.elements_change()) {
                    // The query is sent after these came, so its answer is newer.
                    self.deliver_held(Phase::Recovering, now);
                }
                self.finish_recovery_if_done(now);
            }
            _ => {}
        }
    }

    /// Returns whether the caller still waits for the subscription.
    pub(super) fn is_new(&self) -> bool {
        self.ready.is_some()
    }

    /// Ends the subscription with an error.
    pub(super) fn fail(mut self, error: Error) {
        match self.ready.take() {
            Some(ready) => drop(ready.send(Err(error))),
            None => self.queue.fail(error),
        }
    }

    /// Reports that the venue may not send the notifications of this subscription any more.
    pub(super) fn lost(&mut self, reason: Reason, now: Instant) {
        match self.phase {
            Phase::New | Phase::Waiting => return,
            Phase::Asked => {
                self.phase = Phase::New;
                return;
            }
            Phase::Live | Phase::Lost | Phase::AskedAgain | Phase::Recovering => self.interrupt(reason, now),
        }
        self.phase = Phase::Lost;
    }

    /// Reports that the consumer cannot go on before it has read of the interruption.
    pub(super) fn wait_for_consumer(&mut self, reason: Reason, now: Instant) {
        if matches!(self.phase, Phase::New | Phase::Asked | Phase::Waiting) {
            return;
        }
        // The consumer has to be told of this interruption too, because it is the one that makes
        // the subscription again.
        let since = self.interrupted_at.take();
        if since.is_none() {
            self.last_time = SystemTime::now();
        }
        self.interrupt(reason, now);
        self.interrupted_at = since.or(self.interrupted_at);
        self.phase = Phase::Waiting;
    }

    /// Reports that the consumer has read of the interruption.
    pub(super) fn consumer_goes_on(&mut self) {
        if self.phase == Phase::Waiting {
            self.phase = Phase::Lost;
        }
    }

    fn interrupt(&mut self, reason: Reason, now: Instant) {
        (self.recovery, self.asking) = (None, None);
        self.held.clear();
        self.is_stale = false;
        if self.family.content != Content::Events {
            self.started.clear();
        }
        if self.interrupted_at.is_none() {
            self.interrupted_at = Some(now);
            self.queue.interrupt(Interrupted { since: self.last_time, reason });
        }
    }

    /// Returns the `params` of the next query after an interruption.
    pub(super) fn query(&self) -> Option<String> {
        self.recovery.as_ref()?.query()
    }

    /// Takes the answer of a query.
    pub(super) fn query_answered(&mut self, answer: Result<&str, String>, now: Instant) {
        let Some(mut progress) = self.recovery.take() else { return };
        let found = match answer {
            Ok(result) => progress.answered(self.family, &mut self.identity, result),
            Err(message) => {
                progress.fail(message);
                Vec::new()
            }
        };
        self.recovery = Some(progress);
        for params in found {
            // There is always room for an answer.
            drop(self.queue.push(Kind::Recovered, None, &params));
        }
        self.finish_recovery_if_done(now);
    }

    fn finish_recovery_if_done(&mut self, now: Instant) {
        if self.phase != Phase::Recovering || self.query().is_some() {
            return;
        }
        let gap = self.interrupted_at.take().map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        let mut resumed = Resumed { gap, ..Resumed::default() };
        match self.recovery.take() {
            Some(progress) => {
                resumed.missing = progress.missing(self.family, &mut self.identity);
                resumed.may_have_hole = progress.has_hole || self.family.entities_end();
                resumed.recovery_failed = progress.failed;
            }
            None => resumed.may_have_hole = self.family.content == Content::Events,
        }
        self.phase = Phase::Live;
        (self.last, self.last_time) = (now, SystemTime::now());
        self.queue.resume(resumed);
        self.deliver_held(Phase::Live, now);
    }

    /// Delivers the notifications that were held, as long as this is the phase.
    fn deliver_held(&mut self, phase: Phase, now: Instant) {
        for Held { topic, flag, params } in std::mem::take(&mut self.held) {
            let keys = None;
            self.deliver(Notification { topic: topic.as_deref(), keys, flag, params: &params }, now);
            if self.phase != phase {
                return;
            }
        }
    }

    /// Takes a notification of the family. Returns whether it is meant for this subscription.
    /// `discards`: true if it may belong to an earlier subscription.
    pub(super) fn notified(&mut self, notification: Notification<'_>, discards: bool, now: Instant) -> bool {
        let own_keys;
        let mut notification = notification;
        if let Some(topic) = notification.topic {
            if !self.wanted.has(topic) {
                return false;
            }
        } else if let Some(object) = notification.keys {
            match self.with_own_keys(object, notification.params) {
                Keys::All => {}
                Keys::None => return false,
                Keys::Some(params) => {
                    own_keys = params;
                    notification.params = &own_keys;
                }
            }
        }
        match self.phase {
            Phase::Live => self.deliver(notification, now),
            Phase::Asked if !discards => self.deliver(notification, now),
            Phase::AskedAgain if !discards => self.hold(notification, now),
            Phase::Recovering => self.hold(notification, now),
            _ => {}
        }
        true
    }

    fn hold(&mut self, notification: Notification<'_>, now: Instant) {
        if self.held.len() >= self.queue.capacity() {
            return self.wait_for_consumer(Reason::Overflow, now);
        }
        if let Some(progress) = &mut self.recovery {
            let mut unused = Identity::default();
            if let Some(entity) = self.family.entity {
                progress.pushed.extend(unused.note(entity, notification.params));
            }
            if let Some(elements) = self.family.elements.filter(|elements| elements.change) {
                progress.pushed.extend(unused.note_elements(elements, "", notification.params));
            }
        }
        let Notification { topic, flag, params, .. } = notification;
        self.held.push(Held { topic: topic.map(Into::into), flag, params: params.into() });
    }

    fn deliver(&mut self, notification: Notification<'_>, now: Instant) {
        let Notification { topic, flag, params, .. } = notification;
        (self.last, self.is_stale) = (now, false);
        if (self.family.elements.is_some() || self.family.entity.is_some()) && !self.queue.has_room() {
            // What is not delivered must not count as known.
            return self.wait_for_consumer(Reason::Overflow, now);
        }
        let rest;
        let mut params = params;
        // A family that names no topic in its notifications has one topic.
        let own_topic = topic.or(self.wanted.topics.first().map(|topic| &**topic)).unwrap_or_default();
        if let Some(elements) = self.family.elements.filter(|elements| elements.change) {
            self.identity.note_elements(elements, own_topic, params);
        } else if let Some(elements) = self.family.elements {
            match self.identity.filter(elements, own_topic, params) {
                Filtered::Whole => {}
                Filtered::Nothing => return,
                Filtered::Rest(left) => {
                    rest = left;
                    params = &rest;
                }
            }
        }
        if let Some(entity) = self.family.entity {
            self.identity.note(entity, params);
        }
        let own = topic.and_then(|topic| self.wanted.own(topic).cloned().or_else(|| Some(Arc::from(topic))));
        let kind = match self.family.content {
            Content::Deltas { snapshot_flag: Some(_) } => match flag {
                Some(true) => {
                    if !self.started.contains(&own) {
                        self.started.insert(own.clone());
                    }
                    Kind::Snapshot
                }
                _ if self.started.contains(&own) => Kind::Update,
                // A change of a state that is not known.
                _ => return,
            },
            Content::States => self.first_of(&own),
            Content::Events if self.family.first_is_snapshot => self.first_of(&own),
            Content::Events | Content::Deltas { snapshot_flag: None } => Kind::Update,
        };
        // Before the end of the interruption, it is something that happened meanwhile.
        let kind = if self.phase == Phase::Recovering { Kind::Recovered } else { kind };
        if self.queue.push(kind, own.as_ref(), params) == Err(Full) {
            self.wait_for_consumer(Reason::Overflow, now);
        }
    }

    fn first_of(&mut self, topic: &Option<Arc<str>>) -> Kind {
        if self.started.contains(topic) {
            return Kind::Update;
        }
        self.started.insert(topic.clone());
        Kind::Snapshot
    }

    /// Returns the `params` with only those members of an object whose keys are topics of this
    /// subscription.
    fn with_own_keys(&self, object: &str, params: &str) -> Keys {
        if self.wanted.topics.is_empty() {
            return Keys::All;
        }
        let all = members(object);
        let own: Vec<String> = all
            .iter()
            .filter(|(key, _)| self.wanted.has(key))
            .map(|(key, value)| format!("{}:{}", serde_json::Value::from(&**key), value.get()))
            .collect();
        if own.is_empty() {
            return Keys::None;
        }
        if own.len() == all.len() {
            return Keys::All;
        }
        replaced(params, object, &format!("{{{}}}", own.join(","))).map_or(Keys::All, Keys::Some)
    }

    /// Returns the time at which the subscription becomes stale.
    pub(super) fn stale_at(&self) -> Option<Instant> {
        let is_watched = self.phase == Phase::Live && !self.is_stale;
        self.stale_after.filter(|_| is_watched).map(|after| self.last + bounded(after))
    }

    /// Tells the consumer that the subscription is stale, if it is.
    pub(super) fn check_stale(&mut self, now: Instant) {
        if self.stale_at().is_some_and(|at| at <= now) {
            self.is_stale = true;
            let since = SystemTime::now().checked_sub(now.saturating_duration_since(self.last));
            self.queue.stale(Stale { since: since.unwrap_or(self.last_time) });
        }
    }

    /// Notes the time at which the connection was last known to be alive.
    pub(super) fn alive_at(&mut self, time: SystemTime) {
        if matches!(self.phase, Phase::Live | Phase::Recovering) {
            self.last_time = time;
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.queue.close();
    }
}

enum Keys {
    All,
    None,
    Some(String),
}
