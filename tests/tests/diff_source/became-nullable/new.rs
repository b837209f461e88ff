use acme::Decimal;
use acme::types::{Order, PlaceOrderBody};

pub fn order(price: Decimal) -> PlaceOrderBody {
    let order = PlaceOrderBody::builder().price(price);
    order.note(None).build() // breaks: became-not-nullable
}

pub fn is_known(order: &Order) -> bool {
    order.id.is_some() // breaks: became-not-nullable
}

pub fn at(order: &Order) -> Option<i64> {
    order.at.into_option() // breaks: became-not-nullable
}
