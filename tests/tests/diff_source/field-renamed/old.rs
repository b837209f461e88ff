use acme::types::{Order, Row};

pub fn bought(order: &Order) -> bool {
    order.s.as_str() == "BUY" // breaks: field-renamed
}

pub fn row() -> Row {
    Row::builder().t(1).build() // breaks: field-renamed
}
