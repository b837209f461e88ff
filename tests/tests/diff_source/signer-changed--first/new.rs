use acme::Credentials; // breaks: signer-changed
use acme::{Client, Error};

pub fn client(credentials: Credentials) -> Result<Client, Error> {
    Client::builder().credentials(credentials).build()
}
