//! Checks the values of a request against the bounds that the spec states.

use std::cmp::Ordering;
use std::fmt;

use venuekit_json::{Tree, pointer};

use super::digits;
use super::text::Text;
use super::values::{RequestValues, Value};
use crate::error::Error;
use crate::operation::bounds::{Bound, Bounds};
use crate::printable::Line;

/// The maximum number of bytes of the violations in a message. The text of an error shows the first
/// 280 bytes of a message, and the help has to be among them.
const SHOWN_BYTES: usize = 200;
/// The maximum number of bytes of a name or a pointer in a message.
const PLACE_BYTES: usize = 40;
const VALUE_BYTES: usize = 24;

/// Refuses a request with a value outside its bounds. A cancel is never refused.
///
/// # Errors
/// When a value is outside its bounds. The error names such values as far as there is room, and
/// counts the others.
pub(super) fn check(values: &RequestValues) -> Result<(), Error> {
    let operation = values.operation();
    if operation.cancels {
        return Ok(());
    }
    let mut violations = Violations::default();
    for (parameter, value) in values.all() {
        if let (Some(bounds), Some(value)) = (parameter.bounds, value) {
            violations.parameter(parameter.name, bounds, value);
        }
    }
    if let (Some(bounds), Some(body)) = (operation.body_bounds, values.body())
        && let Some(tree) = std::str::from_utf8(body).ok().and_then(|json| Tree::parse(json).ok())
    {
        let place = Place { name: None, pointer: String::new() };
        violations.tree(&place, bounds, &tree);
    }
    violations.into_result()
}

/// The place of a value: a parameter or the body, and a JSON pointer into it.
struct Place {
    /// The name of the parameter; `None` for the body.
    name: Option<&'static str>,
    pointer: String,
}

impl Place {
    fn below(&self, segment: &str) -> Self {
        Self { name: self.name, pointer: pointer::join(&self.pointer, segment) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name, self.pointer.as_str()) {
            (Some(name), "") => write!(f, "`{}`", Line(name, PLACE_BYTES)),
            (Some(name), pointer) => write!(f, "`{}` in `{}`", Line(pointer, PLACE_BYTES), Line(name, PLACE_BYTES)),
            (None, "") => f.write_str("the body"),
            (None, pointer) => write!(f, "`{}` in the body", Line(pointer, PLACE_BYTES)),
        }
    }
}

/// The values outside their bounds, each with the first bound that excludes it.
#[derive(Default)]
struct Violations {
    /// The violations that the message shows.
    shown: String,
    /// The number of the other violations.
    others: usize,
}

impl Violations {
    fn parameter(&mut self, name: &'static str, bounds: &'static Bounds, value: &Value) {
        let place = Place { name: Some(name), pointer: String::new() };
        match value {
            // The client wrote this JSON itself, so it can be parsed.
            Value::Json(json) => {
                if let Ok(tree) = Tree::parse(json) {
                    self.tree(&place, bounds, &tree);
                }
            }
            Value::Files(files) => self.list(&place, bounds, files.len()),
            Value::Text(text) => self.texts(&place, bounds, text),
        }
    }

    fn texts(&mut self, place: &Place, bounds: &'static Bounds, text: &Text) {
        match text {
            Text::Null => {}
            Text::Scalar(text) => self.scalar(place, bounds, text),
            Text::List(elements) => {
                self.list(place, bounds, elements.len());
                for (index, element) in elements.iter().enumerate() {
                    if let Some(bounds) = bounds.elements {
                        self.texts(&place.below(&index.to_string()), bounds, element);
                    }
                }
            }
            Text::Object(members) => {
                for (name, member) in members {
                    if let Some(inner) = bounds.member(name) {
                        self.texts(&place.below(name), inner, member);
                    }
                }
            }
        }
    }

    /// Checks a scalar of a path, a query or a header, where a number and a text look alike. A text
    /// that is a JSON number is checked as a number if the bounds restrict numbers.
    fn scalar(&mut self, place: &Place, bounds: &Bounds, text: &str) {
        let restricts_numbers = bounds.each().any(|bound| bound.is_of_numbers());
        if restricts_numbers && venuekit_json::is_number(text) {
            self.number(place, bounds, text);
        } else {
            self.text(place, bounds, text);
        }
    }

    fn tree(&mut self, place: &Place, bounds: &'static Bounds, tree: &Tree) {
        match tree {
            Tree::Null | Tree::Bool(_) => {}
            Tree::Number(number) => self.number(place, bounds, number),
            Tree::Text(text) => self.text(place, bounds, text),
            Tree::Array(elements) => {
                self.list(place, bounds, elements.len());
                for (index, element) in elements.iter().enumerate() {
                    let column = bounds.columns.iter().find(|(column, _)| *column == index);
                    if let Some(inner) = column.map(|(_, bounds)| *bounds).or(bounds.elements) {
                        self.tree(&place.below(&index.to_string()), inner, element);
                    }
                }
            }
            Tree::Object(members) => {
                for (name, member) in members {
                    if let Some(inner) = bounds.member(name) {
                        self.tree(&place.below(name), inner, member);
                    }
                }
            }
        }
    }

    fn number(&mut self, place: &Place, bounds: &Bounds, number: &str) {
        if let Some(bound) = bounds.each().find(|bound| bound.excludes_number(number)) {
            self.add(place, bound, &Line(number, VALUE_BYTES));
        }
    }

    fn text(&mut self, place: &Place, bounds: &Bounds, text: &str) {
        if let Some(bound) = bounds.each().find(|bound| bound.excludes_text(text)) {
            let length = match bound {
                Bound::MaxBytes(_) => Counted(text.len(), "byte"),
                _ => Counted(text.chars().count(), "character"),
            };
            self.add(place, bound, &format_args!("{:?} with {length}", Line(text, VALUE_BYTES)));
        }
    }

    fn list(&mut self, place: &Place, bounds: &Bounds, count: usize) {
        if let Some(bound) = bounds.each().find(|bound| bound.excludes_list(count)) {
            self.add(place, bound, &format_args!("a list of {}", Counted(count, "element")));
        }
    }

    fn add(&mut self, place: &Place, bound: Bound, value: &dyn fmt::Display) {
        let text = format!("{place} is {value} (expected {bound})");
        if self.shown.is_empty() {
            self.shown = text;
        } else if self.others == 0 && self.shown.len() + text.len() + 2 <= SHOWN_BYTES {
            self.shown.push_str("; ");
            self.shown.push_str(&text);
        } else {
            self.others += 1;
        }
    }

    fn into_result(self) -> Result<(), Error> {
        if self.shown.is_empty() {
            return Ok(());
        }
        let mut message = self.shown;
        if self.others > 0 {
            message.push_str(&format!("; and {} more", self.others));
        }
        message.push_str("; help: change it, or turn `check_bounds` off");
        Err(Error::request(message))
    }
}

/// A number of things, with the noun for one of them.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, noun) = self;
        write!(f, "{count} {noun}{}", if *count == 1 { "" } else { "s" })
    }
}

impl Bounds {
    /// Returns the bounds of a member of an object; `None` if the spec states none.
    fn member(&self, name: &str) -> Option<&'static Self> {
        let known = self.members.iter().find(|(known, _)| *known == name);
        known.map(|(_, bounds)| *bounds).or(self.values)
    }
}

impl Bound {
    fn is_of_numbers(self) -> bool {
        matches!(self, Self::AtLeast(_) | Self::MoreThan(_) | Self::AtMost(_) | Self::LessThan(_) | Self::MultipleOf(_))
    }

    /// Returns whether the bound excludes a number. A number that cannot be compared is not
    /// excluded, and the venue decides.
    fn excludes_number(self, number: &str) -> bool {
        let is = |limit: &str, outside: fn(Ordering) -> bool| digits::compare(number, limit).is_some_and(outside);
        match self {
            Self::AtLeast(limit) => is(limit, Ordering::is_lt),
            Self::MoreThan(limit) => is(limit, Ordering::is_le),
            Self::AtMost(limit) => is(limit, Ordering::is_gt),
            Self::LessThan(limit) => is(limit, Ordering::is_ge),
            Self::MultipleOf(step) => digits::is_multiple(number, step) == Some(false),
            _ => false,
        }
    }

    fn excludes_text(self, text: &str) -> bool {
        let characters = || text.chars().count();
        match self {
            Self::MinLength(least) => is_less(characters(), least),
            Self::MaxLength(most) => is_more(characters(), most),
            Self::MaxBytes(most) => is_more(text.len(), most),
            _ => false,
        }
    }

    fn excludes_list(self, count: usize) -> bool {
        match self {
            Self::MinItems(least) => is_less(count, least),
            Self::MaxItems(most) => is_more(count, most),
            _ => false,
        }
    }
}

fn is_less(count: usize, least: u32) -> bool {
    u32::try_from(count).is_ok_and(|count| count < least)
}

fn is_more(count: usize, most: u32) -> bool {
    u32::try_from(count).map_or(true, |count| count > most)
}
