use acme::{Client, Error};

pub async fn trade(client: &Client, symbol: &str, id: i64) -> Result<(), Error> {
    let trade = client.get_trade().id(id);
    let trade = trade.symbol(symbol); // breaks: parameter-renamed
    trade.send().await.map(drop)
}
