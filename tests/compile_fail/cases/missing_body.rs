//! The body is missing.

use venuekit_btse_spot::Client;

fn place(client: &Client) {
    let _ = client.place_order().send();
}

fn main() {}
