use acme::types::{Fill, Wanted};
use acme::{Client, Error};

pub async fn fills(client: &Client, wanted: &Wanted) -> Result<Vec<Fill>, Error> {
    client.find_order().body(wanted).send().await // breaks: shape-changed, alternative-added
}

pub fn id(wanted: &Wanted) -> i64 {
    wanted.id // breaks: shape-changed, alternative-added
}
