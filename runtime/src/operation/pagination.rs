//! The pages of an operation that returns a long list.

/// The pages in which an operation returns a long list, as the spec describes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pagination {
    items: &'static str,
    parameter: &'static str,
    next: NextPage,
}

/// The value with which the next page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPage {
    /// The number of items before it.
    Offset,
    /// The number of the page.
    #[non_exhaustive]
    PageNumber {
        /// The number of the first page.
        first: u64,
        /// The JSON pointer of the number of the page in its response, if it states it.
        pointer: Option<&'static str>,
    },
    /// A value of the response.
    #[non_exhaustive]
    Cursor {
        /// The JSON pointer of the value in the response. The last page has no value there, or null
        /// or an empty text.
        pointer: &'static str,
    },
    /// A value of the last item of the page.
    #[non_exhaustive]
    LastItem {
        /// The JSON pointer of the value in the item.
        pointer: &'static str,
        /// True if the next page begins with that item once more.
        repeats: bool,
    },
}

impl Pagination {
    const fn new(items: &'static str, parameter: &'static str, next: NextPage) -> Self {
        Self { items, parameter, next }
    }

    /// Describes pages that are asked for by the number of items before them. `items` is the JSON
    /// pointer of the list in the response, and `parameter` the name of the parameter on the wire.
    pub const fn by_offset(items: &'static str, parameter: &'static str) -> Self {
        Self::new(items, parameter, NextPage::Offset)
    }

    /// Describes pages that are asked for by their number. `first` is the number of the first page.
    pub const fn by_number(items: &'static str, parameter: &'static str, first: u64) -> Self {
        Self::new(items, parameter, NextPage::PageNumber { first, pointer: None })
    }

    /// Describes pages that are asked for by a value of the page before, at this JSON pointer in
    /// its response.
    pub const fn by_cursor(items: &'static str, parameter: &'static str, pointer: &'static str) -> Self {
        Self::new(items, parameter, NextPage::Cursor { pointer })
    }

    /// Describes pages that are asked for by a value of the last item of the page before, at this
    /// JSON pointer in the item.
    pub const fn by_last_item(items: &'static str, parameter: &'static str, pointer: &'static str) -> Self {
        Self::new(items, parameter, NextPage::LastItem { pointer, repeats: false })
    }

    /// States that a response has the number of its page, at this JSON pointer. It has an effect
    /// only on pages by their number.
    #[must_use]
    pub const fn with_number_at(mut self, pointer: &'static str) -> Self {
        if let NextPage::PageNumber { first, .. } = self.next {
            self.next = NextPage::PageNumber { first, pointer: Some(pointer) };
        }
        self
    }

    /// States that the next page begins with the last item of the page before. It has an effect
    /// only on pages by the last item.
    #[must_use]
    pub const fn with_repeated_item(mut self) -> Self {
        if let NextPage::LastItem { pointer, .. } = self.next {
            self.next = NextPage::LastItem { pointer, repeats: true };
        }
        self
    }

    /// Returns the JSON pointer of the list in the response; empty if the response is the list.
    pub const fn items(&self) -> &'static str {
        self.items
    }

    /// Returns the name of the parameter with which a page is asked for.
    pub const fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// Returns the value with which the next page is asked for.
    pub const fn next(&self) -> NextPage {
        self.next
    }
}
