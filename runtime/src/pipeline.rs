//! The phases of a call: build, authorise, stamp, sign, send, classify. Decoding follows in [`Call`](crate::Call).

use std::time::Instant;

use crate::classify::{RawReply, classify};
use crate::client::Client;
use crate::draft::Draft;
use crate::error::{Answer, Error, ErrorKind, Outcome};
use crate::operation::{Operation, Security};
use crate::sign::SignableRequest;
use crate::transport::{TransportError, TransportRequest};

pub(crate) async fn run(draft: Draft) -> Result<RawReply, Error> {
    let (venue, operation) = (draft.client().venue(), draft.operation());
    let watch =
        Watch { venue: venue.name(), operation: operation.id, started: Instant::now(), sent: false, done: false };
    let outcome = phases(&draft, watch).await;
    outcome.map_err(|error| error.of(venue, operation))
}

async fn phases(draft: &Draft, mut watch: Watch) -> Result<RawReply, Error> {
    let (client, operation) = (draft.client(), draft.operation());
    let result = async {
        let (mut request, rpc_id) = draft.build()?;
        authorise(client, operation)?;
        sign(client, operation, &mut request).await?;
        let outgoing = TransportRequest {
            url: request.url()?,
            method: request.method,
            headers: request.headers,
            body: request.body,
            timeout: draft.allowed().saturating_sub(watch.started.elapsed()),
            response_limit: client.response_limit(),
        };
        watch.sent = true;
        let response = client.transport().send(outgoing).await.map_err(unanswered)?;
        let answer =
            Answer { status: response.status, headers: response.headers, body: response.body, end: response.end };
        classify(client.venue(), operation, answer, rpc_id).map_err(|error| error.with_attempts(1))
    }
    .await;
    watch.finish(&result);
    result
}

fn authorise(client: &Client, operation: &Operation) -> Result<(), Error> {
    if operation.security == Security::Public || client.signer().is_some() {
        return Ok(());
    }
    let need = if operation.security == Security::Key { "needs a key" } else { "has to be signed" };
    Err(Error::new(ErrorKind::Credentials, Outcome::NotSent)
        .with_message(format!("this operation {need}, and the client was built without credentials")))
}

async fn sign(client: &Client, operation: &Operation, request: &mut SignableRequest) -> Result<(), Error> {
    match client.signer() {
        Some(signer) if operation.security != Security::Public => signer
            .sign(request, client.stamp())
            .await
            .map_err(|error| Error::new(ErrorKind::Sign, Outcome::NotSent).with_source(error)),
        _ => Ok(()),
    }
}

fn unanswered(error: TransportError) -> Error {
    let (kind, outcome) = match (error.sent, error.timeout) {
        (false, _) => (ErrorKind::Connect, Outcome::NotSent),
        (true, true) => (ErrorKind::Timeout, Outcome::Unknown),
        (true, false) => (ErrorKind::Transport, Outcome::Unknown),
    };
    let attempts = u32::from(error.sent);
    Error::new(kind, outcome).with_message(error.to_string()).with_source(error).with_attempts(attempts)
}

/// Logs how a call ended, also when nobody waited for its end.
struct Watch {
    venue: &'static str,
    operation: &'static str,
    started: Instant,
    sent: bool,
    done: bool,
}

impl Watch {
    fn finish(&mut self, result: &Result<RawReply, Error>) {
        self.done = true;
        let (venue, operation) = (self.venue, self.operation);
        let latency_ms = self.started.elapsed().as_secs_f64() * 1e3;
        match result {
            Ok(reply) => {
                tracing::debug!(venue, operation, status = reply.status.as_u16(), latency_ms, "replied");
            }
            Err(error) => {
                let status = error.status().map(|status| status.as_u16());
                tracing::debug!(venue, operation, status, latency_ms, outcome = %error.outcome(), kind = ?error.kind(), "failed");
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.sent && !self.done {
            let (venue, operation) = (self.venue, self.operation);
            tracing::warn!(venue, operation, outcome = %Outcome::Unknown, "dropped before an answer came");
        }
    }
}
