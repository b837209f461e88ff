use acme::{Client, Error, types};

pub async fn last(client: &Client) -> Result<Option<types::Deal>, Error> {
    // breaks: type-renamed
    Ok(client.get_trades().send().await?.into_iter().next())
}

pub fn price(deal: &types::Deal) -> types::Amount {
    // breaks: type-renamed
    deal.price
}
