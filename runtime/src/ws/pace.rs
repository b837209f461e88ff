//! The limits of requests per connection.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::operation::limit::Limit;
use crate::operation::venue::Venue;

/// The time within which a request without a response has arrived at the venue.
const GRACE: Duration = Duration::from_secs(5);

/// The limits of requests per connection.
///
/// A place is free again one window after the response of its request. The venue has counted the
/// request by then, so delays in the network never let it count more than the limit in a window.
#[derive(Debug, Default)]
pub(super) struct Pace(Vec<Window>);

#[derive(Debug)]
struct Window {
    limit: &'static Limit,
    places: VecDeque<Place>,
}

#[derive(Debug)]
struct Place {
    id: u64,
    free_at: Instant,
}

impl Pace {
    pub(super) fn new(venue: Option<&'static Venue>) -> Self {
        let limits = venue.map_or(&[][..], Venue::limits);
        let per_connection = limits.iter().filter(|limit| limit.is_per_connection());
        Self(per_connection.map(|limit| Window { limit, places: VecDeque::new() }).collect())
    }

    /// Forgets all requests, because a new connection has its own count.
    pub(super) fn reset(&mut self) {
        self.0.iter_mut().for_each(|window| window.places.clear());
    }

    /// Returns the limit that has no room for another request, and the time at which it has.
    pub(super) fn full(&mut self, now: Instant) -> Option<(&'static str, Instant)> {
        let full = |window: &mut Window| {
            window.places.retain(|place| place.free_at > now);
            let count = usize::try_from(window.limit.limit()).unwrap_or(usize::MAX).max(1);
            let is_full = window.places.len() >= count;
            let first = window.places.iter().map(|place| place.free_at).min()?;
            is_full.then_some((window.limit.name(), first))
        };
        self.0.iter_mut().filter_map(full).max_by_key(|(_, at)| *at)
    }

    pub(super) fn sent(&mut self, id: u64, now: Instant) {
        for window in &mut self.0 {
            window.places.push_back(Place { id, free_at: now + GRACE + window.limit.window() });
        }
    }

    pub(super) fn answered(&mut self, id: u64, now: Instant) {
        for window in &mut self.0 {
            let free_at = now + window.limit.window();
            let place = window.places.iter_mut().find(|place| place.id == id);
            if let Some(place) = place {
                place.free_at = place.free_at.min(free_at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LIMITS: [Limit; 2] = [Limit::new("other", 1, 60), Limit::new("connection", 2, 1).per_connection()];
    static VENUE: Venue = Venue::new("v", "v", "0").with_limits(&LIMITS);

    #[test]
    fn a_place_is_free_one_window_after_the_response() {
        let mut pace = Pace::new(Some(&VENUE));
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        assert_eq!(pace.full(start), None);
        pace.sent(1, start);
        assert_eq!(pace.full(start), None);
        pace.sent(2, start);
        assert_eq!(pace.full(after(2000)), Some(("connection", after(6000))));
        pace.answered(2, after(2000));
        assert_eq!(pace.full(after(2999)), Some(("connection", after(3000))));
        assert_eq!(pace.full(after(3000)), None);
        pace.sent(3, after(3000));
        assert!(pace.full(after(5999)).is_some());
        assert_eq!(pace.full(after(6000)), None);
        pace.sent(4, after(6000));
        pace.reset();
        assert_eq!(pace.full(after(6000)), None);
    }
}
