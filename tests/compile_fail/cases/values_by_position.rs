//! Price and amount are both `Decimal`, so they could be swapped by position. Every value has a
//! name instead.

use venuekit_excore::{Client, Decimal};

fn sell(client: &Client, amount: Decimal, price: Decimal) {
    let _ = client.order_put_limit(amount, price);
}

fn main() {}
