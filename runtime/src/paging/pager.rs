//! The values with which the pages of a list are asked for, one after the other.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde_json::value::RawValue;

use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::json_find::find;
use crate::operation::operation::Operation;
use crate::operation::pagination::{NextPage, Pagination};
use crate::operation::venue::Venue;
use crate::response::typed::Response;
use crate::wire::json::Json;

/// Asks for the pages of a list, one after the other. It makes no call itself:
/// [`Items`](super::Items) does, and programs that call operations by name can.
#[derive(Debug)]
pub struct Pager {
    venue: &'static Venue,
    operation: &'static Operation,
    pagination: Pagination,
    /// The value of the parameter for the next page; `None` for a first page that needs none.
    value: Option<Json>,
    is_done: bool,
    hasher: RandomState,
    /// The hashes of all items so far.
    seen: HashSet<u64>,
    /// The hash of the last item, if the next page begins with it.
    last: Option<u64>,
    repeated: u64,
}

impl Pager {
    /// Creates the pager of an operation; `None` if the spec does not describe its pages. `first`
    /// is the value with which the first page is asked for, if it has one.
    pub fn new(venue: &'static Venue, operation: &'static Operation, first: Option<Json>) -> Option<Self> {
        Some(Self {
            venue,
            operation,
            pagination: operation.pagination()?,
            value: first,
            is_done: false,
            hasher: RandomState::new(),
            seen: HashSet::new(),
            last: None,
            repeated: 0,
        })
    }

    /// Returns the name of the parameter with which a page is asked for.
    pub fn parameter(&self) -> &'static str {
        self.pagination.parameter()
    }

    /// Returns the value of the parameter for the next page; `None` if the first page is asked for
    /// without it.
    pub fn value(&self) -> Option<&Json> {
        self.value.as_ref()
    }

    /// Checks that the pages can be followed from the first one on.
    ///
    /// # Errors
    ///
    /// When pages are asked for by numbers, and the first value is not a whole number, or is below
    /// that of the first page: no number would follow from it.
    pub fn check_first(&self) -> Result<(), Error> {
        let least = match self.pagination.next() {
            NextPage::Offset => 0,
            NextPage::PageNumber { first, .. } => first,
            NextPage::Cursor { .. } | NextPage::LastItem { .. } => return Ok(()),
        };
        match &self.value {
            Some(value) if !self.number(least).is_ok_and(|number| number >= least) => {
                let parameter = self.pagination.parameter();
                let expected = format!("expected a whole number of at least {least}");
                // A parameter that is sent as text has its value as text.
                let value = serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned());
                let error = Error::request(format!("`{parameter}` is {value} ({expected}, to follow the pages)"));
                Err(error.with_operation(self.venue, self.operation))
            }
            _ => Ok(()),
        }
    }

    /// Returns whether the last page has come.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Returns the number of items that had come before, in an earlier page.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Takes a page, and returns its items. `result` is the value of the response (JSON).
    ///
    /// # Errors
    ///
    /// When the page has no list, when it only repeats earlier items, or when no value for the next
    /// page can be made from it. The list cannot be read on then.
    pub fn accept(&mut self, result: &[u8]) -> Result<Vec<Json>, Error> {
        self.take(result).map_err(|error| error.with_operation(self.venue, self.operation))
    }

    /// Takes a page from its response, and returns its items. An error has the attempts and the
    /// response, as the error of a call has them.
    ///
    /// # Errors
    ///
    /// Those of [`accept`](Self::accept).
    pub fn accept_response(&mut self, response: &Response<Json>) -> Result<Vec<Json>, Error> {
        self.take(response.value().get().as_bytes()).map_err(|error| response.clone().failed(error))
    }

    pub(super) fn take(&mut self, result: &[u8]) -> Result<Vec<Json>, Error> {
        self.is_done = true;
        let pagination = self.pagination;
        let items = self.items(result)?;
        let hash = |item: &&RawValue| self.hasher.hash_one(item.get());
        let mut hashes: Vec<u64> = items.iter().map(hash).collect();
        let mut new = items.as_slice();
        if self.last.is_some() && self.last == hashes.first().copied() {
            hashes.remove(0);
            new = new.get(1..).unwrap_or_default();
        }
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let repeated = hashes.iter().filter(|hash| self.seen.contains(hash)).count();
        if repeated == hashes.len() {
            return Err(unusable(format!(
                "a page has only items of earlier pages, so the venue does not follow `{}`",
                pagination.parameter()
            )));
        }
        self.repeated = self.repeated.saturating_add(u64::try_from(repeated).unwrap_or(u64::MAX));
        self.last =
            hashes.last().copied().filter(|_| matches!(pagination.next(), NextPage::LastItem { repeats: true, .. }));
        self.seen.extend(hashes);
        self.value = self.next_value(result, &items)?;
        self.is_done = self.value.is_none();
        new.iter().map(|item| json(item)).collect()
    }

    /// Returns the elements of the list.
    fn items<'a>(&self, result: &'a [u8]) -> Result<Vec<&'a RawValue>, Error> {
        let pointer = self.pagination.items();
        let found = find(result, pointer).unwrap_or_default();
        let list = found.first().and_then(|list| serde_json::from_str(list.get()).ok());
        list.ok_or_else(|| match pointer {
            "" => unusable("a page is not a list".to_owned()),
            _ => unusable(format!("a page has no list at `{pointer}`")),
        })
    }

    /// Returns the value that asks for the page after this one; `None` if this one is the last.
    fn next_value(&self, result: &[u8], items: &[&RawValue]) -> Result<Option<Json>, Error> {
        let number = |number: u64| Json::encode(&number).map(Some).map_err(|error| unusable(error.to_string()));
        let add = |before: u64, more: usize| {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            before.checked_add(more).ok_or_else(|| unusable("the number of a page is too large".to_owned()))
        };
        match self.pagination.next() {
            NextPage::Offset => number(add(self.number(0)?, items.len())?),
            NextPage::PageNumber { first, pointer } => {
                let found = pointer.and_then(|pointer| find(result, pointer)).unwrap_or_default();
                let stated = found.first().and_then(|number| number.get().parse().ok());
                let this = stated.map_or_else(|| self.number(first), Ok)?;
                number(add(this, 1)?)
            }
            NextPage::Cursor { pointer } => {
                let found = find(result, pointer).unwrap_or_default();
                let cursor = found.first().filter(|cursor| !matches!(cursor.get(), "null" | "\"\""));
                cursor.map(|cursor| json(cursor)).transpose()
            }
            NextPage::LastItem { pointer, .. } => {
                let Some(last) = items.last() else { return Ok(None) };
                let found = find(last.get().as_bytes(), pointer).unwrap_or_default();
                let value = found.first().filter(|value| value.get() != "null");
                let value = value.ok_or_else(|| unusable(format!("an item has no value at `{pointer}`")))?;
                json(value).map(Some)
            }
        }
    }

    /// Returns the number with which this page was asked for.
    fn number(&self, usual: u64) -> Result<u64, Error> {
        let Some(value) = &self.value else { return Ok(usual) };
        let text: String = serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned());
        text.parse().map_err(|_| {
            let parameter = self.pagination.parameter();
            unusable(format!("`{parameter}` is {value} (expected a whole number, from which the next page follows)"))
        })
    }
}

fn json(value: &RawValue) -> Result<Json, Error> {
    Json::parse(value.get()).map_err(|error| unusable(error.to_string()))
}

fn unusable(message: String) -> Error {
    Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
}
