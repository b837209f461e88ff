//! Tests documents that are not strict: parts of them are added, ignored or left out, but some
//! faults are errors nevertheless.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::{Reading, Spec, read, read_with_notes};

const DOCUMENT: &str = "\
openapi: 3.0.0
info: {title: Acme, version: '1', x-logo: {url: logo.png}}
servers: [{url: 'https://api.acme.example'}, {url: 'https://testnet.acme.example'}]
x-vendor: 5
paths:
  /v1/orders/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
    trace:
      responses: {'200': {description: ok}}
  /v1/files:
    post:
      operationId: upload
      requestBody: {content: {application/xml: {schema: {type: string}}}}
      responses: {'200': {description: ok}}
components:
  schemas:
    Order:
      type: object
      required: [id, odd]
      properties:
        id: {type: string}
        odd: {not: {type: string}}
";

fn reading(text: &str) -> Reading {
    read_with_notes(&Spec::new("acme.yaml", text)).unwrap_or_else(|findings| panic!("{findings}"))
}

#[test]
fn missing_parts_are_added_and_every_change_is_told() {
    let reading = reading(DOCUMENT);
    insta::assert_snapshot!(reading.notes.list());
    let ids: Vec<&str> = reading.api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["get_v1_orders_by_id"]);
    assert_eq!(reading.notes.of_level(Level::LeftOut).count(), 2);
}

#[test]
fn an_operation_that_is_left_out_is_an_error_unless_an_overlay_removes_it() {
    let spec = Spec::new("acme.yaml", DOCUMENT);
    let findings = read(&spec).map(|_| ()).unwrap_err();
    assert_eq!(findings.len(), 2);
    assert!(findings.to_string().contains("`POST /v1/files` is left out"), "{findings}");
    let overlay = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: \"$.paths['/v1/files']\", remove: true}, {target: $..trace, remove: true}]";
    assert!(read(&spec.with_overlay("acme.overlay.yaml", overlay)).is_ok());
}

#[test]
fn missing_parts_are_errors_in_a_strict_document_and_if_warnings_are_denied() {
    let strict = format!("x-strict: true\n{DOCUMENT}");
    let findings = read(&Spec::new("acme.yaml", strict)).map(|_| ()).unwrap_err();
    assert!(findings.to_string().contains("an operation has no `operationId`"), "{findings}");
    let denied = read(&Spec::new("acme.yaml", DOCUMENT).deny_warnings()).map(|_| ()).unwrap_err();
    assert_eq!(denied.len(), findings.len());
}

#[test]
fn a_strict_document_that_would_be_changed_is_refused_and_any_other_is_read_without_notes() {
    let (mut changed, mut unchanged) = (0, 0);
    for folder in ["../specs", "tests/published", "tests/features"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let is_document = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yaml");
        for path in paths.filter(is_document) {
            let text = fs::read_to_string(&path).unwrap();
            if !text.starts_with("openapi") && !text.starts_with("openrpc") && !text.starts_with('#') {
                continue;
            }
            let text = text.replace("x-strict: true\n", "");
            let spec = |text: String| {
                let beside = |name: &str| fs::read_to_string(folder.join(name)).ok();
                Spec::new("acme.yaml", text).with_files_beside(beside)
            };
            if read_with_notes(&spec(text.clone())).is_err() {
                continue;
            }
            match read_with_notes(&spec(format!("{text}\nx-strict: true\n"))) {
                Ok(strict) => {
                    assert_eq!(strict.notes.list(), "", "{path:?}");
                    unchanged += 1;
                }
                Err(_) => changed += 1,
            }
        }
    }
    assert!(changed >= 10 && unchanged >= 5, "{changed} were refused, {unchanged} were read");
}

#[test]
fn a_fault_of_a_specification_extension_stays_an_error() {
    let text = format!("x-rate-limits: [{{name: a, per: ip, window: soon, limit: 5, counts: requests}}]\n{DOCUMENT}");
    let findings = read_with_notes(&Spec::new("acme.yaml", text)).map(|_| ()).unwrap_err();
    assert!(findings.to_string().contains("window"), "{findings}");
}

const UNUSED: &str = "\
openapi: 3.0.0
info: {title: Acme, version: '1'}
x-recv-window: {default: 5000, max: 60000}
x-rate-limits: [{name: requests, per: ip, window: 1m, limit: 1200, counts: requests}]
servers: [{url: 'https://api.acme.example'}]
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: getOrders
      parameters: [{name: timestamp, in: query, schema: {type: integer}}]
      responses: {'200': {description: ok}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-KEY}
    sign: {type: apiKey, in: header, name: X-SIGN, x-signature: true, x-fills: [timestmp, nonce]}
";

#[test]
fn parts_that_no_operation_uses_are_warnings_and_errors_in_a_strict_document() {
    let unused = [
        "`x-recv-window` is ignored: no operation is signed",
        "the limit `requests` is ignored: no operation counts against it",
        "the scheme `sign` is ignored: no operation needs it",
    ];
    let notes = reading(UNUSED).notes;
    let has = |part: &str| notes.of_level(Level::Warning).any(|note| note.message == part);
    for expected in unused {
        assert!(has(expected), "{expected}: {}", notes.list());
    }
    let strict = read(&Spec::new("acme.yaml", format!("x-strict: true\n{UNUSED}"))).map(|_| ()).unwrap_err();
    for expected in unused {
        assert!(strict.to_string().contains(expected), "{strict}");
    }
    // A misspelled name in `x-fills` would leave the parameter to the caller.
    assert!(has("no operation has a parameter `timestmp` (`x-fills`)"), "{}", notes.list());
    let near = notes.iter().find(|note| note.message.contains("timestmp")).unwrap();
    assert_eq!(near.help.as_ref().unwrap().text(), "did you mean `timestamp`?");
    assert!(!notes.list().contains("`nonce`"), "{}", notes.list());
}

#[test]
fn a_document_whose_parts_are_used_has_no_note_on_them() {
    let text = UNUSED
        .replace("security: [{key: []}]", "security: [{key: [], sign: []}]\nx-limits: [requests]")
        .replace("timestmp", "timestamp");
    let notes = reading(&text).notes.list();
    for part in ["no operation", "x-recv-window"] {
        assert!(!notes.contains(part), "{notes}");
    }
}

fn ids(paths: &str) -> Vec<String> {
    let text = format!("openapi: 3.0.0\ninfo: {{title: Acme, version: '1'}}\nsecurity: []\npaths:\n{paths}");
    reading(&text).api.operations.into_iter().map(|operation| operation.method_name).collect()
}

fn get(path: &str, id: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("operationId: '{id}', ") };
    format!("  {path}: {{get: {{{id}summary: S, responses: {{'200': {{description: ok}}}}}}}}\n")
}

#[test]
fn an_operation_is_named_after_its_id_or_without_a_usable_id_after_its_route() {
    let paths = [get("/v1/order-book", ""), get("/ping", "meta/root"), get("/a", "1st"), get("/b", "ünïcode")].concat();
    assert_eq!(ids(&paths), ["get_v1_order_book", "meta_root", "get_a", "ufc_n_uef_code"]);
}

#[test]
fn only_operations_with_the_same_name_are_named_after_their_routes() {
    let others = [get("/x", "getX"), get("/y", "getY")].concat();
    let colliding = [get("/v1/orders", "getOrders"), get("/v2/orders", "get_orders")].concat();
    assert_eq!(ids(&others), ["get_x", "get_y"]);
    assert_eq!(ids(&format!("{others}{colliding}")), ["get_x", "get_y", "get_v1_orders", "get_v2_orders"]);
    let same_words = [get("/v1/a-b", ""), get("/v1/a_b", "")].concat();
    assert_eq!(ids(&same_words), ["get_v1_a_b", "get_v1_a_b_2"]);
}

/// Returns a document with these keys at its root, and with two operations: one with `security`,
/// one without.
fn secured(security: &str, own: &str, rest: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Acme, version: '1'}}\nservers: [{{url: 'https://api.acme.example'}}]\n{security}\
         paths:\n  /v1/time: {{get: {{operationId: getTime, summary: S, security: [], responses: {{'200': {{description: ok}}}}}}}}\n  \
         /v1/orders: {{post: {{operationId: place, summary: S, {own}responses: {{'200': {{description: ok}}}}}}}}\n{rest}"
    )
}

/// Returns the operations that are public, those that are signed, and those that are left out.
fn split(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let reading = reading(text);
    let operations = reading.api.operations.iter();
    let (public, signed): (Vec<_>, Vec<_>) = operations.partition(|operation| operation.schemes.is_empty());
    let ids = |all: Vec<&venuekit_codegen::model::Operation>| all.iter().map(|found| found.id.clone()).collect();
    let left_out = reading.notes.of_level(Level::LeftOut).map(|finding| finding.message.clone()).collect();
    (ids(public), ids(signed), left_out)
}

const SCHEMES: &str = "components:\n  securitySchemes: {key: {type: apiKey, in: header, name: X-KEY}}\n";

#[test]
fn an_operation_whose_security_cannot_be_read_is_left_out_and_never_public() {
    let faults = [
        // The security of the root.
        secured("security: [{nosuch: []}]\n", "", SCHEMES),
        secured("security: [{nosuch: []}]\n", "", ""),
        secured("security: {key: []}\n", "", SCHEMES),
        secured("security: null\n", "", SCHEMES),
        secured("security: [key]\n", "", SCHEMES),
        // The security of the operation.
        secured("", "security: {key: []}, ", SCHEMES),
        secured("", "security: null, ", SCHEMES),
        secured("", "security: [key], ", SCHEMES),
        secured("", "security: [{nosuch: []}], ", SCHEMES),
        // A client certificate is left out of all lists, also beside one that cannot be read.
        secured("", "security: {key: []}, ", &SCHEMES.replace("{key:", "{tls: {type: mutualTLS}, key:")),
        secured(
            "",
            "security: [{bad: []}], ",
            &SCHEMES.replace("key: {type: apiKey, in: header", "bad: {type: apiKey, in: nowhere"),
        ),
    ];
    for text in faults {
        let (public, signed, left_out) = split(&text);
        assert_eq!((public, signed), (vec!["getTime".to_owned()], Vec::new()), "{text}");
        assert!(
            left_out.iter().any(|message| message.contains("`POST /v1/orders` is left out")),
            "{left_out:?}\n{text}"
        );
    }
}

#[test]
fn a_fault_in_one_section_of_components_leaves_the_others_as_they_are() {
    let sections = [
        "  headers: null\n",
        "  headers: 5\n",
        "  pathItems: {orders: {summary: None.}}\n",
        "  schemas: null\n",
        "  examples: [a]\n",
        "  responses: {'200': null}\n",
    ];
    for section in sections {
        let text = secured("security: [{key: []}]\n", "", &format!("{SCHEMES}{section}"));
        let (public, signed, left_out) = split(&text);
        assert_eq!((public, signed), (vec!["getTime".to_owned()], vec!["place".to_owned()]), "{text}");
        assert!(left_out.is_empty(), "{left_out:?}");
    }
}

#[test]
fn each_scheme_of_oauth_and_openid_signs_whatever_its_keys_are() {
    let schemes = [
        "{type: oauth2, flows: {}}",
        "{type: oauth2}",
        "{type: oauth2, flow: implicit, authorizationUrl: 'https://acme.example', scopes: {read: Reads.}}",
        "{type: openIdConnect}",
        "{type: openIdConnect, openIdConnectUrl: 'https://acme.example'}",
    ];
    for scheme in schemes {
        let text =
            secured("security: [{login: []}]\n", "", &format!("components:\n  securitySchemes: {{login: {scheme}}}\n"));
        let (public, signed, _) = split(&text);
        assert_eq!((public, signed), (vec!["getTime".to_owned()], vec!["place".to_owned()]), "{text}");
    }
}

#[test]
fn an_extension_of_another_form_is_ignored_in_the_published_file_and_an_error_in_an_overlay() {
    let text = secured("", "", "");
    for (key, value) in [("x-rate-limits", "{a: 5}"), ("x-auth", "true"), ("x-hosts", "acme"), ("x-limits", "5")] {
        let published = reading(&format!("{key}: {value}\n{text}"));
        assert!(published.notes.list().contains(&format!("`{key}` is ignored")), "{}", published.notes.list());
        let overlay = format!(
            "overlay: 1.0.0\ninfo: {{title: T, version: '1'}}\nactions: [{{target: $, update: {{{key}: {value}}}}}]"
        );
        let spec = Spec::new("acme.yaml", text.as_str()).with_overlay("acme.overlay.yaml", overlay);
        let findings = read_with_notes(&spec).map(|_| ()).unwrap_err();
        assert!(findings.to_string().contains("acme.overlay.yaml"), "{findings}");
    }
}

#[test]
fn an_example_that_is_made_up_is_no_error_whatever_the_bounds_are() {
    let schemas = [
        "{type: integer, format: int32, minimum: 2147483647, exclusiveMinimum: true}",
        "{type: integer, format: uint32, minimum: -1, maximum: -1}",
        "{type: integer, minimum: 5, maximum: 4}",
        "{type: integer, multipleOf: 7, minimum: 1, maximum: 6}",
        "{type: string, format: uuid, minLength: 100}",
    ];
    for schema in schemas {
        let text = secured(
            "",
            &format!(
                "requestBody: {{content: {{application/json: {{schema: {{type: object, required: [a], properties: {{a: {schema}}}}}}}}}}}, "
            ),
            "",
        );
        let reading = reading(&text);
        assert!(!reading.api.operations.is_empty(), "{schema}");
    }
}
