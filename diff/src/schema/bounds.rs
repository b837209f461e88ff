//! Bounds of values.

use std::cmp::Ordering;

use super::resolved::ResolvedSchema;
use venuekit_codegen::source::{Kind, Located, Node};

/// A bound that changed.
pub(crate) struct BoundChange {
    /// The keyword.
    pub(crate) key: &'static str,
    pub(crate) was: Option<String>,
    pub(crate) is: Option<String>,
    pub(crate) shift: BoundShift,
}

/// The direction in which a bound changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoundShift {
    Set,
    Unset,
    Tightened,
    Loosened,
    Changed,
}

/// A bound: the number, whether the number itself is excluded, and the text for messages.
struct Bound {
    number: Number,
    exclusive: bool,
    text: String,
}

/// A number. It is exact as an integer times a power of ten, or else the nearest float.
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

    /// Returns both as integers of the same power of ten.
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

/// Returns whether two texts are the same number.
pub(crate) fn is_same_number(a: &str, b: &str) -> bool {
    matches!((Number::parse(a), Number::parse(b)), (Some(a), Some(b)) if a.compare(b).is_eq())
}

/// Returns the bounds that changed.
pub(crate) fn changes(old: &ResolvedSchema<'_>, new: &ResolvedSchema<'_>) -> Vec<BoundChange> {
    let mut changes = Vec::new();
    for (key, exclusive, lower) in [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)] {
        let bound = |view: &ResolvedSchema<'_>| {
            let is_integer = view.types() == ["integer"];
            tightest(view, lower, &|part| value(part, (key, exclusive), lower, is_integer))
        };
        let change = compare(key, bound(old), bound(new), lower);
        let written = |view: &ResolvedSchema<'_>| view.get(key).map(|found| found.node.to_json());
        let at = if written(old) == written(new) { exclusive } else { key };
        changes.extend(change.map(|change| BoundChange { key: at, ..change }));
    }
    // A lower bound of 0 has no effect. The `minItems` of a row is the number of columns that are
    // always present.
    let rows = old.columns().is_some() || new.columns().is_some();
    for (key, lower) in [
        ("minLength", true),
        ("minItems", true),
        ("minProperties", true),
        ("minContains", true),
        ("maxLength", false),
        ("x-max-bytes", false),
        ("maxItems", false),
        ("maxProperties", false),
        ("maxContains", false),
    ] {
        if key == "minItems" && rows {
            continue;
        }
        let read = |view: &ResolvedSchema<'_>| {
            let tightest = tightest(view, lower, &|part| count(part, key));
            tightest.filter(|bound| !(lower && bound.number.is_zero()))
        };
        changes.extend(compare(key, read(old), read(new), lower));
    }
    changes.extend(multiple(old, new));
    changes.extend(unique(old, new));
    changes
}

/// Returns the tightest bound of all parts of a schema.
fn tightest(view: &ResolvedSchema<'_>, lower: bool, bound: &dyn Fn(&Located<'_>) -> Option<Bound>) -> Option<Bound> {
    let bounds = view.parts().iter().filter_map(bound);
    bounds.reduce(|all, one| if tighter(&one, &all, lower) == Ordering::Greater { one } else { all })
}

fn count(part: &Located<'_>, key: &str) -> Option<Bound> {
    let text = part.node.get(key)?.as_number()?.to_owned();
    Some(Bound { number: Number::parse(&text)?, exclusive: false, text })
}

/// Returns the tighter of two bounds: `minimum` with the flag of OpenAPI 3.0, and the exclusive
/// number of JSON Schema.
fn value(part: &Located<'_>, (key, exclusive): (&str, &str), lower: bool, is_integer: bool) -> Option<Bound> {
    let excluded = |number: Number, text: &str| {
        let text = format!("{text}, excluded");
        // For integers, "more than 0" means "at least 1".
        match number {
            Number::Exact { digits, places: 0 } if is_integer => {
                let digits = if lower { digits.saturating_add(1) } else { digits.saturating_sub(1) };
                Bound { number: Number::Exact { digits, places: 0 }, exclusive: false, text }
            }
            number => Bound { number, exclusive: true, text },
        }
    };
    let inclusive = count(part, key);
    match part.node.get(exclusive).map(Node::kind) {
        Some(Kind::Bool(true)) => inclusive.map(|bound| excluded(bound.number, &bound.text)),
        Some(Kind::Number(text)) => match (inclusive, Number::parse(text).map(|number| excluded(number, text))) {
            (Some(a), Some(b)) => Some(if tighter(&b, &a, lower) == Ordering::Greater { b } else { a }),
            (a, b) => a.or(b),
        },
        _ => inclusive,
    }
}

/// Returns `Greater` if `a` admits less than `b`.
fn tighter(a: &Bound, b: &Bound, lower: bool) -> Ordering {
    let by_number = a.number.compare(b.number);
    let by_number = if lower { by_number } else { by_number.reverse() };
    by_number.then(a.exclusive.cmp(&b.exclusive))
}

fn compare(key: &'static str, old: Option<Bound>, new: Option<Bound>, lower: bool) -> Option<BoundChange> {
    let shift = match (&old, &new) {
        (None, None) => return None,
        (None, Some(_)) => BoundShift::Set,
        (Some(_), None) => BoundShift::Unset,
        (Some(old), Some(new)) => match tighter(new, old, lower) {
            Ordering::Greater => BoundShift::Tightened,
            Ordering::Less => BoundShift::Loosened,
            Ordering::Equal => return None,
        },
    };
    let text = |bound: Option<Bound>| bound.map(|bound| format!("{key} {}", bound.text));
    Some(BoundChange { key, was: text(old), is: text(new), shift })
}

fn multiple(old: &ResolvedSchema<'_>, new: &ResolvedSchema<'_>) -> Option<BoundChange> {
    let key = "multipleOf";
    let first = |view: &ResolvedSchema<'_>| view.parts().iter().find_map(|part| count(part, key));
    let (old, new) = (first(old), first(new));
    let shift = match (&old, &new) {
        (None, None) => return None,
        (None, Some(_)) => BoundShift::Set,
        (Some(_), None) => BoundShift::Unset,
        (Some(old), Some(new)) if old.number.compare(new.number).is_eq() => return None,
        (Some(old), Some(new)) if new.number.is_multiple_of(old.number) => BoundShift::Tightened,
        (Some(old), Some(new)) if old.number.is_multiple_of(new.number) => BoundShift::Loosened,
        _ => BoundShift::Changed,
    };
    let text = |bound: Option<Bound>| bound.map(|bound| format!("{key} {}", bound.text));
    Some(BoundChange { key, was: text(old), is: text(new), shift })
}

fn unique(old: &ResolvedSchema<'_>, new: &ResolvedSchema<'_>) -> Option<BoundChange> {
    let key = "uniqueItems";
    let shift = match (old.flag(key), new.flag(key)) {
        (false, true) => BoundShift::Set,
        (true, false) => BoundShift::Unset,
        _ => return None,
    };
    let text = |set: bool| set.then(|| key.to_owned());
    Some(BoundChange { key, was: text(shift == BoundShift::Unset), is: text(shift == BoundShift::Set), shift })
}
