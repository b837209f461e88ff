//! A value cannot be given twice, neither to an operation (`symbol`) nor to a body (`side`).

use venuekit_btse_spot::{Client, types::OrderRequest};

fn order_book(client: &Client) {
    let _ = client.get_order_book().symbol("BTC-USD").symbol("ETH-USD").send();
}

fn order() {
    let _ = OrderRequest::builder().side("buy").side("sell");
}

fn main() {}
