use acme::types::GetTradesSide;
use acme::{Client, Error};

pub async fn bought(client: &Client) -> Result<(), Error> {
    let side = GetTradesSide::B; // breaks: variant-renamed
    client.get_trades().side(side).send().await.map(drop)
}
