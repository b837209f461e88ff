//! The `x-` words of `specs/README.md` as types, for both kinds of document.
//!
//! An OpenAPI operation's words are read with [`Document::read_at`](super::Document::read_at) from the operation itself:
//! what is no word is passed over. In OpenRPC documents they are part of the [`openrpc`](super::openrpc) types.

use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Words at the root.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RootWords {
    /// `x-crate-version`.
    #[serde(rename = "x-crate-version")]
    pub crate_version: Option<String>,
    /// `x-auth`: what follows `venuekit-auth-` in the name of the crate that signs.
    #[serde(rename = "x-auth")]
    pub auth: Option<String>,
    /// `x-base-path`: the path of base URLs, where a document has no servers.
    #[serde(rename = "x-base-path")]
    pub base_path: Option<String>,
    /// `x-private-key`: the crate that signs takes an RSA private key as well.
    #[serde(rename = "x-private-key")]
    pub private_key: bool,
    /// `x-recv-window`.
    #[serde(rename = "x-recv-window")]
    pub recv_window: Option<RecvWindow>,
    /// `x-clock-codes`.
    #[serde(rename = "x-clock-codes")]
    pub clock_codes: Vec<CodeRule>,
    /// `x-rate-limits`.
    #[serde(rename = "x-rate-limits")]
    pub rate_limits: Vec<RateLimit>,
    /// `x-limits`: the default of the operations.
    #[serde(rename = "x-limits")]
    pub limits: Vec<String>,
    /// `x-server-time`.
    #[serde(rename = "x-server-time")]
    pub server_time: Option<ServerTime>,
    /// `x-error`.
    #[serde(rename = "x-error")]
    pub error: ErrorShape,
    /// `x-error-codes`.
    #[serde(rename = "x-error-codes")]
    pub error_codes: Vec<ErrorCode>,
    /// `x-unknown-codes`.
    #[serde(rename = "x-unknown-codes")]
    pub unknown_codes: Vec<CodeRule>,
    /// `x-refused-codes`.
    #[serde(rename = "x-refused-codes")]
    pub refused_codes: Vec<CodeRule>,
    /// `x-parameter-order`: `significant`.
    #[serde(rename = "x-parameter-order")]
    pub parameter_order: Option<String>,
}

/// How long after its time the venue may accept a request, in ms.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RecvWindow {
    /// When the request does not say.
    pub default: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

/// A limit of the venue.
#[derive(Clone, Debug, Deserialize)]
pub struct RateLimit {
    /// Its name in the spec.
    pub name: String,
    /// `ip` or `key`.
    pub per: String,
    /// `1s`, `5m`, `1d`.
    pub window: Window,
    /// How much fits into a window.
    pub limit: u64,
    /// `weight` or `requests`.
    pub counts: String,
    /// The header by which a reply tells what is used up.
    #[serde(default)]
    pub header: Option<String>,
}

/// A span of time, `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// In seconds.
    pub seconds: u64,
}

impl Window {
    /// Reads `1s`, `5m`, `2h` or `1d`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unit = match text.chars().next_back()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let digits = text.get(..text.len() - 1)?;
        if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let seconds = digits.parse::<u64>().ok()?.checked_mul(unit)?;
        Some(Self { seconds })
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no window such as 1s, 5m or 1d")))
    }
}

/// The operation that tells the venue's time.
#[derive(Clone, Debug, Deserialize)]
pub struct ServerTime {
    /// Its `operationId`, or the method's name.
    pub operation: String,
    /// Where its reply has the time.
    pub pointer: String,
    /// `ms`, `s`, `iso8601` or `dotnet-ticks`.
    pub unit: String,
}

/// Where an error body has its code and message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct ErrorShape {
    /// JSON pointers, first hit wins.
    pub code: Vec<String>,
    /// JSON pointers, first hit wins.
    pub message: Vec<String>,
    /// A reply of status 2xx is an error when one of these holds.
    pub failed_when: Vec<Condition>,
}

/// A condition on a reply.
#[derive(Clone, Debug, Deserialize)]
pub struct Condition {
    /// A JSON pointer; a segment `*` stands for each element of an array.
    pub pointer: String,
    /// A scalar that the value has to be.
    #[serde(default, deserialize_with = "given")]
    pub equals: Option<serde_json::Value>,
    /// There, and neither null nor empty nor zero.
    #[serde(default)]
    pub present: bool,
    /// `unknown`: such a reply does not say whether the request was carried out.
    #[serde(default)]
    pub outcome: Option<String>,
}

/// `equals: null` is a value, unlike an `equals` that is not there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// An error code that the document states.
#[derive(Clone, Debug, Deserialize)]
pub struct ErrorCode {
    /// The code.
    pub code: Code,
    /// The venue's message.
    pub message: String,
    /// What the spec says of it.
    #[serde(default)]
    pub description: Option<String>,
}

/// An error code, an integer or text on the wire, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(pub String);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Number(number) if !number.is_f64() => Ok(Self(number.to_string())),
            other => Err(D::Error::custom(format!("`{other}` is no error code: write an integer or text"))),
        }
    }
}

/// An error code that decides about the outcome of a call, and where it has to stand to do so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodeRule {
    /// As text; integers in decimal.
    pub code: String,
    /// The HTTP status that it has to come with.
    pub status: Option<u16>,
    /// The JSON pointer at which it has to stand, one of `x-error.code`.
    pub pointer: Option<String>,
    /// The message that it has to come with.
    pub message: Option<String>,
}

impl CodeRule {
    /// Returns whether this rule applies wherever the other one does.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        fn admits<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_none() || one == other
        }
        self.code == other.code
            && admits(&self.status, &other.status)
            && admits(&self.pointer, &other.pointer)
            && admits(&self.message, &other.message)
    }

    /// Returns whether there are errors to which both rules apply.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        self.code == other.code
            && agree(&self.status, &other.status)
            && agree(&self.pointer, &other.pointer)
            && agree(&self.message, &other.message)
    }
}

impl fmt::Display for CodeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if let Some(status) = self.status {
            write!(f, " with status {status}")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, " at {pointer}")?;
        }
        match &self.message {
            Some(message) => write!(f, " saying {message:?}"),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for CodeRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Anywhere(Code),
            Tied {
                code: Code,
                #[serde(default)]
                status: Option<u16>,
                #[serde(default)]
                pointer: Option<String>,
                #[serde(default)]
                message: Option<String>,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Anywhere(Code(code)) => Self { code, status: None, pointer: None, message: None },
            Form::Tied { code: Code(code), status, pointer, message } => Self { code, status, pointer, message },
        })
    }
}

/// Words on an operation or a method.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OperationWords {
    /// `x-weight`.
    #[serde(rename = "x-weight")]
    pub weight: Option<Weight>,
    /// `x-limits`; `None`: the root's.
    #[serde(rename = "x-limits")]
    pub limits: Option<Vec<String>>,
    /// `x-moves-funds`.
    #[serde(rename = "x-moves-funds")]
    pub moves_funds: bool,
    /// `x-idempotent`; `None`: by the HTTP method.
    #[serde(rename = "x-idempotent")]
    pub idempotent: Option<Idempotent>,
    /// `x-done-codes`.
    #[serde(rename = "x-done-codes")]
    pub done_codes: Vec<CodeRule>,
    /// `x-gone-codes`.
    #[serde(rename = "x-gone-codes")]
    pub gone_codes: Vec<CodeRule>,
    /// `x-unknown-codes`.
    #[serde(rename = "x-unknown-codes")]
    pub unknown_codes: Vec<CodeRule>,
    /// `x-refused-codes`.
    #[serde(rename = "x-refused-codes")]
    pub refused_codes: Vec<CodeRule>,
    /// `x-failed-when` (OpenAPI).
    #[serde(rename = "x-failed-when")]
    pub failed_when: Vec<Condition>,
    /// `x-method` (OpenRPC): the name on the wire.
    #[serde(rename = "x-method")]
    pub method: Option<String>,
    /// `x-security` (OpenRPC): requirements; `None`: the root's.
    #[serde(rename = "x-security")]
    pub security: Option<Vec<IndexMap<String, Vec<String>>>>,
    /// `x-rust-name`.
    #[serde(rename = "x-rust-name")]
    pub rust_name: Option<String>,
    /// `x-doc-deviation`.
    #[serde(rename = "x-doc-deviation")]
    pub doc_deviation: Option<String>,
}

/// What a call counts against the limits that count weight.
#[derive(Clone, Debug)]
pub enum Weight {
    /// Always the same.
    Fixed(u32),
    /// By which parameter is present.
    ByParameter {
        /// Names and weights: the heaviest that is present decides.
        when_present: IndexMap<String, u32>,
        /// When none is.
        otherwise: u32,
    },
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Fixed(u32),
            ByParameter {
                #[serde(rename = "when-present")]
                when_present: IndexMap<String, u32>,
                otherwise: u32,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Fixed(weight) => Self::Fixed(weight),
            Form::ByParameter { when_present, otherwise } => Self::ByParameter { when_present, otherwise },
        })
    }
}

/// May an operation be sent again when nobody knows what became of it?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotent {
    /// Yes.
    Always,
    /// No.
    Never,
    /// When this parameter or top-level member of the body is present.
    WhenPresent(String),
}

impl<'de> Deserialize<'de> for Idempotent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Plain(bool),
            WhenPresent {
                #[serde(rename = "when-present")]
                when_present: String,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Plain(true) => Self::Always,
            Form::Plain(false) => Self::Never,
            Form::WhenPresent { when_present } => Self::WhenPresent(when_present),
        })
    }
}

/// Words on a parameter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ParameterWords {
    /// `x-variadic` (OpenRPC): the array spreads over the remaining positions.
    #[serde(rename = "x-variadic")]
    pub variadic: bool,
    /// `x-rust-name`.
    #[serde(rename = "x-rust-name")]
    pub rust_name: Option<String>,
    /// `x-doc-deviation`.
    #[serde(rename = "x-doc-deviation")]
    pub doc_deviation: Option<String>,
}

/// Words on a schema.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SchemaWords {
    /// `x-tuple`; read a column's schema with [`Document::schema_at`](super::Document::schema_at) at `../x-tuple/0/schema`.
    #[serde(rename = "x-tuple")]
    pub tuple: Option<Vec<Column>>,
    /// `x-always`.
    #[serde(rename = "x-always")]
    pub always: Option<Always>,
    /// `x-enum-varnames`.
    #[serde(rename = "x-enum-varnames")]
    pub enum_varnames: Option<Vec<String>>,
    /// `x-enum-descriptions`.
    #[serde(rename = "x-enum-descriptions")]
    pub enum_descriptions: Option<Vec<String>>,
    /// `x-rust-name`.
    #[serde(rename = "x-rust-name")]
    pub rust_name: Option<String>,
    /// `x-doc-deviation`.
    #[serde(rename = "x-doc-deviation")]
    pub doc_deviation: Option<String>,
}

/// A column of an `x-tuple`.
#[derive(Clone, Debug, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub description: Option<String>,
    /// `x-rust-name`.
    #[serde(default, rename = "x-rust-name")]
    pub rust_name: Option<String>,
    /// `x-doc-deviation`.
    #[serde(default, rename = "x-doc-deviation")]
    pub doc_deviation: Option<String>,
}

/// Members that are in fact always there.
#[derive(Clone, Debug, Deserialize)]
pub struct Always {
    /// Their names.
    pub members: Vec<String>,
    /// How we know.
    pub because: String,
}
