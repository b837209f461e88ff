//! Futures in boxes, and futures with a deadline.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::time::{Instant, timeout_at};

/// A boxed future, as the methods of object-safe traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Returns the value of a future, or `None` if it is not ready at the deadline.
///
/// A future that is ready at once needs no timer, even if the deadline has passed.
pub(crate) async fn until<F: Future>(deadline: Instant, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(value) => Some(value),
        Poll::Pending => timeout_at(deadline, future).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_future_has_a_value_if_it_is_ready_at_once_or_before_the_deadline() {
        let deadline = Instant::now() + Duration::from_secs(2);
        let after = |seconds| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            seconds
        };
        assert_eq!(until(deadline, after(1)).await, Some(1));
        assert_eq!(until(deadline, after(9)).await, None);
        assert_eq!(Instant::now(), deadline);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(until(deadline, std::future::ready(3)).await, Some(3));
        assert_eq!(until(deadline, after(1)).await, None);
    }
}
