//! `side` is missing, so the body cannot be built.

use venuekit_btse_spot::types::OrderRequest;

fn order() -> OrderRequest {
    OrderRequest::builder().symbol("BTC-USD").type_("limit").build()
}

fn main() {}
