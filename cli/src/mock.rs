//! `venue mock`: runs mock venues until they are stopped.

use std::io::{self, Write as _};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;
use venuekit_mock::{Fault, FaultInfo, MockVenue, Server};
use venuekit_venues::VENUES;

use crate::failure::{Exit, Failure};
use crate::settings::Output;
use crate::{flags, output};

/// The time between two steps of the counterparty.
const STEP: Duration = Duration::from_secs(1);

pub(crate) fn command() -> Command {
    Command::new("mock")
        .about("Serves mock venues on this machine, with faults on demand")
        .after_help(format!(
            "Each venue has its own path, and accepts the key mock-key with the secret mock-secret. The URLs go to stdout.\nEach request gets a line on stderr. For a refused request it states the reason, and for a wrong signature the string to sign. A venue without a profile of its own has a line at the start: its signatures are not checked, and it keeps no orders.\n\nFaults, as NAME[=VALUE][,before|,after][,on=OPERATION][,after=N][,times=N][,share=0..1]; a request can ask for one by the header x-mock-fault:\n{}\nBefore: the venue does not carry the request out. After: it has carried the request out. Socket: for venues that are called over a WebSocket, in the rounds in which they send notifications. In brackets: the value and its default.\non=: only requests of this operation; on=notifications: only those rounds. after=: not the first N of them. times=: at most N. share=: a fraction of them.\nWhile the mock runs, the path /_mock/faults lists faults (GET), adds those of the body (POST) and removes all (DELETE).\n\nExamples:\n  venue mock btse-spot --port 8700\n  venue mock --fault latency=200,share=0.5 --fault 503,share=0.1 --seed 7\n  venue mock btse-spot --fault cut,on=placeOrder,times=1\n  venue mock excore-ws --fault drop,share=0.01",
            faults()
        ))
        .arg(flags::venue_argument("venues").num_args(0..).help("The venues; all if none is named"))
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("N")
                .value_parser(value_parser!(u16))
                .default_value("0")
                .help("The port on 127.0.0.1; 0 for a free one"),
        )
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("S")
                .value_parser(value_parser!(u64))
                .default_value("0")
                .help("The seed of random choices: the same seed gives the same faults and responses"),
        )
        .arg(
            Arg::new("fault")
                .long("fault")
                .value_name("FAULT")
                .action(ArgAction::Append)
                .value_parser(|text: &str| text.parse::<Fault>())
                .help("A fault that is applied to requests; may be repeated"),
        )
        .arg(
            Arg::new("clock-offset")
                .long("clock-offset")
                .value_name("MS")
                .allow_negative_numbers(true)
                .value_parser(value_parser!(i64))
                .default_value("0")
                .help("The time by which the venues' clocks are ahead; negative: behind"),
        )
        .arg(
            Arg::new("counterparty")
                .long("counterparty")
                .value_name("SEED")
                .value_parser(value_parser!(u64))
                .help("A trader that quotes and trades, each second and before each request, so that books move"),
        )
        .arg(
            Arg::new("market")
                .long("market")
                .value_name("NAME")
                .action(ArgAction::Append)
                .help("A market that the venues have beside those of their documents; may be repeated"),
        )
        .arg(Arg::new("no-limits").long("no-limits").action(ArgAction::SetTrue).help("Enforce no rate limits"))
}

/// Returns a line for each fault.
fn faults() -> String {
    let widest = Fault::NAMES.iter().map(|name| name.len()).max().unwrap_or_default();
    let line = |info: &FaultInfo| {
        let value = if info.value.is_empty() { String::new() } else { format!(" [{}]", info.value) };
        let FaultInfo { name, effect, applied, .. } = info;
        format!("  {name:widest$}  {applied:6}  {effect}{value}\n").replace('`', "")
    };
    Fault::ALL.iter().map(line).collect()
}

/// The URL of a mock venue, and the credentials for it.
#[derive(Serialize)]
struct Started<'a> {
    venue: &'static str,
    url: &'a str,
    key: &'a str,
    secret: &'a str,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let format = matches.get_one("output").copied().unwrap_or_default();
    let named = matches.get_many::<String>("venues").into_iter().flatten().map(String::as_str);
    let mut venues: Vec<&str> = named.collect();
    if venues.is_empty() {
        venues.extend(VENUES.iter().map(|meta| meta.venue.name()));
    }
    let markets = matches.get_many::<String>("market").into_iter().flatten();
    let builder = Server::builder(&venues);
    let builder = markets
        .fold(builder, |builder, market| builder.market(market))
        .port(matches.get_one("port").copied().unwrap_or_default())
        .seed(matches.get_one("seed").copied().unwrap_or_default())
        .clock_offset(matches.get_one("clock-offset").copied().unwrap_or_default())
        .limits(!matches.get_flag("no-limits"))
        .faults(matches.get_many::<Fault>("fault").into_iter().flatten().cloned())
        .on_log(|line| {
            // If stderr is closed, the message is lost.
            let _ = writeln!(io::stderr(), "{}", output::harmless(line));
        });
    let builder = match matches.get_one::<u64>("counterparty") {
        Some(seed) => builder.counterparty(*seed),
        None => builder,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::NotSent(error.to_string()))?;
    runtime.block_on(async {
        let server = builder.start().await.map_err(|error| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Failure::Usage(format!("{error}{cause}"))
        })?;
        output::line(&urls(&server, format)).map_err(Failure::Output)?;
        loop {
            // Without a counterparty, a step does nothing.
            tokio::time::sleep(STEP).await;
            server.venues().iter().for_each(MockVenue::step);
        }
    })
}

/// Returns the URLs and the credentials of the venues, as text or as JSON.
fn urls(server: &Server, output: Output) -> String {
    let started = server.venues().iter().map(|venue| Started {
        venue: venue.meta().venue.name(),
        url: venue.url(),
        key: venue.key(),
        secret: venue.secret(),
    });
    if output == Output::Json {
        return serde_json::to_string(&started.collect::<Vec<_>>()).unwrap_or_default();
    }
    let mut text = String::new();
    for (venue, started) in server.venues().iter().zip(started) {
        let (key, secret) = (flags::variable(venue.meta(), "KEY"), flags::variable(venue.meta(), "SECRET"));
        text.push_str(&format!(
            "{}  {}  {key}={} {secret}={}\n",
            started.venue, started.url, started.key, started.secret
        ));
    }
    text
}
