//! Converts the names of the venue to names in Rust.
//!
//! Every name is parsed into [`Words`], so that `startTime`, `start_time` and `StartTime` get the
//! same name in Rust. Two names with the same words in one [`Scope`] are a collision.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use heck::ToSnakeCase;

/// Words that Rust reserves, now or in the future.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types to which generated code refers by a short path (see `emit`). The type parameter of a
/// parameter or a property has none of these names, so that the paths stay short. Code is correct
/// without this list: a path is written in full if its short name means something else.
const GENERATED_TYPES: &[&str] = &[
    "AsRef",
    "BTreeMap",
    "Blank",
    "Body",
    "Borrow",
    "Box",
    "Call",
    "Client",
    "Clone",
    "CodeRule",
    "Condition",
    "Debug",
    "Decimal",
    "DecimalNumber",
    "DecimalString",
    "Duration",
    "EncodeAs",
    "FnOnce",
    "Given",
    "Idempotent",
    "IntegerOrText",
    "Into",
    "IntoIterator",
    "Json",
    "Maybe",
    "Method",
    "Number",
    "Operation",
    "Option",
    "Parameter",
    "ParameterIn",
    "PhantomData",
    "RequestBuilder",
    "Same",
    "Security",
    "Self_",
    "String",
    "V",
    "Vec",
    "Weight",
];

/// Methods that every client has. The method of an operation of the same name gets an underscore,
/// like a keyword.
pub const RESERVED_METHODS: &[&str] = &[
    "abort_calls",
    "base_url",
    "builder",
    "clock_offset",
    "clone",
    "from",
    "into",
    "limits",
    "reopen_limit",
    "reopen_limits",
    "sync_clock",
    // The trait's `try_into` takes the client by value, so it would have priority over a generated
    // method, which takes a reference.
    "try_into",
    "venue",
];

/// Methods that every operation has, or will have. A parameter of the same name gets an underscore.
pub const RESERVED_SETTERS: &[&str] = &["body", "clone", "new", "send"];

/// Methods that every builder of a body has. The setter of a property of the same name gets an
/// underscore.
pub const RESERVED_MEMBERS: &[&str] = &["build", "clone", "new"];

/// The variant of every enum that keeps a value it does not know. A value of the same name gets an
/// underscore.
pub const RESERVED_VARIANTS: &[&str] = &["Unrecognized"];

/// The reason why a text cannot become a name in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The text has no letter or digit.
    Empty,
    /// The text has characters other than ASCII.
    NotAscii,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "has neither a letter nor a digit for a Rust name",
            Self::NotAscii => "has characters that a Rust name should not have",
        })
    }
}

/// A name, split into lower case words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Splits a name at changes of case, and at each character that is neither letter nor digit. A
    /// leading sign before a digit becomes a word: `minus` or `plus`.
    ///
    /// # Errors
    ///
    /// Returns an error if the name has no ASCII letter or digit, or has a character that is not
    /// ASCII.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if !text.is_ascii() {
            return Err(NameError::NotAscii);
        }
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("-", rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => (Some("minus"), rest),
            Some(("+", rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => (Some("plus"), rest),
            _ => (None, text),
        };
        let snake = rest.to_snake_case();
        let words: Vec<String> =
            sign.into_iter().chain(snake.split('_')).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        if words.is_empty() { Err(NameError::Empty) } else { Ok(Self(words)) }
    }

    /// Returns the words of any name. If [`parse`](Self::parse) refuses the name, punctuation
    /// characters such as `>` become words, and each character that is not ASCII becomes its code
    /// point. The words depend on the name alone, not on other names.
    pub fn spelled(text: &str) -> Self {
        if let Ok(words) = Self::parse(text) {
            return words;
        }
        let words: String = text.chars().map(spelled_char).collect();
        Self::parse(&words).unwrap_or_else(|_| Self(vec!["empty".to_owned()]))
    }

    /// Returns the words that replace an invalid name. They contain the place of the name in the
    /// spec, so that two invalid names get different words.
    pub(super) fn stand_in(place: &str) -> Self {
        let words =
            place.to_snake_case().split('_').filter(|w| w.is_ascii() && !w.is_empty()).map(str::to_owned).collect();
        Self([vec!["unnamed".to_owned()], words].concat())
    }

    /// Returns `start_time`; `type_` for a keyword, `_1d` for a leading digit.
    pub fn snake(&self) -> String {
        let name = guard_digit(self.0.join("_"));
        if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
    }

    /// Returns the same as [`snake`](Self::snake), with an underscore if the name is one of
    /// `reserved`.
    pub fn snake_beside(&self, reserved: &[&str]) -> String {
        beside(self.snake(), reserved)
    }

    /// Returns the same as [`pascal`](Self::pascal), with an underscore if the name is one of
    /// `reserved`.
    pub fn pascal_beside(&self, reserved: &[&str]) -> String {
        beside(self.pascal(), reserved)
    }

    /// Returns `START_TIME`; `_1D` for a leading digit.
    pub fn screaming(&self) -> String {
        guard_digit(self.0.join("_").to_ascii_uppercase())
    }

    /// Returns `StartTime`; `Self_` for the keyword, `_1d` for a leading digit.
    pub fn pascal(&self) -> String {
        let name = guard_digit(self.pascal_after(""));
        if name == "Self" { "Self_".to_owned() } else { name }
    }

    /// Returns `prefix` followed by the words: `OrderBook` and `buyQuote` become
    /// `OrderBookBuyQuote`.
    pub fn pascal_after(&self, prefix: &str) -> String {
        let mut name = prefix.trim_end_matches('_').to_owned();
        for word in &self.0 {
            let mut letters = word.chars();
            let Some(first) = letters.next() else { continue };
            // This keeps `1.5` and `15` different.
            if first.is_ascii_digit() && name.ends_with(|c: char| c.is_ascii_digit()) {
                name.push('_');
            }
            name.push(first.to_ascii_uppercase());
            name.push_str(letters.as_str());
        }
        name
    }
}

/// Returns a letter or a digit as it is, and any other character as its name or its code point
/// between spaces. An ASCII character without a name becomes a space.
fn spelled_char(c: char) -> String {
    let sign = match c {
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '.' => "dot",
        '?' => "question",
        '#' => "hash",
        '$' => "dollar",
        '@' => "at",
        '~' => "tilde",
        '^' => "caret",
        c if c.is_ascii_alphanumeric() => return c.to_string(),
        c if c.is_ascii() => " ",
        c => return format!(" u{:x} ", u32::from(c)),
    };
    format!(" {sign} ")
}

/// Returns `name`, with an underscore if it is one of `reserved`. In generated code, only such
/// names and keywords end with an underscore.
pub fn beside(name: String, reserved: &[&str]) -> String {
    if reserved.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Returns the name of a type that belongs to another: `PlaceOrder` and `Body` become
/// `PlaceOrderBody`, `Self_` and `Body` become `SelfBody`.
pub fn compound(name: &str, part: &str) -> String {
    format!("{}{part}", name.trim_end_matches('_'))
}

/// Returns the name with an underscore before a leading digit, which an identifier cannot have.
fn guard_digit(name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// The names of the type parameters of an operation or a builder. Each type parameter shows whether
/// a value was set.
#[derive(Clone, Debug)]
pub struct TypeParameters {
    taken: BTreeSet<String>,
    /// The next number to try, by name that is taken.
    numbers: BTreeMap<String, usize>,
}

impl TypeParameters {
    /// Creates an empty set of type parameters for the type that is named `owner`.
    pub fn beside(owner: String) -> Self {
        Self { taken: BTreeSet::from([owner]), numbers: BTreeMap::new() }
    }

    /// Returns the name of the type parameter of a value. It differs from all names that were
    /// returned before, and from the types that the signatures of methods use.
    pub fn name(&mut self, value: &str) -> String {
        let plain = Words::parse(value).map_or_else(|_| value.to_owned(), |words| words.pascal());
        let state = compound(&plain, "State");
        let is_free = |name: &String| !GENERATED_TYPES.contains(&name.as_str());
        let free = [plain, state.clone()].into_iter().filter(is_free).find(|name| !self.taken.contains(name));
        self.take(free, &state)
    }

    /// Returns the name of the type parameter of the body.
    pub fn body(&mut self) -> String {
        let plain = "Body".to_owned();
        let free = (!self.taken.contains(&plain)).then(|| plain.clone());
        self.take(free, &plain)
    }

    /// Takes the name `free`, or else `stem` with the first number that makes it free.
    fn take(&mut self, free: Option<String>, stem: &str) -> String {
        let name = free.unwrap_or_else(|| {
            let number = self.numbers.entry(stem.to_owned()).or_insert(2);
            while self.taken.contains(&format!("{stem}{number}")) {
                *number += 1;
            }
            format!("{stem}{number}")
        });
        self.taken.insert(name.clone());
        name
    }
}

/// The names of one Rust scope, and the items of the spec that hold them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeMap<String, Holder>,
}

/// An item of the spec that holds a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The name of the item in the spec.
    pub wire: String,
    /// The JSON pointer to the item.
    pub pointer: String,
}

impl Scope {
    /// Claims a name.
    ///
    /// # Errors
    ///
    /// Returns the holder of the name if it is taken.
    pub fn claim(&mut self, name: &str, wire: &str, pointer: &str) -> Result<(), Holder> {
        if let Some(holder) = self.taken.get(name) {
            return Err(holder.clone());
        }
        self.taken.insert(name.to_owned(), Holder { wire: wire.to_owned(), pointer: pointer.to_owned() });
        Ok(())
    }

    /// Adds to the name the first number, from 2, with which it is free. Claims and returns the
    /// name with the number.
    pub fn claim_numbered(&mut self, name: &str, pointer: &str) -> String {
        let mut number = 2;
        loop {
            let numbered = format!("{name}{number}");
            if self.claim(&numbered, name, pointer).is_ok() {
                return numbered;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (String, String, String) {
        match Words::parse(text) {
            Ok(w) => (w.snake(), w.pascal(), w.screaming()),
            Err(e) => (e.to_string(), String::new(), String::new()),
        }
    }

    fn check(text: &str, snake: &str, pascal: &str, screaming: &str) {
        assert_eq!(names(text), (snake.to_owned(), pascal.to_owned(), screaming.to_owned()), "{text}");
    }

    #[test]
    fn names_are_split_into_words_at_case_changes_and_punctuation() {
        check("getOrderBook", "get_order_book", "GetOrderBook", "GET_ORDER_BOOK");
        check("order.put_limit", "order_put_limit", "OrderPutLimit", "ORDER_PUT_LIMIT");
        check("REQUESTS_WEIGHT", "requests_weight", "RequestsWeight", "REQUESTS_WEIGHT");
        check("requestsWeight", "requests_weight", "RequestsWeight", "REQUESTS_WEIGHT");
        check("X-MBX-USED-WEIGHT-1M", "x_mbx_used_weight_1m", "XMbxUsedWeight1m", "X_MBX_USED_WEIGHT_1M");
        check("orderID", "order_id", "OrderId", "ORDER_ID");
    }

    #[test]
    fn keywords_and_leading_digits_get_an_underscore_only_where_rust_needs_one() {
        check("type", "type_", "Type", "TYPE");
        check("self", "self_", "Self_", "SELF");
        check("crate", "crate_", "Crate", "CRATE");
        check("gen", "gen_", "Gen", "GEN");
        check("1m", "_1m", "_1m", "_1M");
        check("-1", "minus_1", "Minus1", "MINUS_1");
        check("1.5", "_1_5", "_1_5", "_1_5");
        check("15", "_15", "_15", "_15");
    }

    #[test]
    fn a_name_that_generated_code_needs_gets_an_underscore() {
        let words = |text: &str| Words::parse(text);
        assert_eq!(words("send").map(|w| w.snake_beside(RESERVED_SETTERS)), Ok("send_".to_owned()));
        assert_eq!(words("sender").map(|w| w.snake_beside(RESERVED_SETTERS)), Ok("sender".to_owned()));
        assert_eq!(words("type").map(|w| w.snake_beside(RESERVED_SETTERS)), Ok("type_".to_owned()));
        assert_eq!(words("UNRECOGNIZED").map(|w| w.pascal_beside(RESERVED_VARIANTS)), Ok("Unrecognized_".to_owned()));
    }

    #[test]
    fn a_name_that_cannot_be_parsed_is_spelled_out() {
        let spelled = |text: &str| Words::spelled(text).pascal();
        assert_eq!(spelled(">="), "GreaterEqual");
        assert_eq!(spelled("-"), "Minus");
        assert_eq!(spelled(""), "Empty");
        assert_eq!(spelled("價格"), "U50f9U683c");
        assert_eq!(spelled("größe"), "GrUf6UdfE");
        assert_eq!(spelled("startTime"), "StartTime");
    }

    #[test]
    fn a_name_without_letters_and_digits_or_with_other_than_ascii_characters_is_refused() {
        assert_eq!(Words::parse(""), Err(NameError::Empty));
        assert_eq!(Words::parse(">="), Err(NameError::Empty));
        assert_eq!(Words::parse("價格"), Err(NameError::NotAscii));
    }

    #[test]
    fn type_parameters_differ_from_each_other_and_from_the_types_in_signatures() {
        let names = |owner: &str, values: &[&str]| -> Vec<String> {
            let mut parameters = TypeParameters::beside(owner.to_owned());
            let mut names: Vec<String> = values.iter().map(|value| parameters.name(value)).collect();
            names.push(parameters.body());
            names
        };
        assert_eq!(names("GetBook", &["price", "string", "self"]), ["Price", "StringState", "SelfState", "Body"]);
        assert_eq!(names("A1", &["a1", "a1_", "A1", "body"]), ["A1State", "A1State2", "A1State3", "BodyState", "Body"]);
        assert_eq!(names("Body", &["body2"]), ["Body2", "Body3"]);
    }
}
