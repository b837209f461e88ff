use acme::types::{Order, Stop};

pub fn stop(price: i64) -> Stop {
    Stop::builder().price(price).build() // breaks: builder-removed
}

pub fn order(stop: Stop) -> Order {
    Order::builder().stop(stop).build() // breaks: optional-property-removed
}
