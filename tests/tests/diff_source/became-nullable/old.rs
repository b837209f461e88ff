use acme::Decimal;
use acme::types::{Order, PlaceOrderBody};

pub fn order(price: Decimal) -> PlaceOrderBody {
    let order = PlaceOrderBody::builder().price(price);
    order.note("mine").build() // breaks: became-nullable
}

pub fn id(order: &Order) -> i64 {
    order.id // breaks: became-nullable
}

pub fn filled(order: &Order) -> i64 {
    order.fills.iter().sum() // breaks: became-nullable
}

pub fn at(order: &Order) -> Option<i64> {
    order.at // breaks: became-nullable
}
