//! The reader compared with `serde_json`: both accept the same texts, give the same values, and
//! have the same errors at the same places and paths.
//!
//! `VENUEKIT_FUZZ_INPUTS` sets the number of random inputs (2,000 if not set).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;
use venuekit_json::reader::{self, Reader, Text};

/// The value as text, or the path and the message of the error.
type Read = Result<String, (String, String)>;

fn ours<T: DeserializeOwned + Debug>(json: &[u8]) -> Read {
    match reader::from_slice::<T>(json) {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err((error.path(), error.to_string())),
    }
}

fn theirs<T: DeserializeOwned + Debug>(json: &[u8]) -> Read {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value: T = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| (error.path().to_string(), error.into_inner().to_string()))?;
    deserializer.end().map_err(|error| (".".to_owned(), error.to_string()))?;
    Ok(format!("{value:?}"))
}

/// A float that is compared by its sign only, because floats of `serde_json` may differ in the last
/// digit. [`compare`] compares the digits with those of the standard library.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
struct Float(f64);

impl Debug for Float {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_sign_negative() { "a negative float" } else { "a float" })
    }
}

/// Any value, whose numbers are compared as [`Float`] is.
#[derive(Deserialize)]
#[serde(transparent)]
struct Any(Value);

impl Debug for Any {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn write(value: &Value, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match value {
                Value::Number(number) if number.is_f64() => Float(number.as_f64().unwrap()).fmt(f),
                Value::Array(elements) => {
                    f.write_str("[")?;
                    elements.iter().try_for_each(|element| write(element, f).and_then(|()| f.write_str(",")))?;
                    f.write_str("]")
                }
                Value::Object(members) => {
                    f.write_str("{")?;
                    for (key, value) in members {
                        write!(f, "{key:?}:")?;
                        write(value, f)?;
                        f.write_str(",")?;
                    }
                    f.write_str("}")
                }
                other => write!(f, "{other:?}"),
            }
        }
        write(&self.0, f)
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is compared by its debug text")]
struct Struct {
    a: Option<i64>,
    b: Vec<Float>,
    #[serde(default)]
    c: Option<Box<Struct>>,
    #[serde(rename = "é\"")]
    d: Option<IgnoredAny>,
    raw: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is compared by its debug text")]
struct Strict {
    a: u8,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is compared by its debug text")]
enum Enum {
    #[serde(rename = "a")]
    Unit,
    #[serde(rename = "b")]
    Newtype(i64),
    #[serde(rename = "c")]
    Tuple(i64, String),
    #[serde(rename = "d")]
    Struct { a: bool },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is compared by its debug text")]
enum Untagged {
    Number(u64),
    Texts(Vec<String>),
    Map(BTreeMap<String, Untagged>),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is compared by its debug text")]
struct Newtype(Vec<(char, Option<bool>)>);

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Letter {
    A,
    B,
}

/// Bytes, asked for as such.
#[derive(Debug)]
#[expect(dead_code, reason = "it is compared by its debug text")]
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl<'de> serde::de::Visitor<'de> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }

        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

/// Returns an error of `serde_json` without what is documented to differ.
fn comparable(read: Read, json: &[u8]) -> Read {
    let is_utf8 = std::str::from_utf8(json).is_ok();
    read.map_err(|(path, message)| {
        let has = |part: &str| message.starts_with(part);
        // The column is approximate in a string with escapes. An exponent of more than nine digits
        // is refused before its end.
        if (!is_utf8 && has("invalid unicode")) || has("number out of range") {
            return (path, message.split(" at line").next().unwrap().to_owned());
        }
        // Floats of `serde_json` may differ in the last digit.
        let message = match message.split_once("floating point `").map(|(start, rest)| (start, rest.split_once('`'))) {
            Some((start, Some((_, rest)))) => format!("{start}a float{rest}"),
            _ => message,
        };
        (path, message)
    })
}

/// Compares the readings of a text as each type.
fn compare(json: &[u8]) {
    macro_rules! compare_as {
        ($($ty:ty),*) => { $(
            let [own, other] = [ours::<$ty>(json), theirs::<$ty>(json)].map(|read| comparable(read, json));
            assert_eq!(own, other, "{} from {}", stringify!($ty), json.escape_ascii());
        )* };
    }
    if let (Ok(text), Ok(float)) = (std::str::from_utf8(json), reader::from_slice::<f64>(json)) {
        let nearest = text.trim().parse::<f64>().unwrap();
        assert_eq!(float.to_bits(), nearest.to_bits(), "a float from {text}");
    }
    compare_as!(Any, IgnoredAny, Box<RawValue>, Vec<Box<RawValue>>, BTreeMap<String, Box<RawValue>>);
    compare_as!(String, char, bool, (), i8, u8, i16, i32, i64, u64, i128, u128, Float, Cow<'static, str>);
    compare_as!(Option<i64>, Vec<i64>, Vec<Option<String>>, (i64, String), [u8; 2], Newtype);
    compare_as!(BTreeMap<String, i64>, BTreeMap<char, ()>, Vec<BTreeMap<String, Vec<u8>>>);
    compare_as!(Struct, Vec<Struct>, Strict, Enum, Vec<Enum>, BTreeMap<String, Enum>, Untagged);
    // The path to the value of a key of another type than text has the key; that of
    // `serde_path_to_error` has `?`.
    macro_rules! compare_messages_as {
        ($($ty:ty),*) => { $(
            let message = |read: Read| comparable(read, json).map_err(|(_, message)| message);
            let (own, other) = (message(ours::<$ty>(json)), message(theirs::<$ty>(json)));
            assert_eq!(own, other, "{} from {}", stringify!($ty), json.escape_ascii());
        )* };
    }
    if let (Ok(text), Ok(float)) = (std::str::from_utf8(json), reader::from_slice::<f64>(json)) {
        let nearest = text.trim().parse::<f64>().unwrap();
        assert_eq!(float.to_bits(), nearest.to_bits(), "a float from {text}");
    }
    compare_messages_as!(BTreeMap<i64, bool>, BTreeMap<u128, bool>, BTreeMap<Letter, i64>);
    // Bytes that are not UTF-8, and escapes that are no text, are read by `serde_json` only.
    if let Ok(bytes) = ours::<Bytes>(json) {
        assert_eq!(Ok(bytes), theirs::<Bytes>(json), "bytes from {}", json.escape_ascii());
    }
}

/// The texts that a parser has to accept, by the cases of nst/JSONTestSuite.
const ACCEPTED: &[&str] = &[
    "[[]   ]",
    r#"[""]"#,
    "[]",
    r#"["a"]"#,
    "[false]",
    r#"[null, 1, "1", {}]"#,
    "[null]",
    "[1\n]",
    " [1]",
    "[1,null,null,null,2]",
    "[2] ",
    "[123e65]",
    "[0e+1]",
    "[0e1]",
    "[ 4]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n",
    "[20e1]",
    "[-0]",
    "[-123]",
    "[-1]",
    "[-0]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[1e-2]",
    "[1e+2]",
    "[123]",
    "[123.456789]",
    r#"{"asd":"sdf", "dfg":"fgh"}"#,
    r#"{"asd":"sdf"}"#,
    r#"{"a":"b","a":"c"}"#,
    r#"{"a":"b","a":"b"}"#,
    "{}",
    r#"{"":0}"#,
    r#"{"foo\u0000bar": 42}"#,
    r#"{ "min": -1.0e+28, "max": 1.0e+28 }"#,
    r#"{"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#,
    r#"{"a":[]}"#,
    r#"{"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430 \u0417\u0435\u043c\u043b\u0435\u043a\u043e\u043f\u0430" }"#,
    "{\n\"a\": \"b\"\n}",
    r#"["\u0060\u012a\u12AB"]"#,
    r#"["\uD801\udc37"]"#,
    r#"["\ud83d\ude39\ud83d\udc8d"]"#,
    r#"["\"\\\/\b\f\n\r\t"]"#,
    r#"["\\u0000"]"#,
    r#"["\""]"#,
    "[\"a/*b*/c/*d//e\"]",
    r#"["\\a"]"#,
    r#"["\\n"]"#,
    r#"["\u0012"]"#,
    r#"["\uFFFF"]"#,
    r#"["asd"]"#,
    r#"[ "asd"]"#,
    r#"["\uDBFF\uDFFF"]"#,
    r#"["new\u00A0line"]"#,
    "[\"\u{10ffff}\"]",
    "[\"\u{ffff}\"]",
    r#"["\u0000"]"#,
    r#"["\u002c"]"#,
    "[\"π\"]",
    "[\"\u{1bfff}\"]",
    "[\"asd \"]",
    r#"" ""#,
    r#"["\uD834\uDd1e"]"#,
    r#"["\u0821"]"#,
    r#"["\u0123"]"#,
    "[\"\u{2028}\"]",
    "[\"\u{2029}\"]",
    r#"["\u0061\u30af\u30EA\u30b9"]"#,
    "[\"new\u{a0}line\"]",
    "[\"\u{7f}\"]",
    r#"["\uA66D"]"#,
    r#"["\u005C"]"#,
    "[\"⍂㈴⍂\"]",
    r#"["\u0022"]"#,
    r#"["\uDBFF\uDFFE"]"#,
    r#"["\uD83F\uDFFE"]"#,
    r#"["\u200B"]"#,
    r#"["\u2064"]"#,
    r#"["\uFDD0"]"#,
    r#"["\uFFFE"]"#,
    "[\"€𝄞\"]",
    "[\"a\u{7f}a\"]",
    "false",
    "42",
    "-0.1",
    "null",
    r#""asd""#,
    "true",
    r#""""#,
    "[\"a\"]\n",
    "[true]",
    " [] ",
];

/// The texts that a parser has to refuse, by the cases of nst/JSONTestSuite.
const REFUSED: &[&[u8]] = &[
    b"[1 true]",
    b"[a\xe5]",
    br#"["": 1]"#,
    br#"[""],"#,
    b"[,1]",
    b"[1,,2]",
    br#"["x",,]"#,
    br#"["x"]]"#,
    br#"["",]"#,
    br#"["x""#,
    b"[x",
    b"[3[4]]",
    b"[\xff]",
    b"[1:2]",
    b"[,]",
    b"[-]",
    b"[   , \"\"]",
    b"[\"a\",\n4\n,1,",
    b"[1,]",
    b"[1,,]",
    b"[\"\x0ba\"\\f]",
    b"[*]",
    br#"[""#,
    b"[1,",
    b"[1,\n1\n,1",
    b"[{}",
    b"[fals]",
    b"[nul]",
    b"[tru]",
    b"123\0",
    b"[++1234]",
    b"[+1]",
    b"[+Inf]",
    b"[-01]",
    b"[-1.0.]",
    b"[-2.]",
    b"[-NaN]",
    b"[.-1]",
    b"[.2e-3]",
    b"[0.1.2]",
    b"[0.3e+]",
    b"[0.3e]",
    b"[0.e1]",
    b"[0E+]",
    b"[0E]",
    b"[0e+]",
    b"[0e]",
    b"[1.0e+]",
    b"[1.0e-]",
    b"[1.0e]",
    b"[1 000.0]",
    b"[1eE2]",
    b"[2.e+3]",
    b"[2.e-3]",
    b"[2.e3]",
    b"[9.e+]",
    b"[Inf]",
    b"[NaN]",
    b"[\xef\xbc\x91]",
    b"[1+2]",
    b"[0x1]",
    b"[0x42]",
    b"[Infinity]",
    b"[0e+-1]",
    b"[-123.123foo]",
    b"[123\xe5]",
    b"[1e1\xe5]",
    b"[0\xe5]",
    b"[-Infinity]",
    b"[-foo]",
    b"[- 1]",
    b"[-012]",
    b"[-.123]",
    b"[-1x]",
    b"[1ea]",
    b"[1e\xe5]",
    b"[1.]",
    b"[.123]",
    b"[1.2a-3]",
    b"[1.8011670033376514H-308]",
    b"[012]",
    br#"["x", truth]"#,
    br#"{[: "x"}"#,
    br#"{"x", null}"#,
    br#"{"x"::"b"}"#,
    b"{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}",
    br#"{"a":"a" 123}"#,
    br#"{key: 'value'}"#,
    b"{\"\xb9\":\"0\",}",
    br#"{"a" b}"#,
    br#"{:"b"}"#,
    br#"{"a" "b"}"#,
    br#"{"a":"#,
    br#"{"a""#,
    b"{1:1}",
    b"{9999E9999:1}",
    b"{null:null,null:null}",
    br#"{"id":0,,,,,}"#,
    b"{'a':0}",
    br#"{"id":0,}"#,
    br#"{"a":"b"}/**/"#,
    br#"{"a":"b"}/**//"#,
    br#"{"a":"b"}//"#,
    br#"{"a":"b"}/"#,
    br#"{"a":"b",,"c":"d"}"#,
    br#"{a: "b"}"#,
    br#"{"a":"a"#,
    br#"{ "foo" : "bar", "a" }"#,
    br#"{"a":"b"}#"#,
    b" ",
    br#"["\uD800\"]"#,
    br#"["\uD800\u"]"#,
    br#"["\uD800\u1"]"#,
    br#"["\uD800\u1x"]"#,
    "[é]".as_bytes(),
    b"[\"\\x00\"]",
    br#"["\\\"]"#,
    b"[\"\\\t\"]",
    "[\"\\🌀\"]".as_bytes(),
    br#"["\"]"#,
    br#"["\u00A"]"#,
    br#"["\uD834\uDd"]"#,
    br#"["\uD800\uD800\x"]"#,
    b"[\"\\u\xe5\"]",
    br#"["\a"]"#,
    br#"["\uqqqq"]"#,
    b"[\"\\\xe5\"]",
    br#"[\u0020"asd"]"#,
    br"[\n]",
    br#"""#,
    br#"['single quote']"#,
    b"abc",
    br#"["\"#,
    b"[\"a\0a\"]",
    b"[\"new\nline\"]",
    b"[\"\t\"]",
    br#""\UA66D""#,
    br#"""x"#,
    b"<.>",
    b"[<null>]",
    b"[1]x",
    b"[1]]",
    br#"["asd]"#,
    "aå".as_bytes(),
    b"[True]",
    b"1]",
    br#"{"x": true,"#,
    br#"[][]"#,
    b"]",
    b"\xef\xbb{}",
    b"\xe5",
    b"[",
    b"",
    b"[\0]",
    b"2@",
    b"{}}",
    br#"{"":"#,
    br#"{"a":/*comment*/"b"}"#,
    br#"{"a": true} "x""#,
    br#"['"#,
    br#"["a"#,
    br#"{"#,
    br#"{]"#,
    br#"{,"#,
    br#"{["#,
    br#"{"a"#,
    br#"{'a'"#,
    br##"["\{["\{["\{["\{"##,
    b"*",
    br#"{"a":"b"}#{}"#,
    b"[\\u000A\"\"]",
    b"[1",
    br#"[ false, nul"#,
    br#"[ true, fals"#,
    br#"[ false, tru"#,
    br#"{"asd":"asd""#,
    "å".as_bytes(),
    b"[\xe2\x81\xa0]",
    b"\xef\xbb\xbf",
    b"[\x0c]",
    b"{\"a\":\"a\"\0}",
];

/// The texts that a parser may accept or refuse, by the cases of nst/JSONTestSuite.
const EITHER: &[&[u8]] = &[
    b"[123.456e-789]",
    b"[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999969999999006]",
    b"[-1e+9999]",
    b"[1.5e+9999]",
    b"[-123123e100000]",
    b"[123123e100000]",
    b"[123e-10000000]",
    b"[-123123123123123123123123123123]",
    b"[100000000000000000000]",
    b"[-237462374673276894279832749832423479823246327846]",
    br#"{"\uDFAA":0}"#,
    br#"["\uDADA"]"#,
    br#"["\uD888\u1234"]"#,
    b"[\"\xe6\x97\xa5\xd1\x88\xfa\"]",
    br#"["\uD800\n"]"#,
    br#"["\uDd1ea"]"#,
    br#"["\uD800\uD800\n"]"#,
    br#"["\ud800"]"#,
    br#"["\ud800abc"]"#,
    b"[\"\xff\"]",
    br#"["\uDd1e\uD834"]"#,
    b"[\"\xe9\"]",
    br#"["\uDFAA"]"#,
    b"[\"\x81\"]",
    b"[\"\xf4\xbf\xbf\xbf\"]",
    b"[\"\xed\xa0\x80\"]",
    b"[\"\xc0\xaf\"]",
    b"[\"\xfc\x83\xbf\xbf\xbf\xbf\"]",
    b"[\"\xfc\x80\x80\x80\x80\x80\"]",
    b"[\"\xe0\xff\"]",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe[\0\"\0\xe9\0\"\0]\0",
    b"\0[\0\"\0\xe9\0\"\0]",
];

#[test]
fn the_cases_of_the_json_test_suite_are_read_as_by_serde_json() {
    for json in ACCEPTED {
        assert!(reader::from_str::<Value>(json).is_ok(), "{json}");
        compare(json.as_bytes());
    }
    for json in REFUSED {
        assert!(reader::from_slice::<Value>(json).is_err(), "{}", json.escape_ascii());
        compare(json);
    }
    for json in EITHER {
        compare(json);
    }
}

#[test]
fn nesting_is_limited_where_values_are_read_and_not_where_they_are_skipped() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"a":"#, "}]")] {
        for depth in [63, 64, 65, 126, 127, 128, 129, 130, 300, 1_000] {
            let text = |end: &str| format!("{}1{}", open.repeat(depth), end.repeat(depth));
            compare(text(close).as_bytes());
            compare(text("").as_bytes());
        }
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(reader::from_str::<Value>(&text).is_err());
        assert!(reader::from_str::<IgnoredAny>(&text).is_ok());
        assert_eq!(reader::from_str::<Box<RawValue>>(&text).unwrap().get(), text);
        assert!(reader::from_str::<IgnoredAny>(&text[..text.len() - 1]).is_err());
    }
}

#[test]
fn each_beginning_of_a_text_has_the_same_error() {
    let json =
        r#" {"a":-12.5e-3,"b":[0,1.0E+5,true,null],"é\"":{"\u00e9\ud83d\ude00":["x\n"]},"raw":[ {} ]} "#.as_bytes();
    for end in 0..=json.len() {
        compare(&json[..end]);
    }
    for at in 0..json.len() {
        for byte in [b'"', b'\\', b',', b':', b'[', b'}', b'0', b'-', b'.', b'e', b' ', b'\n', b'\0', 0xff, b't'] {
            let mut changed = json.to_vec();
            changed[at] = byte;
            compare(&changed);
            changed.insert(at, byte);
            compare(&changed);
        }
    }
}

#[test]
fn integers_of_every_length_are_exact() {
    for digits in 1..=40 {
        for digit in ["1", "9", "3"] {
            for sign in ["", "-"] {
                compare(format!("{sign}{}", digit.repeat(digits)).as_bytes());
            }
        }
    }
    for edge in [i64::MAX as i128, u64::MAX.into(), i64::MIN.into(), 0, i128::MAX - 1, i128::MIN + 1] {
        for near in [edge - 1, edge, edge + 1] {
            compare(near.to_string().as_bytes());
            compare(format!("[{near}, 1]").as_bytes());
        }
    }
    compare(b"-0");
    compare(b"340282366920938463463374607431768211455");
    compare(b"340282366920938463463374607431768211456");
}

#[test]
fn a_float_is_the_nearest_one() {
    for text in [
        "0.1",
        "7.0420557077594588669468784357561207962098443483187940792729600000e59",
        "1.7976931348623157e308",
        "5e-324",
    ] {
        assert_eq!(reader::from_str::<f64>(text).unwrap().to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }
}

#[test]
fn invalid_bytes_are_refused_only_where_they_are_read() {
    let json = b"{\"a\":1,\"b\":[],\"other\":\"\xff\"}";
    assert_eq!(reader::from_slice::<Struct>(json).unwrap().a, Some(1));
    let error = reader::from_slice::<Value>(json).unwrap_err();
    assert_eq!((error.path(), error.message()), ("other".to_owned(), "invalid unicode code point"));
}

#[test]
fn a_key_may_be_a_number_a_boolean_or_optional() {
    type Flags = BTreeMap<bool, i64>;
    assert_eq!(reader::from_str::<Flags>(r#"{"true":1,"false":2}"#).unwrap(), Flags::from([(true, 1), (false, 2)]));
    for (json, message) in [
        (r#"{"yes":1}"#, r#"invalid type: string "yes", expected a boolean"#),
        (r#"{"é":1}"#, r#"invalid type: string "é", expected a boolean"#),
        (r#"{"truex":1}"#, "expected ident"),
        (r#"{""#, "EOF while parsing a string"),
    ] {
        assert_eq!(reader::from_str::<Flags>(json).unwrap_err().message(), message, "{json}");
    }
    let error = reader::from_str::<BTreeMap<u8, i64>>(r#"{"7":1,"300":2}"#).unwrap_err();
    assert_eq!((error.path(), error.message()), ("300".to_owned(), "invalid value: integer `300`, expected u8"));
    let error = reader::from_str::<BTreeMap<Option<String>, i64>>(r#"{"a":""}"#).unwrap_err();
    assert_eq!(error.path(), "a");
}

#[test]
fn strings_and_raw_values_are_borrowed() {
    let json = r#"["a b",{ "c":1.50 },"d\n"]"#;
    let (text, raw, escaped) = reader::from_str::<(&str, &RawValue, Cow<'_, str>)>(json).unwrap();
    assert_eq!((text, raw.get(), &*escaped), ("a b", r#"{ "c":1.50 }"#, "d\n"));
    assert_eq!(text.as_ptr().addr() - json.as_ptr().addr(), 2);
    assert_eq!(raw.get().as_ptr().addr() - json.as_ptr().addr(), 7);
}

#[test]
fn an_error_of_serde_json_has_the_same_message_and_place() {
    let error = reader::from_str::<Vec<i64>>("[1,\n \"x\"]").unwrap_err();
    assert_eq!((error.line(), error.column(), error.path()), (2, 4, "[1]".to_owned()));
    let message = error.to_string();
    let error = serde_json::Error::from(error);
    assert_eq!((error.to_string(), error.line(), error.column()), (message, 2, 4));
}

/// Returns texts that are JSON, or nearly so.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![
        "-?(0|[1-9][0-9]{0,24})",
        "-?(0|[1-9][0-9]{0,5})\\.[0-9]{1,20}",
        "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,5})?[eE][+-]?[0-9]{1,2}",
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        "[-+0-9.eE]{1,6}",
    ];
    let character = prop_oneof![
        8 => "[a-d]",
        2 => "\\PC",
        2 => prop::sample::select(vec!["\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u0000", "\\ud83d\\ude00", "\\ud83d", "\\udc00", "\\u12", "\\x", "\t", "é"])
            .prop_map(str::to_owned),
    ];
    let string = prop::collection::vec(character, 0..12).prop_map(|parts| format!("\"{}\"", parts.concat()));
    let space = prop::sample::select(vec!["", "", "", "", " ", "\n", "\t\r\n "]);
    let key = prop_oneof![
        3 => string.clone(),
        6 => prop::sample::select(vec!["a", "b", "c", "d", "raw", "é\\\"", "1", "-7", "true", "false", "01"])
            .prop_map(|key| format!("\"{key}\"")),
    ];
    let scalar = prop_oneof![
        3 => number,
        3 => string,
        2 => prop::sample::select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ];
    let value = scalar.prop_recursive(5, 40, 6, move |inner| {
        let spaced = (space.clone(), inner.clone(), space.clone()).prop_map(|(a, b, c)| format!("{a}{b}{c}"));
        let member = (space.clone(), key.clone(), space.clone(), spaced.clone())
            .prop_map(|(space, key, more, value)| format!("{space}{key}{more}:{value}"));
        prop_oneof![
            prop::collection::vec(spaced, 0..6).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    });
    let change = prop::option::weighted(0.6, (any::<prop::sample::Index>(), 0..4u8, any::<u8>(), 0..16usize));
    (value, change, any::<bool>()).prop_map(|(text, change, twice)| {
        const BYTES: &[u8] = b"\"\\,:[]{}0-.e \nt\xff";
        let mut bytes = text.into_bytes();
        if let Some((index, kind, byte, choice)) = change
            && !bytes.is_empty()
        {
            let at = index.index(bytes.len());
            match kind {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, BYTES[choice]),
                _ => bytes[at] = if twice { byte } else { BYTES[choice] },
            }
        }
        bytes
    })
}

#[test]
fn random_texts_are_read_as_by_serde_json() {
    let inputs = std::env::var("VENUEKIT_FUZZ_INPUTS").ok().map_or(2_000, |number| number.parse().unwrap());
    let config = Config { cases: inputs, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    runner
        .run(&texts(), |json| {
            compare(&json);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_reader_can_be_continued_after_its_value() {
    let text = Text::from("[1] [2] x");
    let mut reader = Reader::new(&text);
    assert_eq!(Vec::<i64>::deserialize(&mut reader).unwrap(), [1]);
    assert_eq!(Vec::<i64>::deserialize(&mut reader).unwrap(), [2]);
    assert_eq!(reader.end().unwrap_err().to_string(), "trailing characters at line 1 column 9");
}
