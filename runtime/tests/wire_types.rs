//! Open enums, rows, alternatives and raw JSON, as generated code declares them.

// The expansion of the macros must compile without warnings in a generated crate that allows no
// lint.
#![deny(warnings, missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::io::Cursor;

use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use venuekit::codegen::Blank;
use venuekit::wire::{As, DecimalNumber, DecimalString, Json, OneOrMany, Same};

/// Reads a text with our reader, as a slice, through a reader, and with its path tracked. All
/// results must be equal.
fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> Result<T, String> {
    let slice = serde_json::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    let own = venuekit_json::reader::from_slice::<T>(json.as_bytes()).map_err(|error| error.to_string());
    assert_eq!(slice, own, "our reader and serde_json differ for {json}");
    let reader = serde_json::from_reader::<_, T>(Cursor::new(json));
    assert_eq!(slice.as_ref().ok(), reader.as_ref().ok(), "slice and reader differ for {json}");
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let tracked = serde_path_to_error::deserialize::<_, T>(&mut deserializer).ok();
    let tracked = tracked.filter(|_| deserializer.end().is_ok());
    assert_eq!(slice.as_ref().ok(), tracked.as_ref(), "path tracking makes a difference for {json}");
    slice
}

/// Reads a text with [`read`], and asserts that the value is written back unchanged.
fn round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> T {
    let value = read::<T>(json).unwrap();
    assert_eq!(serde_json::to_string(&value).unwrap(), json);
    value
}

/// Calls [`round_trip`], and also reads and writes through a [`Value`]. Only for texts that a
/// `Value` can hold.
fn round_trip_also_from_value<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> T {
    let value = round_trip::<T>(json);
    let tree: Value = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::from_value::<T>(tree.clone()).unwrap(), value);
    assert_eq!(T::deserialize(&tree).unwrap(), value);
    assert_eq!(serde_json::to_value(&value).unwrap(), tree);
    value
}

mod open_enums {
    use super::*;

    venuekit::open_enum! {
        /// The side of an order in the book.
        pub enum Side: str {
            /// The order buys the base asset.
            Buy = "BUY",
            /// The order sells the base asset.
            Sell = "SELL",
            /// A name that needs escapes.
            #[deprecated(note = "gone")]
            Odd = "a\"ä",
        }
    }

    venuekit::open_enum! {
        /// The role of an order in a trade.
        enum Role: i64 { Nobody = -1, Zero = 0, Maker = 1, #[deprecated] Taker = 2 }
    }

    #[test]
    fn known_values_are_variants() {
        assert_eq!(round_trip_also_from_value::<Vec<Side>>(r#"["BUY","SELL"]"#), [Side::Buy, Side::Sell]);
        assert_eq!(round_trip_also_from_value::<Vec<Role>>("[-1,1,0]"), [Role::Nobody, Role::Maker, Role::Zero]);
        assert_eq!(read::<Side>(r#""\u0042UY""#).unwrap(), Side::Buy);
        assert_eq!(round_trip_also_from_value::<Side>(r#""a\"ä""#), Side::KNOWN[2]);
        assert_eq!(Side::KNOWN.iter().map(Side::as_str).collect::<Vec<_>>(), ["BUY", "SELL", "a\"ä"]);
        assert_eq!(Role::KNOWN.iter().filter_map(Role::as_i64).collect::<Vec<_>>(), [-1, 0, 1, 2]);
        assert!(Side::KNOWN.iter().all(Side::is_known) && Role::KNOWN.iter().all(Role::is_known));
    }

    #[test]
    fn unknown_values_are_kept_and_written_back_unchanged() {
        for json in [
            r#""SHORT""#,
            r#""""#,
            r#""buy""#,
            r#""BUY ""#,
            r#""\"\\""#,
            "7",
            "-7",
            "0.5",
            "true",
            "false",
            "18446744073709551615",
        ] {
            let side = round_trip_also_from_value::<Side>(json);
            assert!(!side.is_known(), "{json}");
            if json != "true" && json != "false" && json != "7" {
                assert!(!round_trip_also_from_value::<Role>(json).is_known(), "{json}");
            }
        }
        for json in ["1.50", "1.0", "1e0", "-0", "1E+2", "123456789012345678901234567890", "-0.000"] {
            assert!(!round_trip::<Side>(json).is_known(), "{json}");
            assert!(!round_trip::<Role>(json).is_known(), "{json}");
        }
    }

    #[test]
    fn an_integer_in_a_string_is_the_integer_if_that_is_known_and_else_stays_a_string() {
        assert_eq!(read::<Role>(r#""1""#).unwrap(), Role::Maker);
        let text = round_trip_also_from_value::<Role>(r#""7""#);
        assert!(!text.is_known());
        assert_ne!(text, round_trip::<Role>("7"));
        assert_eq!((text.as_i64(), round_trip::<Role>("7").as_i64()), (None, Some(7)));
    }

    #[test]
    fn a_value_that_is_not_a_scalar_is_an_error() {
        for (json, found) in [("null", "null"), ("[]", "an array"), (r#"{"BUY":1}"#, "an object")] {
            let message = format!("expected a string, a number or a boolean, found {found}");
            assert!(read::<Side>(json).unwrap_err().starts_with(&message));
            assert!(read::<Role>(json).unwrap_err().starts_with(&message));
            assert_eq!(read::<Option<Side>>("null"), Ok(None));
        }
    }

    #[test]
    fn texts_and_integers_convert_to_variants() {
        assert_eq!("BUY".parse(), Ok(Side::Buy));
        assert_eq!(Side::from("SELL".to_owned()), Side::Sell);
        assert_eq!(Side::from("SHORT"), read(r#""SHORT""#).unwrap());
        assert_eq!(Role::from(7), read("7").unwrap());
        assert_eq!((Role::from(1), Role::from(-1)), (Role::Maker, Role::Nobody));
        assert_eq!(Side::from("SHORT").to_string(), "SHORT");
        assert_eq!(round_trip::<Side>("1.50").as_str(), "1.50");
        assert_eq!(format!("{:>5}|{}|{}", Side::Buy, Role::Maker, Role::from(7)), "  BUY|1|7");
    }

    #[test]
    fn equal_values_hash_alike() {
        let sides: HashSet<Side> = read(r#"["BUY","\u0042UY","X","\u0058",7,7,"7"]"#).unwrap();
        assert_eq!(sides.len(), 4);
    }

    #[test]
    fn an_unknown_value_shows_its_text() {
        let Side::Unrecognized(text) = Side::from("SHORT") else { panic!("SHORT is unknown") };
        assert_eq!((text.as_str(), text.as_i64(), text.to_string()), (Some("SHORT"), None, "SHORT".to_owned()));
        let Role::Unrecognized(integer) = Role::from(7) else { panic!("7 is unknown") };
        assert_eq!((integer.as_str(), integer.as_i64(), integer.to_string()), (None, Some(7), "7".to_owned()));
        assert_eq!(format!("{:?} {:?}", Side::from("7"), Role::from(7)), r#"Unrecognized("7") Unrecognized(7)"#);
    }

    #[test]
    fn an_enum_can_be_the_key_of_a_map() {
        let json = r#"{"BUY":1,"SHORT":2}"#;
        let map: std::collections::HashMap<Side, i64> = read(json).unwrap();
        assert_eq!((map[&Side::Buy], map[&Side::from("SHORT")]), (1, 2));
        assert_eq!(
            serde_json::from_value::<std::collections::HashMap<Side, i64>>(serde_json::to_value(&map).unwrap())
                .unwrap(),
            map
        );
    }

    #[test]
    fn blanks_are_unknown() {
        assert_eq!((Side::blank().as_str(), Role::blank().is_known()), ("", false));
    }
}

mod rows {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Kline {
        open_time: i64,
        open: Decimal,
        close: Option<Decimal>,
        trades: i64,
        taker: Option<Decimal>,
        note: Option<String>,
    }

    venuekit::impl_row!(Kline, required = 4, {
        open_time: Same,
        open: DecimalString,
        close: Option<DecimalNumber>,
        trades: Same,
        taker: Option<DecimalString>,
        note: Same,
    });

    #[derive(Debug, PartialEq)]
    struct Level {
        price: Decimal,
        levels: Vec<Kline>,
    }

    venuekit::impl_row!(Level, required = 2, { price: DecimalNumber, levels: Same });

    #[test]
    fn columns_are_read_and_written_in_order() {
        let kline: Kline = round_trip(r#"[1499040000000,"0.01634790",10106854.1032393852063269,308,"1.50","x"]"#);
        assert_eq!(kline.close.unwrap().to_string(), "10106854.1032393852063269");
        assert_eq!((kline.trades, kline.note.as_deref()), (308, Some("x")));
    }

    #[test]
    fn rows_in_rows_keep_their_digits() {
        round_trip::<Vec<Level>>(r#"[[1518074034.9090531,[[1,"2.0",3.00,4]]],[0.00000001000000000000,[]]]"#);
        round_trip_also_from_value::<Level>(r#"[0.5,[[1,"2.0",3.5,4,"1.00"]]]"#);
    }

    #[test]
    fn columns_that_may_be_left_out_are_none() {
        let short = round_trip_also_from_value::<Kline>(r#"[1,"2",null,4]"#);
        assert_eq!((short.close, short.taker, short.note.clone()), (None, None, None));
        let hole = round_trip_also_from_value::<Kline>(r#"[1,"2",null,4,null,"x"]"#);
        assert_eq!((hole.taker, hole.note.as_deref()), (None, Some("x")));
        assert_eq!(read::<Kline>(r#"[1,"2",null,4,null,null]"#).unwrap(), short);
        assert_eq!(read::<Kline>(r#"[1,"2",null,4,null]"#).unwrap(), short);
    }

    #[test]
    fn columns_that_are_not_known_are_dropped() {
        assert_eq!(read::<Kline>(r#"[1,"2",3,4,"5","x",{"a":[1]},"more"]"#), read::<Kline>(r#"[1,"2",3,4,"5","x"]"#),);
    }

    #[test]
    fn a_row_that_is_too_short_names_the_missing_column() {
        for (json, message) in [
            ("[]", "column 1 (`open_time`) is missing: the row has to have 4 columns"),
            (r#"[1,"2",3]"#, "column 4 (`trades`) is missing: the row has to have 4 columns"),
        ] {
            assert!(read::<Kline>(json).unwrap_err().starts_with(message));
        }
        assert!(read::<Kline>("{}").unwrap_err().contains("expected an array of 4 columns"));
        let error = serde_path_to_error::deserialize::<_, Level>(&mut serde_json::Deserializer::from_str(
            r#"[1,[[1,"2",3,4],[1,"two",3,4]]]"#,
        ));
        assert_eq!(error.unwrap_err().path().to_string(), "[1][1][1]");
    }
}

mod alternatives {
    use super::*;

    venuekit::either! {
        /// An id that the venue writes in either form.
        #[derive(Eq, Hash, PartialOrd, Ord)]
        pub enum OrderId {
            /// The id as a number.
            integer => Integer(i64),
            /// The id as a text.
            string => Text(String),
        }
    }

    venuekit::either! {
        enum Epoch { number => Number(Decimal as DecimalNumber), string => Text(String) }
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct PriceTicker {
        symbol: String,
        #[serde(with = "As::<DecimalString>")]
        price: Decimal,
        #[serde(default, with = "As::<Option<DecimalNumber>>", skip_serializing_if = "Option::is_none")]
        volume: Option<Decimal>,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<OrderId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        more: Option<Json>,
    }

    venuekit::either! {
        enum PriceTickers { object => One(PriceTicker), array => Many(Vec<PriceTicker>) }
    }

    venuekit::either! {
        enum Anything {
            object => Object(BTreeMap<String, Decimal> as BTreeMap<Same, DecimalNumber>),
            array => Array(Vec<Anything>),
            string => Text(String),
            integer => Integer(i64),
            number => Number(Decimal as DecimalNumber),
            boolean => Boolean(bool),
        }
    }

    venuekit::either! {
        enum Amount without From {
            number => Number(Decimal as DecimalNumber),
            string => Text(Decimal as DecimalString),
        }
    }

    venuekit::either! {
        enum Details { object => Object(Json), string => Text(String), array => Array(Json2) }
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Json2(Json);

    venuekit::either! {
        enum Outer { object => Epochs(BTreeMap<String, Epoch>), array => Both(Vec<OneOrMany<Anything>>) }
    }

    const TICKER: &str =
        r#"{"symbol":"BTC","price":"0.00000001000000000000","volume":10106854.1032393852063269,"id":7}"#;

    #[test]
    fn an_id_is_written_in_the_form_in_which_it_came() {
        assert_eq!(round_trip_also_from_value::<OrderId>("17"), OrderId::Integer(17));
        assert_eq!(round_trip_also_from_value::<OrderId>(r#""17""#), OrderId::Text("17".to_owned()));
        assert_eq!(round_trip_also_from_value::<OrderId>(r#""a\"\\b""#), OrderId::from("a\"\\b".to_owned()));
        assert_eq!(round_trip_also_from_value::<OrderId>("-9223372036854775808"), OrderId::from(i64::MIN));
        assert_eq!(OrderId::from(17).to_string(), OrderId::from("17".to_owned()).to_string());
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(round_trip::<Epoch>("1518074034.9090531").to_string(), "1518074034.9090531");
        round_trip::<Epoch>("10106854.1032393852063269");
        round_trip::<Vec<Epoch>>(r#"[1.50,"1.50",7,"x"]"#);
        round_trip::<Vec<Amount>>(r#"[1.50,"1.50",7]"#);
        round_trip_also_from_value::<Vec<Epoch>>(r#"[1.5,"1.50",7]"#);
    }

    #[test]
    fn objects_and_arrays_keep_the_digits_inside() {
        assert!(matches!(round_trip::<PriceTickers>(TICKER), PriceTickers::One(_)));
        let many = format!("[{TICKER},{TICKER}]");
        assert!(matches!(round_trip::<PriceTickers>(&many), PriceTickers::Many(all) if all.len() == 2));
        round_trip::<Anything>(r#"{"a":10106854.1032393852063269,"b":1.50}"#);
        round_trip::<Anything>(r#"[1.50,"1.50",7,true,{"":0.10},[[]],{}]"#);
        round_trip::<Outer>(r#"{"a":1.50,"b":"1.50"}"#);
        round_trip::<Outer>(r#"[1,[1.50],"x",{"a":1.50,"b":0.10},{}]"#);
        round_trip_also_from_value::<PriceTickers>(
            r#"{"symbol":"BTC","price":"0.10","volume":0.5,"id":"7","more":[{}]}"#,
        );
        round_trip_also_from_value::<Outer>(r#"[[1.5],{"a":1.5},{}]"#);
    }

    #[test]
    fn raw_json_below_an_alternative_keeps_its_text() {
        assert_eq!(
            read::<Details>(r#"{ "a" : 1.50, "b\n":[ 1 ] }"#).unwrap(),
            Details::Object(Json::parse(r#"{"a":1.50,"b\n":[ 1 ]}"#).unwrap()),
        );
        round_trip::<Details>("{}");
        round_trip::<Details>("[]");
        round_trip::<Details>(r#"[1.50,{"a":[]}]"#);
        round_trip::<PriceTickers>(r#"{"symbol":"BTC","price":"0.10","more":{ "a": 1.50 }}"#);
    }

    #[test]
    fn a_kind_that_is_not_listed_is_refused() {
        for (json, found) in [
            ("{}", "an object"),
            (r#"{"a":1}"#, "an object"),
            ("[1]", "an array"),
            ("true", "a boolean"),
            ("1.5", "a number"),
            ("null", "null"),
        ] {
            let message = format!("expected an integer or a string, found {found}");
            assert_eq!(read::<OrderId>(json).unwrap_err(), message);
            assert_eq!(
                serde_json::from_value::<OrderId>(serde_json::from_str(json).unwrap()).unwrap_err().to_string(),
                message
            );
        }
        for (json, found) in
            [("1", "an integer"), ("1.5", "a number"), (r#""x""#, "a string"), ("null", "null"), ("true", "a boolean")]
        {
            let message = format!("expected an object or an array, found {found}");
            assert!(read::<PriceTickers>(json).unwrap_err().starts_with(&message));
        }
        assert_eq!(
            read::<Anything>("null").unwrap_err(),
            "expected an object, an array, a string, an integer, a number or a boolean, found null"
        );
    }

    #[test]
    fn the_kind_decides_and_nothing_else_is_tried() {
        assert!(
            read::<OrderId>("9223372036854775808").unwrap_err().contains("integer `9223372036854775808`, expected i64")
        );
        assert!(read::<Anything>("9223372036854775808").is_err(), "an integer is not tried as a number");
        assert!(read::<Epoch>("1e-29").unwrap_err().contains("more than the 28 decimal places"));
        assert!(read::<PriceTickers>(r#"{"symbol":"BTC"}"#).unwrap_err().starts_with("missing field `price`"));
    }

    #[test]
    fn an_error_inside_is_found_by_its_path() {
        let json = r#"{"a":[{"symbol":"BTC","price":"1"},{"symbol":"BTC","price":"x"}]}"#;
        let error = serde_path_to_error::deserialize::<_, BTreeMap<String, PriceTickers>>(
            &mut serde_json::Deserializer::from_str(json),
        )
        .unwrap_err();
        assert_eq!(error.path().to_string(), "a[1].price");
        let error = serde_path_to_error::deserialize::<_, BTreeMap<String, OrderId>>(
            &mut serde_json::Deserializer::from_str(r#"{"a":true}"#),
        )
        .unwrap_err();
        assert_eq!(error.path().to_string(), "a");
    }

    #[test]
    fn an_error_has_its_line_and_column_in_the_whole_text() {
        let error = read::<BTreeMap<String, Anything>>("{\n\"a\":\n{\"b\":true}}").unwrap_err();
        assert!(error.ends_with("at line 3 column 11"), "{error}");
        assert_eq!(error.matches("line").count(), 1, "{error}");
    }

    #[test]
    fn one_or_many_is_a_slice_of_either() {
        let one: OneOrMany<PriceTicker> = round_trip(TICKER);
        let many: OneOrMany<PriceTicker> = round_trip(&format!("[{TICKER},{TICKER}]"));
        assert_eq!((one.len(), many.len(), one.is_empty()), (1, 2, false));
        assert_eq!(one.as_slice()[0], many.as_slice()[1]);
        assert_eq!(many.iter().chain(&one).count(), 3);
        assert_eq!(many.into_vec(), one.clone().into_iter().chain(one).collect::<Vec<_>>());
        assert!(round_trip_also_from_value::<OneOrMany<OrderId>>("[]").is_empty());
        assert_eq!(round_trip_also_from_value::<OneOrMany<OrderId>>("7"), OneOrMany::from(OrderId::from(7)));
        assert_eq!(round_trip_also_from_value::<OneOrMany<OrderId>>(r#"["7",7]"#).len(), 2);
        assert!(read::<OneOrMany<Epoch>>("1.5").unwrap_err().contains("found a number"));
    }

    #[test]
    fn the_blank_is_that_of_the_first_variant_or_an_empty_array() {
        assert_eq!(OrderId::blank(), OrderId::Integer(0));
        assert!(OneOrMany::<PriceTicker>::blank().is_empty());
    }
}

mod raw_json {
    use super::*;

    #[test]
    fn json_keeps_its_text() {
        for json in [
            r#"{ "b" : 1.50 , "a":[ ] }"#,
            "1.50",
            r#""\u0041""#,
            "null",
            "[\n1e5]",
            "true",
            "123456789012345678901234567890",
        ] {
            let raw = round_trip::<Json>(json);
            assert_eq!((raw.get(), raw.to_string(), format!("{raw:?}")), (json, json.to_owned(), json.to_owned()));
            assert_eq!(json.parse::<Json>().unwrap(), raw);
            assert_eq!(read::<Vec<Json>>(&format!("[ {json} , 1]")).unwrap()[0], raw);
        }
        assert_eq!(Json::parse("  [1, 2] ").unwrap().get(), "[1, 2]");
    }

    #[test]
    fn json_is_equal_if_its_text_is_equal() {
        assert_eq!(Json::parse("1.0").unwrap(), Json::parse("1.0").unwrap());
        assert_ne!(Json::parse("1.0").unwrap(), Json::parse("1.00").unwrap());
        assert_eq!(
            HashSet::from([Json::null(), Json::default(), Json::blank(), Json::parse("null").unwrap()]).len(),
            1
        );
    }

    #[test]
    fn json_encodes_and_decodes_values() {
        let json = Json::encode(&BTreeMap::from([("a", vec![1, 2])])).unwrap();
        assert_eq!(json.get(), r#"{"a":[1,2]}"#);
        assert_eq!(json.decode::<BTreeMap<String, Vec<i64>>>().unwrap()["a"], [1, 2]);
        assert!(json.decode::<Vec<i64>>().is_err());
    }

    #[test]
    fn invalid_json_is_refused() {
        for text in ["", "{", "[1,]", "1 2", "nul", "{'a':1}", "01"] {
            assert!(Json::parse(text).is_err(), "{text}");
            assert!(read::<Json>(text).is_err(), "{text}");
        }
        let hostile = r#"[{"$serde_json::private::RawValue":"not json"}]"#;
        assert_eq!(round_trip::<Json>(hostile).get(), hostile);
    }

    #[test]
    fn json_is_read_from_a_serde_json_value() {
        round_trip_also_from_value::<Json>(r#"{"a":[1,2.5,"x",null,true],"b":{}}"#);
        let null: Option<Json> = read("null").unwrap();
        assert_eq!(null, None);
    }

    #[test]
    fn json_is_read_from_other_formats() {
        use serde::de::IntoDeserializer;
        use serde::de::value::{Error, MapDeserializer, SeqDeserializer};

        fn via<'de>(deserializer: impl serde::Deserializer<'de, Error = Error>) -> Result<String, String> {
            Json::deserialize(deserializer).map(|json| json.to_string()).map_err(|error| error.to_string())
        }

        assert_eq!(via("a\"b".into_deserializer()).unwrap(), r#""a\"b""#);
        assert_eq!(via(0.1f64.into_deserializer()).unwrap(), "0.1");
        assert_eq!(via(u64::MAX.into_deserializer()).unwrap(), u64::MAX.to_string());
        assert_eq!(via(().into_deserializer()).unwrap(), "null");
        assert_eq!(via(true.into_deserializer()).unwrap(), "true");
        assert_eq!(via(SeqDeserializer::new([1, 2].into_iter())).unwrap(), "[1,2]");
        assert_eq!(via(MapDeserializer::new([("a", 1), ("b\"", 2)].into_iter())).unwrap(), r#"{"a":1,"b\"":2}"#);
        assert_eq!(via(f64::NAN.into_deserializer()).unwrap_err(), "NaN is not a JSON number");
    }
}
