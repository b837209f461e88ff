use acme::types::{Order, Refusal};

pub fn at(order: &Order) -> i64 {
    order.at // breaks: required-property-removed
}

pub fn noted(order: &Order) -> bool {
    order.note.is_some() // breaks: optional-property-removed
}

pub fn text(refusal: Refusal) -> Option<String> {
    refusal.text // breaks: optional-property-removed
}
