//! Reads key and secret from the environment, from files, or from a command that prints them. They
//! are never arguments, because every user of the machine can see the arguments of a process.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, fs, process};

use venuekit::BoxError;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::signing::Signer;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::flags;
use crate::hidden::{self, Hidden};
use crate::profile;
use crate::shell::quoted;

/// The credentials of a venue.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) signer: Arc<dyn Signer>,
    /// The texts that are never shown.
    pub(crate) hidden: Vec<Hidden>,
}

/// A text from the environment or from a file.
struct Found {
    text: Text,
    /// The expansion of a shell that gives the text: `$BTSE_SPOT_KEY`.
    shell: String,
}

/// Where the credentials of a venue come from: one source has them all, so that the key of one
/// account never gets the secret of another.
#[derive(Default)]
struct Source {
    key: Option<Found>,
    secret: Option<Found>,
    private_key: Option<Found>,
}

impl Source {
    fn is_empty(&self) -> bool {
        self.key.is_none() && self.secret.is_none() && self.private_key.is_none()
    }

    /// Reads the variables of a venue.
    fn of_environment(meta: &VenueMeta) -> Result<Self, Failure> {
        let variable = |what: &str| flags::variable(meta, what);
        Ok(Self {
            key: text_or_file(&variable("KEY"), &variable("KEY_FILE"))?,
            secret: text_or_file(&variable("SECRET"), &variable("SECRET_FILE"))?,
            private_key: file(&variable("PRIVATE_KEY_FILE"))?,
        })
    }

    /// Reads the files or runs the command that the profile names for a venue.
    fn of_profile(meta: &VenueMeta) -> Result<Self, Failure> {
        let profile = profile::current();
        let Some(venue) = profile.venue(meta.venue.name()) else { return Ok(Self::default()) };
        let name = profile.name.as_deref().unwrap_or_default();
        if let Some(words) = &venue.credential_command {
            return Self::of_command(name, words);
        }
        let file = |path: &Option<PathBuf>| {
            let named_by = || format!("the profile `{name}`");
            path.as_ref().map(|path| read(path.as_os_str(), &named_by, &quoted(&path.to_string_lossy()))).transpose()
        };
        Ok(Self {
            key: file(&venue.key_file)?,
            secret: file(&venue.secret_file)?,
            private_key: file(&venue.private_key_file)?,
        })
    }

    /// Runs a command that prints the key on its first line, and then the secret. What it prints is
    /// never shown.
    fn of_command(profile: &str, words: &[String]) -> Result<Self, Failure> {
        let Some((program, arguments)) = words.split_first() else { return Ok(Self::default()) };
        // The arguments may have a secret, so only the program is named.
        let command = format!("the credential command `{program}` of the profile `{profile}`");
        let help = || "run it in a terminal to see why".to_owned();
        let output = process::Command::new(program)
            .args(arguments)
            .stdin(process::Stdio::null())
            .stderr(process::Stdio::null())
            .output()
            .map_err(|error| refused(format!("{command} cannot be run: {error}"), help()))?;
        let printed = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(refused(format!("{command} failed: {}", output.status), help()));
        }
        let text = std::str::from_utf8(&printed)
            .map_err(|_| refused(format!("{command} printed bytes that are not text"), help()))?;
        let (key, secret) = text.split_once('\n').unwrap_or((text, ""));
        let (key, secret) = (key.trim_end_matches('\r'), secret.trim_end_matches(['\r', '\n']));
        if key.is_empty() {
            let help = "it has to print the key on the first line, and then the secret".to_owned();
            return Err(refused(format!("{command} printed no key"), help));
        }
        let line: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let found = |text: &str, select: &str| Found {
            text: Zeroizing::new(text.to_owned()),
            shell: format!("$({} | {select})", line.join(" ")),
        };
        let found_secret = Some(secret).filter(|secret| !secret.is_empty()).map(|secret| found(secret, "sed 1d"));
        let is_private_key = secret.starts_with("-----BEGIN");
        let (secret, private_key) = if is_private_key { (None, found_secret) } else { (found_secret, None) };
        Ok(Self { key: Some(found(key, "sed -n 1p")), secret, private_key })
    }
}

/// Returns the texts of a venue's credentials, as far as they are known without a command.
pub(crate) fn known_texts(meta: &VenueMeta) -> Vec<String> {
    let Ok(source) = Source::of_environment(meta) else { return Vec::new() };
    let found = [source.key, source.secret, source.private_key].into_iter().flatten();
    found.map(|found| found.text.to_string()).collect()
}

/// Returns the credentials for an operation's requests: from the environment, or from the profile
/// if no variable of the venue is set. Returns `None` if there are none. Returns an error if they
/// are incomplete or contradict each other. A key without a secret is enough for an operation that
/// needs only the key.
pub(crate) fn load(meta: &VenueMeta, operation: &OperationMeta) -> Result<Option<Credentials>, Failure> {
    let variable = |what: &str| flags::variable(meta, what);
    let environment = Source::of_environment(meta)?;
    let source = if environment.is_empty() { Source::of_profile(meta)? } else { environment };
    let Source { key, secret, private_key: pem } = source;
    let (make, secret) = match (secret, pem) {
        (Some(_), Some(_)) => {
            let (secret, pem) = (variable("SECRET"), variable("PRIVATE_KEY_FILE"));
            return Err(refused(format!("both {secret} and {pem} are set"), "unset one of them".into()));
        }
        (secret, None) => (meta.credentials, secret),
        (None, pem) if meta.private_key.is_some() => (meta.private_key, pem),
        (None, Some(_)) => {
            let (pem, name) = (variable("PRIVATE_KEY_FILE"), meta.venue.name());
            return Err(refused(format!("{pem} is set, but {name} does not use private keys"), advice(meta)));
        }
    };
    let (key, secret) = match (key, secret) {
        (None, None) => return Ok(None),
        (Some(key), Some(secret)) => (key, secret),
        (Some(key), None) if operation.operation.security() == Security::Key && meta.key_only.is_some() => {
            let signer = meta.key_only.map(|make| make(&key.text)).transpose();
            let signer = signer.map_err(|error| unusable(&error, meta))?;
            let hidden = hidden::hidden((&key.text, &key.shell), None);
            return Ok(signer.map(|signer| Credentials { signer, hidden }));
        }
        (Some(_), None) => return Err(refused(format!("{} is set without a secret", variable("KEY")), advice(meta))),
        (None, Some(_)) => {
            return Err(refused(
                format!("a secret or private key is set, but {} is not", variable("KEY")),
                advice(meta),
            ));
        }
    };
    let Some(make) = make else {
        return Err(refused(
            format!("no signing scheme is known for {}", meta.venue.name()),
            "only public operations of this venue can be called".into(),
        ));
    };
    match make(&key.text, &secret.text) {
        Ok(signer) => {
            let hidden = hidden::hidden((&key.text, &key.shell), Some((&secret.text, &secret.shell)));
            Ok(Some(Credentials { signer, hidden }))
        }
        Err(error) => Err(unusable(&error, meta)),
    }
}

fn unusable(error: &BoxError, meta: &VenueMeta) -> Failure {
    refused(format!("the credentials cannot be used: {error}"), advice(meta))
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
    let alone = match meta.key_only {
        Some(_) => " Operations that need only the key work without a secret.",
        None => "",
    };
    format!(
        "Credentials, from the environment: set {key} and {secret}, or set {key}_FILE and {secret}_FILE \
         to the paths of files{private}. A profile can name files or a command.{alone}"
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
    format!("set {key} and {secret}, or set {key}_FILE and {secret}_FILE to the paths of files{private}")
}

fn refused(message: String, help: String) -> Failure {
    Failure::Credentials { message, help }
}

type Text = Zeroizing<String>;

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
        Ok(text) => Ok(Some(Found { text: Zeroizing::new(text), shell: format!("${variable}") })),
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
    let read = fs::File::open(path).and_then(|mut file| {
        let is_private = is_private(&file.metadata()?);
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map(|_| (text, is_private))
    });
    match read {
        Ok((_, false)) => Err(refused(
            format!("{}, which {} names, can be read by every user of this machine", path.display(), named_by()),
            format!("chmod o= {}", quoted(&path.to_string_lossy())),
        )),
        Ok((text, true)) => Ok(Found {
            text: Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()),
            shell: format!("$(tr -d '\\r\\n' < {shell})"),
        }),
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
