//! Reads key and secret from the environment or from files. They are never arguments, because every
//! user of the machine can see the arguments of a process.

use std::io::Read as _;
use std::sync::Arc;
use std::{env, fs};

use venuekit::BoxError;
use venuekit::meta::{OperationMeta, VenueMeta};
use venuekit::operation::Security;
use venuekit::signing::Signer;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::flags;
use crate::hidden::{self, Hidden};
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

/// Returns the credentials for an operation's requests from the environment; `None` if no variable
/// is set. Returns an error if the variables are incomplete or contradict each other. A key without
/// a secret is enough for an operation that needs only the key.
pub(crate) fn load(meta: &VenueMeta, operation: &OperationMeta) -> Result<Option<Credentials>, Failure> {
    let variable = |what: &str| flags::variable(meta, what);
    let key = text_or_file(&variable("KEY"), &variable("KEY_FILE"))?;
    let secret = text_or_file(&variable("SECRET"), &variable("SECRET_FILE"))?;
    let pem = file(&variable("PRIVATE_KEY_FILE"))?;
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
         to the paths of files{private}.{alone}"
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

/// Reads the file that a variable names, without the line breaks at its end (editors add one).
/// Returns `None` if the variable is not set or empty.
fn file(variable: &str) -> Result<Option<Found>, Failure> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
    let read = fs::File::open(&path).and_then(|mut file| {
        let is_private = is_private(&file.metadata()?);
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map(|_| (text, is_private))
    });
    match read {
        Ok((_, false)) => Err(refused(
            format!("{}, which {variable} names, can be read by every user of this machine", path.display()),
            format!("chmod o= {}", quoted(&path.to_string_lossy())),
        )),
        Ok((text, true)) => Ok(Some(Found {
            text: Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()),
            shell: format!("$(tr -d '\\r\\n' < \"${variable}\")"),
        })),
        Err(error) => {
            let path = path.display();
            Err(refused(
                format!("{path}, which {variable} names, cannot be read: {error}"),
                "check that the file exists and can be read".into(),
            ))
        }
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
