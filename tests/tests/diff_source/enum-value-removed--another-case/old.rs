use acme::types::GetTradesSide;
use acme::{Client, Error};

pub async fn bought(client: &Client) -> Result<(), Error> {
    client.get_trades().side(GetTradesSide::Buy).send().await.map(drop)
}
