//! `--state`: limits and nonces that several processes share through Redis or Valkey.

use clap::Arg;
use venuekit::state::SharedState;
use venuekit::{ClientBuilder, Error};
use venuekit_redis::RedisStore;

/// The variable of the environment with the URL. Other users of the machine do not see it, as they
/// see the arguments of a command.
const VARIABLE: &str = "VENUE_STATE";

pub(crate) fn arguments() -> [Arg; 2] {
    [
        Arg::new("state")
            .long("state")
            .value_name("URL")
            .help("Share limits and nonces through Redis: redis://, rediss:// or unix:// (or set VENUE_STATE)"),
        Arg::new("egress")
            .long("egress")
            .value_name("NAME")
            .help("The address that requests come from; with --state, processes of one name share its limits"),
    ]
}

/// The values of the options.
#[derive(Clone, Debug)]
pub(crate) struct StateOptions {
    pub(crate) url: Option<String>,
    pub(crate) egress: Option<String>,
}

impl StateOptions {
    /// Applies the options to the builder of a client. Returns the state too, if there is one. It
    /// has to be called inside of the runtime that the call uses.
    pub(crate) fn apply(&self, mut builder: ClientBuilder) -> Result<(ClientBuilder, Option<SharedState>), Error> {
        if let Some(egress) = &self.egress {
            builder = builder.egress(egress);
        }
        let from_environment = || std::env::var(VARIABLE).ok().filter(|url| !url.is_empty());
        let Some(url) = self.url.clone().or_else(from_environment) else { return Ok((builder, None)) };
        let state = SharedState::new(RedisStore::new(url)?);
        Ok((builder.state(state.clone()), Some(state)))
    }
}
