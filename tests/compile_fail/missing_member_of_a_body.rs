//! `side` is missing, and there is nothing to send before it is given.

use venuekit_venues::venuekit_btse_spot::types::OrderRequest;

fn order() -> OrderRequest {
    OrderRequest::builder().symbol("BTC-USD").type_("limit").build()
}

fn main() {}
