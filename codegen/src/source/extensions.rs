//! The specification extensions of `specs/README.md`. Each is read only here.
//!
//! A reader refuses a value whose form differs from its description (`shapes`). The check calls the
//! readers that check more than the form. The lowering takes the values that they read.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

use super::constraints::{Constraint, constraints};
use super::evidence::{Evidence, evidence};
use super::findings::{Later, write_json};
use super::located::Located;
use super::nearest::{did_you_mean, did_you_mean_key};
use super::node::{Kind, Node};
use super::object::{Object, count, elements, members, text, unexpected};
use super::refusal::Refusal;
use super::shapes::extensions::{
    CODE_RULE_SHAPE, CONDITION_SHAPE, ERROR_CODE_SHAPE, ERROR_SHAPE, HOST_SHAPE, IDEMPOTENT_SHAPE, RATE_LIMIT_SHAPE,
    RECV_WINDOW_SHAPE, SERVER_TIME_SHAPE, WEIGHT_SHAPE,
};
use super::shapes::grammar::Form;
use super::shapes::openapi::OPENAPI;
use super::shapes::schema::{ALWAYS, COLUMN, SCHEMA};
use super::times::{TimeUnit, UNITS};

/// The extensions at the root.
pub(crate) struct ApiExtensions<'a> {
    /// `x-crate-version`.
    pub(crate) crate_version: &'a str,
    /// `x-auth`: the end of the name of the crate that signs, after `venuekit-auth-`.
    pub(crate) auth: Option<&'a str>,
    /// `x-base-path`: the path that base URLs have to end with.
    pub(crate) base_path: Option<&'a str>,
    /// `x-hosts`.
    pub(crate) hosts: Vec<Host<'a>>,
    /// `x-private-key`: the crate that signs takes an RSA private key as well.
    pub(crate) private_key: bool,
    /// `x-key-only`: the crate that signs takes a key without a secret as well.
    pub(crate) key_only: bool,
    /// `x-recv-window`.
    pub(crate) recv_window: Option<RecvWindow>,
    /// `x-clock-codes`.
    pub(crate) clock_codes: Vec<CodeRule>,
    /// `x-rate-limits`.
    pub(crate) rate_limits: Vec<RateLimit<'a>>,
    /// `x-limits`: the limits of the operations that name none, by index into `rate_limits`.
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
}

impl<'a> ApiExtensions<'a> {
    /// Reads the extensions at the root of a document. `names` are the names of its rate limits.
    ///
    /// # Errors
    /// The first value that does not have the required form.
    pub(crate) fn read(root: &Located<'a>, names: &LimitNames<'a>) -> Result<Self, Refusal<'a>> {
        // The keys of extensions are described alike for both standards.
        let object = Object::new(root.clone(), &OPENAPI);
        let rate_limits = object.list("x-rate-limits")?.into_iter().map(RateLimit::read);
        let hosts = object.list("x-hosts")?.into_iter().map(Host::read);
        let error_codes = object.list("x-error-codes")?.into_iter().map(ErrorCode::read);
        Ok(Self {
            crate_version: object.need_text("x-crate-version")?,
            auth: object.text("x-auth")?,
            base_path: object.text("x-base-path")?,
            hosts: hosts.collect::<Result<_, _>>()?,
            private_key: object.flag("x-private-key")?,
            key_only: object.flag("x-key-only")?,
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
        })
    }
}

/// A host that is not a server of the document.
pub(crate) struct Host<'a> {
    pub(crate) url: &'a str,
    /// The only signing scheme that it accepts.
    pub(crate) signing: &'a str,
}

impl<'a> Host<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &HOST_SHAPE);
        Ok(Self { url: object.need_text("url")?, signing: object.need_text("signing")? })
    }
}

/// The time in ms after which a venue refuses a request.
pub(crate) struct RecvWindow {
    /// The window of a request that states no window.
    pub(crate) default: Option<u32>,
    /// The longest window that a request may have.
    pub(crate) max: Option<u32>,
}

impl RecvWindow {
    fn read<'a>(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &RECV_WINDOW_SHAPE);
        Ok(Self { default: object.count("default")?, max: object.count("max")? })
    }
}

/// A rate limit of the venue.
pub(crate) struct RateLimit<'a> {
    pub(crate) name: &'a str,
    /// True if the limit is counted per key, not per address.
    pub(crate) per_key: bool,
    pub(crate) window: Window,
    /// The number of requests, or the weight, that fits into a window.
    pub(crate) limit: u32,
    /// True if the limit counts weight, not requests.
    pub(crate) counts_weight: bool,
    /// The header of responses that has the used part of the limit.
    pub(crate) header: Option<&'a str>,
    /// The longest time for which the venue closes the limit after a refusal.
    pub(crate) longest_closing: Option<Window>,
    /// `x-evidence`: the sources of a limit that the venue's document does not state.
    pub(crate) evidence: Vec<Evidence<'a>>,
}

/// The choices of `per`; true if the limit is counted per key.
pub(crate) const PER: [(&str, bool); 2] = [("ip", false), ("key", true)];

/// The choices of `counts`; true if the limit counts weight.
pub(crate) const COUNTS: [(&str, bool); 2] = [("weight", true), ("requests", false)];

impl<'a> RateLimit<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &RATE_LIMIT_SHAPE);
        Ok(Self {
            name: object.need_text("name")?,
            per_key: object.need_choice("per", &PER)?,
            window: Window::read(&object.need("window")?)?,
            limit: object.need_count("limit")?,
            counts_weight: object.need_choice("counts", &COUNTS)?,
            header: object.text("header")?,
            longest_closing: object.at.get("longest-closing").map(|at| Window::read(&at)).transpose()?,
            evidence: evidence(&object)?,
        })
    }
}

/// The names of the rate limits.
pub(crate) struct LimitNames<'a> {
    /// In the order of the document. Shared with the help of each finding on a name.
    names: Rc<Vec<&'a str>>,
    /// The first limit of each name.
    index: HashMap<&'a str, usize>,
}

impl<'a> LimitNames<'a> {
    /// Reads the names of the rate limits at the root.
    pub(crate) fn new(root: &Located<'a>) -> Self {
        let (mut names, mut index) = (Vec::new(), HashMap::new());
        for (at, limit) in root.list("x-rate-limits").enumerate() {
            let Some(name) = limit.text("name") else { continue };
            names.push(name);
            index.entry(name).or_insert(at);
        }
        Self { names: Rc::new(names), index }
    }

    /// Reads an element of an `x-limits`: the index of the rate limit that it names. `listed` are
    /// the names of the whole list.
    ///
    /// # Errors
    /// A name that no limit has.
    pub(crate) fn limit(&self, element: &Located<'a>, listed: &Rc<HashSet<&'a str>>) -> Result<usize, Refusal<'a>> {
        let name = text(element)?;
        self.index.get(name).copied().ok_or_else(|| {
            let (known, listed) = (self.names.clone(), listed.clone());
            let help = Later(move || {
                let free = known.iter().copied().filter(|known| !listed.contains(known));
                did_you_mean(name, free, "describe it under `x-rate-limits` at the root").into()
            });
            Refusal::new(&*element.pointer, format!("there is no limit `{name}`"), help)
        })
    }

    fn list(&self, holder: &Object<'a>) -> Result<Vec<usize>, Refusal<'a>> {
        let listed = Rc::default();
        holder.list("x-limits")?.iter().map(|element| self.limit(element, &listed)).collect()
    }
}

/// A span of time, `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// In seconds.
    pub(crate) seconds: u64,
}

impl Window {
    /// Reads `1s`, `5m`, `2h` or `1d`.
    ///
    /// # Errors
    /// A value that is not such a text.
    pub(crate) fn read<'a>(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let written = text(at)?;
        Self::parse(written).ok_or_else(|| {
            let help = "write a whole number and s, m, h or d: 1s, 5m, 1d";
            Refusal::new(&*at.pointer, format!("`{written}` is not a window of time"), help)
        })
    }

    fn parse(text: &str) -> Option<Self> {
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

/// The operation that returns the venue's time.
pub(crate) struct ServerTime<'a> {
    /// Its `operationId`, or the method's name.
    pub(crate) operation: &'a str,
    /// The JSON pointer of the time in its response.
    pub(crate) pointer: &'a str,
    pub(crate) unit: TimeUnit,
}

impl<'a> ServerTime<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &SERVER_TIME_SHAPE);
        Ok(Self {
            operation: object.need_text("operation")?,
            pointer: object.need_text("pointer")?,
            unit: object.need_choice("unit", &UNITS)?,
        })
    }
}

/// The places at which the body of an error has its code and message.
#[derive(Default)]
pub(crate) struct ErrorShape<'a> {
    /// JSON pointers; the first that leads to a value decides.
    pub(crate) code: Vec<&'a str>,
    /// JSON pointers; the first that leads to a value decides.
    pub(crate) message: Vec<&'a str>,
    /// A response of status 2xx is an error if one of these holds.
    pub(crate) failed_when: Vec<Condition<'a>>,
}

impl<'a> ErrorShape<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ERROR_SHAPE);
        let failed_when = conditions(&object, "failed-when")?;
        Ok(Self { code: object.texts("code")?, message: object.texts("message")?, failed_when })
    }
}

/// A condition on a response.
pub(crate) struct Condition<'a> {
    /// A JSON pointer; a segment `*` stands for each element of an array.
    pub(crate) pointer: &'a str,
    pub(crate) test: ConditionTest<'a>,
    /// `outcome: unknown`: after such a response it is unknown whether the request was carried out.
    pub(crate) leaves_open: bool,
}

/// The test of a condition.
pub(crate) enum ConditionTest<'a> {
    /// The value is this scalar.
    Equals(&'a Node),
    /// The value is present, and neither null nor empty nor zero.
    Present,
}

impl<'a> Condition<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let test = ConditionTest::read(&at)?;
        let object = Object::new(at, &CONDITION_SHAPE);
        let leaves_open = object.text("outcome")? == Some("unknown");
        Ok(Self { pointer: object.need_text("pointer")?, test, leaves_open })
    }
}

impl<'a> ConditionTest<'a> {
    /// Reads the test of a condition: `equals`, or `present: true`.
    ///
    /// # Errors
    /// A condition with neither, with both, or with a value that cannot be compared.
    pub(crate) fn read(condition: &Located<'a>) -> Result<Self, Refusal<'a>> {
        match (condition.get("equals"), condition.get("present")) {
            (None, None) => {
                let help = "write `equals: false`, or `present: true`";
                Err(Refusal::new(&*condition.pointer, "a condition has no test", help))
            }
            (Some(_), Some(present)) => {
                let help = "keep `equals` or `present`";
                Err(Refusal::new(present.pointer, "a condition has two tests", help).on_key())
            }
            (Some(equals), None) if matches!(equals.node.kind(), Kind::Map(_) | Kind::Seq(_)) => {
                let help = "write text, a number, true, false or null";
                Err(Refusal::new(equals.pointer, "`equals` has to be a scalar", help))
            }
            (Some(equals), None) => Ok(Self::Equals(equals.node)),
            (None, Some(present)) if present.node.as_bool() == Some(false) => {
                let help = write_json("write `present: true`, or `equals`", "true");
                Err(Refusal::new(present.pointer, "`present: false` is not supported", help))
            }
            (None, Some(_)) => Ok(Self::Present),
        }
    }
}

/// Reads the conditions of a list.
fn conditions<'a>(holder: &Object<'a>, key: &str) -> Result<Vec<Condition<'a>>, Refusal<'a>> {
    holder.list(key)?.into_iter().map(Condition::read).collect()
}

/// An error code of the venue.
pub(crate) struct ErrorCode<'a> {
    /// The code; an integer in decimal.
    pub(crate) code: String,
    /// The venue's message, if it is known.
    pub(crate) message: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
}

impl<'a> ErrorCode<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ERROR_CODE_SHAPE);
        Ok(Self {
            code: code(&object.need("code")?)?,
            message: object.text("message")?,
            description: object.text("description")?,
        })
    }
}

/// Reads an error code, which is an integer or text on the wire.
///
/// # Errors
/// Another value.
pub(crate) fn code<'a>(at: &Located<'a>) -> Result<String, Refusal<'a>> {
    match at.node.kind() {
        Kind::String(text) => Ok(text.to_string()),
        Kind::Number(text) if text.parse::<i64>().is_ok() => Ok(text.to_string()),
        Kind::Number(text) => {
            let message = format!("`{text}` is not an error code");
            Err(Refusal::new(&*at.pointer, message, "write a whole number of 64 bits, or text"))
        }
        _ => Err(unexpected(at, &Form::Code)),
    }
}

/// An error code that decides the outcome of a call, and the conditions under which it does.
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

impl CodeRule {
    /// Reads a code, alone or with its conditions.
    ///
    /// # Errors
    /// A value that is neither.
    pub fn read<'a>(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        if at.node.as_map().is_none() {
            return Ok(Self { code: code(at)?, status: None, pointer: None, message: None });
        }
        let object = Object::new(at.clone(), &CODE_RULE_SHAPE);
        Ok(Self {
            code: code(&object.need("code")?)?,
            status: at.get("status").map(|status| http_status(&status)).transpose()?,
            pointer: object.text("pointer")?.map(str::to_owned),
            message: object.text("message")?.map(str::to_owned),
        })
    }
}

/// Reads an HTTP status.
///
/// # Errors
/// A value that is not a number from 100 to 599.
pub(crate) fn http_status<'a>(at: &Located<'a>) -> Result<u16, Refusal<'a>> {
    let number = count(at)?;
    u16::try_from(number).ok().filter(|status| (100..=599).contains(status)).ok_or_else(|| {
        Refusal::new(&*at.pointer, format!("`{number}` is not an HTTP status"), "write a status from 100 to 599")
    })
}

/// Reads the codes of a list.
fn code_rules<'a>(holder: &Object<'a>, key: &str) -> Result<Vec<CodeRule>, Refusal<'a>> {
    holder.list(key)?.iter().map(CodeRule::read).collect()
}

/// The extensions of an operation or a method.
pub(crate) struct OperationExtensions<'a> {
    /// `x-weight`.
    pub(crate) weight: Weight,
    /// `x-limits`, by index into the rate limits; `None` for the limits of the root.
    pub(crate) limits: Option<Vec<usize>>,
    /// `x-reads-only`; `None` where the HTTP method decides.
    pub(crate) reads_only: Option<bool>,
    /// `x-moves-funds`.
    pub(crate) moves_funds: bool,
    /// `x-cancels`; `None` where the method and the id decide.
    pub(crate) cancels: Option<bool>,
    /// `x-constraints`.
    pub(crate) constraints: Vec<Constraint<'a>>,
    /// `x-idempotent`; `None` where the HTTP method decides.
    pub(crate) idempotent: Option<Idempotent<'a>>,
    /// `x-done-codes`.
    pub(crate) done_codes: Vec<CodeRule>,
    /// `x-gone-codes`.
    pub(crate) gone_codes: Vec<CodeRule>,
    /// `x-unknown-codes`.
    pub(crate) unknown_codes: Vec<CodeRule>,
    /// `x-refused-codes`.
    pub(crate) refused_codes: Vec<CodeRule>,
    /// `x-failed-when` (OpenAPI).
    pub(crate) failed_when: Vec<Condition<'a>>,
    /// `x-method` (OpenRPC): the name on the wire.
    pub(crate) method: Option<&'a str>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
    /// `x-doc-deviation`.
    pub(crate) doc_deviation: Option<&'a str>,
}

impl<'a> OperationExtensions<'a> {
    /// Reads the extensions of an operation. `parameters` are the names of its parameters, in their
    /// order.
    ///
    /// # Errors
    /// The first value that has a wrong form, or that names something that does not exist.
    pub(in crate::source) fn read(
        operation: &Object<'a>,
        names: &LimitNames<'a>,
        parameters: &ParameterNames<'a>,
    ) -> Result<Self, Refusal<'a>> {
        let at = &operation.at;
        Ok(Self {
            weight: at.get("x-weight").map_or(Ok(Weight::Fixed(1)), |weight| Weight::read(weight, parameters))?,
            limits: at.get("x-limits").map(|_| names.list(operation)).transpose()?,
            reads_only: at.get("x-reads-only").map(|_| operation.flag("x-reads-only")).transpose()?,
            moves_funds: operation.flag("x-moves-funds")?,
            cancels: at.get("x-cancels").map(|_| operation.flag("x-cancels")).transpose()?,
            constraints: constraints(operation)?,
            idempotent: at.get("x-idempotent").map(Idempotent::read).transpose()?,
            done_codes: code_rules(operation, "x-done-codes")?,
            gone_codes: code_rules(operation, "x-gone-codes")?,
            unknown_codes: code_rules(operation, "x-unknown-codes")?,
            refused_codes: code_rules(operation, "x-refused-codes")?,
            failed_when: conditions(operation, "x-failed-when")?,
            method: operation.text("x-method")?,
            rust_name: operation.text("x-rust-name")?,
            doc_deviation: operation.text("x-doc-deviation")?,
        })
    }
}

/// The names of an operation's parameters.
pub(crate) struct ParameterNames<'a> {
    names: Rc<Vec<&'a str>>,
    /// The first parameter of each name.
    index: HashMap<&'a str, usize>,
}

impl<'a> ParameterNames<'a> {
    pub(crate) fn new(names: Vec<&'a str>) -> Self {
        let index = names.iter().enumerate().rev().map(|(at, name)| (*name, at)).collect();
        Self { names: Rc::new(names), index }
    }

    /// Returns the names, in the order of the parameters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().copied()
    }

    /// Returns whether a parameter has a name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }
}

/// The weight that a call counts against the limits that count weight.
pub(crate) enum Weight {
    /// The same for each call.
    Fixed(u32),
    /// The heaviest parameter that is present decides.
    ByParameter {
        /// Index and weight.
        when_present: Vec<(usize, u32)>,
        /// The weight of a call with none of them.
        otherwise: u32,
    },
}

impl Weight {
    fn read<'a>(at: Located<'a>, parameters: &ParameterNames<'a>) -> Result<Self, Refusal<'a>> {
        if at.node.as_map().is_none() {
            return Ok(Self::Fixed(count(&at)?));
        }
        let object = Object::new(at, &WEIGHT_SHAPE);
        let weights = object.need("when-present")?;
        let read = |(name, weight): (&'a str, Located<'a>)| {
            Ok((Self::parameter(&weights, name, &weight, parameters)?, count(&weight)?))
        };
        let when_present = members(&weights)?.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self::ByParameter { when_present, otherwise: object.need_count("otherwise")? })
    }

    /// Reads a key of `when-present`: the index of the parameter that it names.
    ///
    /// # Errors
    /// A name that no parameter has.
    pub(crate) fn parameter<'a>(
        weights: &Located<'a>,
        name: &'a str,
        weight: &Located<'a>,
        parameters: &ParameterNames<'a>,
    ) -> Result<usize, Refusal<'a>> {
        parameters.index.get(name).copied().ok_or_else(|| {
            let (weights, known) = (weights.clone(), parameters.names.clone());
            let help = Later(move || {
                let free = known.iter().copied().filter(|known| weights.node.get(known).is_none());
                did_you_mean_key(name, free, "name a parameter of the operation").into()
            });
            Refusal::new(&*weight.pointer, format!("there is no parameter `{name}`"), help).on_key()
        })
    }
}

/// The condition under which a request of unknown outcome may be sent again.
pub(crate) enum Idempotent<'a> {
    Always,
    Never,
    /// If one of these parameters or top-level properties of the body is present.
    WhenPresent(Vec<&'a str>),
}

impl<'a> Idempotent<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        match at.node.as_bool() {
            Some(true) => Ok(Self::Always),
            Some(false) => Ok(Self::Never),
            None => {
                let object = Object::new(at, &IDEMPOTENT_SHAPE);
                let names = object.need("when-present")?;
                Ok(Self::WhenPresent(match names.node.as_seq() {
                    Some(_) => elements(&names)?.iter().map(text).collect::<Result<_, _>>()?,
                    None => vec![text(&names)?],
                }))
            }
        }
    }
}

/// The extensions of a schema.
pub(crate) struct SchemaExtensions<'a> {
    /// `x-tuple`.
    pub(crate) tuple: Option<Vec<Column<'a>>>,
    /// `x-always`.
    pub(crate) always: Option<Always<'a>>,
    /// `x-constraints`.
    pub(crate) constraints: Vec<Constraint<'a>>,
    /// `x-enum-varnames`.
    pub(crate) enum_varnames: Vec<&'a str>,
    /// `x-enum-descriptions`.
    pub(crate) enum_descriptions: Vec<&'a str>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
    /// `x-doc-deviation`.
    pub(crate) doc_deviation: Option<&'a str>,
}

impl<'a> SchemaExtensions<'a> {
    pub(crate) fn read(schema: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(schema.clone(), &SCHEMA);
        let columns = |list: Located<'a>| elements(&list)?.into_iter().map(Column::read).collect();
        Ok(Self {
            tuple: schema.get("x-tuple").map(columns).transpose()?,
            always: schema.get("x-always").map(Always::read).transpose()?,
            constraints: constraints(&object)?,
            enum_varnames: object.texts("x-enum-varnames")?,
            enum_descriptions: object.texts("x-enum-descriptions")?,
            rust_name: object.text("x-rust-name")?,
            doc_deviation: object.text("x-doc-deviation")?,
        })
    }
}

/// A column of an `x-tuple`.
#[derive(Clone)]
pub(crate) struct Column<'a> {
    pub(crate) at: Located<'a>,
    pub(crate) name: &'a str,
    /// Its schema, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
}

impl<'a> Column<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &COLUMN);
        Ok(Self {
            name: object.need_text("name")?,
            schema: object.need("schema")?,
            rust_name: object.text("x-rust-name")?,
            at,
        })
    }
}

/// Properties that are in fact always present.
pub(crate) struct Always<'a> {
    pub(crate) members: Vec<&'a str>,
    /// The evidence for it.
    pub(crate) because: &'a str,
}

impl<'a> Always<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ALWAYS);
        Ok(Self { members: object.texts("members")?, because: object.need_text("because")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::constraints::STATED_BY;
    use crate::source::evidence::KINDS;
    use crate::source::market_rules::{ORDER_VALUES, RULE_KINDS};
    use crate::source::root::ENVIRONMENTS;
    use crate::source::shapes::extensions::{CONSTRAINT_SHAPE, MARKET_RULE_SHAPE, TIME_SHAPE};
    use crate::source::shapes::grammar::{EVIDENCE_SHAPE, Shape};
    use crate::source::shapes::{openapi, openrpc};
    use crate::source::times::ZONES;

    fn described(shape: &Shape, key: &str) -> Vec<&'static str> {
        match shape.key(key).map(|key| key.form) {
            Some(Form::Choice(choices)) => choices.to_vec(),
            _ => panic!("`{key}` is not described as a choice"),
        }
    }

    fn names<T: Copy>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
        choices.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn each_described_choice_is_read_and_no_other() {
        assert_eq!(described(&RATE_LIMIT_SHAPE, "per"), names(&PER));
        assert_eq!(described(&RATE_LIMIT_SHAPE, "counts"), names(&COUNTS));
        assert_eq!(described(&SERVER_TIME_SHAPE, "unit"), names(&UNITS));
        assert_eq!(described(&TIME_SHAPE, "unit"), names(&UNITS));
        assert_eq!(described(&TIME_SHAPE, "zone"), names(&ZONES));
        assert_eq!(described(&MARKET_RULE_SHAPE, "of"), names(&ORDER_VALUES));
        assert_eq!(described(&MARKET_RULE_SHAPE, "is"), names(&RULE_KINDS));
        assert_eq!(described(&CONSTRAINT_SHAPE, "stated-by"), names(&STATED_BY));
        assert_eq!(described(&EVIDENCE_SHAPE, "kind"), names(&KINDS));
        assert_eq!(described(&openapi::SERVER, "x-environment"), names(&ENVIRONMENTS));
        assert_eq!(described(&openrpc::SERVER, "x-environment"), names(&ENVIRONMENTS));
    }
}
