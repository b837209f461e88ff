//! The values with which the pages of a list are asked for.

use venuekit::operation::{NextPage, Operation, Pagination};

/// Returns whether a parameter of this name has the number of items of a page.
pub(crate) fn is_size(name: &str) -> bool {
    let name = name.to_lowercase().replace(['_', '-'], "");
    matches!(name.as_str(), "limit" | "size" | "count" | "pagesize" | "pagelimit" | "perpage")
}

/// Returns the least number with which a page can be asked for; `None` if pages have no numbers.
pub(crate) fn first(pages: Pagination) -> Option<u64> {
    match pages.next() {
        NextPage::Offset => Some(0),
        NextPage::PageNumber { first, .. } => Some(first),
        _ => None,
    }
}

/// Returns whether an operation can be called with values that only choose a page.
pub(crate) fn needs_pages_only(operation: &Operation) -> bool {
    let is_of_page = |name: &str| {
        operation.pagination().is_some_and(|pages| pages.parameter() == name && first(pages).is_some() || is_size(name))
    };
    let parameters = operation.parameters().iter();
    parameters.filter(|parameter| parameter.is_required()).all(|parameter| is_of_page(parameter.name()))
}
