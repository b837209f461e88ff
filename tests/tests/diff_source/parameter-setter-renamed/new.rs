use acme::{Client, Error};

pub async fn trades(client: &Client) -> Result<(), Error> {
    client.get_trades().limit(5).send().await.map(drop) // breaks: parameter-setter-renamed
}
