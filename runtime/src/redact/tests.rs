use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;

use super::blotter::Blotter;
use super::secrets::Secrets;
use crate::nonce::Stamp;

const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const SIGNATURE: &str = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
const BASE64: &str = "u+Xz/0fJk3bq+9Zm7/8Qp1cUo2t4v6w8y0A2C4E6G8I=";

fn blotter(secrets: &[&str]) -> Blotter {
    Blotter::new(secrets.iter().copied())
}

fn percent(text: &str, upper: bool) -> String {
    text.bytes().map(|byte| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
}

fn json(text: &str) -> String {
    text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()
}

fn html(text: &str) -> String {
    text.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect()
}

/// Returns the forms in which a text may be repeated.
fn forms(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        text.to_ascii_uppercase(),
        text.to_ascii_lowercase(),
        percent(text, true),
        percent(text, false),
        crate::request::encode::encode(text),
        crate::request::encode::encode(&crate::request::encode::encode(text)),
        json(text),
        json(text).replace("\\u", "\\\\u"),
        json(&percent(text, true)),
        percent(&json(text), false),
        text.replace('/', "\\/"),
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
        text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect(),
        html(text),
        text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
        text.replace('+', " "),
        text.as_bytes().chunks(20).map(String::from_utf8_lossy).collect::<Vec<_>>().join(
            "
",
        ),
    ]
}

/// Many secrets can have the beginning that a venue gives to each of its keys.
#[test]
fn a_secret_is_found_whatever_the_number_of_others_that_begin_as_it_does() {
    let others: Vec<String> = (0..40).map(|number| format!("live-key{number:02}-{}", "x".repeat(30))).collect();
    let mut secrets: Vec<&str> = others.iter().map(String::as_str).collect();
    secrets.push("live-key");
    let blotter = blotter(&secrets);
    assert_eq!(blotter.blot("no key live-key here", 100), "no key *** here");
    for other in &others {
        assert_eq!(blotter.blot(&format!("no key {other} here"), 100), "no key *** here");
    }
}

#[test]
fn a_secret_of_8_or_more_characters_is_found_in_each_listed_form() {
    for secret in [KEY, SIGNATURE, BASE64, "8charsXY"] {
        let blotter = blotter(&["another one", secret]);
        for form in forms(secret) {
            let shown = blotter.blot(&format!("key={form}&x is wrong"), 10_000);
            assert_eq!(shown, "key=***&x is wrong", "{form}");
        }
    }
}

#[test]
fn a_piece_of_a_secret_is_replaced_from_half_its_length_or_12_characters_and_not_below_8() {
    for (secret, piece) in [(SIGNATURE, 12), ("0123456789abcdef", 8), ("0123456789", 8), ("0123456789abcdefghij", 10)] {
        let blotter = blotter(&[secret]);
        for length in 1..=secret.len() {
            for at in [0, secret.len() - length] {
                let text = format!("<{}>", &secret[at..at + length]);
                let shown = blotter.blot(&text, 1_000);
                assert_eq!(shown == "<***>", length >= piece, "{secret} {length}: {shown}");
                assert!(length >= piece || shown == text);
            }
        }
    }
}

#[test]
fn a_secret_of_4_to_7_characters_is_found_only_as_a_word_and_a_shorter_one_never() {
    let blotter = blotter(&["abc", "k3y-1", "test"]);
    assert_eq!(blotter.blot("key k3y-1, %6b3y-1: a test, testing, abc", 99), "key ***, ***: a ***, testing, abc");
}

#[test]
fn short_words_that_also_occur_in_a_secret_stay_in_a_message() {
    let message = "unknown api key: the key is read only";
    assert_eq!(blotter(&["prearranged api key", "my-read-only-key-of-2024"]).blot(message, 999), message);
}

#[test]
fn a_cut_never_leaves_a_part_of_a_secret() {
    let blotter = blotter(&[SIGNATURE]);
    for form in forms(SIGNATURE) {
        for before in [0, 1, 30] {
            let text = format!("{}{form}{}", ".".repeat(before), ".".repeat(50));
            for most in 0..60 {
                let shown = blotter.blot(&text, most);
                let rest = shown.replace("***", "");
                assert!(rest.bytes().all(|byte| byte == b'.'), "{before} {most}: {shown}");
                assert!(shown.len() <= most + 5, "{most}: {shown}");
            }
        }
    }
}

#[test]
fn the_end_of_a_torn_text_is_replaced_from_four_characters_of_a_secret_on_and_else_stays() {
    let blotter = blotter(&[SIGNATURE, "k3y-1"]);
    for (end, shown) in [
        ("c8db", "***"),
        ("C8DB5", "***"),
        (&SIGNATURE[..63], "***"),
        ("c8d", "c8d"),
        ("17", "17"),
        ("8db5", "8db5"),
        ("k3y-", "***"),
        ("k3y", "k3y"),
        ("c8db%", "***"),
        ("c8%64b5", "***"),
        (r"c8db\u00", "***"),
        (r"c8db\\u00", "***"),
        ("9f0c%3", "9f0c%3"),
    ] {
        let text = format!("{{\"id\":\"{end}");
        assert_eq!(blotter.blot_torn(&text, 999), format!("{{\"id\":\"{shown}"), "{end}");
    }
    assert_eq!(blotter.blot_torn("", 9), "");
}

#[test]
fn times_and_counts_of_a_signer_stay_readable_and_its_other_additions_are_secrets() {
    let stamp = Stamp::new(UNIX_EPOCH + Duration::from_millis(1_706_451_300_123), 1_706_451_300_999);
    for (text, is_secret) in [
        ("1706451300123", false),
        ("1706451300", false),
        ("1706451300.5", true),
        ("1706451300123456789", false),
        ("1706451300999", false),
        ("5000", false),
        ("60000", false),
        ("2024-01-28T14:15:00.000123", false),
        ("20240128T141500Z", false),
        ("8706451300123", true),
        ("12345678", true),
        ("2024-01-28", true),
        ("abcdefgh", true),
    ] {
        let (mut secrets, mut attempt) = (Secrets::default(), Secrets::default());
        attempt.add(text);
        secrets.absorb(attempt, stamp);
        assert_eq!(!secrets.0.is_empty(), is_secret, "{text}");
        let mut named = Secrets::default();
        named.name(text.into());
        secrets.absorb(named, stamp);
        assert!(!secrets.0.is_empty(), "{text}");
    }
}

#[test]
fn the_words_of_a_header_and_the_texts_of_a_json_value_are_separate_secrets() {
    let mut secrets = Secrets::default();
    secrets.add_header(r#"HMAC key="abcdefgh", sig=ijklmnop"#);
    secrets.add_json(r#"{"k":["qrstuvwx",{"n":98765432101}],"t":true}"#);
    secrets.add_json("not JSON");
    let shown = secrets.blotter().blot("abcdefgh ijklmnop qrstuvwx 98765432101 not JSON", 99);
    assert_eq!(shown, "*** *** *** *** ***");
}

proptest! {
    #[test]
    fn a_secret_is_found_in_any_text_and_the_rest_stays(
        secret in "[!-~]{8,80}", before in "[à-ü \n]{0,40}", after in "[à-ü \n]{0,40}", form in 0_usize..19,
    ) {
        let form = forms(&secret).swap_remove(form);
        let shown = blotter(&[&secret]).blot(&format!("{before}{form}{after}"), usize::MAX);
        prop_assert!(shown.starts_with(&before) && shown.ends_with(&after), "{}", shown);
        prop_assert!(shown.len() <= before.len() + after.len() + 3 + 4 * form.len(), "{}", shown);
        prop_assert!(!shown.contains(&secret), "{}", shown);
    }

    #[test]
    fn any_text_and_any_secrets_are_processed_without_panic(text in any::<String>(), secrets in prop::collection::vec(any::<String>(), 0..4), most in 0_usize..50) {
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let shown = blotter(&secrets).blot(&text, most);
        prop_assert!(shown.len() <= most + 5);
        prop_assert!(blotter(&secrets).blot_torn(&text, most).len() <= most + 5);
        prop_assert_eq!(blotter(&[]).blot(&text, usize::MAX), text);
    }

    #[test]
    fn any_escapes_are_read_without_panic(text in r"[\\u%&#x;{}0-9a-fA-F\r\n]{0,60}") {
        let shown = blotter(&["0a0a0a0a", "\\u0a\\u0a"]).blot(&text, 1_000);
        prop_assert!(shown.len() <= text.len());
    }
}
