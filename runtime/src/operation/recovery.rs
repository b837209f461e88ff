//! The query that shows what a subscription missed, as the spec describes it.

use super::operation::Operation;

/// The query that shows what a subscription missed while there was no connection.
///
/// Its elements are compared with what was delivered before. The others become notifications by a
/// template, in which these words stand for JSON: `$topic`, `$element`, `$key` (the key of a member
/// of an object), and `$elements` (all elements, separated by commas, in one notification).
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "ws"), expect(dead_code, reason = "only connections read all fields"))]
pub struct Recovery {
    pub(crate) operation: &'static Operation,
    pub(crate) template: &'static str,
    pub(crate) topic: Option<usize>,
    pub(crate) topic_list: bool,
    pub(crate) values: [Option<(usize, &'static str)>; 4],
    pub(crate) own: [Option<(usize, usize)>; 4],
    pub(crate) last_id: Option<usize>,
    pub(crate) times: Option<Times>,
    pub(crate) pages: Option<Pages>,
    pub(crate) full_at: Option<usize>,
    pub(crate) elements_at: &'static str,
    pub(crate) id_at: Option<&'static str>,
}

/// The ids of elements are times, and the position of the end of the time that is asked for.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "ws"), expect(dead_code, reason = "only connections read all fields"))]
pub(crate) struct Times {
    pub(crate) now: usize,
    pub(crate) per_second: u32,
}

/// The positions of the offset and of the limit in a query by pages, and the size of a page.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "ws"), expect(dead_code, reason = "only connections read all fields"))]
pub(crate) struct Pages {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    pub(crate) size: usize,
}

impl Recovery {
    /// Describes a query without parameters by its operation, whose parameters go by position, and
    /// the template of the notifications. Its result is a list of the elements.
    pub const fn new(operation: &'static Operation, template: &'static str) -> Self {
        Self {
            operation,
            template,
            topic: None,
            topic_list: false,
            values: [None; 4],
            own: [None; 4],
            last_id: None,
            times: None,
            pages: None,
            full_at: None,
            elements_at: "",
            id_at: None,
        }
    }

    /// Sets the position of the topic. The query is sent once per topic.
    #[must_use]
    pub const fn with_topic(mut self, position: usize) -> Self {
        self.topic = Some(position);
        self
    }

    /// States that all topics are the parameters of one query.
    #[must_use]
    pub const fn with_topic_list(mut self) -> Self {
        self.topic_list = true;
        self
    }

    /// Sets the JSON of the parameter at a position. There are up to four such parameters; a fifth
    /// is ignored.
    #[must_use]
    pub const fn with_value(mut self, position: usize, json: &'static str) -> Self {
        let value = Some((position, json));
        match &mut self.values {
            [slot @ None, ..] | [_, slot @ None, ..] | [_, _, slot @ None, _] | [_, _, _, slot @ None] => *slot = value,
            _ => {}
        }
        self
    }

    /// Sets the position of the highest id that was delivered so far, which is 0 at first.
    #[must_use]
    pub const fn with_last_id(mut self, position: usize) -> Self {
        self.last_id = Some(position);
        self
    }

    /// Sets the position of a parameter that has the value of a parameter of the subscription, and
    /// the position there. There are up to four such parameters; a fifth is ignored.
    #[must_use]
    pub const fn with_own(mut self, position: usize, of_subscription: usize) -> Self {
        let own = Some((position, of_subscription));
        match &mut self.own {
            [slot @ None, ..] | [_, slot @ None, ..] | [_, _, slot @ None, _] | [_, _, _, slot @ None] => *slot = own,
            _ => {}
        }
        self
    }

    /// States that ids are times since 1970, with this number of units per second, and sets the
    /// position of the end of the time that is asked for: now. Before the first element, the last
    /// id is the time of the interruption.
    #[must_use]
    pub const fn with_times(mut self, now: usize, per_second: u32) -> Self {
        self.times = Some(Times { now, per_second });
        self
    }

    /// Sets the positions of the offset and of the limit, and the size of a page. Pages are asked
    /// for until one is not full.
    #[must_use]
    pub const fn with_pages(mut self, offset: usize, limit: usize, size: usize) -> Self {
        self.pages = Some(Pages { offset, limit, size });
        self
    }

    /// Sets the number of elements from which on an answer may have left some out.
    #[must_use]
    pub const fn with_full_at(mut self, elements: usize) -> Self {
        self.full_at = Some(elements);
        self
    }

    /// Sets the JSON pointer to the elements in the result: a list, or an object whose members are
    /// the elements.
    #[must_use]
    pub const fn with_elements_at(mut self, pointer: &'static str) -> Self {
        self.elements_at = pointer;
        self
    }

    /// Sets the JSON pointer from an element to its id. By default it is that of the notifications.
    #[must_use]
    pub const fn with_id_at(mut self, pointer: &'static str) -> Self {
        self.id_at = Some(pointer);
        self
    }

    /// Returns the operation of the query.
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }
}
