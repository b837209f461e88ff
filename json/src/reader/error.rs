//! The error of a text that cannot be read.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

/// The fault of a text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    ControlCharacter,
    EndInArray,
    EndInObject,
    EndInString,
    EndInValue,
    ExpectedColon,
    ExpectedCommaInArray,
    ExpectedCommaInObject,
    ExpectedIdent,
    ExpectedNumericKey,
    ExpectedQuote,
    ExpectedValue,
    InvalidEscape,
    InvalidNumber,
    InvalidUnicode,
    KeyIsNotText,
    LoneSurrogate,
    OutOfRange,
    TooDeep,
    TrailingCharacters,
    TrailingComma,
    UnfinishedSurrogate,
}

impl Fault {
    /// Returns the message. Programs and people know the messages of `serde_json`, so these are
    /// the same.
    fn message(self) -> &'static str {
        match self {
            Self::ControlCharacter => "control character (\\u0000-\\u001F) found while parsing a string",
            Self::EndInArray => "EOF while parsing a list",
            Self::EndInObject => "EOF while parsing an object",
            Self::EndInString => "EOF while parsing a string",
            Self::EndInValue => "EOF while parsing a value",
            Self::ExpectedColon => "expected `:`",
            Self::ExpectedCommaInArray => "expected `,` or `]`",
            Self::ExpectedCommaInObject => "expected `,` or `}`",
            Self::ExpectedIdent => "expected ident",
            Self::ExpectedNumericKey => "invalid value: expected key to be a number in quotes",
            Self::ExpectedQuote => "expected `\"`",
            Self::ExpectedValue => "expected value",
            Self::InvalidEscape => "invalid escape",
            Self::InvalidNumber => "invalid number",
            Self::InvalidUnicode => "invalid unicode code point",
            Self::KeyIsNotText => "key must be a string",
            Self::LoneSurrogate => "lone leading surrogate in hex escape",
            Self::OutOfRange => "number out of range",
            Self::TooDeep => "recursion limit exceeded",
            Self::TrailingCharacters => "trailing characters",
            Self::TrailingComma => "trailing comma",
            Self::UnfinishedSurrogate => "unexpected end of hex escape",
        }
    }
}

/// The reason why a text cannot be read, its line and column, and the path to its place.
///
/// `Display` is the message of `serde_json` for the same text and type.
pub struct Error(Box<Inner>);

struct Inner {
    message: String,
    /// Line and column, from 1; no place is known yet if it is `None`.
    place: Option<(usize, usize)>,
    /// The steps from the place of the error to the whole value: the innermost step is the first.
    steps: Vec<Step>,
}

/// A step into a value.
pub(super) enum Step {
    Element(usize),
    Member(String),
    /// A member whose key is not known, because it could not be read.
    Unknown,
}

impl Error {
    #[cold]
    pub(super) fn syntax(fault: Fault, place: (usize, usize)) -> Self {
        Self(Box::new(Inner { message: fault.message().to_owned(), place: Some(place), steps: Vec::new() }))
    }

    /// Sets the place, if no place is known yet.
    #[cold]
    pub(super) fn placed(mut self, place: impl FnOnce() -> (usize, usize)) -> Self {
        self.0.place.get_or_insert_with(place);
        self
    }

    /// Adds the step from a container to the value that has the error.
    #[cold]
    pub(super) fn within(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }

    /// Returns the message without line and column.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the line of the error, from 1; 0 if it concerns no place of the text.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.place.map_or(0, |(line, _)| line)
    }

    /// Returns the column of the error in bytes, from 1; 0 if it concerns no place of the text.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.place.map_or(0, |(_, column)| column)
    }

    /// Returns the path to the value that has the error, such as `orders[3].price`. The path is `.`
    /// if the error concerns the whole value. A key that could not be read is `?`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (index, step) in self.0.steps.iter().rev().enumerate() {
            if !matches!(step, Step::Element(_)) && index > 0 {
                path.push('.');
            }
            match step {
                Step::Element(index) => path.push_str(&format!("[{index}]")),
                Step::Member(key) => path.push_str(key),
                Step::Unknown => path.push('?'),
            }
        }
        if self.0.steps.is_empty() { ".".to_owned() } else { path }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.place {
            Some((line, column)) => write!(f, "{} at line {line} column {column}", self.0.message),
            None => f.write_str(&self.0.message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("message", &self.to_string()).field("path", &self.path()).finish()
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        let mut message = message.to_string();
        // An error of another reader may be passed on as text. It keeps its place.
        let place = place_at_end(&message);
        if let Some((_, length)) = place {
            message.truncate(length);
        }
        Self(Box::new(Inner { message, place: place.map(|(place, _)| place), steps: Vec::new() }))
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", Found(found)))
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", Found(found)))
    }
}

/// Returns the line and column with which a message ends, and the length of the text before them.
fn place_at_end(message: &str) -> Option<((usize, usize), usize)> {
    let (before, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
    Some(((number(line)?, number(column)?), before.len()))
}

/// A value that was found in place of another, in the words of JSON.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Unit => f.write_str("null"),
            Unexpected::Float(float) => {
                let text = serde_json::to_string(&float).map_err(|_| fmt::Error)?;
                write!(f, "floating point `{text}`")
            }
            other => fmt::Display::fmt(&other, f),
        }
    }
}

/// For code that has the errors of `serde_json` in its interface: message, line and column stay.
/// The category of the error is that of a fault in the data.
impl From<Error> for serde_json::Error {
    fn from(error: Error) -> Self {
        // `serde_json` takes line and column from the end of the message.
        <Self as de::Error>::custom(error)
    }
}
