//! Asks the venue for its time.

use std::time::Duration;

use crate::client::state::ClientState;
use crate::clock::ClockOffset;
use crate::clock::format::parse;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::json_find;
use crate::request::build::{Request, build};
use crate::request::options::CallOptions;
use crate::request::values::RequestValues;
use crate::response::classify::SuccessResponse;

/// Asks the venue for its time with the operation that the spec names, and sets the clock by it. If
/// the call fails with a response, the `Date` of that response sets the clock. `send` sends the
/// request.
pub(super) async fn ask<F>(
    client: &ClientState,
    timeout: Option<Duration>,
    send: impl FnOnce(Request, CallOptions) -> F,
) -> Result<ClockOffset, Error>
where
    F: Future<Output = Result<SuccessResponse, Error>>,
{
    let Some(server_time) = client.venue.server_time else {
        return Err(Error::request("the venue has no operation that returns its time"));
    };
    let operation = server_time.operation();
    let options = CallOptions::with_timeout(timeout);
    let request = build(&RequestValues::new(operation), &options, &client.target())
        .map_err(|error| error.with_operation(client.venue, operation))?;
    let success = match send(request, options).await {
        Ok(success) => success,
        Err(error) if error.headers().is_some_and(|headers| client.clock.learn_from_date(headers).is_some()) => {
            return Ok(client.clock.offset());
        }
        Err(error) => return Err(error),
    };
    let received_at = client.clock.own_time();
    let found = json_find::first(&success.result, &[server_time.pointer()]).map(json_find::text);
    let error = match found.as_deref().and_then(|text| parse(text, server_time.unit())) {
        None => {
            let message = format!("no time at {}", server_time.pointer());
            Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(message)
        }
        Some(theirs) => {
            // The venue is assumed to have read its clock half way through the exchange. The wait
            // before the request was sent does not count.
            let ours = received_at.checked_sub(success.latency / 2).unwrap_or(received_at);
            match client.clock.learn(ours, theirs) {
                Ok(offset) => return Ok(offset),
                Err(implausible) => {
                    let help = "set this machine's clock, or raise `max_clock_offset`";
                    let message = format!("{implausible}; help: {help}");
                    Error::new(ErrorKind::Clock, Outcome::Unknown).with_message(message)
                }
            }
        }
    };
    let error = error.with_response(success.response).with_attempts(success.attempts);
    Err(error.redacted(&success.secrets.blotter()).with_operation(client.venue, operation))
}
