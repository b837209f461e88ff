//! The login of a connection over a WebSocket.

use std::sync::{Arc, Weak};

use tokio::time::Instant;

use super::state::ClientState;
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::json_rpc;
use crate::limits::Call;
use crate::limits::not_reserved::NotReserved;
use crate::limits::place::Permit;
use crate::operation::operation::{Operation, Route};
use crate::operation::socket::Socket;
use crate::redact::Secrets;
use crate::request::build::build;
use crate::request::options::CallOptions;
use crate::request::values::RequestValues;
use crate::signer::Signer;
use crate::ws::{LoginRequest, LoginSource};

/// Lets the connections of a client log in with its signer.
pub(super) fn attach(client: &Arc<ClientState>) {
    let (Some(socket), Some(signer)) = (&client.socket, &client.signer) else { return };
    let has_login = signer.login().is_some() || client.venue.socket.and_then(Socket::login).is_some();
    if has_login {
        let client = Arc::downgrade(client);
        socket.set_login(LoginSource(Arc::new(move |id| Box::pin(login(client.clone(), id)))));
    }
}

/// Returns the error of a login that got no place in a rate limit, or no nonce. It may get one
/// later.
fn not_reserved(error: NotReserved) -> Error {
    match error {
        NotReserved::Away(cause) => {
            Error::new(ErrorKind::State, Outcome::NotSent).with_message(cause.to_string()).with_source(cause)
        }
        NotReserved::NoRoom(_) | NotReserved::NoPlace { .. } | NotReserved::TooLate => {
            Error::new(ErrorKind::Throttled, Outcome::NotSent).with_message("no place in a rate limit was free in time")
        }
    }
}

/// Returns the operation by which a signer logs in.
fn operation(client: &ClientState, signer: &dyn Signer) -> Option<&'static Operation> {
    client.venue.socket?.login_named(signer.login())
}

/// Signs a login with a new stamp.
async fn login(client: Weak<ClientState>, id: u64) -> Result<LoginRequest, Error> {
    let not_signed = || Error::new(ErrorKind::Sign, Outcome::NotSent);
    let client = client.upgrade().ok_or_else(|| not_signed().with_message("the client was dropped"))?;
    let signer = client.signer.as_deref().ok_or_else(|| not_signed().with_message("there are no credentials"))?;
    let operation = operation(&client, signer).ok_or_else(|| {
        let login = signer.login().unwrap_or_default();
        let known: Vec<&str> = client.venue.socket.iter().flat_map(|socket| socket.logins()).map(|it| it.id).collect();
        not_signed().with_message(format!(
            "the venue has no login `{login}`, which the credentials need (help: it has {})",
            known.join(", ")
        ))
    })?;
    let options = CallOptions::default();
    let mut request = build(&RequestValues::new(operation), &options, &client.target())?.signable;
    if let Route::Rpc { method, call } = operation.route {
        request.body = json_rpc::request(call, Some(id), method, |out| out.push_str("[]"));
    }
    let deadline = Instant::now() + bounded(client.settings.timeout);
    // A state that several processes share draws the nonce, if there is one.
    let nonce_above = client.nonce_above(operation);
    let call = Call { operation, weight: 1, until: Some(deadline), deadline, nonce_above };
    let permit = client.limits.admit(call).await;
    let permit = permit.map_err(not_reserved)?;
    let mut stamp = client.stamp(permit.as_ref().and_then(Permit::nonce))?;
    stamp.recv_window = client.settings.recv_window;
    let signed = signer.sign(&mut request, stamp).await;
    let mut secrets = Secrets::default();
    secrets.absorb(std::mem::take(&mut request.secrets), stamp);
    // The login counts from now on, whatever comes of it.
    drop(permit.map(Permit::depart));
    match signed {
        Ok(()) => Ok(LoginRequest { operation, text: request.body, secrets }),
        Err(error) => {
            let error = not_signed().with_message(error.to_string()).with_source(error);
            Err(error.redacted(&secrets.blotter()))
        }
    }
}
