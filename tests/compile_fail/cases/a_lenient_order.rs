//! A call that can change something (an order, a cancel, a withdrawal) has no `lenient()`.

fn place(client: &venuekit_btse_spot::Client, body: venuekit_btse_spot::types::OrderRequest) {
    let _ = client.place_order().body(body).send().lenient();
}

fn cancel(client: &venuekit_anboto::Client, body: venuekit_anboto::types::CancelManyRequest) {
    let _ = client.cancel_many().body(body).send().lenient();
}

fn cancel_by_rpc(client: &venuekit_excore::Client) {
    let _ = client.order_cancel().user_id(1).market("BTC_USDT").order_id(1).send().lenient();
}

fn withdraw(client: &venuekit_altmarket::Client, body: venuekit_altmarket::types::WithdrawalRequest) {
    let _ = client.withdraw().body(body).send().lenient();
}

fn main() {}
