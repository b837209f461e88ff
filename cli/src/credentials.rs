//! Reads key and secret from the environment, from files, or from a command that prints them. They
//! are never arguments, because every user of the machine can see the arguments of a process.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, io};

use venuekit::BoxError;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::signing::Signer;
use venuekit_venues::VENUES;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::hidden::{self, Hidden};
use crate::shell::quoted;
use crate::{credential_command, flags, profile, secrets};

/// The credentials of a venue.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) signer: Arc<dyn Signer>,
    /// The texts that are never shown.
    pub(crate) hidden: Vec<Hidden>,
}

/// A text from the environment, from a file, or from a command.
struct Found {
    text: Text,
    /// The expansion of a shell that gives the text: `$BTSE_SPOT_KEY`.
    shell: String,
}

impl Found {
    /// Keeps a text that no message shows from now on.
    fn new(text: Text, shell: String) -> Self {
        secrets::remember(&text);
        Self { text, shell }
    }
}

/// The place from which the credentials of a venue come.
#[derive(Debug, Default)]
enum Origin {
    #[default]
    Environment,
    /// The files that a profile names. `profile`: the profile as messages name it.
    Files { profile: String },
    /// The command of a profile. Its arguments may have a secret, so only the program is named.
    Command { program: String, profile: String },
}

impl Origin {
    /// Returns the credential command as messages name it; `None` if the credentials have another
    /// origin.
    fn command(&self) -> Option<String> {
        match self {
            Self::Command { program, profile } => Some(format!("the credential command `{program}` of {profile}")),
            Self::Environment | Self::Files { .. } => None,
        }
    }

    /// Returns a failure that begins with the place. `by_variable`: the message for variables;
    /// `by_key`: the rest of the sentence `the profile ..`; `printed`: the rest of the sentence
    /// `the command printed ..`.
    fn refused(&self, meta: &VenueMeta, by_variable: String, by_key: &str, printed: &str) -> Failure {
        match (self, self.command()) {
            (_, Some(command)) => refused(format!("{command} printed {printed}"), COMMAND_HELP.to_owned()),
            (Self::Files { profile }, None) => refused(
                format!("{profile} {by_key}"),
                format!("name key-file and secret-file below `venues.{}`", meta.venue.name()),
            ),
            (_, None) => refused(by_variable, advice(meta)),
        }
    }
}

/// The help for a command whose output cannot be used.
const COMMAND_HELP: &str =
    "it has to print the key on the first line, and then the secret; run it in a terminal to see what it prints";

/// Where the credentials of a venue come from: one source has them all, so that the key of one
/// account never gets the secret of another.
#[derive(Default)]
struct Source {
    origin: Origin,
    key: Option<Found>,
    secret: Option<Found>,
    private_key: Option<Found>,
    /// A token, in place of the others.
    token: Option<Found>,
    /// The origin of a login with the token.
    token_source: Option<String>,
}

impl Source {
    fn is_empty(&self) -> bool {
        let all = [&self.key, &self.secret, &self.private_key, &self.token];
        all.into_iter().all(Option::is_none)
    }

    /// Reads the variables of a venue; if none is set, the files or the command of the profile.
    fn of(meta: &VenueMeta) -> Result<Self, Failure> {
        let environment = Self::of_environment(meta)?;
        if environment.is_empty() { Self::of_profile(meta) } else { Ok(environment) }
    }

    /// Reads the variables of a venue.
    fn of_environment(meta: &VenueMeta) -> Result<Self, Failure> {
        let variable = |what: &str| flags::variable(meta, what);
        Ok(Self {
            origin: Origin::Environment,
            key: text_or_file(&variable("KEY"), &variable("KEY_FILE"))?,
            secret: text_or_file(&variable("SECRET"), &variable("SECRET_FILE"))?,
            private_key: file(&variable("PRIVATE_KEY_FILE"))?,
            token: text_or_file(&variable("TOKEN"), &variable("TOKEN_FILE"))?,
            token_source: env::var(variable("TOKEN_SOURCE")).ok().filter(|source| !source.is_empty()),
        })
    }

    /// Reads the files or runs the command that the profile names for a venue.
    fn of_profile(meta: &VenueMeta) -> Result<Self, Failure> {
        let profile = profile::current();
        let Some(venue) = profile.venue(meta.venue.name()) else { return Ok(Self::default()) };
        let described = |key: Option<&str>| profile.described(meta.venue.name(), key);
        if let Some(words) = &venue.credential_command {
            let profile = described(Some("credential-command"));
            let timeout = venue.credential_timeout.unwrap_or(COMMAND_TIMEOUT);
            let printed = Self::of_command(&profile, words, timeout)?;
            // A venue with a login by a token has no operation that needs a key alone.
            let is_token = meta.token_login.is_some() && printed.secret.is_none() && printed.private_key.is_none();
            return Ok(match is_token {
                true => Self { token: printed.key, key: None, token_source: venue.token_source.clone(), ..printed },
                false => printed,
            });
        }
        let file = |key: &str, path: &Option<PathBuf>| {
            let named_by = || described(Some(key));
            path.as_ref().map(|path| read(path.as_os_str(), &named_by, &quoted(&path.to_string_lossy()))).transpose()
        };
        Ok(Self {
            origin: Origin::Files { profile: described(None) },
            key: file("key-file", &venue.key_file)?,
            secret: file("secret-file", &venue.secret_file)?,
            private_key: file("private-key-file", &venue.private_key_file)?,
            token: file("token-file", &venue.token_file)?,
            token_source: venue.token_source.clone(),
        })
    }

    /// Runs a command that prints the key on its first line, and then the secret. What it prints is
    /// never shown.
    fn of_command(profile: &str, words: &[String], timeout: Duration) -> Result<Self, Failure> {
        let Some((program, arguments)) = words.split_first() else { return Ok(Self::default()) };
        let origin = Origin::Command { program: program.clone(), profile: profile.to_owned() };
        let command = origin.command().unwrap_or_default();
        let printed = credential_command::output(program, arguments, timeout)
            .map_err(|failed| refused(format!("{command} {}", failed.reason), failed.help))?;
        let text = std::str::from_utf8(&printed)
            .map_err(|_| refused(format!("{command} printed bytes that are not text"), COMMAND_HELP.to_owned()))?;
        let (key, secret) = text.split_once('\n').unwrap_or((text, ""));
        let (key, secret) = (key.trim_end_matches('\r'), secret.trim_end_matches(['\r', '\n']));
        // The output may be an error that has a secret.
        secrets::remember_lines(text);
        if key.is_empty() {
            return Err(refused(format!("{command} printed no key"), COMMAND_HELP.to_owned()));
        }
        let is_private_key = secret.starts_with("-----BEGIN");
        if !is_private_key && secret.contains('\n') {
            let lines = text.trim_end().lines().count();
            let reason = format!("{command} printed {lines} lines (expected two: the key and the secret)");
            return Err(refused(reason, COMMAND_HELP.to_owned()));
        }
        let line: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let found = |text: &str, select: &str| {
            Found::new(Zeroizing::new(text.to_owned()), format!("$({} | {select})", line.join(" ")))
        };
        let found_secret = Some(secret).filter(|secret| !secret.is_empty()).map(|secret| found(secret, "sed 1d"));
        let (secret, private_key) = if is_private_key { (None, found_secret) } else { (found_secret, None) };
        Ok(Self { origin, key: Some(found(key, "sed -n 1p")), secret, private_key, ..Self::default() })
    }
}

/// The time for which a credential command may run, if the profile does not state another one. It
/// may ask the user for a password.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// Returns the key and the secret of a venue, in the forms in which a text may contain them.
///
/// # Errors
///
/// Returns an error if they cannot be read.
pub(crate) fn texts(meta: &VenueMeta) -> Result<Vec<String>, Failure> {
    let source = Source::of(meta)?;
    let found = [source.key, source.secret, source.private_key, source.token].into_iter().flatten();
    Ok(found.flat_map(|found| secrets::forms(&found.text)).collect())
}

/// Remembers the credentials of all venues, as far as they are known without a command, so that no
/// message shows them: also if the operation does not need them, or if the command line is refused.
pub(crate) fn remember() {
    let read = |path: &OsStr| {
        // A pipe can be read only once.
        let is_small_file = |data: &fs::Metadata| data.is_file() && data.len() <= MAX_BYTES;
        fs::metadata(path).ok().filter(is_small_file).and_then(|_| fs::read_to_string(path).ok())
    };
    let keep = |text: String| secrets::remember(Zeroizing::new(text).trim_end_matches(['\r', '\n']));
    for meta in VENUES {
        let variable = |what: &str| flags::variable(meta, what);
        ["KEY", "SECRET", "TOKEN"].iter().filter_map(|what| env::var(variable(what)).ok()).for_each(keep);
        let files = ["KEY_FILE", "SECRET_FILE", "PRIVATE_KEY_FILE", "TOKEN_FILE"];
        files.iter().filter_map(|what| read(&env::var_os(variable(what))?)).for_each(keep);
        if let Some(venue) = profile::current().venue(meta.venue.name()) {
            let files = [&venue.key_file, &venue.secret_file, &venue.private_key_file, &venue.token_file];
            files.into_iter().flatten().filter_map(|path| read(path.as_os_str())).for_each(keep);
        }
    }
}

/// Returns the credentials for an operation's requests: from the environment, or from the profile
/// if no variable of the venue is set. Returns `None` if there are none. Returns an error if they
/// are incomplete or contradict each other. A key without a secret is enough for an operation that
/// needs only the key.
pub(crate) fn load(meta: &VenueMeta, operation: &OperationMeta) -> Result<Option<Credentials>, Failure> {
    let variable = |what: &str| flags::variable(meta, what);
    let name = meta.venue.name();
    let source = Source::of(meta)?;
    if source.token.is_some() {
        return of_token(meta, source).map(Some);
    }
    let Source { origin, key, secret, private_key: pem, .. } = source;
    let (make, secret) = match (secret, pem) {
        (Some(_), Some(_)) => {
            let (secret, pem) = (variable("SECRET"), variable("PRIVATE_KEY_FILE"));
            return Err(match origin {
                Origin::Files { profile } => refused(
                    format!("{profile} names both a secret-file and a private-key-file"),
                    "leave one of them out".into(),
                ),
                _ => refused(format!("both {secret} and {pem} are set"), "unset one of them".into()),
            });
        }
        (secret, None) => (meta.credentials, secret),
        (None, pem) if meta.private_key.is_some() => (meta.private_key, pem),
        (None, Some(_)) => {
            let reason = format!("{name} does not use private keys");
            let by_variable = format!("{} is set, but {reason}", variable("PRIVATE_KEY_FILE"));
            let by_key = format!("names a private-key-file, but {reason}");
            return Err(origin.refused(meta, by_variable, &by_key, &format!("a private key, but {reason}")));
        }
    };
    let (key, secret) = match (key, secret) {
        (None, None) => return Ok(None),
        (Some(key), Some(secret)) => (key, secret),
        (Some(key), None) if operation.operation.security() == Security::Key && meta.key_only.is_some() => {
            let signer = meta.key_only.map(|make| make(&key.text)).transpose();
            let signer = signer.map_err(|error| unusable(&error, meta, &origin))?;
            let hidden = hidden::hidden((&key.text, &key.shell), None);
            return Ok(signer.map(|signer| Credentials { signer, hidden }));
        }
        (Some(_), None) => {
            let by_variable = format!("{} is set without a secret", variable("KEY"));
            return Err(origin.refused(
                meta,
                by_variable,
                "names a key-file without a secret-file",
                "a key without a secret",
            ));
        }
        (None, Some(_)) => {
            let by_variable = format!("a secret or private key is set, but {} is not", variable("KEY"));
            return Err(origin.refused(meta, by_variable, "names a secret without a key-file", "no key"));
        }
    };
    let Some(make) = make else {
        return Err(refused(
            format!("no signing scheme is known for {name}"),
            "only public operations of this venue can be called".into(),
        ));
    };
    match make(&key.text, &secret.text) {
        Ok(signer) => {
            let hidden = hidden::hidden((&key.text, &key.shell), Some((&secret.text, &secret.shell)));
            Ok(Some(Credentials { signer, hidden }))
        }
        Err(error) => Err(unusable(&error, meta, &origin)),
    }
}

/// The origin of a login with a token, if none is stated.
const USUAL_SOURCE: &str = "web";

/// Returns the credentials of a login with a token.
fn of_token(meta: &VenueMeta, source: Source) -> Result<Credentials, Failure> {
    let variable = |what: &str| flags::variable(meta, what);
    let name = meta.venue.name();
    let Source { origin, key, secret, private_key, token, token_source } = source;
    let Some((token, make)) = token.zip(meta.token_login) else {
        let by_variable = format!("{} is set, but {name} has no login with a token", variable("TOKEN"));
        let by_key = format!("names a token-file, but {name} has no login with a token");
        return Err(origin.refused(meta, by_variable, &by_key, "a token"));
    };
    if key.or(secret).or(private_key).is_some() {
        let by_variable = format!("both {} and {} are set", variable("TOKEN"), variable("KEY"));
        let by_key = "names both a token-file and a key";
        return Err(origin.refused(meta, by_variable, by_key, "both a token and a key"));
    }
    match make(&token.text, token_source.as_deref().unwrap_or(USUAL_SOURCE)) {
        Ok(signer) => Ok(Credentials { signer, hidden: hidden::token(&token.text, &token.shell) }),
        Err(error) => Err(unusable(&error, meta, &origin)),
    }
}

/// Returns the credentials that are there without a command, for an operation that nobody has asked
/// for: a command may ask the user for a password.
pub(crate) fn at_hand(meta: &VenueMeta, operation: &OperationMeta) -> Option<Credentials> {
    let has_command =
        || profile::current().venue(meta.venue.name()).is_some_and(|own| own.credential_command.is_some());
    let has_own = Source::of_environment(meta).is_ok_and(|source| !source.is_empty());
    if !has_own && has_command() {
        return None;
    }
    load(meta, operation).ok().flatten()
}

fn unusable(error: &BoxError, meta: &VenueMeta, origin: &Origin) -> Failure {
    let by_variable = format!("the credentials cannot be used: {error}");
    let by_key = format!("names credentials that cannot be used: {error}");
    origin.refused(meta, by_variable, &by_key, &format!("credentials that cannot be used: {error}"))
}

/// Returns the help text that names the variables of a venue's credentials.
pub(crate) fn help(meta: &VenueMeta) -> String {
    let variable = |what: &str| flags::variable(meta, what);
    let (key, secret) = (variable("KEY"), variable("SECRET"));
    if meta.credentials.is_none() {
        return "Credentials: no signing scheme is known.".to_owned();
    }
    let private = match meta.private_key {
        Some(_) => format!(
            "; for a private key, set {key}, and set {} to the path of a PEM file",
            variable("PRIVATE_KEY_FILE")
        ),
        None => String::new(),
    };
    let token = match meta.token_login {
        Some(_) => format!(
            " To log in with a token in place of them, set {token} or {token}_FILE, and {token}_SOURCE to the \
             origin of the login (by default {USUAL_SOURCE}).",
            token = variable("TOKEN")
        ),
        None => String::new(),
    };
    let alone = match meta.key_only {
        Some(_) => " Operations that need only the key work without a secret.",
        None => "",
    };
    format!(
        "Credentials, from the environment: set {key} and {secret}, or set {key}_FILE and {secret}_FILE \
         to the paths of files{private}. A profile can name files or a command.{alone}{token}"
    )
}

/// Returns the help text for credentials that are missing, incomplete or cannot be used.
pub(crate) fn advice(meta: &VenueMeta) -> String {
    let variable = |what: &str| flags::variable(meta, what);
    let (key, secret) = (variable("KEY"), variable("SECRET"));
    if meta.credentials.is_none() {
        return "only public operations of this venue can be called".to_owned();
    }
    let private = match meta.private_key {
        Some(_) => format!(
            "; for a private key, set {key}, and set {} to the path of a PEM file",
            variable("PRIVATE_KEY_FILE")
        ),
        None => String::new(),
    };
    let token = match meta.token_login {
        Some(_) => format!("; to log in with a token, set {0} or {0}_FILE", variable("TOKEN")),
        None => String::new(),
    };
    format!("set {key} and {secret}, or set {key}_FILE and {secret}_FILE to the paths of files{private}{token}")
}

fn refused(message: String, help: String) -> Failure {
    Failure::Credentials { message, help }
}

type Text = Zeroizing<String>;

/// The largest file of credentials. A private key of RSA with 4096 bits has about 3 KiB.
const MAX_BYTES: u64 = 64 << 10;

fn text_or_file(text_variable: &str, file_variable: &str) -> Result<Option<Found>, Failure> {
    match (text(text_variable)?, file(file_variable)?) {
        (Some(_), Some(_)) => {
            Err(refused(format!("both {text_variable} and {file_variable} are set"), "unset one of them".to_owned()))
        }
        (text, file) => Ok(text.or(file)),
    }
}

/// Reads a variable. Returns `None` if it is not set or empty.
fn text(variable: &str) -> Result<Option<Found>, Failure> {
    match env::var(variable) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Found::new(Zeroizing::new(text), format!("${variable}")))),
        Err(env::VarError::NotPresent) => Ok(None),
        // The text of this error contains the value, which may be a secret.
        Err(env::VarError::NotUnicode(_)) => {
            Err(refused(format!("{variable} is not valid Unicode"), "set it to text that is valid Unicode".to_owned()))
        }
    }
}

/// Reads the file that a variable names. Returns `None` if the variable is not set or empty.
fn file(variable: &str) -> Result<Option<Found>, Failure> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
    read(&path, &|| variable.to_owned(), &format!("\"${variable}\"")).map(Some)
}

/// Reads a file, without the line breaks at its end (editors add one). `named_by`: the variable or
/// the profile that names it. `shell`: the path as a shell writes it.
fn read(path: &OsStr, named_by: &dyn Fn() -> String, shell: &str) -> Result<Found, Failure> {
    let read = fs::File::open(path).and_then(|file| {
        let is_private = is_private(&file.metadata()?);
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_BYTES.saturating_add(1)).read_to_string(&mut text)?;
        match u64::try_from(text.len()).is_ok_and(|length| length > MAX_BYTES) {
            true => Err(io::Error::other(format!("it has more than {MAX_BYTES} bytes"))),
            false => Ok((text, is_private)),
        }
    });
    match read {
        Ok((_, false)) => Err(refused(
            format!("{}, which {} names, can be read by every user of this machine", path.display(), named_by()),
            format!("chmod o= {}", quoted(&path.to_string_lossy())),
        )),
        Ok((text, true)) => Ok(Found::new(
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()),
            format!("$(tr -d '\\r\\n' < {shell})"),
        )),
        Err(error) => Err(refused(
            format!("{}, which {} names, cannot be read: {error}", path.display(), named_by()),
            "check that the file exists and can be read".into(),
        )),
    }
}

/// Returns whether other users of the machine have no access to a file. The group may have access:
/// where secrets are mounted as files, it often is the only way to reach them. A pipe, such as that
/// of `<(pass show key)`, always passes.
#[cfg(unix)]
fn is_private(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    !file.is_file() || file.permissions().mode() & 0o007 == 0
}

/// Access is not checked on other systems.
#[cfg(not(unix))]
fn is_private(_: &fs::Metadata) -> bool {
    true
}
