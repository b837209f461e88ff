//! Profiles of the config file, and the variables `VENUE_*` of the environment.
//!
//! An option of the command line comes before a variable, a variable before the profile, and the
//! profile before the default value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, fs, io};

use clap::{Arg, ValueEnum};
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};
use venuekit::Environment;
use venuekit_venues::VENUES;

use crate::colour::Colours;
use crate::duration::with_unit;
use crate::folders;
use crate::format::Output;

/// The settings of the environment and of the profile in use.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// The name of the profile; `None` if none is in use.
    pub(crate) name: Option<String>,
    /// The names of all profiles.
    pub(crate) all: Vec<String>,
    /// True if completions may call production for the markets of a venue.
    pub(crate) may_complete_by_calls: bool,
    /// The base URL of the environment, for any venue.
    base_url: Option<String>,
    environment: Option<Environment>,
    pub(crate) output: Option<Output>,
    pub(crate) colours: Option<Colours>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: Option<u32>,
    venues: BTreeMap<String, VenueProfile>,
    /// The path of the config file, and the line of each of its keys; `None` if there is no such
    /// file.
    file: Option<(PathBuf, Lines)>,
}

/// The settings of a profile for one venue.
#[derive(Debug, Default)]
pub(crate) struct VenueProfile {
    base_url: Option<String>,
    environment: Option<Environment>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) secret_file: Option<PathBuf>,
    pub(crate) private_key_file: Option<PathBuf>,
    pub(crate) token_file: Option<PathBuf>,
    /// The origin of a login with a token.
    pub(crate) token_source: Option<String>,
    /// A command that prints the key on its first line, and then the secret; or a token, if the
    /// venue has a login with one and nothing follows it.
    pub(crate) credential_command: Option<Vec<String>>,
    /// The time for which the command may run.
    pub(crate) credential_timeout: Option<Duration>,
}

static CURRENT: OnceLock<Profile> = OnceLock::new();

/// Returns the settings of the environment and of the profile in use. It has none before
/// [`load`].
pub(crate) fn current() -> &'static Profile {
    static NONE: OnceLock<Profile> = OnceLock::new();
    CURRENT.get().unwrap_or_else(|| NONE.get_or_init(Profile::default))
}

/// Returns the option that chooses a profile.
pub(crate) fn argument() -> Arg {
    let help = "The profile of the config file to use (or set VENUE_PROFILE)";
    Arg::new("profile").long("profile").value_name("NAME").help(help).help_heading("Profiles")
}

/// Reads the config file and the environment. `chosen` is the profile of the command line.
///
/// # Errors
///
/// Returns an error if a value cannot be used, or if the profile does not exist.
pub(crate) fn load(chosen: Option<&str>) -> Result<(), String> {
    let profile = read(chosen)?;
    // The command loads it once.
    let _ = CURRENT.set(profile);
    Ok(())
}

impl Profile {
    /// Returns the base URL of a venue.
    pub(crate) fn base_url(&self, venue: &str) -> Option<&str> {
        let of_venue = || self.venue(venue).and_then(|venue| venue.base_url.as_deref());
        self.base_url.as_deref().or_else(of_venue)
    }

    /// Returns the environment in which a venue is called.
    pub(crate) fn environment(&self, venue: &str) -> Option<Environment> {
        self.venue(venue).and_then(|venue| venue.environment).or(self.environment)
    }

    /// Returns the profile as messages name it, with the line of a key of a venue: ``the profile
    /// `paper` (key-file in line 5 of /home/me/venue.toml)``. Without a key, it is the line of the
    /// venue.
    pub(crate) fn described(&self, venue: &str, key: Option<&str>) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        let of_venue = format!("profiles.{name}.venues.{venue}");
        let path = key.map_or_else(|| of_venue.clone(), |key| format!("{of_venue}.{key}"));
        let place = self.file.as_ref().and_then(|(file, lines)| Some((file, lines.0.get(&path)?)));
        let place =
            place.map(|(file, line)| format!(" ({} in line {line} of {})", key.unwrap_or("venues"), file.display()));
        format!("the profile `{name}`{}", place.unwrap_or_default())
    }

    /// Returns the settings for a venue.
    pub(crate) fn venue(&self, venue: &str) -> Option<&VenueProfile> {
        self.venues.get(venue)
    }
}

/// Returns a variable; `None` if it is not set or empty.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} is not valid Unicode")),
    }
}

fn read(chosen: Option<&str>) -> Result<Profile, String> {
    let named = match chosen {
        Some(name) => Some((name.to_owned(), "--profile")),
        None => variable("VENUE_PROFILE")?.map(|name| (name, "VENUE_PROFILE")),
    };
    let path = folders::config_file();
    let config = match &path {
        Some(path) => match text(path) {
            Ok(text) => Some(Config::parse(&text).map_err(|reason| format!("{}: {reason}", path.display()))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound && env::var_os("VENUE_CONFIG").is_none() => None,
            Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
        },
        None => None,
    };
    let mut config = match (config, &named, &path) {
        (Some(config), ..) => config,
        (None, None, _) => Config::default(),
        (None, Some((name, source)), Some(path)) => {
            let path = path.display();
            return Err(format!("{source}: there is no profile `{name}`, because there is no file {path}"));
        }
        (None, Some((name, source)), None) => {
            let help = "(help: set VENUE_CONFIG to the path of the config file)";
            return Err(format!("{source}: there is no profile `{name}`, because there is no config file {help}"));
        }
    };
    let all: Vec<String> = config.profiles.keys().cloned().collect();
    let named = named.map(|(name, source)| (name, source.to_owned()));
    let named = named.or_else(|| {
        let file = path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
        config.default.take().map(|name| (name, format!("{file}{}`profile`", config.lines.of("profile"))))
    });
    let mut profile = match named {
        None => Profile::default(),
        Some((name, source)) => {
            let Some(profile) = config.profiles.remove(&name) else {
                let help = match all.as_slice() {
                    [] => "the config file has no profiles".to_owned(),
                    all => format!("the profiles are: {}", all.join(", ")),
                };
                return Err(format!("{source}: there is no profile `{name}` (help: {help})"));
            };
            Profile { name: Some(name), ..profile }
        }
    };
    profile.all = all;
    profile.may_complete_by_calls = config.may_complete_by_calls;
    profile.file = path.map(|path| (path, config.lines));
    from_environment(&mut profile)?;
    Ok(profile)
}

/// Replaces the settings for which a variable is set.
fn from_environment(profile: &mut Profile) -> Result<(), String> {
    profile.base_url = variable("VENUE_BASE_URL")?;
    if let Some(text) = variable("VENUE_ENV")? {
        let environment = environment(&text).map_err(|reason| format!("VENUE_ENV: {reason}"))?;
        profile.environment = Some(environment);
        profile.venues.values_mut().for_each(|venue| venue.environment = None);
    }
    fn set<T>(name: &str, to: &mut Option<T>, read: impl Fn(&str) -> Result<T, String>) -> Result<(), String> {
        if let Some(text) = variable(name)? {
            *to = Some(read(&text).map_err(|reason| format!("{name}: {reason}"))?);
        }
        Ok(())
    }
    set("VENUE_OUTPUT", &mut profile.output, choice)?;
    set("VENUE_COLOR", &mut profile.colours, choice)?;
    set("VENUE_TIMEOUT", &mut profile.timeout, with_unit)?;
    set("VENUE_RETRIES", &mut profile.retries, retries)?;
    if let Some(text) = variable("VENUE_COMPLETE_CALLS")? {
        profile.may_complete_by_calls = text == "1";
    }
    Ok(())
}

/// Reads one of the values of an option.
fn choice<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, false).map_err(|_| {
        let names = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
        format!("not a known value (expected one of {})", names.join(", "))
    })
}

fn environment(text: &str) -> Result<Environment, String> {
    match text {
        "production" => Ok(Environment::Production),
        "test" => Ok(Environment::Test),
        _ => Err("not a known value (expected production or test)".to_owned()),
    }
}

/// Reads a number of retries.
pub(crate) fn retries(text: &str) -> Result<u32, String> {
    let expected = || "expected a number of retries from 0 to 999".to_owned();
    text.parse().ok().filter(|retries| *retries < 1_000).ok_or_else(expected)
}

/// Reads the config file. Another user who can write it could send the keys to another machine.
fn text(path: &Path) -> io::Result<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path)?.permissions().mode() & 0o002 != 0 {
            let help = format!("help: chmod o-w {}", crate::shell::quoted(&path.to_string_lossy()));
            return Err(io::Error::other(format!("every user of this machine can write it ({help})")));
        }
    }
    fs::read_to_string(path)
}

/// The config file.
#[derive(Debug, Default)]
struct Config {
    /// The profile that is used if none is named.
    default: Option<String>,
    may_complete_by_calls: bool,
    profiles: BTreeMap<String, Profile>,
    lines: Lines,
}

/// The lines of the keys of a config file, by their paths: `profiles.paper.env`.
#[derive(Debug, Default)]
struct Lines(BTreeMap<String, usize>);

impl Lines {
    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut lines = Self::default();
        lines.add(DeTable::parse(text)?.get_ref(), "", text);
        Ok(lines)
    }

    fn add(&mut self, table: &DeTable<'_>, path: &str, text: &str) {
        for (key, value) in table {
            let path = joined(path, key.get_ref());
            self.0.insert(path.clone(), line_at(text, key.span().start));
            if let DeValue::Table(table) = value.get_ref() {
                self.add(table, &path, text);
            }
        }
    }

    /// Returns the beginning of a message about a key: `line 3: `.
    fn of(&self, path: &str) -> String {
        self.0.get(path).map(|line| format!("line {line}: ")).unwrap_or_default()
    }
}

/// Returns the number of the line with this byte.
fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// Returns the path of a key in a table. The path of the root is empty.
fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The names of keys that have a secret as their value.
const SECRETS: [&str; 12] = [
    "key",
    "secret",
    "api-key",
    "apikey",
    "api-secret",
    "secret-key",
    "private-key",
    "passphrase",
    "password",
    "token",
    "access-key",
    "credentials",
];

/// A table of the config file, and its place for messages.
struct Place<'a> {
    table: &'a Table,
    path: String,
    lines: &'a Lines,
}

impl Config {
    /// Reads the text of a config file. A message never has a value, because it may be a secret.
    fn parse(text: &str) -> Result<Self, String> {
        let unreadable = |error: toml::de::Error| {
            let line = error.span().map(|span| format!("line {}: ", line_at(text, span.start))).unwrap_or_default();
            // The first line of the message; the others show the text of the file.
            format!("{line}{}", error.message().lines().next().unwrap_or_default())
        };
        let table: Table = text.parse().map_err(unreadable)?;
        let lines = Lines::parse(text).map_err(unreadable)?;
        let root = Place { table: &table, path: String::new(), lines: &lines };
        root.refuse_secrets()?;
        root.only(&["profile", "complete-calls", "profiles"])?;
        let mut profiles = BTreeMap::new();
        for (name, place) in root.tables("profiles")? {
            profiles.insert(name.to_owned(), place.profile()?);
        }
        Ok(Self {
            default: root.text("profile")?,
            may_complete_by_calls: root.get("complete-calls", Value::as_bool, "true or false")?.unwrap_or_default(),
            profiles,
            lines,
        })
    }
}

impl<'a> Place<'a> {
    fn at(&self, key: &str) -> String {
        joined(&self.path, key)
    }

    /// Returns a message about a key, which begins with its line and its path. `fault`: the rest of
    /// the sentence.
    fn fault(&self, key: &str, fault: &str) -> String {
        let path = self.at(key);
        format!("{}`{path}`{fault}", self.lines.of(&path))
    }

    /// Refuses keys whose value would be a secret.
    fn refuse_secrets(&self) -> Result<(), String> {
        for (key, value) in self.table {
            let path = self.at(key);
            let name = key.to_lowercase().replace('_', "-");
            if !value.is_table() && SECRETS.contains(&name.as_str()) {
                let help = "name a file with key-file and secret-file, or a command with credential-command";
                let fault = format!(" would be a secret, and this file has none (help: {help})");
                return Err(self.fault(key, &fault));
            }
            if let Value::Table(table) = value {
                Place { table, path, lines: self.lines }.refuse_secrets()?;
            }
        }
        Ok(())
    }

    /// Refuses other keys than these.
    fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.table.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(self.fault(key, &format!(" is not a known key (expected one of {})", known.join(", ")))),
            None => Ok(()),
        }
    }

    fn get<T>(&self, key: &str, read: impl Fn(&'a Value) -> Option<T>, expected: &str) -> Result<Option<T>, String> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.fault(key, &format!(" has to be {expected}")))
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        self.get(key, |value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned), "a text")
    }

    fn read<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
        let text = match self.table.get(key) {
            Some(Value::Integer(number)) => Some(number.to_string()),
            Some(Value::Float(number)) => Some(number.to_string()),
            _ => self.text(key)?,
        };
        text.map(|text| read(&text).map_err(|reason| self.fault(key, &format!(": {reason}")))).transpose()
    }

    fn tables(&self, key: &str) -> Result<Vec<(&'a str, Self)>, String> {
        let Some(tables) = self.get(key, Value::as_table, "a table")? else { return Ok(Vec::new()) };
        let table = |(name, value): (&'a String, &'a Value)| {
            let path = format!("{}.{name}", self.at(key));
            match value {
                Value::Table(table) => Ok((name.as_str(), Self { table, path, lines: self.lines })),
                _ => Err(format!("{}`{path}` has to be a table", self.lines.of(&path))),
            }
        };
        tables.iter().map(table).collect()
    }

    fn profile(&self) -> Result<Profile, String> {
        self.only(&["env", "output", "color", "timeout", "retries", "venues"])?;
        let mut venues = BTreeMap::new();
        for (name, place) in self.tables("venues")? {
            if venuekit_venues::venue(name).is_none() {
                let names: Vec<_> = VENUES.iter().map(|meta| meta.venue.name()).collect();
                let line = self.lines.of(&place.path);
                return Err(format!("{line}`{}` is not a venue (expected one of {})", place.path, names.join(", ")));
            }
            venues.insert(name.to_owned(), place.venue()?);
        }
        Ok(Profile {
            environment: self.read("env", environment)?,
            output: self.read("output", choice)?,
            colours: self.read("color", choice)?,
            timeout: self.read("timeout", with_unit)?,
            retries: self.read("retries", retries)?,
            venues,
            ..Profile::default()
        })
    }

    fn venue(&self) -> Result<VenueProfile, String> {
        const FILES: [&str; 4] = ["key-file", "secret-file", "private-key-file", "token-file"];
        const SOURCE: &str = "token-source";
        const COMMAND: &str = "credential-command";
        const TIMEOUT: &str = "credential-timeout";
        self.only(&["base-url", "env", FILES[0], FILES[1], FILES[2], FILES[3], SOURCE, COMMAND, TIMEOUT])?;
        let file = |key: &str| self.text(key).map(|path| path.map(|path| home(&path)));
        let base_url = self.text("base-url")?;
        if base_url.as_ref().is_some_and(|url| url.contains('@')) {
            return Err(self.fault("base-url", " has a user or a password, which would be a secret"));
        }
        let words = |value: &Value| {
            let words: Option<Vec<String>> =
                value.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect();
            words.filter(|words| words.first().is_some_and(|program| !program.is_empty()))
        };
        let expected = "a list of texts, such as [\"pass\", \"show\", \"venue\"]";
        let credential_command = self.get(COMMAND, words, expected)?;
        if credential_command.is_some()
            && let Some(other) = FILES.iter().find(|key| self.table.contains_key(**key))
        {
            return Err(self.fault(COMMAND, &format!(" and `{other}` exclude each other")));
        }
        let credential_timeout = self.read(TIMEOUT, with_unit)?;
        if credential_timeout.is_some() && credential_command.is_none() {
            return Err(self.fault(TIMEOUT, &format!(" has no effect without `{COMMAND}`")));
        }
        Ok(VenueProfile {
            base_url,
            environment: self.read("env", environment)?,
            key_file: file(FILES[0])?,
            secret_file: file(FILES[1])?,
            private_key_file: file(FILES[2])?,
            token_file: file(FILES[3])?,
            token_source: self.text(SOURCE)?,
            credential_command,
            credential_timeout,
        })
    }
}

/// Returns a path of the config file. `~/` at its beginning is the home folder.
fn home(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").and_then(|rest| Some(PathBuf::from(env::var_os("HOME")?).join(rest)));
    home.unwrap_or_else(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_file_is_read() {
        let config = Config::parse(
            "profile = \"paper\"\ncomplete-calls = true\n[profiles.paper]\nenv = \"test\"\noutput = \"table\"\n\
             timeout = \"2500ms\"\nretries = 0\n[profiles.paper.venues.btse-spot]\nbase-url = \"https://a.example\"\n\
             key-file = \"/k\"\nsecret-file = \"/s\"\n[profiles.paper.venues.jex-spot]\nenv = \"production\"\n\
             credential-command = [\"pass\", \"show\"]\n",
        )
        .unwrap();
        let paper = &config.profiles["paper"];
        assert_eq!((config.default.as_deref(), config.may_complete_by_calls), (Some("paper"), true));
        assert_eq!((paper.output, paper.retries), (Some(Output::Table), Some(0)));
        assert_eq!(paper.timeout, Some(Duration::from_millis(2_500)));
        assert_eq!(paper.environment("btse-spot"), Some(Environment::Test));
        assert_eq!(paper.environment("jex-spot"), Some(Environment::Production));
        assert_eq!(paper.base_url("btse-spot"), Some("https://a.example"));
        assert_eq!(paper.base_url("excore"), None);
    }

    #[test]
    fn a_config_file_with_a_fault_or_a_secret_is_refused_without_its_values() {
        for (text, expected) in [
            (
                "[profiles.a.venues.btse-spot]\nsecret = \"hunter2\"",
                "`profiles.a.venues.btse-spot.secret` would be a secret",
            ),
            ("[profiles.a]\nAPI_KEY = \"hunter2\"", "`profiles.a.API_KEY` would be a secret"),
            ("[profiles.a.venues.btse-spot]\nbase-url = \"https://u:hunter2@a\"", "has a user or a password"),
            ("[profiles.a]\nretries = \"hunter2\"", "`profiles.a.retries`: expected a number of retries"),
            ("[profiles.a]\nenv = \"hunter2\"", "`profiles.a.env`: not a known value (expected production or test)"),
            ("[profiles.a]\noutput = \"hunter2\"", "expected one of json, pretty, table, csv, yaml"),
            (
                "[profiles.a]\n\noutptu = \"hunter2\"",
                "line 3: `profiles.a.outptu` is not a known key (expected one of env, output,",
            ),
            ("[profiles.a]\nenv = \"hunter2\"", "line 2: `profiles.a.env`: not a known value"),
            ("[profiles]\na = { retries = \"hunter2\" }", "line 2: `profiles.a.retries`: expected a number"),
            ("x = \"hunter2\"\ny = hunter2", "line 2: "),
            ("profiles = \"hunter2\"", "`profiles` has to be a table"),
            ("\n[profiles.a.venues.btse]", "line 2: `profiles.a.venues.btse` is not a venue (expected one of "),
            ("[profiles.a.venues.btse-spot]\ncredential-command = \"hunter2\"", "has to be a list of texts"),
            (
                "[profiles.a.venues.btse-spot]\ncredential-timeout = 5",
                "`profiles.a.venues.btse-spot.credential-timeout` has no effect without `credential-command`",
            ),
            (
                "[profiles.a.venues.btse-spot]\ncredential-command = [\"x\"]\ncredential-timeout = 0",
                "expected a duration above 0",
            ),
            (
                "[profiles.a.venues.btse-spot]\ncredential-command = [\"x\"]\nkey-file = \"hunter2\"",
                "exclude each other",
            ),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.contains(expected) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
