//! `symbol` is missing.

use venuekit_btse_spot::{Call, Client, types};

fn order_book(client: &Client) -> Call<types::OrderBook> {
    client.get_order_book().limit_asks(5).send()
}

fn main() {}
