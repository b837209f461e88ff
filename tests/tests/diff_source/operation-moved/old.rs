use acme::operations::GetTrades;
use acme::{Client, Error};

pub async fn trades(client: &Client, market: &str) -> Result<(), Error> {
    let trades: GetTrades = client.get_trades().ids([1, 2]).market(market);
    trades.send().await?;
    Ok(())
}
