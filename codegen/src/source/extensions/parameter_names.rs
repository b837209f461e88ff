//! The names of an operation's parameters.

use std::collections::HashMap;
use std::rc::Rc;

/// The names of an operation's parameters.
pub(crate) struct ParameterNames<'a> {
    pub(super) names: Rc<Vec<&'a str>>,
    /// The index of the first parameter of each name.
    pub(super) index: HashMap<&'a str, usize>,
}

impl<'a> ParameterNames<'a> {
    pub(crate) fn new(names: Vec<&'a str>) -> Self {
        let index = names.iter().enumerate().rev().map(|(at, name)| (*name, at)).collect();
        Self { names: Rc::new(names), index }
    }

    /// Returns the names, in the order of the parameters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }

    /// Returns the index of the first parameter of this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Returns whether any parameter has this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }
}
