//! The order book of a watched subscription, which is kept only to see whether it can be right.

use venuekit::Decimal;
use venuekit::book::{Book, BookError, Level};
use venuekit::operation::{Content, SubscriptionFamily};
use venuekit::wire::Json;
use venuekit::ws::Event;
use venuekit_json::Tree;

/// The parameter that has the number of levels per side. Without it, levels that left the venue's
/// view of the book would look like levels that cross it.
pub(super) const LIMIT: &str = "limit";

/// Returns an empty book for a subscription to changes with this limit; `None` for any other.
pub(super) fn kept(family: &SubscriptionFamily, limit: &Json) -> Option<Book> {
    let limit: usize = limit.get().parse().ok()?;
    (limit > 0 && matches!(family.content(), Content::Deltas { .. })).then(|| Book::new(limit))
}

/// Merges an event into a book.
///
/// # Errors
///
/// When the book does not fit any more. It is not valid until the next snapshot.
pub(super) fn merge(book: &mut Book, event: &Event<Json>) -> Result<(), BookError> {
    let is_snapshot = matches!(event, Event::Snapshot(_));
    match event {
        Event::Snapshot(value) | Event::Update(value) => {
            let Some(sides) = Tree::parse(value.get()).ok().and_then(|tree| sides(&tree)) else { return Ok(()) };
            if is_snapshot {
                book.set(sides.0, sides.1)
            } else if book.is_valid() {
                book.change(sides.0, sides.1)
            } else {
                Ok(())
            }
        }
        Event::Interrupted(_) => {
            book.invalidate();
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Returns the levels of the first object that has `asks` or `bids`; `None` if there is none, or if
/// one of its levels is not a price with an amount.
fn sides(tree: &Tree) -> Option<(Vec<Level>, Vec<Level>)> {
    let side = |name: &str| match tree.get(name) {
        Some(Tree::Array(rows)) => rows.iter().map(level).collect::<Option<Vec<Level>>>(),
        _ => Some(Vec::new()),
    };
    if tree.get("asks").is_some() || tree.get("bids").is_some() {
        return Some((side("asks")?, side("bids")?));
    }
    let members = tree.members().iter().map(|(_, member)| member);
    members.chain(tree.elements()).find_map(sides)
}

fn level(row: &Tree) -> Option<Level> {
    let [price, amount, ..] = row.elements() else { return None };
    Some((number(price)?, number(amount)?))
}

fn number(value: &Tree) -> Option<Decimal> {
    let text = value.scalar()?;
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_book_in_any_place_of_a_notification_is_checked() {
        let mut book = Book::new(5);
        let snapshot = r#"[true, {"asks": [["82.05", "3.2"]], "bids": [["82", "1.2e-7"]]}, "LTC_USDT"]"#;
        merge(&mut book, &Event::Snapshot(json(snapshot))).unwrap();
        assert!(book.is_valid());
        merge(&mut book, &Event::Update(json(r#"[false, {"bids": [["82", "0e-8"]]}, "LTC_USDT"]"#))).unwrap();
        let crossing = json(r#"{"result": {"bids": [[82.05, 1]]}}"#);
        merge(&mut book, &Event::Update(crossing.clone())).unwrap_err();
        // One report is enough: the subscription is made again.
        merge(&mut book, &Event::Update(crossing)).unwrap();
        merge(&mut book, &Event::Update(json("[1]"))).unwrap();
    }
}
