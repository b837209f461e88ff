use acme::types::{Order, Refusal};

pub fn at(order: &Order) -> i64 {
    order.at // breaks: required-member-removed
}

pub fn noted(order: &Order) -> bool {
    order.note.is_some() // breaks: optional-member-removed
}

pub fn text(refusal: Refusal) -> Option<String> {
    refusal.text // breaks: optional-member-removed
}
