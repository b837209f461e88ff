//! Delivers notices in the background.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;
use venuekit::BoxError;
use venuekit::state::{Notice, StoredPlace};

use crate::link::Link;
use crate::names::Names;
use crate::scripts::Scripts;

/// The number of notices that may wait. Further ones are dropped: their places then count for
/// longer than they need.
const MOST: usize = 65_536;

/// The number of notices that are on their way at the same time.
const AT_ONCE: usize = 64;

/// The time between two attempts to deliver a closing.
const PAUSE: Duration = Duration::from_millis(200);

enum Message {
    Notice(Notice, Instant),
    Flush(oneshot::Sender<Result<(), BoxError>>),
}

/// The sender of notices. The notices so far are still delivered when it is dropped.
#[derive(Debug)]
pub(crate) struct Notices(mpsc::Sender<Message>);

/// What a task needs to deliver notices.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) link: Arc<Link>,
    pub(crate) names: Names,
    pub(crate) scripts: Arc<Scripts>,
}

impl Notices {
    pub(crate) fn start(runtime: &Handle, delivery: Delivery) -> Self {
        let (sender, receiver) = mpsc::channel(MOST);
        runtime.spawn(deliver(Arc::new(delivery), receiver));
        Self(sender)
    }

    pub(crate) fn send(&self, notice: Notice) {
        if self.0.try_send(Message::Notice(notice, Instant::now())).is_err() {
            tracing::debug!("a notice to the shared state was dropped");
        }
    }

    pub(crate) async fn flush(&self) -> Result<(), BoxError> {
        let (sender, receiver) = oneshot::channel();
        self.0.send(Message::Flush(sender)).await.map_err(|_| "the runtime of the shared state has ended")?;
        receiver.await.map_err(|_| "the runtime of the shared state has ended")?
    }
}

async fn deliver(delivery: Arc<Delivery>, mut messages: mpsc::Receiver<Message>) {
    let mut underway: JoinSet<Result<(), BoxError>> = JoinSet::new();
    // Closings that could not be delivered. Others have to learn of them, however late.
    let mut closings: VecDeque<(Notice, Instant)> = VecDeque::new();
    let mut failure: Option<BoxError> = None;
    loop {
        let message = tokio::select! {
            biased;
            Some(done) = underway.join_next(), if !underway.is_empty() => {
                note(done, &mut failure);
                continue;
            }
            message = messages.recv() => message,
            () = tokio::time::sleep(PAUSE), if !closings.is_empty() => {
                retry(&delivery, &mut closings).await;
                continue;
            }
        };
        match message {
            None => break,
            Some(Message::Notice(notice, at)) if is_about_places(&notice) => {
                if underway.len() >= AT_ONCE
                    && let Some(done) = underway.join_next().await
                {
                    note(done, &mut failure);
                }
                let delivery = Arc::clone(&delivery);
                underway.spawn(async move { delivery.send(&notice, at).await });
            }
            Some(Message::Notice(notice, at)) => {
                while let Some(done) = underway.join_next().await {
                    note(done, &mut failure);
                }
                if matches!(notice, Notice::Reopened { .. }) {
                    closings.clear();
                }
                if let Err(error) = delivery.send(&notice, at).await {
                    failure = Some(error);
                    if matches!(notice, Notice::Closed { .. }) {
                        closings.push_back((notice, at));
                    }
                }
            }
            Some(Message::Flush(reply)) => {
                while let Some(done) = underway.join_next().await {
                    note(done, &mut failure);
                }
                retry(&delivery, &mut closings).await;
                // The one who asked may have gone.
                let _ = reply.send(failure.take().map_or(Ok(()), Err));
            }
        }
    }
    while underway.join_next().await.is_some() {}
}

fn note(done: Result<Result<(), BoxError>, tokio::task::JoinError>, failure: &mut Option<BoxError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => *failure = Some(error),
        Err(error) => *failure = Some(error.into()),
    }
}

async fn retry(delivery: &Delivery, closings: &mut VecDeque<(Notice, Instant)>) {
    while let Some((notice, at)) = closings.front() {
        if delivery.send(notice, *at).await.is_err() {
            return;
        }
        closings.pop_front();
    }
}

/// Returns whether a notice has the same effect in any order with others of this kind.
fn is_about_places(notice: &Notice) -> bool {
    matches!(notice, Notice::Ended { .. } | Notice::GivenBack { .. } | Notice::TurnEnded { .. })
}

impl Delivery {
    /// Delivers a notice of the time `at`.
    async fn send(&self, notice: &Notice, at: Instant) -> Result<(), BoxError> {
        let mut script = self.scripts.notice.prepare_invoke();
        // A place of which a part ends must not end twice.
        let mut is_repeatable = true;
        match notice {
            Notice::Ended { places, grace, .. } => {
                script.arg("ended").arg(millis(*grace));
                self.add_places(&mut script, places);
                is_repeatable = false;
            }
            Notice::GivenBack { places, .. } => {
                script.arg("back").arg(0);
                self.add_places(&mut script, places);
                is_repeatable = false;
            }
            Notice::TurnEnded { venue, key, id, .. } => {
                script.arg("turn").arg(id.to_string()).key(self.names.turn(venue, *key));
            }
            Notice::Stated { limit, used, sent_at, lasts, .. } => {
                let sent_at = sent_at.duration_since(UNIX_EPOCH).unwrap_or_default();
                script.arg("stated").arg(*used).arg(millis(sent_at)).arg(millis(*lasts));
                script.key(self.names.limit(limit).as_slice());
            }
            Notice::Closed { limit, wait, .. } => {
                let left = wait.saturating_sub(at.elapsed());
                if left.is_zero() {
                    return Ok(());
                }
                script.arg("closed").arg(millis(left)).key(self.names.limit(limit).as_slice());
            }
            Notice::Reopened { limits, .. } => {
                script.arg("reopened");
                for limit in limits {
                    script.key(self.names.limit(limit).as_slice());
                }
            }
            // A newer runtime has notices that this store does not know.
            _ => return Ok(()),
        }
        let sent = self.link.run::<u64>(&script, is_repeatable).await;
        sent.map(drop).inspect_err(|error| tracing::debug!(%error, "a notice to the shared state was not delivered"))
    }

    fn add_places(&self, script: &mut redis::ScriptInvocation<'_>, places: &[StoredPlace]) {
        for place in places {
            script.key(self.names.limit(&place.limit).as_slice());
            script.arg(place.id.to_string()).arg(place.weight).arg(millis(place.limit.window()));
        }
    }
}

/// Returns whole milliseconds, rounded up, as far as a number of Lua is exact.
pub(crate) fn millis(time: Duration) -> u64 {
    const MOST: u64 = 1 << 50;
    let whole = u64::try_from(time.as_millis()).unwrap_or(MOST);
    let has_rest = !time.subsec_nanos().is_multiple_of(1_000_000);
    whole.saturating_add(u64::from(has_rest)).min(MOST)
}
