//! Tests the decoder of parameters with which `cargo xtask corpus --calls` compares requests.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};

use venuekit::operation::{Parameter, ParameterIn, Style};
use venuekit_tests::styles::{Parts, decode, texts};

/// The table of the styles in OpenAPI 3.1, and the parts of it that are wrong in one place.
#[test]
fn each_style_of_the_standard_is_decoded_and_another_style_is_not() {
    let value = |json: Value| texts(&json.to_string()).unwrap();
    let (color, list) = (value(json!("blue")), value(json!(["blue", "black", "br&wn"])));
    let object = value(json!({"R": 100, "G": 200, "B": 150}));
    let path = ParameterIn::Path;
    for (place, style, explode, given, sent) in [
        (path, Style::Matrix, false, &color, ";color=blue"),
        (path, Style::Matrix, false, &list, ";color=blue,black,br%26wn"),
        (path, Style::Matrix, true, &list, ";color=blue;color=black;color=br%26wn"),
        (path, Style::Matrix, false, &object, ";color=R,100,G,200,B,150"),
        (path, Style::Matrix, true, &object, ";R=100;G=200;B=150"),
        (path, Style::Label, false, &color, ".blue"),
        (path, Style::Label, false, &list, ".blue,black,br%26wn"),
        (path, Style::Label, true, &list, ".blue.black.br%26wn"),
        (path, Style::Label, false, &object, ".R,100,G,200,B,150"),
        (path, Style::Label, true, &object, ".R=100.G=200.B=150"),
        (path, Style::Simple, false, &color, "blue"),
        (path, Style::Simple, false, &list, "blue,black,br%26wn"),
        (path, Style::Simple, false, &object, "R,100,G,200,B,150"),
        (path, Style::Simple, true, &object, "R=100,G=200,B=150"),
        (ParameterIn::Header, Style::Simple, false, &list, "blue,black,br&wn"),
        (ParameterIn::Header, Style::Simple, true, &object, "R=100,G=200,B=150"),
        (ParameterIn::Cookie, Style::Form, true, &object, "R=100; G=200; B=150"),
        (ParameterIn::Cookie, Style::Form, false, &list, "x=1; color=blue,black,br%26wn"),
        (ParameterIn::Query, Style::Form, true, &color, "color=blue"),
        (ParameterIn::Query, Style::Form, true, &list, "color=blue&color=black&color=br%26wn"),
        (ParameterIn::Query, Style::Form, false, &list, "color=blue,black,br%26wn"),
        (ParameterIn::Query, Style::Form, true, &object, "R=100&G=200&B=150&other=1"),
        (ParameterIn::Query, Style::Form, false, &object, "color=R,100,G,200,B,150"),
        (ParameterIn::Query, Style::SpaceDelimited, false, &list, "color=blue%20black%20br%26wn"),
        (ParameterIn::Query, Style::PipeDelimited, false, &list, "color=blue%7Cblack%7Cbr%26wn"),
        (ParameterIn::Query, Style::DeepObject, true, &object, "color%5BR%5D=100&color[G]=200&color[B]=150"),
    ] {
        let parameter = Parameter::optional("color", place).with_style(style, explode);
        let cookie = ("Cookie".to_owned(), sent.to_owned());
        let headers = [("Color".to_owned(), sent.to_owned()), cookie];
        let path = format!("/base/a/x{sent}.z/b");
        let parts = |query| Parts { template: "/a/x{color}.z/b", path: &path, query, headers: &headers };
        let decoded = decode(&parameter, &parts(sent), given);
        assert_eq!(decoded.as_ref(), Ok(given), "{place:?} {style:?} {explode} {sent}");
        if place == ParameterIn::Query {
            let cut = sent.replace("black", "red").replace("200", "7").replace("=blue", "=green");
            assert_ne!(decode(&parameter, &parts(&cut), given).as_ref(), Ok(given), "{cut}");
        }
    }
}

#[test]
fn nested_members_and_json_are_decoded() {
    let given = texts(r#"{"a": {"x": 1.50, "none": null}, "b": true}"#).unwrap();
    let deep = Parameter::optional("p", ParameterIn::Query).with_style(Style::DeepObject, true);
    let parts = |query| Parts { template: "/", path: "/", query, headers: &[] };
    assert_eq!(decode(&deep, &parts("p[a][x]=1.50&p[b]=true"), &given), Ok(given.clone()));
    assert_ne!(decode(&deep, &parts("p[a][x]=1.5&p[b]=true"), &given), Ok(given.clone()));
    assert!(decode(&deep, &parts("p[a][y]=1.5&p[b]=true"), &given).is_err());
    let lists = texts(r#"{"a": [{"x": 1.50}, {"x": 2}]}"#).unwrap();
    assert_eq!(decode(&deep, &parts("p[a][0][x]=1.50&p[a][1][x]=2"), &lists), Ok(lists.clone()));
    assert_ne!(decode(&deep, &parts("p[a][0][x]=2&p[a][1][x]=1.50"), &lists), Ok(lists.clone()));
    let json = Parameter::optional("p", ParameterIn::Query).with_style(Style::Json, false);
    assert_eq!(decode(&json, &parts("p=%7B%22a%22:[1]%7D"), &json!({})), Ok(json!(r#"{"a":[1]}"#)));
}

#[test]
fn two_parameters_of_one_segment_are_told_apart() {
    let parts = Parts { template: "/{base}-{quote}.json", path: "/v1/BTC-USD.json", query: "", headers: &[] };
    for (name, value) in [("base", "BTC"), ("quote", "USD")] {
        let name: &'static str = name;
        let parameter = Parameter::required(name, ParameterIn::Path);
        assert_eq!(decode(&parameter, &parts, &json!(value)), Ok(json!(value)));
    }
}
