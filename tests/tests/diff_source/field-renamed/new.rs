use acme::types::{Order, Row};

pub fn bought(order: &Order) -> bool {
    order.side.as_str() == "BUY" // breaks: field-renamed
}

pub fn row() -> Row {
    Row::builder().time(1).build() // breaks: field-renamed
}
