//! `GetOrderBook` is the type of a complete operation. Here `symbol` is missing.

use venuekit_btse_spot::{Client, operations::GetOrderBook};

fn order_book(client: &Client) -> GetOrderBook {
    client.get_order_book().limit_asks(5)
}

fn main() {}
