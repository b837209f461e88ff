//! Calls from code that is not async (feature `blocking`).
//!
//! Every call has a method `wait`, which sends it and blocks the thread until its result is there:
//!
//! ```no_run
//! # use venuekit::{Call, Error};
//! # fn run(call: Call<i64>) -> Result<(), Error> {
//! // let call = client.get_order_id().symbol("BTC-USD").send();
//! let id = call.wait()?;
//! # Ok(())
//! # }
//! ```
//!
//! [`wait`] does the same for any other future, such as the next piece of a response that is read
//! as a stream, or the start of a mock venue in a test.
//!
//! `wait` needs no tokio runtime: the first call starts a thread that drives connections and
//! timers. Inside an async function, `wait` blocks a thread of that function's runtime, and a
//! server that runs on this thread cannot respond. Await the call there, or wait for it in
//! `tokio::task::spawn_blocking`. A connection belongs to the runtime in which it was opened: on
//! the only thread of a runtime, do not wait for calls of a client that was used in async code of
//! that runtime, because its open connections stand still too.

use std::future::{Future, pending};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle};

/// Blocks the thread until the future is done, and returns its output.
///
/// Timers, sockets and tasks of the future use the runtime of this module.
///
/// ```
/// use std::time::Duration;
///
/// let sum = venuekit::blocking::wait(async {
///     tokio::time::sleep(Duration::from_millis(1)).await;
///     1 + 1
/// })?;
/// assert_eq!(sum, 2);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// When the thread or its runtime cannot be started. The future is not polled then.
pub fn wait<F: Future>(future: F) -> io::Result<F::Output> {
    let handle = handle()?;
    let _entered = handle.enter();
    Ok(pollster::block_on(future))
}

/// Returns the runtime, and starts its thread if there is none yet.
fn handle() -> io::Result<Handle> {
    static HANDLE: Mutex<Option<Handle>> = Mutex::new(None);
    let mut started = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*started {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    // The thread drives sockets and timers until the program ends.
    let run = move || runtime.block_on(pending::<()>());
    thread::Builder::new().name("venuekit-blocking".to_owned()).spawn(run)?;
    *started = Some(handle.clone());
    Ok(handle)
}
