//! The bounds of values, as the spec states them.

/// The bounds that the spec states for a value, and the value that applies if it is left out.
///
/// Numbers are exact, as their text. A bound restricts only values of its own JSON kind: a maximum
/// restricts numbers, a maximum length restricts text.
///
/// The client checks them only if [`check_bounds`](crate::ClientBuilder::check_bounds) is on. It
/// never checks patterns and defaults.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub(crate) minimum: Option<&'static str>,
    pub(crate) exclusive_minimum: Option<&'static str>,
    pub(crate) maximum: Option<&'static str>,
    pub(crate) exclusive_maximum: Option<&'static str>,
    pub(crate) multiple_of: Option<&'static str>,
    pub(crate) min_length: Option<u32>,
    pub(crate) max_length: Option<u32>,
    pub(crate) max_bytes: Option<u32>,
    pub(crate) min_items: Option<u32>,
    pub(crate) max_items: Option<u32>,
    pub(crate) pattern: Option<&'static str>,
    pub(crate) default: Option<&'static str>,
    pub(crate) elements: Option<&'static Self>,
    pub(crate) values: Option<&'static Self>,
    pub(crate) columns: &'static [(usize, &'static Self)],
    pub(crate) members: &'static [(&'static str, &'static Self)],
}

impl Default for Bounds {
    fn default() -> Self {
        Self::new()
    }
}

impl Bounds {
    /// Describes a value that has no bounds.
    pub const fn new() -> Self {
        Self {
            minimum: None,
            exclusive_minimum: None,
            maximum: None,
            exclusive_maximum: None,
            multiple_of: None,
            min_length: None,
            max_length: None,
            max_bytes: None,
            min_items: None,
            max_items: None,
            pattern: None,
            default: None,
            elements: None,
            values: None,
            columns: &[],
            members: &[],
        }
    }

    /// Sets the smallest allowed number (JSON).
    pub const fn with_minimum(mut self, number: &'static str) -> Self {
        self.minimum = Some(number);
        self
    }

    /// Sets the number (JSON) that the value has to be above.
    pub const fn with_exclusive_minimum(mut self, number: &'static str) -> Self {
        self.exclusive_minimum = Some(number);
        self
    }

    /// Sets the largest allowed number (JSON).
    pub const fn with_maximum(mut self, number: &'static str) -> Self {
        self.maximum = Some(number);
        self
    }

    /// Sets the number (JSON) that the value has to be below.
    pub const fn with_exclusive_maximum(mut self, number: &'static str) -> Self {
        self.exclusive_maximum = Some(number);
        self
    }

    /// Sets the number (JSON) that the value has to be a multiple of.
    pub const fn with_multiple_of(mut self, number: &'static str) -> Self {
        self.multiple_of = Some(number);
        self
    }

    /// Sets the smallest number of characters of a text.
    pub const fn with_min_length(mut self, characters: u32) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// Sets the largest number of characters of a text.
    pub const fn with_max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Sets the largest number of bytes of a text, in UTF-8.
    pub const fn with_max_bytes(mut self, bytes: u32) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Sets the smallest number of elements of a list.
    pub const fn with_min_items(mut self, elements: u32) -> Self {
        self.min_items = Some(elements);
        self
    }

    /// Sets the largest number of elements of a list.
    pub const fn with_max_items(mut self, elements: u32) -> Self {
        self.max_items = Some(elements);
        self
    }

    /// Sets the regular expression (ECMA-262) that a text matches. It is never checked.
    pub const fn with_pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// Sets the value (JSON) that applies if the value is left out.
    pub const fn with_default(mut self, json: &'static str) -> Self {
        self.default = Some(json);
        self
    }

    /// Sets the bounds of the elements of a list.
    pub const fn with_elements(mut self, elements: &'static Self) -> Self {
        self.elements = Some(elements);
        self
    }

    /// Sets the bounds of the values of a map.
    pub const fn with_values(mut self, values: &'static Self) -> Self {
        self.values = Some(values);
        self
    }

    /// Sets the bounds of the columns of a row, by position.
    pub const fn with_columns(mut self, columns: &'static [(usize, &'static Self)]) -> Self {
        self.columns = columns;
        self
    }

    /// Sets the bounds of the properties of an object, by their names on the wire.
    pub const fn with_members(mut self, members: &'static [(&'static str, &'static Self)]) -> Self {
        self.members = members;
        self
    }

    /// Returns the smallest allowed number (JSON).
    pub const fn minimum(&self) -> Option<&'static str> {
        self.minimum
    }

    /// Returns the number (JSON) that the value has to be above.
    pub const fn exclusive_minimum(&self) -> Option<&'static str> {
        self.exclusive_minimum
    }

    /// Returns the largest allowed number (JSON).
    pub const fn maximum(&self) -> Option<&'static str> {
        self.maximum
    }

    /// Returns the number (JSON) that the value has to be below.
    pub const fn exclusive_maximum(&self) -> Option<&'static str> {
        self.exclusive_maximum
    }

    /// Returns the number (JSON) that the value has to be a multiple of.
    pub const fn multiple_of(&self) -> Option<&'static str> {
        self.multiple_of
    }

    /// Returns the smallest number of characters of a text.
    pub const fn min_length(&self) -> Option<u32> {
        self.min_length
    }

    /// Returns the largest number of characters of a text.
    pub const fn max_length(&self) -> Option<u32> {
        self.max_length
    }

    /// Returns the largest number of bytes of a text, in UTF-8.
    pub const fn max_bytes(&self) -> Option<u32> {
        self.max_bytes
    }

    /// Returns the smallest number of elements of a list.
    pub const fn min_items(&self) -> Option<u32> {
        self.min_items
    }

    /// Returns the largest number of elements of a list.
    pub const fn max_items(&self) -> Option<u32> {
        self.max_items
    }

    /// Returns the regular expression (ECMA-262) that a text matches. It is never checked.
    pub const fn pattern(&self) -> Option<&'static str> {
        self.pattern
    }

    /// Returns the value (JSON) that applies if the value is left out.
    pub const fn default_value(&self) -> Option<&'static str> {
        self.default
    }

    /// Returns the bounds of the elements of a list.
    pub const fn elements(&self) -> Option<&'static Self> {
        self.elements
    }

    /// Returns the bounds of the values of a map.
    pub const fn values(&self) -> Option<&'static Self> {
        self.values
    }

    /// Returns the bounds of the columns of a row, by position.
    pub const fn columns(&self) -> &'static [(usize, &'static Self)] {
        self.columns
    }

    /// Returns the bounds of the properties of an object, by their names on the wire.
    pub const fn members(&self) -> &'static [(&'static str, &'static Self)] {
        self.members
    }

    /// Returns the bounds of the value itself as phrases, such as "at most 1000". The result lacks
    /// the pattern, the default, and the bounds of elements, values, columns and members.
    pub fn phrases(&self) -> Vec<String> {
        self.each().map(|bound| bound.to_string()).collect()
    }

    /// Returns the bounds of the value itself that can be checked.
    pub(crate) fn each(&self) -> impl Iterator<Item = Bound> + use<> {
        let all = [
            self.minimum.map(Bound::AtLeast),
            self.exclusive_minimum.map(Bound::MoreThan),
            self.maximum.map(Bound::AtMost),
            self.exclusive_maximum.map(Bound::LessThan),
            self.multiple_of.map(Bound::MultipleOf),
            self.min_length.map(Bound::MinLength),
            self.max_length.map(Bound::MaxLength),
            self.max_bytes.map(Bound::MaxBytes),
            self.min_items.map(Bound::MinItems),
            self.max_items.map(Bound::MaxItems),
        ];
        all.into_iter().flatten()
    }
}

/// One bound of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    AtLeast(&'static str),
    MoreThan(&'static str),
    AtMost(&'static str),
    LessThan(&'static str),
    MultipleOf(&'static str),
    MinLength(u32),
    MaxLength(u32),
    MaxBytes(u32),
    MinItems(u32),
    MaxItems(u32),
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |count: u32| if count == 1 { "" } else { "s" };
        match *self {
            Self::AtLeast(number) => write!(f, "at least {number}"),
            Self::MoreThan(number) => write!(f, "more than {number}"),
            Self::AtMost(number) => write!(f, "at most {number}"),
            Self::LessThan(number) => write!(f, "less than {number}"),
            Self::MultipleOf(number) => write!(f, "a multiple of {number}"),
            Self::MinLength(count) => write!(f, "at least {count} character{}", plural(count)),
            Self::MaxLength(count) => write!(f, "at most {count} character{}", plural(count)),
            Self::MaxBytes(count) => write!(f, "at most {count} byte{}", plural(count)),
            Self::MinItems(count) => write!(f, "at least {count} element{}", plural(count)),
            Self::MaxItems(count) => write!(f, "at most {count} element{}", plural(count)),
        }
    }
}
