//! A second `symbol` is most likely a mistake, in an operation and in a body.

use venuekit_venues::venuekit_btse_spot::{Client, types::OrderRequest};

fn order_book(client: &Client) {
    let _ = client.get_order_book().symbol("BTC-USD").symbol("ETH-USD").send();
}

fn order() {
    let _ = OrderRequest::builder().side("buy").side("sell");
}

fn main() {}
