//! The options of every call.

use std::time::Duration;

use clap::builder::{EnumValueParser, PossibleValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, ValueEnum, value_parser};
use venuekit::{Client, ClientBuilder, Environment, Retry};

use crate::failure::Failure;

/// The format of a response.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Output {
    /// JSON on one line.
    Json,
    /// JSON with line breaks and indentation.
    #[default]
    Pretty,
    /// Aligned columns.
    Table,
}

impl ValueEnum for Output {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Json, Self::Pretty, Self::Table]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Json => PossibleValue::new("json").help("JSON on one line; errors as JSON too"),
            Self::Pretty => PossibleValue::new("pretty").help("Indented JSON"),
            Self::Table => PossibleValue::new("table").help("Aligned columns"),
        })
    }
}

/// Returns the option that all commands have.
pub(crate) fn output_argument() -> Arg {
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FORMAT")
        .value_parser(EnumValueParser::<Output>::new())
        .default_value("pretty")
        .global(true)
        .help_heading("Global options")
        .help("The format of the response")
}

/// Returns the options of a call. They may stand before `call` too.
/// [`flags::GLOBAL`](crate::flags::GLOBAL) lists their names.
pub(crate) fn arguments() -> Vec<Arg> {
    let arguments = [
        Arg::new("base-url")
            .long("base-url")
            .value_name("URL")
            .help("Call the venue under this URL, in place of its public host"),
        Arg::new("env")
            .long("env")
            .value_name("ENVIRONMENT")
            .value_parser(["production", "test"])
            .default_value("production")
            .help("The public host to call; --base-url overrides it"),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .value_parser(seconds)
            .default_value("10")
            .help("The maximum time of the whole call, with all attempts"),
        Arg::new("retries")
            .long("retries")
            .value_name("N")
            .value_parser(value_parser!(u32).range(..1_000))
            .default_value("2")
            .help("The maximum number of retries; an order that may have arrived is never sent again"),
        Arg::new("recv-window")
            .long("recv-window")
            .value_name("MS")
            .value_parser(milliseconds)
            .help("The time for which a signed request is valid; only for venues whose requests can state it"),
        Arg::new("sync-clock")
            .long("sync-clock")
            .action(ArgAction::SetTrue)
            .help("Ask the venue for its time first, and state that in a signed request"),
        Arg::new("check-bounds")
            .long("check-bounds")
            .action(ArgAction::SetTrue)
            .help("Refuse values outside the bounds in --help before sending; cancels are never checked"),
        Arg::new("dry-run")
            .long("dry-run")
            .action(ArgAction::SetTrue)
            .help("Print the request as it would be sent, signature included, and send nothing"),
        Arg::new("curl")
            .long("curl")
            .action(ArgAction::SetTrue)
            .help("Print a command line of curl that sends the request, and send nothing"),
        Arg::new("explain")
            .long("explain")
            .action(ArgAction::SetTrue)
            .help("Print the signed string to stderr, with key and secret hidden"),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .action(ArgAction::SetTrue)
            .help("Print attempts, waits and responses to stderr"),
        Arg::new("raw").long("raw").action(ArgAction::SetTrue).help("Print the unchanged bytes of the response"),
        Arg::new("yes")
            .long("yes")
            .action(ArgAction::SetTrue)
            .help("Do not ask before orders, withdrawals and similar calls on production"),
    ];
    let arguments = arguments.into_iter();
    #[cfg(feature = "redis")]
    let arguments = arguments.chain(crate::state::arguments());
    arguments.map(|arg| arg.help_heading("Options of a call")).collect()
}

/// The option of the time without a notification.
pub(crate) const STALE_AFTER: &str = "stale-after";

/// Returns the option that sets the time without a notification after which `stale` is printed.
pub(crate) fn stale_argument() -> Arg {
    Arg::new(STALE_AFTER)
        .long(STALE_AFTER)
        .value_name("SECONDS")
        .value_parser(seconds)
        .global(true)
        .help_heading("Options of a subscription")
        .help("Print `stale` after this time without a notification; by default the time that the venue promises")
}

/// Refuses options of a call before a command that makes no call.
pub(crate) fn check(root: &ArgMatches) -> Result<(), Failure> {
    let Some((command, _)) = root.subcommand().filter(|(command, _)| !matches!(*command, "call" | "watch")) else {
        return Ok(());
    };
    match arguments().iter().find(|arg| is_given(root, arg.get_id().as_str())) {
        Some(arg) => {
            let flag = arg.get_long().unwrap_or_default();
            Err(Failure::Usage(format!("--{flag} has no effect, because `venue {command}` makes no call")))
        }
        None => Ok(()),
    }
}

/// Returns whether the command line has an option.
pub(crate) fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|seconds| !seconds.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0, such as 0.5".to_owned())
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    let millis = text.parse().ok().filter(|millis| *millis > 0);
    millis.map(Duration::from_millis).ok_or_else(|| "expected a number of milliseconds, such as 5000".to_owned())
}

/// The values of the options.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) base_url: Option<String>,
    pub(crate) environment: Environment,
    pub(crate) timeout: Duration,
    pub(crate) retries: u32,
    pub(crate) recv_window: Option<Duration>,
    pub(crate) sync_clock: bool,
    pub(crate) check_bounds: bool,
    pub(crate) output: Output,
    pub(crate) dry_run: bool,
    pub(crate) curl: bool,
    pub(crate) explain: bool,
    pub(crate) verbose: bool,
    pub(crate) raw: bool,
    pub(crate) yes: bool,
    #[cfg(feature = "redis")]
    pub(crate) state: crate::state::StateOptions,
}

impl Settings {
    /// Reads the options of a call. `root` has those before the command `call`; the options after
    /// it take precedence.
    pub(crate) fn of(root: &ArgMatches, own: &ArgMatches) -> Self {
        let at = |id: &str| if is_given(root, id) && !is_given(own, id) { root } else { own };
        let environment = at("env").get_one::<String>("env").map(String::as_str);
        Self {
            base_url: at("base-url").get_one("base-url").cloned(),
            environment: if environment == Some("test") { Environment::Test } else { Environment::Production },
            timeout: at("timeout").get_one("timeout").copied().unwrap_or(Duration::from_secs(10)),
            retries: at("retries").get_one("retries").copied().unwrap_or(2),
            recv_window: at("recv-window").get_one("recv-window").copied(),
            sync_clock: at("sync-clock").get_flag("sync-clock"),
            check_bounds: at("check-bounds").get_flag("check-bounds"),
            output: own.get_one("output").copied().unwrap_or_default(),
            dry_run: at("dry-run").get_flag("dry-run"),
            curl: at("curl").get_flag("curl"),
            explain: at("explain").get_flag("explain"),
            verbose: at("verbose").get_flag("verbose"),
            raw: at("raw").get_flag("raw"),
            yes: at("yes").get_flag("yes"),
            #[cfg(feature = "redis")]
            state: crate::state::StateOptions {
                url: at("state").get_one("state").cloned(),
                egress: at("egress").get_one("egress").cloned(),
            },
        }
    }

    /// Applies the options to the builder of a client.
    pub(crate) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder
            .environment(self.environment)
            .check_bounds(self.check_bounds)
            .timeout(self.timeout)
            .retry(Retry::default().attempts(self.retries.saturating_add(1)))
            .explain(self.explain);
        let builder = match &self.base_url {
            Some(url) => builder.base_url(url),
            None => builder,
        };
        match self.recv_window {
            Some(window) => builder.recv_window(window),
            None => builder,
        }
    }

    /// Returns whether the calls of a client may move real money. Calls to the venue's test host or
    /// to this machine never do. Any other base URL counts as production, because `environment`
    /// describes the venue's own hosts only.
    pub(crate) fn is_production(&self, client: &Client) -> bool {
        match &self.base_url {
            Some(_) => !client.is_on_this_machine(),
            None => self.environment == Environment::Production,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_production(line: &str) -> bool {
        let command = clap::Command::new("venue").args(arguments()).arg(output_argument());
        let words = std::iter::once("venue").chain(line.split_whitespace());
        let matches = command.get_matches_from(words);
        let settings = Settings::of(&matches, &matches);
        let venue = venuekit_venues::venue("jex-spot").unwrap();
        settings.is_production(&settings.apply(venue.builder()).build().unwrap())
    }

    #[test]
    fn only_a_base_url_on_this_machine_is_not_production() {
        for url in ["http://127.0.0.1:8080", "http://localhost/x", "http://[::1]:1", "http://127.1"] {
            assert!(!is_production(&format!("--base-url {url}")), "{url}");
        }
        for url in [
            "https://www.jex.com",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "https://venue.localhost",
            "https://localhost.",
        ] {
            assert!(is_production(&format!("--base-url {url}")), "{url}");
        }
    }

    #[test]
    fn the_environment_decides_only_without_a_base_url() {
        for line in ["", "--env production", "--base-url https://a.example", "--base-url https://a.example --env test"]
        {
            assert!(is_production(line), "{line}");
        }
        let here = "--base-url http://127.0.0.1:8700/x";
        for line in ["--env test", here, &format!("{here} --env production"), &format!("{here} --env test")] {
            assert!(!is_production(line), "{line}");
        }
    }

    #[test]
    fn a_recv_window_is_a_number_of_milliseconds() {
        assert_eq!(milliseconds("5000"), Ok(Duration::from_secs(5)));
        for text in ["0", "-1", "0.5", "5s", "", "99999999999999999999"] {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction_and_are_never_zero() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "NaN", "inf", "1e40", "5s", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
