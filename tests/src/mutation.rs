//! Damages JSON at random, always in the same way for the same seed.
//!
//! The generator of random numbers is written by hand: a seed that found a fault has to find it
//! again with every version of the libraries. `proptest` makes valid values; this module makes
//! almost valid text.

use std::ops::Range;
use std::sync::LazyLock;

/// A generator of random numbers (splitmix64). Neighbouring seeds give unrelated numbers.
#[derive(Clone, Copy, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Returns a generator with this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to `end - 1`. Panics if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Returns true in one of `times` calls on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of several values. Panics if there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Returns `json` with one or more random changes. Some of the inserted pieces come from `others`.
pub fn mutated(rng: &mut Rng, json: &str, others: &[&str]) -> Vec<u8> {
    let mut bytes = json.as_bytes().to_vec();
    mutate(rng, &mut bytes, others);
    while rng.once_in(4) {
        mutate(rng, &mut bytes, others);
    }
    bytes
}

fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>, others: &[&str]) {
    let (at, tokens) = (rng.below(bytes.len() + 1), tokens(bytes));
    let other = rng.pick(others).as_bytes();
    // Values are changed more often than bytes, because a parser stops at the first byte that makes
    // a text invalid JSON.
    match if tokens.is_empty() { rng.below(4) } else { rng.below(16) } {
        0 => bytes.truncate(at),
        1 => drop(bytes.splice(at.., other[rng.below(other.len())..].iter().copied())),
        2 => drop(bytes.splice(at..at, rng.pick(&NASTY).iter().copied())),
        3 => match bytes.get_mut(at) {
            Some(byte) if rng.once_in(2) => *byte ^= 1 << rng.below(8),
            Some(byte) => *byte = *rng.pick(br#"{}[]",:\0-eE.n "#),
            None => bytes.push(b' '),
        },
        4 => drop(bytes.drain(rng.pick(&tokens).clone())),
        5 => {
            let token = rng.pick(&tokens).clone();
            let twice = [&bytes[token.clone()], b",", &bytes[token.clone()]].concat();
            bytes.splice(token, twice);
        }
        6 | 7 => {
            let foreign = other[rng.pick(&self::tokens(other)).clone()].to_vec();
            bytes.splice(rng.pick(&tokens).clone(), foreign);
        }
        // Inserts a number that a type may or may not hold, as a number or as text like the old
        // value.
        8..=13 => {
            let is_number = |token: &&Range<usize>| {
                bytes[token.start..token.end].iter().any(u8::is_ascii_digit) && token.len() < 30
            };
            let numbers: Vec<_> = tokens.iter().filter(is_number).cloned().collect();
            let token = rng.pick(if numbers.is_empty() { &tokens } else { &numbers }).clone();
            let number = rng.pick(NUMBERS);
            let number = if bytes[token.start] == b'"' { format!("\"{number}\"") } else { (*number).to_owned() };
            bytes.splice(token, number.into_bytes());
        }
        _ => drop(bytes.splice(rng.pick(&tokens).clone(), rng.pick(&NASTY).iter().copied())),
    }
}

/// Returns the ranges of the values and names in a text that is JSON or was JSON before it was
/// damaged.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let (mut tokens, mut open, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' | b'[' => open.push(start),
            b'}' | b']' => tokens.extend(open.pop().map(|start| start..at)),
            b'"' => {
                while let Some(byte) = text.get(at) {
                    at += if *byte == b'\\' { 2 } else { 1 };
                    if *byte == b'"' {
                        break;
                    }
                }
                at = at.min(text.len());
                tokens.push(start..at);
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                while text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)) {
                    at += 1;
                }
                tokens.push(start..at);
            }
            _ => {}
        }
    }
    tokens
}

/// Numbers at the limits of the numeric types, and beyond them.
#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "0", "-0", "-0.0", "0e99999999999999999999", "1", "1e5", "1E+2", "12e-1", "1e-28", "1e-29", "1e28", "1e29", "1.50", "5e-324", "1e308", "1e309",
    "1e999999999999999999999", "-1e-999999999999999999999", "2147483647", "2147483648", "9007199254740993",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "79228162514264337593543950335", "79228162514264337593543950336", "7.9228162514264337593543950335",
    "7.9228162514264337593543950336", "-0.0000000000000000000000000001", "1518074034.9090531", "10106854.1032393852063269",
    "1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890", "0.00000001000000000000",
    "0.10000000000000000000000000000000000000000", "10000000000000000000000000000000000000000e-20", "100000000000000000000000000000000.0",
    "1_000", "NaN", "Infinity", "00", "01", "1.", ".5", "+1", "0x10", "1e", "--1", "1,5",
];

/// Other texts to insert or to put in the place of a value. Some are not valid JSON.
static NASTY: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    #[rustfmt::skip]
    let texts = [
        // Texts.
        r#""""#, r#""\u0031.5""#, r#"" 1""#, r#""1 ""#, r#""\ud800""#, r#""\udc00\ud800""#, r#""\ud83d\ude00""#, r#""\u0000""#, r#""\x""#, "\"\u{0}\"", "\"\n\"", "\"é\u{202e}\u{feff}\"", "\"",
        r#""\"#, "'a'",
        // Values of other kinds, and texts that are not JSON.
        "null", "true", "false", "nul", "[]", "{}", "[[]]", "[null]", r#"{"":null}"#, r#"{"a":1,"a":2}"#, "[,]", "[1,]", "{,}", r#"{"a"}"#, "",
        "/* */", "\u{feff}", r#"{"$serde_json::private::RawValue":"[1,"}"#, r#"{"$serde_json::private::Number":"1e"}"#,
        r#"{"success":false}"#, r#"{"errors":[{}]}"#, r#"{"errorCode":"X"}"#,
    ];
    let mut nasty: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    nasty.extend([&b"\"\xff\xfe\""[..], b"\"\xc3\"", b"\"\xed\xa0\x80\"", b"\xff", b"\0"].map(<[u8]>::to_vec));
    for depth in [120, 127, 128, 129, 5_000] {
        nasty.push(["[".repeat(depth), "]".repeat(depth)].concat().into());
        nasty.push([r#"{"a":"#.repeat(depth), "1".to_owned(), "}".repeat(depth)].concat().into());
        nasty.push("[".repeat(depth).into());
    }
    nasty.push(format!("\"{}\"", "x".repeat(100_000)).into());
    nasty.push("9".repeat(10_000).into());
    nasty
});
