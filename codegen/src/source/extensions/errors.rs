//! Error codes, and the conditions under which a response is an error.

use std::fmt;

use crate::source::findings::write_json;
use crate::source::located::Located;
use crate::source::node::{Kind, Node};
use crate::source::object::{Object, count, unexpected};
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::{CODE_RULE_SHAPE, CONDITION_SHAPE, ERROR_CODE_SHAPE, ERROR_SHAPE};
use crate::source::shapes::grammar::Form;

/// The places at which the body of an error has its code and message.
#[derive(Default)]
pub(crate) struct ErrorShape<'a> {
    /// The JSON pointers to the code; the first that leads to a value decides.
    pub(crate) code: Vec<&'a str>,
    /// The JSON pointers to the message; the first that leads to a value decides.
    pub(crate) message: Vec<&'a str>,
    /// A response of status 2xx is an error if one of these conditions holds.
    pub(crate) failed_when: Vec<Condition<'a>>,
}

impl<'a> ErrorShape<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
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
    /// A JSON pointer: the condition holds only if there is a value as well.
    pub(crate) beside: Option<&'a str>,
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
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let test = ConditionTest::read(&at)?;
        let object = Object::new(at, &CONDITION_SHAPE);
        let leaves_open = object.text("outcome")? == Some("unknown");
        Ok(Self { pointer: object.need_text("pointer")?, test, beside: object.text("beside")?, leaves_open })
    }
}

impl<'a> ConditionTest<'a> {
    /// Reads the test of a condition: `equals`, or `present: true`.
    ///
    /// # Errors
    /// Returns a refusal if the condition has neither or both, or if its value is not supported.
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
pub(super) fn conditions<'a>(holder: &Object<'a>, key: &str) -> Result<Vec<Condition<'a>>, Refusal<'a>> {
    holder.list(key)?.into_iter().map(Condition::read).collect()
}

/// An error code of the venue.
pub(crate) struct ErrorCode<'a> {
    /// The code as text. An integer is in decimal.
    pub(crate) code: String,
    /// The venue's message, if it is known.
    pub(crate) message: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
}

impl<'a> ErrorCode<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
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
/// Returns a refusal for any other value.
pub(crate) fn code<'a>(at: &Located<'a>) -> Result<String, Refusal<'a>> {
    match at.node.kind() {
        Kind::String(text) => Ok(text.to_string()),
        Kind::Number(text) if text.parse::<i64>().is_ok() => Ok(text.to_string()),
        Kind::Number(text) => {
            let message = format!("`{text}` is not an error code");
            Err(Refusal::new(&*at.pointer, message, "write a 64-bit integer, or text"))
        }
        _ => Err(unexpected(at, &Form::Code)),
    }
}

/// An error code that decides the outcome of a call, and the conditions under which it does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodeRule {
    /// The code as text. An integer is in decimal.
    pub code: String,
    /// The HTTP status that the response must have.
    pub status: Option<u16>,
    /// The JSON pointer at which the code must be found, one of `x-error.code`.
    pub pointer: Option<String>,
    /// The message that the error must have.
    pub message: Option<String>,
}

impl CodeRule {
    /// Returns whether this rule applies to every error to which the other one applies.
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
    /// Reads a code, which may be alone or in an object with its conditions.
    ///
    /// # Errors
    /// Returns a refusal if the value has neither form.
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
/// Returns a refusal if the value is not a whole number from 100 to 599.
pub(crate) fn http_status<'a>(at: &Located<'a>) -> Result<u16, Refusal<'a>> {
    let number = count(at)?;
    u16::try_from(number).ok().filter(|status| (100..=599).contains(status)).ok_or_else(|| {
        Refusal::new(&*at.pointer, format!("`{number}` is not an HTTP status"), "write a status from 100 to 599")
    })
}

/// Reads the statuses of `x-unknown-statuses`.
pub(super) fn open_statuses<'a>(holder: &Object<'a>) -> Result<Vec<u16>, Refusal<'a>> {
    holder.list("x-unknown-statuses")?.iter().map(open_status).collect()
}

/// Reads a status of `x-unknown-statuses`: a 4xx that would be a refusal without it.
pub(crate) fn open_status<'a>(at: &Located<'a>) -> Result<u16, Refusal<'a>> {
    let refused = |message: String, help: &'static str| Err(Refusal::new(&*at.pointer, message, help));
    match http_status(at)? {
        status @ (408 | 500..) => {
            refused(format!("after `{status}` the outcome is unknown in any case"), "leave it out")
        }
        status @ 200..=299 => refused(
            format!("`{status}` is a success"),
            "say in `x-failed-when` which responses of this status leave the outcome unknown",
        ),
        status @ 400..=499 => Ok(status),
        status => refused(format!("`{status}` is not a status of an error"), "write a status from 400 to 499"),
    }
}

/// Reads the codes of a list.
pub(super) fn code_rules<'a>(holder: &Object<'a>, key: &str) -> Result<Vec<CodeRule>, Refusal<'a>> {
    holder.list(key)?.iter().map(CodeRule::read).collect()
}
