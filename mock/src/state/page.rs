//! A page of a list of orders.

use std::cmp::Ordering;

use venuekit_json::Tree;

use super::call::value;
use super::response::set;
use crate::profile::{PageStart, Pages};

/// The page that a request asks for.
#[derive(Debug)]
pub(crate) struct Page {
    pages: Pages,
    /// The start that the request gives.
    start: Option<String>,
    limit: usize,
}

impl Page {
    pub(crate) fn new(pages: Pages, values: &[(String, Tree)]) -> Self {
        let text = |name: &str| value(values, name)?.scalar();
        let (PageStart::Offset(name) | PageStart::Page(name) | PageStart::After(name)) = pages.start;
        let limit = text(pages.limit).and_then(|text| text.parse().ok()).or(pages.default_limit);
        Self { pages, start: text(name), limit: limit.unwrap_or(usize::MAX) }
    }

    /// Returns the rows of the page. `id` returns the id of a row's order.
    pub(crate) fn select<T>(&self, rows: Vec<T>, id: impl Fn(&T) -> &str) -> Vec<T> {
        let before = match self.pages.start {
            PageStart::Offset(_) => self.number(0),
            PageStart::Page(_) => self.number(1).saturating_sub(1).saturating_mul(self.limit),
            PageStart::After(_) => 0,
        };
        let after = match self.pages.start {
            PageStart::After(_) => self.start.as_deref(),
            _ => None,
        };
        let is_after = |row: &T| after.is_none_or(|after| order_of_ids(id(row), after) == Ordering::Greater);
        rows.into_iter().filter(is_after).skip(before).take(self.limit).collect()
    }

    /// Writes the numbers of the page into a response.
    pub(crate) fn show(&self, response: &mut Tree, total: usize) {
        if let Some((start, limit)) = self.pages.shown {
            let first = usize::from(matches!(self.pages.start, PageStart::Page(_)));
            set(response.at_mut(start), Tree::number(self.number(first)));
            if self.limit != usize::MAX {
                set(response.at_mut(limit), Tree::number(self.limit));
            }
        }
        if let Some(pointer) = self.pages.total {
            set(response.at_mut(pointer), Tree::number(total));
        }
    }

    fn number(&self, otherwise: usize) -> usize {
        self.start.as_deref().and_then(|start| start.parse().ok()).unwrap_or(otherwise)
    }
}

/// Compares ids: as numbers, or else as texts.
fn order_of_ids(one: &str, other: &str) -> Ordering {
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}
