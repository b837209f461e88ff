use acme::venuekit::signing::Signer;
use acme::{Client, Error};

/// Takes a signer that the user implements.
pub fn client(signer: impl Signer + 'static) -> Result<Client, Error> {
    Client::builder().signer(signer).build()
}
