//! `market` and `price` are missing, and the message names both.

use venuekit_excore::{Client, Decimal, types::Side};

fn sell(client: &Client, amount: Decimal, fee: Decimal) {
    let order = client.order_put_limit().user(1).side(Side::Sell).amount(amount);
    let _ = order.taker_fee(fee).maker_fee(fee).source("x").send();
}

fn main() {}
