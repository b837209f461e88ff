//! All subscriptions of one family on a connection.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::command::NewMember;
use super::event::Reason;
use super::identity::Marks;
use super::member::{Member, Notification, Phase};
use super::params::merged;
use super::settings::Reconnect;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::operation::family::{Content, SubscriptionFamily, TopicAt, Topics};
use crate::operation::operation::Operation;

/// All subscriptions of one family on a connection.
///
/// The venue replaces all of them by each call that subscribes. So a call always has the complete
/// list, and one call is under way at a time. A call adds one new subscription at most, so that an
/// error belongs to it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) family: &'static SubscriptionFamily,
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
}

/// The call about the list that has no response.
#[derive(Clone, Copy, Debug)]
enum Underway {
    Subscribe { id: u64, new: Option<u64>, deadline: Instant },
    Unsubscribe { id: u64, deadline: Instant },
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
    pub(super) fn new(family: &'static SubscriptionFamily) -> Self {
        Self {
            family,
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
        let before = self.members.len();
        self.members.retain(|member| member.id != id);
        self.is_dirty |= self.members.len() < before;
    }

    /// Makes a subscription again, because its consumer has read of the interruption.
    pub(super) fn renew(&mut self, id: u64) {
        if self.member(id).is_some_and(Member::consumer_goes_on) {
            self.is_dirty = true;
        }
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
        }
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
        self.wants_list(now) || self.asking().is_some()
    }

    fn wants_list(&self, now: Instant) -> bool {
        let is_due = self.retry_at.is_none_or(|at| at <= now);
        self.is_dirty && self.underway.is_none() && is_due && (self.was_subscribed || self.members.iter().any(counts))
    }

    fn asking(&self) -> Option<(&Member, String)> {
        let recovers = |member: &&Member| member.phase == Phase::Recovering && member.asking.is_none();
        self.members.iter().filter(recovers).find_map(|member| Some((member, member.query()?)))
    }

    /// Returns the request that is to be sent now with this id, and regards it as sent.
    pub(super) fn next_request(&mut self, request: u64, now: Instant, timeout: Duration) -> Option<SlotRequest> {
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
        let params = merged(self.family, wanted);
        self.members.iter_mut().filter(|member| member.is_wanted()).for_each(Member::asked);
        self.discards = self.was_subscribed && self.family.topics == Topics::Single;
        self.was_subscribed = true;
        self.underway = Some(Underway::Subscribe { id: request, new, deadline });
        Some(SlotRequest { operation: self.family.subscribe, params, member: None })
    }

    /// Takes the response to the call about the list with this id.
    pub(super) fn answered(&mut self, request: u64, result: Result<(), Error>, reconnect: &Reconnect, now: Instant) {
        let is_own = |underway: &mut Underway| match underway {
            Underway::Subscribe { id, .. } | Underway::Unsubscribe { id, .. } => *id == request,
        };
        // A response that comes after its time has no effect.
        let Some(underway) = self.underway.take_if(is_own) else { return };
        self.discards = false;
        match (underway, result) {
            (Underway::Unsubscribe { .. }, _) => self.was_subscribed = false,
            (Underway::Subscribe { .. }, Ok(())) => {
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
    pub(super) fn notified(&mut self, params: &str, now: Instant) -> bool {
        let flag_at = match self.family.content {
            Content::Deltas { snapshot_flag } => snapshot_flag,
            Content::States | Content::Events => None,
        };
        let marks = Marks::find(self.family, flag_at, params);
        let flag = flag_at.map(|_| marks.flag.is_some_and(|flag| flag.get() == "true"));
        let is_keys = matches!(self.family.topic, Some(TopicAt::Keys(_)));
        let keys = marks.topic.filter(|_| is_keys).map(|object| object.get());
        let escaped;
        let topic = match marks.topic.filter(|_| !is_keys).map(|topic| topic.get()) {
            None => None,
            Some(text) => match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                Some(plain) if !plain.contains('\\') => Some(plain),
                _ => {
                    escaped = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
                    Some(&*escaped)
                }
            },
        };
        let notification = Notification { topic, keys, flag, params };
        let discards = self.discards;
        let mut is_meant = false;
        for member in &mut self.members {
            is_meant |= member.notified(notification, discards, now);
        }
        is_meant
    }

    /// Returns the time at which [`tick`](Self::tick) has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let underway = self
            .underway
            .map(|(Underway::Subscribe { deadline, .. } | Underway::Unsubscribe { deadline, .. })| deadline);
        let of_member = |member: &Member| {
            let waits = member.phase == Phase::New || member.asking.is_some();
            member.stale_at().into_iter().chain(waits.then_some(member.deadline)).min()
        };
        let members = self.members.iter().filter_map(of_member);
        members.chain(underway).chain(self.retry_at.filter(|_| self.is_dirty)).min()
    }

    /// Does what is due at a time.
    ///
    /// # Errors
    ///
    /// When the connection did not get its subscriptions again in time.
    pub(super) fn tick(&mut self, now: Instant) -> Result<(), NotConfirmed> {
        let late = || Error::new(ErrorKind::Timeout, Outcome::Unknown).with_message("the venue sent no response");
        match self.underway {
            Some(Underway::Subscribe { new: Some(new), deadline, .. }) if deadline <= now => {
                self.underway = None;
                self.refuse(new, late(), now);
            }
            Some(Underway::Subscribe { new: None, deadline, .. } | Underway::Unsubscribe { deadline, .. })
                if deadline <= now =>
            {
                return Err(NotConfirmed);
            }
            _ => {}
        }
        let is_late = |member: &mut Member| member.phase == Phase::New && member.deadline <= now;
        let not_sent =
            || Error::new(ErrorKind::Timeout, Outcome::NotSent).with_message("the time ran out before it was sent");
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

/// Returns whether a subscription is a reason for a call.
fn counts(member: &Member) -> bool {
    member.phase == Phase::New || member.is_wanted()
}
