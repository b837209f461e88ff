use acme::operations::GetTrades;
use acme::{Client, Error};

pub fn one(client: &Client, market: &str) -> GetTrades {
    client.get_trades().market(market)
}

pub async fn send(client: &Client) -> Result<(), Error> {
    one(client, "BTC-USD").send().await.map(drop)
}
