//! The options of every call.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use venuekit::{Client, ClientBuilder, Environment, Retry};

use crate::duration::{milliseconds, with_unit};
use crate::failure::Failure;
pub(crate) use crate::format::Output;
use crate::given::{at, is_given};
use crate::profile;
use crate::view::{self, View};

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
            .help("The public host to call [default: production]; --base-url overrides it"),
        Arg::new("timeout")
            .long("timeout")
            .value_name("TIME")
            .value_parser(with_unit)
            .help("The maximum time of the whole call, with all attempts [default: 10]"),
        Arg::new("retries")
            .long("retries")
            .value_name("N")
            .value_parser(value_parser!(u32).range(..1_000))
            .help("The maximum number of retries [default: 2]; an order that may have arrived is never sent again"),
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

/// Returns the options of a call that only reads. They may stand before `call` too.
pub(crate) fn reading_arguments() -> Vec<Arg> {
    let arguments = [
        Arg::new("all")
            .long("all")
            .action(ArgAction::SetTrue)
            .conflicts_with_all(["watch", "raw", "dry-run", "curl"])
            .help("Follow the pages of a list, and print the items of all of them"),
        Arg::new("watch")
            .long("watch")
            .value_name("TIME")
            .value_parser(with_unit)
            .conflicts_with_all(["raw", "dry-run", "curl"])
            .help("Repeat a read each 2s, 500ms or 1m, and mark what has changed; Ctrl-C ends it"),
    ];
    arguments.into_iter().map(|arg| arg.help_heading("Options of a read")).collect()
}

/// The option of the time without a notification.
pub(crate) const STALE_AFTER: &str = "stale-after";

/// Returns the option that sets the time without a notification after which `stale` is printed.
pub(crate) fn stale_argument() -> Arg {
    Arg::new(STALE_AFTER)
        .long(STALE_AFTER)
        .value_name("TIME")
        .value_parser(with_unit)
        .global(true)
        .help_heading("Options of a subscription")
        .help("Print `stale` after this time without a notification; by default the time that the venue promises")
}

/// Returns the profile that the command line names.
pub(crate) fn profile(root: &ArgMatches) -> Option<&str> {
    let own = root.subcommand().map_or(root, |(_, own)| own);
    let matches = at(root, own, "profile");
    matches.try_get_one::<String>("profile").ok().flatten().map(String::as_str)
}

/// Refuses options before a command on which they have no effect.
pub(crate) fn check(root: &ArgMatches) -> Result<(), Failure> {
    let Some((command, own)) = root.subcommand() else { return Ok(()) };
    let given = |arguments: Vec<Arg>| {
        let given = arguments.into_iter().find(|arg| is_given(root, arg.get_id().as_str()));
        given.and_then(|arg| arg.get_long().map(str::to_owned))
    };
    let refused = |flag: &str, reason: &str| {
        Err(Failure::Usage(format!("--{flag} has no effect, because `venue {command}` {reason}")))
    };
    if !matches!(command, "call" | "watch")
        && let Some(flag) = given(arguments())
    {
        return refused(&flag, "makes no call");
    }
    if command != "call"
        && let Some(flag) = given(reading_arguments())
    {
        return refused(&flag, "makes no call");
    }
    match command {
        "call" | "list" | "mock" => view::check(root, own),
        "watch" => view::check_watch(root, own),
        "explain" => view::check(root, own),
        _ => match given(view::arguments()) {
            Some(flag) => refused(&flag, "has no such output"),
            None => Ok(()),
        },
    }
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
    /// The format that the command line asks for; `None` if it asks for none.
    pub(crate) asked_output: Option<Output>,
    pub(crate) view: View,
    pub(crate) all: bool,
    /// The time from one read to the next.
    pub(crate) watch: Option<Duration>,
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
        let view = View::of(root, own);
        let at = |id: &str| at(root, own, id);
        let profile = profile::current();
        let venue = root.subcommand().and_then(|(_, command)| command.subcommand_name()).unwrap_or_default();
        let environment = at("env").get_one::<String>("env").map(|name| match name.as_str() {
            "test" => Environment::Test,
            _ => Environment::Production,
        });
        let base_url = at("base-url").get_one("base-url").cloned();
        // An environment of the command line names the venue's own host.
        let base_url = base_url.or_else(|| match environment {
            Some(_) => None,
            None => profile.base_url(venue).map(str::to_owned),
        });
        Self {
            base_url,
            environment: environment.or(profile.environment(venue)).unwrap_or(Environment::Production),
            timeout: at("timeout").get_one("timeout").copied().or(profile.timeout).unwrap_or(Duration::from_secs(10)),
            retries: at("retries").get_one("retries").copied().or(profile.retries).unwrap_or(2),
            recv_window: at("recv-window").get_one("recv-window").copied(),
            sync_clock: at("sync-clock").get_flag("sync-clock"),
            check_bounds: at("check-bounds").get_flag("check-bounds"),
            output: view.format(view::output(root, own), Output::default()),
            asked_output: at("output").get_one("output").copied(),
            view,
            // Only calls have these options.
            all: matches!(at("all").try_get_one("all"), Ok(Some(true))),
            watch: at("watch").try_get_one("watch").ok().flatten().copied(),
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
        let command = clap::Command::new("venue").args(arguments()).args(view::arguments());
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
}
