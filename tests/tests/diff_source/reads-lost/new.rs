use acme::{Call, Client};

pub fn fills(client: &Client) -> Call<()> {
    client.get_fills().send() // breaks: reads-gained
}
