use acme::types::Order;
use acme::venuekit::wire::Json;

pub fn more(order: Order) -> Json {
    order.more
}
