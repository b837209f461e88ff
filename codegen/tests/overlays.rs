//! Tests the changes that overlays make, the findings on them, and the file that a finding names.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use venuekit_codegen::{Spec, effective, read};

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Acme, version: '1'}
tags: [{name: spot}]
paths:
  /v1/orders:
    get:
      operationId: getOrders
      parameters: [{name: limit, in: query}, {name: dummy, in: query}]
    post: {operationId: placeOrder, deprecated: true}
  /v1/ping:
    get: {operationId: ping}
components:
  schemas:
    Order:
      type: object
      required: [id, price]
      properties:
        id: {type: string}
        price: {type: string}
        qty: {type: string, enum: [a, b]}
";

fn spec(actions: &str) -> Spec {
    let overlay = format!("overlay: 1.1.0\ninfo: {{title: Extensions, version: 1.0.0}}\nactions:\n{actions}");
    Spec::new("specs/acme.yaml", DOCUMENT).with_overlay("specs/acme.overlay.yaml", overlay)
}

/// Returns the value at a pointer after the actions, as JSON.
fn after(actions: &str, pointer: &str) -> String {
    let json = effective(&spec(actions)).unwrap_or_else(|findings| panic!("{findings}"));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    value.pointer(pointer).map(ToString::to_string).unwrap_or_default()
}

/// Returns the findings on the actions.
fn refused(actions: &str) -> String {
    effective(&spec(actions)).map(|json| panic!("it is accepted: {json}")).unwrap_err().to_string()
}

#[test]
fn objects_are_merged_member_by_member() {
    let actions = "\
- target: $.paths['/v1/orders'].get
  description: the server fills it in
  update: {summary: Orders, x-weight: 5}
- target: $
  update:
    info: {description: Spot trading}
    paths: {/v1/ping: {get: {summary: Ping}}, /v1/time: {get: {operationId: time}}}
";
    assert_eq!(after(actions, "/paths/~1v1~1orders/get/x-weight"), "5");
    assert_eq!(after(actions, "/paths/~1v1~1orders/get/operationId"), "\"getOrders\"");
    assert_eq!(after(actions, "/info"), r#"{"description":"Spot trading","title":"Acme","version":"1"}"#);
    assert_eq!(after(actions, "/paths/~1v1~1ping/get"), r#"{"operationId":"ping","summary":"Ping"}"#);
    assert_eq!(after(actions, "/paths/~1v1~1time/get/operationId"), "\"time\"");
}

#[test]
fn an_action_appends_to_a_list_and_two_actions_replace_it() {
    let element = "- target: $.tags\n  update: {name: futures}\n";
    assert_eq!(after(element, "/tags"), r#"[{"name":"spot"},{"name":"futures"}]"#);
    let list = "- target: $.tags\n  update: [{name: a}, {name: b}]\n";
    assert_eq!(after(list, "/tags"), r#"[{"name":"spot"},{"name":"a"},{"name":"b"}]"#);
    let within = "- target: $.components.schemas.Order\n  update: {required: [qty]}\n";
    assert_eq!(after(within, "/components/schemas/Order/required"), r#"["id","price","qty"]"#);
    let replaced = "\
- {target: $.components.schemas.Order.required, remove: true}
- {target: $.components.schemas.Order, update: {required: [id]}}
- {target: $.components.schemas.Order.properties.qty.enum, remove: true}
- {target: $.components.schemas.Order.properties.qty, update: {enum: [c]}}
";
    assert_eq!(after(replaced, "/components/schemas/Order/required"), r#"["id"]"#);
    assert_eq!(after(replaced, "/components/schemas/Order/properties/qty/enum"), r#"["c"]"#);
}

#[test]
fn one_action_changes_all_values_that_its_target_selects() {
    let actions = "- {target: \"$..properties['price', 'qty']\", update: {format: decimal}}\n";
    assert_eq!(after(actions, "/components/schemas/Order/properties/price/format"), "\"decimal\"");
    assert_eq!(after(actions, "/components/schemas/Order/properties/qty/format"), "\"decimal\"");
    assert_eq!(after(actions, "/components/schemas/Order/properties/id"), r#"{"type":"string"}"#);
    let filter = "- {target: '$.paths.*[?@.deprecated == true]', remove: true}\n";
    assert_eq!(after(filter, "/paths/~1v1~1orders/post"), "");
    assert!(after(filter, "/paths/~1v1~1orders/get").contains("getOrders"));
}

#[test]
fn one_action_can_remove_several_elements_and_values_inside_each_other() {
    let actions = "- {target: \"$.paths['/v1/orders'].get.parameters[?@.in == 'query']\", remove: true}\n";
    assert_eq!(after(actions, "/paths/~1v1~1orders/get/parameters"), "[]");
    let one = "- {target: \"$.paths['/v1/orders'].get.parameters[?@.name == 'limit']\", remove: true}\n";
    assert_eq!(after(one, "/paths/~1v1~1orders/get/parameters"), r#"[{"in":"query","name":"dummy"}]"#);
    let nested = "- {target: '$.components..*', remove: true}\n";
    assert_eq!(after(nested, "/components"), "{}");
}

#[test]
fn scalars_are_replaced() {
    let actions = "- {target: $.info.title, update: Acme Spot}\n- {target: $.info, update: {version: '2'}}\n";
    assert_eq!(after(actions, "/info"), r#"{"title":"Acme Spot","version":"2"}"#);
    assert_eq!(after("- {target: $.info.title, update: null}\n", "/info/title"), "null");
}

#[test]
fn a_value_can_be_copied_and_each_action_sees_the_results_of_earlier_ones() {
    let actions = "\
- {target: $.paths, update: {/v2/ping: {}}}
- {target: \"$.paths['/v2/ping']\", copy: \"$.paths['/v1/ping']\"}
- {target: \"$.paths['/v1/ping']\", remove: true}
- {target: \"$.paths['/v2/ping'].get\", update: {operationId: pingAgain}}
";
    assert_eq!(after(actions, "/paths/~1v2~1ping/get"), r#"{"operationId":"pingAgain"}"#);
    assert_eq!(after(actions, "/paths/~1v1~1ping"), "");
}

#[test]
fn overlays_are_applied_in_their_order() {
    let overlay = |title: &str| {
        format!(
            "overlay: 1.0.0\ninfo: {{title: T, version: '1'}}\nactions: [{{target: $.info, update: {{title: {title}}}}}]"
        )
    };
    let spec =
        Spec::new("acme.yaml", DOCUMENT).with_overlay("a.yaml", overlay("A")).with_overlay("b.yaml", overlay("B"));
    assert!(effective(&spec).unwrap().contains("\"title\": \"B\""));
}

#[test]
fn overlays_apply_to_openrpc_documents_too() {
    let overlay = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: '$.methods[?@.name == \"a\"]', update: {x-weight: 2}}]";
    let spec = Spec::new("acme.json", r#"{"openrpc": "1.3.2", "methods": [{"name": "a"}, {"name": "b"}]}"#)
        .with_overlay("acme.overlay.yaml", overlay);
    assert!(effective(&spec).unwrap().contains("\"x-weight\": 2"));
}

#[test]
fn the_digits_of_numbers_stay_as_written() {
    let document = r#"{"a": 1518074034.9090531, "b": [0.00000001000000000000, 1e-7]}"#;
    let overlay = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: $, update: {c: 0.10}}]";
    let spec = Spec::new("acme.json", document).with_overlay("acme.overlay.yaml", overlay);
    let json: String = effective(&spec).unwrap().split_whitespace().collect();
    assert_eq!(json, r#"{"a":1518074034.9090531,"b":[0.00000001000000000000,1e-7],"c":0.10}"#);
}

#[test]
fn a_finding_names_the_file_with_the_fault() {
    let actions = "- {target: \"$.paths['/v1/ping'].get\", update: {operationId: 5, x-wieght: 1}}\n";
    let findings = read(&spec(actions).deny_warnings()).map(|_| ()).unwrap_err();
    let in_overlay: Vec<String> = (findings.iter())
        .filter(|finding| finding.location.file == "specs/acme.overlay.yaml")
        .map(|finding| format!("{}:{} {}", finding.location.line, finding.location.column, finding.location.pointer))
        .collect();
    assert_eq!(in_overlay, ["4:61 /paths/~1v1~1ping/get/operationId", "4:64 /paths/~1v1~1ping/get/x-wieght"]);
    assert!(findings.iter().any(|finding| finding.location.file == "specs/acme.yaml"));
}

#[test]
fn actions_that_cannot_be_carried_out_are_findings() {
    let actions = "\
- {target: \"$.paths['/v1/order'].get\", update: {summary: S}}
- {target: \"$.päths[\", update: {}}
- {target: $, remove: true}
- {target: $.tags, copy: $.paths.*}
- {target: $.info}
- {target: $.info, update: {}, remove: true}
- {target: $.info, update: text}
- {target: $.info, update: {title: {a: 1}}}
- {target: $.info, updte: {title: T}}
- {update: {title: T}}
- {target: $.info, remove: yes please}
";
    insta::assert_snapshot!(refused(actions));
}

#[test]
fn faults_of_the_document_and_of_its_overlays_are_found_in_one_run() {
    let spec = Spec::new("specs/acme.yaml", "openapi: [")
        .with_overlay("a.overlay.yaml", "overlay: 1.0.0\nactions: {")
        .with_overlay("b.overlay.yaml", "overlay: 2.0.0\ninfo: {title: T, version: '1'}\nactions: []");
    let findings = effective(&spec).unwrap_err();
    let files: Vec<&str> = findings.iter().map(|finding| finding.location.file.as_str()).collect();
    assert_eq!(files, ["specs/acme.yaml", "a.overlay.yaml"], "{findings}");
    let spec = Spec::new("specs/acme.yaml", DOCUMENT)
        .with_overlay("b.overlay.yaml", "overlay: 2.0.0\nx-own: 1\ninfo: {title: T, version: '1'}\nactions: []");
    assert!(effective(&spec).unwrap_err().to_string().contains("`2.0.0` is not a supported version of overlays"));
}

#[test]
fn an_overlay_that_multiplies_values_is_refused_before_the_document_is_large() {
    let double = "- {target: $.components, copy: $.components}\n- {target: $.components.schemas, copy: $}\n";
    let grow = "- {target: $.tags, update: [1]}\n- {target: $.tags, copy: $.tags}\n".to_owned()
        + &"- {target: $.tags, copy: $.tags}\n".repeat(40);
    assert!(refused(&grow).contains("more than 3,000,000 values"));
    let deep = "- {target: $.info, update: {a: {}}}\n- {target: $.info.a, copy: $}\n".to_owned()
        + &"- {target: $.info, copy: $.info.a.info}\n- {target: $.info.a, copy: $}\n".repeat(70);
    for actions in [double, &deep] {
        match effective(&spec(actions)) {
            Ok(json) => assert!(json.len() < 100 << 10, "{} bytes", json.len()),
            Err(findings) => {
                let findings = findings.to_string();
                let is_known =
                    ["more than 3,000,000 values", "values nest deeper than"].iter().any(|why| findings.contains(why));
                assert!(is_known, "{findings}");
            }
        }
    }
}
