//! Price and amount are both `Decimal`: no operation takes values by position, where they could be
//! swapped.

use venuekit_venues::venuekit_excore::{Client, Decimal};

fn sell(client: &Client, amount: Decimal, price: Decimal) {
    let _ = client.order_put_limit(amount, price);
}

fn main() {}
