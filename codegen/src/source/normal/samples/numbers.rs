//! Makes up numbers within their bounds.

use crate::source::node::Node;

/// Returns a number within the bounds of a schema, and on its step (`multipleOf`). If no number is,
/// or if they have too many digits, returns one of the bounds.
pub(super) fn number(schema: &Node, is_integer: bool) -> String {
    let plain = if is_integer { "1" } else { "1.5" };
    let stated = |key: &str| schema.get(key).and_then(Node::as_number);
    let (least, most) =
        (Bound::new(schema, "minimum", "exclusiveMinimum"), Bound::new(schema, "maximum", "exclusiveMaximum"));
    let step = stated("multipleOf");
    if least.is_none() && most.is_none() && step.is_none() {
        return plain.to_owned();
    }
    let fallback = || least.or(most).map_or(plain, |bound| bound.text).to_owned();
    let texts = [Some(plain), least.map(|bound| bound.text), most.map(|bound| bound.text), step];
    let Some(places) = texts.iter().flatten().map(|text| places(text)).max() else { return fallback() };
    // An integer needs no more places. Another number is between two bounds with one more.
    let places = if is_integer { places } else { places.saturating_add(1) };
    let scaled = |text: &str| scaled(text, places);
    let within = || -> Option<i128> {
        let unit = scaled("1")?;
        let own = match step {
            Some(step) => scaled(step)?,
            None if is_integer => unit,
            None => 1,
        };
        if own <= 0 {
            return None;
        }
        // The smallest multiple that is not below the bound.
        let lowest = match least {
            Some(bound) => Some(multiple(scaled(bound.text)?, own, bound.is_open)?),
            None => None,
        };
        // The largest multiple that is not above the bound.
        let highest = match most {
            Some(bound) => Some(multiple(scaled(bound.text)?.checked_neg()?, own, bound.is_open)?.checked_neg()?),
            None => None,
        };
        let wanted = multiple(scaled(plain)?, own, false)?;
        let is_above = lowest.is_none_or(|lowest| lowest <= wanted);
        let is_below = highest.is_none_or(|highest| wanted <= highest);
        match (lowest, highest) {
            (Some(lowest), Some(highest)) if lowest > highest => None,
            (Some(lowest), _) if !is_above || step.is_none() => Some(lowest),
            (_, Some(highest)) if !is_below => Some(highest),
            _ => Some(wanted),
        }
    };
    within().map_or_else(fallback, |number| written(number, places))
}

/// A bound of a number.
#[derive(Clone, Copy)]
struct Bound<'a> {
    text: &'a str,
    is_open: bool,
}

impl<'a> Bound<'a> {
    /// Reads a bound. The exclusive one is a flag (OpenAPI 3.0) or a number (JSON Schema).
    fn new(schema: &'a Node, key: &str, exclusive: &str) -> Option<Self> {
        let exclusive = schema.get(exclusive);
        match exclusive.and_then(Node::as_number) {
            Some(text) => Some(Self { text, is_open: true }),
            None => {
                let text = schema.get(key).and_then(Node::as_number)?;
                Some(Self { text, is_open: exclusive.and_then(Node::as_bool) == Some(true) })
            }
        }
    }
}

/// Returns the number of digits after the point.
fn places(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, places)| places.len())
}

/// Returns a number in units of its last place; `None` if it is not written with digits only, or is
/// too large.
fn scaled(text: &str, to: usize) -> Option<i128> {
    let missing = to.checked_sub(places(text))?;
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    let zeros = 10_i128.checked_pow(u32::try_from(missing).ok()?)?;
    digits.parse::<i128>().ok()?.checked_mul(zeros)
}

/// Returns the smallest multiple of a step that is not below the number, or that is above it.
fn multiple(number: i128, step: i128, is_open: bool) -> Option<i128> {
    let floor = number.div_euclid(step).checked_mul(step)?;
    if floor == number && !is_open { Some(floor) } else { floor.checked_add(step) }
}

/// Writes a number with its point, and without zeros at its end.
fn written(number: i128, places: usize) -> String {
    let digits = number.unsigned_abs().to_string();
    let padded = format!("{digits:0>width$}", width = places.saturating_add(1));
    let (whole, rest) = padded.split_at(padded.len().saturating_sub(places));
    let rest = rest.trim_end_matches('0');
    let sign = if number < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
