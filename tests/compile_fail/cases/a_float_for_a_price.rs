use venuekit_btse_spot::types::OrderRequest;

fn main() {
    let order = OrderRequest::builder().symbol("BTC-USD").side("buy").type_("limit");
    let _ = order.price(9523.5);
}
