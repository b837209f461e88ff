//! The state of a lenient reading: the way in which lists are read, and the elements that were
//! dropped.
//!
//! serde has no place for a state that the types of all fields can see. So the state belongs to the
//! thread while a value is read. Reading never waits, so the thread reads no other value in
//! between.

use std::cell::Cell;

use super::json::Json;

/// The way in which lists and maps are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A bad element is an error of the whole value.
    Strict,
    /// A bad element is dropped from its list, and recorded.
    Recorded,
}

/// An element that was dropped from its list.
#[derive(Debug)]
pub(crate) struct Dropped {
    /// The address of the first byte of the element, from which its position in the text follows.
    pub(crate) address: usize,
    /// The element.
    pub(crate) json: Json,
    /// The path to the error within the element; `.` for the element itself.
    pub(crate) path: String,
    /// The message of the error.
    pub(crate) message: String,
}

/// The maximum number of lists inside each other. Each list is read by its own reader, so the depth
/// limit of a reader does not apply to all of them together.
const MOST_LEVELS: u8 = 64;

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Strict) };
    static LEVEL: Cell<u8> = const { Cell::new(0) };
    static DROPPED: Cell<Vec<Dropped>> = const { Cell::new(Vec::new()) };
}

/// Returns the way in which lists are read now.
#[inline]
pub(crate) fn mode() -> Mode {
    MODE.get()
}

/// Sets the way in which lists are read until this value is dropped, also by a panic.
pub(crate) struct Scope {
    mode: Mode,
    level: u8,
    dropped: Vec<Dropped>,
}

impl Scope {
    /// Starts to drop and to record bad elements.
    pub(crate) fn record() -> Self {
        Self { mode: MODE.replace(Mode::Recorded), level: LEVEL.replace(0), dropped: DROPPED.take() }
    }

    /// Returns the elements that were recorded, and ends the scope.
    pub(crate) fn end(self) -> Vec<Dropped> {
        DROPPED.take()
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        MODE.set(self.mode);
        LEVEL.set(self.level);
        DROPPED.set(std::mem::take(&mut self.dropped));
    }
}

/// A list whose elements are being read. Dropping the value leaves the list.
pub(crate) struct Level(u8);

impl Level {
    /// Enters a list. Returns `None` if too many lists are inside each other.
    pub(crate) fn enter() -> Option<Self> {
        let level = LEVEL.get();
        (level < MOST_LEVELS).then(|| {
            LEVEL.set(level + 1);
            Self(level)
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        LEVEL.set(self.0);
    }
}

/// Returns the number of elements that were recorded so far.
pub(crate) fn recorded() -> usize {
    let dropped = DROPPED.take();
    let count = dropped.len();
    DROPPED.set(dropped);
    count
}

/// Changes the addresses of the recorded elements, which were read from a copy of the bytes.
pub(crate) fn rebase(copy: &str, bytes: &[u8]) {
    let (from, to) = (copy.as_ptr().addr(), bytes.as_ptr().addr());
    if from != to && mode() == Mode::Recorded {
        let mut dropped = DROPPED.take();
        for element in &mut dropped {
            element.address = element.address.wrapping_sub(from).wrapping_add(to);
        }
        DROPPED.set(dropped);
    }
}

/// Records an element. Removes the elements that were recorded after the first `before`, because
/// they are parts of it.
pub(crate) fn record(before: usize, element: Dropped) {
    let mut dropped = DROPPED.take();
    dropped.truncate(before);
    dropped.push(element);
    DROPPED.set(dropped);
}
