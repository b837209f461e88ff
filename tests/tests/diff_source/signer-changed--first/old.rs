use acme::venuekit::signing::Signer;
use acme::{Client, Error};

/// A signer of the user's own.
pub fn client(signer: impl Signer + 'static) -> Result<Client, Error> {
    Client::builder().signer(signer).build()
}
