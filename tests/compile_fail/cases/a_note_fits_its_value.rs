//! The message about a value that does not fit has only notes about its type: an integer, a text,
//! and a body whose builder lacks `.build()`.

use venuekit_btse_spot::{Client, types::OrderRequest};

fn integer(client: &Client) {
    let _ = client.get_order_book().symbol("BTC-USD").limit_asks("5");
}

fn text(tag: Option<&str>) {
    let _ = OrderRequest::builder().tag(tag);
}

fn body(client: &Client) {
    let order = OrderRequest::builder().symbol("BTC-USD").side("BUY").type_("LIMIT");
    let _ = client.place_order().body(order);
}

fn main() {}
