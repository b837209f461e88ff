//! The items of all pages of a list.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde_with::DeserializeAs;

use super::pager::Pager;
use crate::codegen::request_builder::RequestBuilder;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::response::decode::{DecodeError, decode_as};
use crate::response::typed::Response;

/// The items of all pages of a list, as a stream.
///
/// A page is asked for when the items before it were taken. After an error the stream has ended.
/// [`repeated`](Self::repeated) counts the items that came in an earlier page already: the list has
/// moved while it was read.
#[must_use = "a stream asks for no page before it is polled"]
pub struct Items<T> {
    request: RequestBuilder,
    /// The pager and the position of its parameter; `None` at the end.
    pager: Option<(Pager, usize)>,
    /// The error of a list that cannot be read in pages.
    fault: Option<Error>,
    asking: Option<BoxFuture<'static, Result<Response<Bytes>, Error>>>,
    ready: VecDeque<T>,
    read: fn(&[u8]) -> Result<T, DecodeError>,
    repeated: u64,
}

impl<T> Items<T> {
    /// Creates the stream of a request. The items are decoded with the adaptor `A`.
    pub(crate) fn new<A: for<'de> DeserializeAs<'de, T>>(request: RequestBuilder) -> Self {
        let operation = request.operation();
        let found = operation.pagination().and_then(|pagination| {
            let named = |name: &str| operation.parameters().iter().position(|parameter| parameter.name() == name);
            let position = named(pagination.parameter())?;
            Some((Pager::new(request.venue(), operation, request.value(position))?, position))
        });
        let no_pages = || Error::request("the spec does not describe the pages of this operation");
        let fault = match &found {
            Some((pager, _)) => pager.check_first().err(),
            None => Some(no_pages()),
        };
        Self {
            request,
            pager: found.filter(|_| fault.is_none()),
            fault,
            asking: None,
            ready: VecDeque::new(),
            read: decode_as::<T, A>,
            repeated: 0,
        }
    }

    /// Waits for the next item; `None` at the end of the list, and after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Returns the number of items so far that had come in an earlier page already.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(fault) = self.fault.take() {
                return Poll::Ready(Some(Err(fault)));
            }
            let Some((pager, position)) = &self.pager else { return Poll::Ready(None) };
            if pager.is_done() {
                self.pager = None;
                continue;
            }
            let asking = self.asking.get_or_insert_with(|| {
                let request = self.request.clone();
                let request = match pager.value() {
                    Some(value) => request.set(*position, value),
                    None => request,
                };
                Box::pin(request.send_result().with_response())
            });
            let page = ready!(asking.as_mut().poll(context));
            self.asking = None;
            if let Err(error) = page.and_then(|page| self.take(page)) {
                (self.pager, self.fault) = (None, Some(error));
            }
        }
    }

    /// Takes the items of a page.
    fn take(&mut self, page: Response<Bytes>) -> Result<(), Error> {
        let Some((pager, _)) = &mut self.pager else { return Ok(()) };
        let items = match pager.take(page.value()) {
            Ok(items) => items,
            Err(error) => return Err(page.failed(error)),
        };
        self.repeated = pager.repeated();
        for (index, item) in items.iter().enumerate() {
            match (self.read)(item.get().as_bytes()) {
                Ok(item) => self.ready.push_back(item),
                Err(DecodeError { path, source }) => {
                    let path = format!("[{index}]{}{path}", if path.starts_with('.') { "" } else { "." });
                    let error = Error::new(ErrorKind::Decode, Outcome::Unknown).with_source(source);
                    return Err(page.failed(error.with_json_path(path)));
                }
            }
        }
        Ok(())
    }
}

impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pager", &self.pager)
            .field("ready", &self.ready.len())
            .field("repeated", &self.repeated)
            .finish_non_exhaustive()
    }
}
