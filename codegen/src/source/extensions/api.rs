//! The extensions at the root.

use super::auth::Auth;
use super::errors::{CodeRule, ErrorCode, ErrorShape, code_rules};
use super::rate_limits::{LimitNames, RateLimit};
use super::subscription::Socket;
use crate::source::located::Located;
use crate::source::object::Object;
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::{HOST_SHAPE, RECV_WINDOW_SHAPE, SERVER_TIME_SHAPE};
use crate::source::shapes::openapi::OPENAPI;
use crate::source::times::{TimeUnit, UNITS};

/// The extensions at the root.
pub(crate) struct ApiExtensions<'a> {
    /// `x-crate-version`.
    pub(crate) crate_version: &'a str,
    /// `x-auth`: the crate that signs.
    pub(crate) auth: Option<Auth<'a>>,
    /// `x-base-path`: the path that base URLs have to end with.
    pub(crate) base_path: Option<&'a str>,
    /// `x-hosts`.
    pub(crate) hosts: Vec<Host<'a>>,
    /// `x-private-key`: the signing crate also takes an RSA private key.
    pub(crate) private_key: bool,
    /// `x-key-only`: the signing crate also takes a key without a secret.
    pub(crate) key_only: bool,
    /// `x-token-login` (OpenRPC): the signing crate also takes a token, which logs a connection in.
    pub(crate) token_login: bool,
    /// `x-recv-window`.
    pub(crate) recv_window: Option<RecvWindow>,
    /// `x-clock-codes`.
    pub(crate) clock_codes: Vec<CodeRule>,
    /// `x-rate-limits`.
    pub(crate) rate_limits: Vec<RateLimit<'a>>,
    /// `x-limits`: the limits of operations that have no `x-limits`, by index into `rate_limits`.
    pub(crate) limits: Vec<usize>,
    /// `x-server-time`.
    pub(crate) server_time: Option<ServerTime<'a>>,
    /// `x-error`.
    pub(crate) error: ErrorShape<'a>,
    /// `x-error-codes`.
    pub(crate) error_codes: Vec<ErrorCode<'a>>,
    /// `x-unknown-codes`.
    pub(crate) unknown_codes: Vec<CodeRule>,
    /// `x-refused-codes`.
    pub(crate) refused_codes: Vec<CodeRule>,
    /// `x-parameter-order: significant`.
    pub(crate) parameter_order: bool,
    /// `x-socket` (OpenRPC).
    pub(crate) socket: Option<Socket<'a>>,
}

impl<'a> ApiExtensions<'a> {
    /// Reads the extensions at the root of a document. `names` are the names of its rate limits.
    ///
    /// # Errors
    /// Returns the refusal of the first value that does not have the required form.
    pub(crate) fn read(root: &Located<'a>, names: &LimitNames<'a>) -> Result<Self, Refusal<'a>> {
        // The keys of extensions have the same descriptions in both standards.
        let object = Object::new(root.clone(), &OPENAPI);
        let rate_limits = object.list("x-rate-limits")?.into_iter().map(RateLimit::read);
        let hosts = object.list("x-hosts")?.into_iter().map(Host::read);
        let error_codes = object.list("x-error-codes")?.into_iter().map(ErrorCode::read);
        Ok(Self {
            crate_version: object.need_text("x-crate-version")?,
            auth: root.get("x-auth").map(Auth::read).transpose()?,
            base_path: object.text("x-base-path")?,
            hosts: hosts.collect::<Result<_, _>>()?,
            private_key: object.flag("x-private-key")?,
            key_only: object.flag("x-key-only")?,
            token_login: root.flag("x-token-login"),
            recv_window: root.get("x-recv-window").map(RecvWindow::read).transpose()?,
            clock_codes: code_rules(&object, "x-clock-codes")?,
            rate_limits: rate_limits.collect::<Result<_, _>>()?,
            limits: names.list(&object)?,
            server_time: root.get("x-server-time").map(ServerTime::read).transpose()?,
            error: root.get("x-error").map(ErrorShape::read).transpose()?.unwrap_or_default(),
            error_codes: error_codes.collect::<Result<_, _>>()?,
            unknown_codes: code_rules(&object, "x-unknown-codes")?,
            refused_codes: code_rules(&object, "x-refused-codes")?,
            parameter_order: object.text("x-parameter-order")?.is_some(),
            socket: root.get("x-socket").map(Socket::read).transpose()?,
        })
    }
}

/// A host that is not a server of the document.
pub(crate) struct Host<'a> {
    pub(crate) url: &'a str,
    /// The only signing scheme that the host accepts.
    pub(crate) signing: &'a str,
}

impl<'a> Host<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &HOST_SHAPE);
        Ok(Self { url: object.need_text("url")?, signing: object.need_text("signing")? })
    }
}

/// The time for which a venue accepts a request after its timestamp, in milliseconds.
pub(crate) struct RecvWindow {
    /// The recv window that the venue applies to a request without one.
    pub(crate) default: Option<u32>,
    /// The longest recv window that a request may state.
    pub(crate) max: Option<u32>,
}

impl RecvWindow {
    pub(super) fn read<'a>(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &RECV_WINDOW_SHAPE);
        Ok(Self { default: object.count("default")?, max: object.count("max")? })
    }
}

/// The operation that returns the venue's time.
pub(crate) struct ServerTime<'a> {
    /// The `operationId` of the operation, or the name of the method.
    pub(crate) operation: &'a str,
    /// The JSON pointer to the time in the operation's response.
    pub(crate) pointer: &'a str,
    pub(crate) unit: TimeUnit,
}

impl<'a> ServerTime<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &SERVER_TIME_SHAPE);
        Ok(Self {
            operation: object.need_text("operation")?,
            pointer: object.need_text("pointer")?,
            unit: object.need_choice("unit", &UNITS)?,
        })
    }
}
