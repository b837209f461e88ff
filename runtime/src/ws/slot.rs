//! All subscriptions of one family on a connection.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::time::Instant;

use super::command::NewMember;
use super::event::Reason;
use super::frame::Params;
use super::identity::Marks;
use super::member::{Member, Notification, Phase};
use super::params::merged;
use super::settings::Reconnect;
use super::state::SharedState;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::operation::family::{Content, SubscriptionFamily, TopicAt, Topics};
use crate::operation::operation::{Operation, Security};

/// All subscriptions of one family on a connection.
///
/// The venue replaces all of them by each call that subscribes. So a call always has the complete
/// list, and one call is under way at a time. A call adds one new subscription at most, so that an
/// error belongs to it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) family: &'static SubscriptionFamily,
    topics: Topics,
    members: Vec<Member>,
    underway: Option<Underway>,
    /// True if the venue has another list than the members.
    is_dirty: bool,
    /// True if this connection had a subscription of the family.
    was_subscribed: bool,
    /// True if notifications may belong to an earlier subscription.
    discards: bool,
    retry_at: Option<Instant>,
    retries: u32,
    own: Own,
}

/// The calls of a family whose subscriptions have ids of their own.
#[derive(Debug, Default)]
struct Own {
    /// The ids of subscriptions that are to be ended, as JSON.
    ended: Vec<Box<str>>,
    /// The calls that end subscriptions.
    ending: HashSet<u64>,
    /// Notifications that came before the response that has their id.
    early: VecDeque<(Box<str>, Option<bool>, Box<str>)>,
}

/// The number of notifications of unknown subscriptions that are kept while a call is under way.
const EARLY: usize = 256;

/// The call about the list that has no response.
#[derive(Clone, Copy, Debug)]
enum Underway {
    Subscribe {
        id: u64,
        new: Option<u64>,
        deadline: Instant,
    },
    /// The call of one subscription that has an id of its own.
    SubscribeOne {
        id: u64,
        member: u64,
        is_new: bool,
        deadline: Instant,
    },
    Unsubscribe {
        id: u64,
        deadline: Instant,
    },
}

/// A request of a slot.
#[derive(Debug)]
pub(super) struct SlotRequest {
    pub(super) operation: &'static Operation,
    pub(super) params: String,
    /// The subscription that asks what it missed; `None` for a request about the list.
    pub(super) member: Option<u64>,
}

/// The venue did not confirm in time that a connection has its subscriptions again.
#[derive(Debug)]
pub(super) struct NotConfirmed;

impl Slot {
    pub(super) fn new(family: &'static SubscriptionFamily, topics: Topics) -> Self {
        Self {
            family,
            topics,
            own: Own::default(),
            members: Vec::new(),
            underway: None,
            is_dirty: false,
            was_subscribed: false,
            discards: false,
            retry_at: None,
            retries: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether a consumer is behind, and is about to be interrupted.
    pub(super) fn is_crowded(&self) -> bool {
        self.members.iter().any(Member::is_crowded)
    }

    pub(super) fn add(&mut self, new: NewMember, now: Instant) {
        self.members.push(Member::new(new, now));
        self.is_dirty = true;
    }

    fn member(&mut self, id: u64) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.id == id)
    }

    /// Ends a subscription.
    pub(super) fn remove(&mut self, id: u64) {
        let Some(at) = self.members.iter().position(|member| member.id == id) else { return };
        let member = self.members.remove(at);
        self.own.ended.extend(member.key.clone());
        self.is_dirty = true;
    }

    /// Makes a subscription again, because its consumer has read of the interruption.
    pub(super) fn renew(&mut self, id: u64) {
        let Some(member) = self.member(id).filter(|member| member.phase == Phase::Waiting) else { return };
        member.consumer_goes_on();
        let key = member.key.take();
        self.own.ended.extend(key);
        self.is_dirty = true;
    }

    /// Interrupts a subscription until its consumer has read so.
    pub(super) fn interrupt(&mut self, id: u64, reason: Reason, now: Instant) {
        if let Some(member) = self.member(id) {
            member.wait_for_consumer(reason, now);
        }
    }

    /// Reports the end of a connection.
    pub(super) fn connection_lost(&mut self, alive: SystemTime, now: Instant) {
        for member in &mut self.members {
            member.alive_at(alive);
            member.lost(Reason::Disconnected, now);
            member.key = None;
        }
        self.own = Own::default();
        self.underway = None;
        (self.was_subscribed, self.discards, self.retry_at) = (false, false, None);
        self.is_dirty = !self.members.is_empty();
    }

    /// Ends all subscriptions with errors.
    pub(super) fn fail_all(&mut self, error: impl Fn() -> Error) {
        self.members.drain(..).for_each(|member| member.fail(error()));
        self.is_dirty = self.was_subscribed;
    }

    /// Ends the new subscriptions, whose callers wait, with errors.
    pub(super) fn fail_new(&mut self, error: impl Fn() -> Error) {
        self.members.extract_if(.., |member| member.is_new()).for_each(|member| member.fail(error()));
    }

    /// Returns whether a request is to be sent.
    pub(super) fn has_request(&self, now: Instant) -> bool {
        self.wants_list(now) || self.wants_one(now) || self.asking().is_some()
    }

    /// Returns whether a subscription with an id of its own is to be made or to be ended.
    fn wants_one(&self, now: Instant) -> bool {
        let is_due = self.underway.is_none() && self.retry_at.is_none_or(|at| at <= now);
        !self.own.ended.is_empty() || (is_due && self.next_one().is_some())
    }

    /// Returns the next subscription with an id of its own that is to be made.
    fn next_one(&self) -> Option<&Member> {
        let is_to_be_made = |member: &&Member| matches!(member.phase, Phase::New | Phase::Lost);
        self.members.iter().find(is_to_be_made).filter(|_| self.topics == Topics::Ids)
    }

    fn wants_list(&self, now: Instant) -> bool {
        if self.topics == Topics::Ids {
            return false;
        }
        let is_due = self.retry_at.is_none_or(|at| at <= now);
        self.is_dirty && self.underway.is_none() && is_due && (self.was_subscribed || self.members.iter().any(counts))
    }

    fn asking(&self) -> Option<(&Member, String)> {
        let recovers = |member: &&Member| member.phase == Phase::Recovering && member.asking.is_none();
        self.members.iter().filter(recovers).find_map(|member| Some((member, member.query()?)))
    }

    /// Returns the request that is to be sent now with this id, and regards it as sent.
    pub(super) fn next_request(&mut self, request: u64, now: Instant, timeout: Duration) -> Option<SlotRequest> {
        if self.wants_one(now) {
            return self.request_of_one(request, now, timeout);
        }
        if !self.wants_list(now) {
            let (member, params) = self.asking()?;
            let id = member.id;
            let operation = self.family.recovery?.operation;
            if let Some(member) = self.member(id) {
                member.asking = Some(request);
                member.deadline = now + timeout;
            }
            return Some(SlotRequest { operation, params, member: Some(id) });
        }
        (self.is_dirty, self.retry_at) = (false, None);
        let new = self.members.iter_mut().find(|member| member.phase == Phase::New);
        let (new, deadline) = match new {
            Some(member) => {
                member.asked();
                (Some(member.id), member.deadline)
            }
            None => (None, now + timeout),
        };
        // Further new ones have calls of their own.
        self.is_dirty |= self.members.iter().any(|member| member.phase == Phase::New);
        let wanted = self.members.iter().filter(|member| member.is_wanted()).map(|member| &member.wanted);
        if wanted.clone().next().is_none() {
            self.underway = Some(Underway::Unsubscribe { id: request, deadline: now + timeout });
            return Some(SlotRequest { operation: self.family.unsubscribe, params: "[]".to_owned(), member: None });
        }
        let params = merged(self.topics, wanted);
        self.members.iter_mut().filter(|member| member.is_wanted()).for_each(Member::asked);
        self.discards = self.was_subscribed && self.topics == Topics::Single;
        self.was_subscribed = true;
        self.underway = Some(Underway::Subscribe { id: request, new, deadline });
        Some(SlotRequest { operation: self.family.subscribe, params, member: None })
    }

    /// Returns the request that makes or ends a subscription with an id of its own.
    fn request_of_one(&mut self, request: u64, now: Instant, timeout: Duration) -> Option<SlotRequest> {
        if let Some(key) = self.own.ended.pop() {
            self.own.ending.insert(request);
            return Some(SlotRequest { operation: self.family.unsubscribe, params: format!("[{key}]"), member: None });
        }
        let id = self.next_one()?.id;
        self.retry_at = None;
        let member = self.member(id)?;
        let is_new = member.phase == Phase::New;
        let deadline = if is_new { member.deadline } else { now + timeout };
        member.asked();
        let params = member.wanted.params().to_owned();
        self.underway = Some(Underway::SubscribeOne { id: request, member: id, is_new, deadline });
        Some(SlotRequest { operation: self.family.subscribe, params, member: None })
    }

    /// Takes the response that has the id of a subscription.
    fn one_answered(
        &mut self,
        member: u64,
        is_new: bool,
        result: Result<Bytes, Error>,
        wait: &Reconnect,
        now: Instant,
    ) {
        let early = std::mem::take(&mut self.own.early);
        match result {
            Ok(key) => {
                self.retries = 0;
                let key: Box<str> = String::from_utf8_lossy(&key).trim().into();
                let Some(member) = self.member(member) else {
                    // Nobody wants it any more.
                    self.own.ended.push(key);
                    return;
                };
                member.key = Some(key.clone());
                member.confirmed(now);
                for (_, flag, params) in early.iter().filter(|(topic, ..)| unquoted(&key) == &**topic) {
                    member.notified(Notification { topic: None, keys: None, flag: *flag, params }, false, now);
                }
            }
            Err(error) => {
                let is_passing = error.outcome() == Outcome::Unknown && error.kind() == ErrorKind::Venue;
                match self.members.iter().position(|other| other.id == member) {
                    Some(at) if is_new || !is_passing => self.members.remove(at).fail(error),
                    Some(at) => {
                        if let Some(member) = self.members.get_mut(at) {
                            member.lost(Reason::Replaced, now);
                        }
                        self.retries = self.retries.saturating_add(1);
                        self.retry_at = Some(now + wait.wait(self.retries));
                    }
                    None => {}
                }
            }
        }
    }

    /// Takes the response to the call about the list with this id.
    pub(super) fn answered(&mut self, request: u64, result: Result<Bytes, Error>, reconnect: &Reconnect, now: Instant) {
        if self.own.ending.remove(&request) {
            return;
        }
        let is_own = |underway: &mut Underway| match underway {
            Underway::Subscribe { id, .. } | Underway::SubscribeOne { id, .. } | Underway::Unsubscribe { id, .. } => {
                *id == request
            }
        };
        // A response that comes after its time has no effect, unless it made a subscription.
        let Some(underway) = self.underway.take_if(is_own) else {
            if let (Topics::Ids, Ok(key)) = (self.topics, result) {
                self.own.ended.push(String::from_utf8_lossy(&key).trim().into());
            }
            return;
        };
        self.discards = false;
        match (underway, result) {
            (Underway::SubscribeOne { member, is_new, .. }, result) => {
                self.one_answered(member, is_new, result, reconnect, now);
            }
            (Underway::Unsubscribe { .. }, _) => self.was_subscribed = false,
            (Underway::Subscribe { .. }, Ok(_)) => {
                self.retries = 0;
                self.members.iter_mut().for_each(|member| member.confirmed(now));
            }
            (Underway::Subscribe { new: Some(new), .. }, Err(error)) => self.refuse(new, error, now),
            (Underway::Subscribe { new: None, .. }, Err(error)) => {
                // If it is not a fault of the venue that passes, the subscriptions end.
                if error.outcome() != Outcome::Unknown || error.kind() != ErrorKind::Venue {
                    let message = error.to_string();
                    let ended = || Error::new(ErrorKind::Venue, Outcome::Refused).with_message(message.clone());
                    let is_lost = |member: &mut Member| member.phase == Phase::AskedAgain;
                    self.members.extract_if(.., is_lost).for_each(|member| member.fail(ended()));
                }
                // The others may have ended too, so their consumers are told.
                self.is_dirty = true;
                self.members.iter_mut().for_each(|member| member.lost(Reason::Replaced, now));
                self.retries = self.retries.saturating_add(1);
                self.retry_at = Some(now + reconnect.wait(self.retries));
            }
        }
    }

    /// Ends a new subscription that the venue refused. The refusal may have ended all others.
    fn refuse(&mut self, new: u64, error: Error, now: Instant) {
        if let Some(at) = self.members.iter().position(|member| member.id == new) {
            self.members.remove(at).fail(error);
        }
        self.restore(now);
    }

    /// Reports that the venue may have ended all subscriptions of the family.
    fn restore(&mut self, now: Instant) {
        self.is_dirty = true;
        // Of whole states none is missed, because the list is sent again at once.
        if self.family.content != Content::States {
            self.members.iter_mut().for_each(|member| member.lost(Reason::Replaced, now));
        }
    }

    /// Takes the response to the query with this id of a subscription.
    pub(super) fn query_answered(&mut self, request: u64, id: u64, answer: Result<&str, String>, now: Instant) {
        if let Some(member) = self.member(id).filter(|member| member.asking == Some(request)) {
            member.asking = None;
            member.query_answered(answer, now);
        }
    }

    /// Gives a notification to the subscriptions that it is meant for. Returns whether there is
    /// one.
    pub(super) fn notified(&mut self, params: &Params<'_>, now: Instant) -> bool {
        let flag_at = match self.family.content {
            Content::Deltas { snapshot_flag } => snapshot_flag,
            Content::States | Content::Events => None,
        };
        let marks = Marks::find(self.family, flag_at, params);
        let flag = flag_at.map(|_| marks.flag == Some("true"));
        let is_keys = matches!(self.family.topic, Some(TopicAt::Keys(_)));
        let keys = marks.topic.filter(|_| is_keys);
        let escaped;
        let topic = match marks.topic.filter(|_| !is_keys) {
            None => None,
            Some(text) => match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                Some(plain) if !plain.contains('\\') => Some(plain),
                _ => {
                    escaped = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
                    Some(&*escaped)
                }
            },
        };
        let params = params.text;
        if let (Topics::Ids, Some(topic)) = (self.topics, topic) {
            return self.one_notified(topic, flag, params, now);
        }
        let notification = Notification { topic, keys, flag, params };
        let discards = self.discards;
        let mut is_meant = false;
        for member in &mut self.members {
            is_meant |= member.notified(notification, discards, now);
        }
        is_meant
    }

    /// Gives a notification to the subscription with this id.
    fn one_notified(&mut self, topic: &str, flag: Option<bool>, params: &str, now: Instant) -> bool {
        let is_own = |member: &&mut Member| member.key.as_deref().is_some_and(|key| unquoted(key) == topic);
        if let Some(member) = self.members.iter_mut().find(is_own) {
            return member.notified(Notification { topic: None, keys: None, flag, params }, false, now);
        }
        let may_be_early = matches!(self.underway, Some(Underway::SubscribeOne { .. }));
        if may_be_early && self.own.early.len() < EARLY {
            self.own.early.push_back((topic.into(), flag, params.into()));
        }
        may_be_early
    }

    /// Returns the time at which [`tick`](Self::tick) has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let underway = self.underway.map(|underway| match underway {
            Underway::Subscribe { deadline, .. }
            | Underway::SubscribeOne { deadline, .. }
            | Underway::Unsubscribe { deadline, .. } => deadline,
        });
        let of_member = |member: &Member| {
            let waits = member.phase == Phase::New || member.asking.is_some();
            member.stale_at().into_iter().chain(waits.then_some(member.deadline)).min()
        };
        let members = self.members.iter().filter_map(of_member);
        let waits = self.is_dirty || self.next_one().is_some();
        members.chain(underway).chain(self.retry_at.filter(|_| waits)).min()
    }

    /// Does what is due at a time. `state` has the reason why nothing was sent.
    ///
    /// # Errors
    ///
    /// When the connection did not get its subscriptions again in time.
    pub(super) fn tick(&mut self, now: Instant, state: &SharedState) -> Result<(), NotConfirmed> {
        let late = || Error::new(ErrorKind::Timeout, Outcome::Unknown).with_message("the venue sent no response");
        match self.underway {
            Some(Underway::Subscribe { new: Some(new), deadline, .. }) if deadline <= now => {
                self.underway = None;
                self.refuse(new, late(), now);
            }
            Some(Underway::SubscribeOne { member, is_new: true, deadline, .. }) if deadline <= now => {
                self.underway = None;
                if let Some(at) = self.members.iter().position(|other| other.id == member) {
                    self.members.remove(at).fail(late());
                }
            }
            Some(
                Underway::Subscribe { new: None, deadline, .. }
                | Underway::SubscribeOne { is_new: false, deadline, .. }
                | Underway::Unsubscribe { deadline, .. },
            ) if deadline <= now => {
                return Err(NotConfirmed);
            }
            _ => {}
        }
        let is_late = |member: &mut Member| member.phase == Phase::New && member.deadline <= now;
        let needs_login = self.family.subscribe.security == Security::Login;
        let not_sent = || {
            let message = format!("the time ran out before it was sent{}", state.obstacle(needs_login));
            Error::new(ErrorKind::Timeout, Outcome::NotSent).with_message(message)
        };
        self.members.extract_if(.., is_late).for_each(|member| member.fail(not_sent()));
        for member in &mut self.members {
            if member.asking.is_some() && member.deadline <= now {
                member.asking = None;
                member.query_answered(Err("the venue sent no response".to_owned()), now);
            }
            member.check_stale(now);
        }
        Ok(())
    }
}

/// Returns the text of a JSON string without escapes, or other JSON as it is.
fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json)
}

/// Returns whether a subscription is a reason for a call.
fn counts(member: &Member) -> bool {
    member.phase == Phase::New || member.is_wanted()
}
