//! Bounds of values.

use std::cmp::Ordering;

use super::view::View;
use venuekit_codegen::spec::{Kind, Node};

/// A bound that changed.
pub(super) struct BoundChange {
    /// The key that says it.
    pub(super) key: &'static str,
    pub(super) was: Option<String>,
    pub(super) is: Option<String>,
    pub(super) turn: Turn,
}

/// Which way a bound went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Set,
    Unset,
    Tightened,
    Loosened,
    Changed,
}

/// A bound: the number, whether it is itself excluded, and how it was written.
struct Bound {
    number: Number,
    exclusive: bool,
    text: String,
}

/// A number: exact, as a whole number of some power of ten, or beyond that as near as can be.
#[derive(Clone, Copy)]
enum Number {
    Exact { digits: i128, places: u32 },
    Near(f64),
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let exact = format!("{whole}{fraction}").parse().ok().zip(u32::try_from(fraction.len()).ok());
        match exact {
            Some((digits, places)) => Some(Self::Exact { digits, places }),
            None => text.parse().map(Self::Near).ok(),
        }
    }

    fn near(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "only for numbers that are not exact themselves")]
            Self::Exact { digits, places } => digits as f64 / 10f64.powf(f64::from(places)),
            Self::Near(number) => number,
        }
    }

    /// Both as whole numbers of the same power of ten.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let (Self::Exact { digits: a, places }, Self::Exact { digits: b, places: other }) = (self, other) else {
            return None;
        };
        let raise = |digits: i128, by: u32| digits.checked_mul(10i128.checked_pow(by)?);
        Some((raise(a, other.saturating_sub(places))?, raise(b, places.saturating_sub(other))?))
    }

    fn compare(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((a, b)) => a.cmp(&b),
            None => self.near().total_cmp(&other.near()),
        }
    }

    fn is_multiple_of(self, other: Self) -> bool {
        match self.aligned(other) {
            Some((a, b)) => a.checked_rem(b) == Some(0),
            None => (self.near() / other.near()).fract() == 0.0,
        }
    }

    fn is_zero(self) -> bool {
        self.compare(Self::Exact { digits: 0, places: 0 }).is_eq()
    }
}

/// Whether two numbers, written in whatever way, are the same.
pub(super) fn same_number(a: &str, b: &str) -> bool {
    matches!((Number::parse(a), Number::parse(b)), (Some(a), Some(b)) if a.compare(b).is_eq())
}

pub(super) fn changes(old: &View<'_>, new: &View<'_>) -> Vec<BoundChange> {
    let mut changes = Vec::new();
    for (key, exclusive, lower) in [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)] {
        let change = compare(key, value(old, key, exclusive, lower), value(new, key, exclusive, lower), lower);
        let written = |view: &View<'_>| view.at.node.get(key).map(Node::to_json);
        let at = if written(old) == written(new) { exclusive } else { key };
        changes.extend(change.map(|change| BoundChange { key: at, ..change }));
    }
    // The first ones bind nothing when they are 0; those of a row say how many of its columns are always there.
    let rows = old.columns().is_some() || new.columns().is_some();
    for (key, lower) in [
        ("minLength", true),
        ("minItems", true),
        ("minProperties", true),
        ("maxLength", false),
        ("maxItems", false),
        ("maxProperties", false),
    ] {
        if key == "minItems" && rows {
            continue;
        }
        let read = |view: &View<'_>| count(view, key).filter(|bound| !(lower && bound.number.is_zero()));
        changes.extend(compare(key, read(old), read(new), lower));
    }
    changes.extend(multiple(old, new));
    changes.extend(unique(old, new));
    changes
}

fn count(view: &View<'_>, key: &str) -> Option<Bound> {
    let text = view.at.node.get(key)?.as_number()?.to_owned();
    Some(Bound { number: Number::parse(&text)?, exclusive: false, text })
}

/// `minimum` with OpenAPI 3.0's flag beside it, or JSON Schema's exclusive number; the tighter of the two.
fn value(view: &View<'_>, key: &str, exclusive: &str, lower: bool) -> Option<Bound> {
    let excluded = |number: Number, text: &str| {
        let text = format!("{text}, excluded");
        // More than 0 is at least 1 where there are whole numbers only.
        match number {
            Number::Exact { digits, places: 0 } if view.types() == ["integer"] => {
                let digits = if lower { digits.saturating_add(1) } else { digits.saturating_sub(1) };
                Bound { number: Number::Exact { digits, places: 0 }, exclusive: false, text }
            }
            number => Bound { number, exclusive: true, text },
        }
    };
    let inclusive = count(view, key);
    match view.at.node.get(exclusive).map(Node::kind) {
        Some(Kind::Bool(true)) => inclusive.map(|bound| excluded(bound.number, &bound.text)),
        Some(Kind::Number(text)) => match (inclusive, Number::parse(text).map(|number| excluded(number, text))) {
            (Some(a), Some(b)) => Some(if tighter(&b, &a, lower) == Ordering::Greater { b } else { a }),
            (a, b) => a.or(b),
        },
        _ => inclusive,
    }
}

/// `Greater` when `a` admits less than `b`.
fn tighter(a: &Bound, b: &Bound, lower: bool) -> Ordering {
    let by_number = a.number.compare(b.number);
    let by_number = if lower { by_number } else { by_number.reverse() };
    by_number.then(a.exclusive.cmp(&b.exclusive))
}

fn compare(key: &'static str, old: Option<Bound>, new: Option<Bound>, lower: bool) -> Option<BoundChange> {
    let turn = match (&old, &new) {
        (None, None) => return None,
        (None, Some(_)) => Turn::Set,
        (Some(_), None) => Turn::Unset,
        (Some(old), Some(new)) => match tighter(new, old, lower) {
            Ordering::Greater => Turn::Tightened,
            Ordering::Less => Turn::Loosened,
            Ordering::Equal => return None,
        },
    };
    let text = |bound: Option<Bound>| bound.map(|bound| format!("{key} {}", bound.text));
    Some(BoundChange { key, was: text(old), is: text(new), turn })
}

fn multiple(old: &View<'_>, new: &View<'_>) -> Option<BoundChange> {
    let key = "multipleOf";
    let (old, new) = (count(old, key), count(new, key));
    let turn = match (&old, &new) {
        (None, None) => return None,
        (None, Some(_)) => Turn::Set,
        (Some(_), None) => Turn::Unset,
        (Some(old), Some(new)) if old.number.compare(new.number).is_eq() => return None,
        (Some(old), Some(new)) if new.number.is_multiple_of(old.number) => Turn::Tightened,
        (Some(old), Some(new)) if old.number.is_multiple_of(new.number) => Turn::Loosened,
        _ => Turn::Changed,
    };
    let text = |bound: Option<Bound>| bound.map(|bound| format!("{key} {}", bound.text));
    Some(BoundChange { key, was: text(old), is: text(new), turn })
}

fn unique(old: &View<'_>, new: &View<'_>) -> Option<BoundChange> {
    let key = "uniqueItems";
    let turn = match (old.at.flag(key), new.at.flag(key)) {
        (false, true) => Turn::Set,
        (true, false) => Turn::Unset,
        _ => return None,
    };
    let text = |set: bool| set.then(|| key.to_owned());
    Some(BoundChange { key, was: text(turn == Turn::Unset), is: text(turn == Turn::Set), turn })
}
