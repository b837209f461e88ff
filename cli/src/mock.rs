//! `venue mock`: runs mock venues until they are stopped.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;
use venuekit::meta::VenueMeta;
use venuekit_mock::{Fault, FaultInfo, MockVenue, Server};
use venuekit_venues::VENUES;

use crate::failure::{Exit, Failure};
use crate::format::Output;
use crate::record::{self, Form};
use crate::sections::{Cell, Rows};
use crate::view::{self, Shown, View};
use crate::{flags, output, profile};

/// The time between two steps of the counterparty.
const STEP: Duration = Duration::from_secs(1);

pub(crate) fn command() -> Command {
    Command::new("mock")
        .about("Serves mock venues on this machine, with faults on demand")
        .after_help(format!(
            "Each venue has its own path, and accepts the key mock-key with the secret mock-secret. The URLs go to stdout.\nEach request gets a line on stderr. For a refused request it states the reason, and for a wrong signature the string to sign. A venue without a profile of its own has a line at the start: its signatures are not checked, and it keeps no orders.\n\nFaults, as NAME[=VALUE][,before|,after][,on=OPERATION][,after=N][,times=N][,share=0..1]; a request can ask for one by the header x-mock-fault:\n{}\nBefore: the venue does not carry the request out. After: it has carried the request out. Socket: for venues that are called over a WebSocket, in the rounds in which they send notifications. In brackets: the value and its default.\non=: only requests of this operation; on=notifications: only those rounds. after=: not the first N of them. times=: at most N. share=: a fraction of them.\nWhile the mock runs, the path /_mock/faults lists faults (GET), adds those of the body (POST) and removes all (DELETE).\n\nExamples:\n  venue mock btse-spot --port 8700\n  venue mock --fault latency=200,share=0.5 --fault 503,share=0.1 --seed 7\n  venue mock btse-spot --fault cut,on=place-order,times=1\n  venue mock excore-ws --fault drop,share=0.01\n  venue mock btse-spot --record btse.jsonl --base-url https://testapi.btse.io/spot\n  venue mock btse-spot --replay btse.jsonl --port 8700",
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
                .help("A trader that quotes and trades so that books move: each second, and before each request that passes the checks of keys and limits"),
        )
        .arg(
            Arg::new("market")
                .long("market")
                .value_name("NAME")
                .action(ArgAction::Append)
                .help("A market that the venues have beside those of their documents; may be repeated"),
        )
        .arg(Arg::new("no-limits").long("no-limits").action(ArgAction::SetTrue).help("Enforce no rate limits"))
        .arg(
            Arg::new("record")
                .long("record")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .requires("base-url")
                .conflicts_with("replay")
                .help("Stand in front of a venue at --base-url, and add each exchange to a file, without secrets"),
        )
        .arg(
            Arg::new("base-url")
                .long("base-url")
                .value_name("URL")
                .requires("record")
                .help("The venue whose exchanges are recorded; requests reach it as they are"),
        )
        .arg(
            Arg::new("replay")
                .long("replay")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Respond as a recording says; a request that was not recorded gets status 501"),
        )
        .args(view::arguments())
        .arg(profile::argument())
}

/// Returns the only venue that the command line names.
fn named(matches: &ArgMatches) -> Result<&'static VenueMeta, Failure> {
    let mut names = matches.get_many::<String>("venues").into_iter().flatten();
    match (names.next().and_then(|name| venuekit_venues::venue(name)), names.next()) {
        (Some(venue), None) if venue.venue.socket().is_none() => Ok(venue),
        (Some(venue), None) => {
            let name = venue.venue.name();
            Err(Failure::Usage(format!("{name} is called over a WebSocket; only venues over HTTP can be recorded")))
        }
        _ => Err(Failure::Usage(
            "--record and --replay are for one venue (help: name it: venue mock btse-spot ..)".into(),
        )),
    }
}

fn port(matches: &ArgMatches) -> u16 {
    matches.get_one("port").copied().unwrap_or_default()
}

/// Returns a fault that is aimed at an operation by its id, if it names the operation as `venue
/// call` does.
fn by_id(fault: &Fault, venues: &[&str]) -> Fault {
    let metas = venues.iter().filter_map(|name| venuekit_venues::venue(name));
    let all = metas.flat_map(|venue| venue.operations.iter().map(move |meta| (venue, meta)));
    let named = |wanted: &str| all.clone().find(|(venue, meta)| flags::operation(venue, meta) == wanted);
    match fault.operation().and_then(named) {
        Some((_, meta)) => fault.clone().on(meta.operation.id()),
        None => fault.clone(),
    }
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

pub(crate) fn run(root: &ArgMatches, matches: &ArgMatches) -> Result<Exit, Failure> {
    let (format, view) = (view::output(root, matches), View::of(root, matches));
    if let Some(file) = matches.get_one::<PathBuf>("record") {
        let url = matches.get_one::<String>("base-url").map(String::as_str).unwrap_or_default();
        return record::record(named(matches)?, port(matches), file, url, &Form { format, view });
    }
    if let Some(file) = matches.get_one::<PathBuf>("replay") {
        return record::replay(named(matches)?, port(matches), file, &Form { format, view });
    }
    view.check_names(&COLUMNS.map(str::to_owned))?;
    let named = matches.get_many::<String>("venues").into_iter().flatten().map(String::as_str);
    let mut venues: Vec<&str> = named.collect();
    if venues.is_empty() {
        venues.extend(VENUES.iter().map(|meta| meta.venue.name()));
    }
    let markets = matches.get_many::<String>("market").into_iter().flatten();
    let builder = Server::builder(&venues);
    let builder = markets
        .fold(builder, |builder, market| builder.market(market))
        .port(port(matches))
        .seed(matches.get_one("seed").copied().unwrap_or_default())
        .clock_offset(matches.get_one("clock-offset").copied().unwrap_or_default())
        .limits(!matches.get_flag("no-limits"))
        .faults(matches.get_many::<Fault>("fault").into_iter().flatten().map(|fault| by_id(fault, &venues)))
        .on_log(|line| output::tell(&output::harmless(line)));
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
            let taken = match port(matches) {
                0 => String::new(),
                port => format!(" (port {port}; help: `--port 0` takes a free one)"),
            };
            let is_io = std::error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>());
            Failure::Usage(format!("{error}{cause}{}", if is_io { taken } else { String::new() }))
        })?;
        let started = match format.or(view.has_columns().then_some(Output::Table)) {
            Some(format) => view.list(format, &json(&server), rows(&server)).map_err(Failure::Output)?,
            None => Shown { text: urls(&server), notes: Vec::new() },
        };
        output::line(&started.text).map_err(Failure::Output)?;
        started.tell();
        loop {
            // Without a counterparty, a step does nothing.
            tokio::time::sleep(STEP).await;
            server.venues().iter().for_each(MockVenue::step);
        }
    })
}

/// Returns the URLs and the credentials of the venues.
fn started(server: &Server) -> impl Iterator<Item = Started<'_>> {
    server.venues().iter().map(|venue| Started {
        venue: venue.meta().venue.name(),
        url: venue.url(),
        key: venue.key(),
        secret: venue.secret(),
    })
}

/// Returns the venues as JSON.
fn json(server: &Server) -> String {
    serde_json::to_string(&started(server).collect::<Vec<_>>()).unwrap_or_default()
}

/// The columns of the table of venues.
const COLUMNS: [&str; 4] = ["venue", "url", "key", "secret"];

/// Returns the venues as rows of a table.
fn rows(server: &Server) -> Rows {
    let row = |started: Started<'_>| [started.venue, started.url, started.key, started.secret].map(Cell::from).to_vec();
    Rows { names: COLUMNS.map(str::to_owned).to_vec(), rows: started(server).map(row).collect() }
}

/// Returns a line for each venue, with the variables of its credentials.
fn urls(server: &Server) -> String {
    let mut text = String::new();
    for (venue, started) in server.venues().iter().zip(started(server)) {
        let (key, secret) = (flags::variable(venue.meta(), "KEY"), flags::variable(venue.meta(), "SECRET"));
        text.push_str(&format!(
            "{}  {}  {key}={} {secret}={}\n",
            started.venue, started.url, started.key, started.secret
        ));
    }
    text
}
