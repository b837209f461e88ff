//! Types that state whether a call can change something at the venue.

/// Marks, in the type of a call, that the call changes nothing at the venue.
#[derive(Clone, Copy, Debug)]
pub enum Reads {}

/// Marks, in the type of a call, that the call can change something at the venue: it places,
/// changes or cancels orders, or it moves funds.
#[derive(Clone, Copy, Debug)]
pub enum Changes {}

/// A bound of methods that exist only for calls that change nothing at the venue.
#[diagnostic::on_unimplemented(
    message = "this call can change something at the venue, so its response is read whole or not at all",
    label = "only a call that changes nothing can drop a part of its response",
    note = "await the call itself; `with_response()` also returns the elements of a batch that failed"
)]
pub trait ReadsOnly: sealed::Sealed {}

impl ReadsOnly for Reads {}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Reads {}
}
