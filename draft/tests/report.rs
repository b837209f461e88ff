//! The report: what a document leaves open, and where it contradicts itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use venuekit_draft::{Document, draft};
use venuekit_json::Tree;

/// Returns the report on a document, on one line.
fn report(text: &str) -> String {
    let report = draft(&[Document::new("api.md", text)], "venue").unwrap().report;
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn known(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known").join(name)).unwrap()
}

#[track_caller]
fn says(report: &str, text: &str) {
    assert!(report.contains(text), "`{text}` is not in:\n{report}");
}

#[test]
fn a_parameter_is_held_against_the_samples_of_all_operations() {
    let report = report(&known("auth-headers.md"));
    says(
        &report,
        "api.md:80, api.md:71: `DELETE /orders/{id}`: `id` is integer in the table and the text `mrd-81723` in a sample",
    );
    let drafted = draft(&[Document::new("api.md", known("auth-headers.md"))], "venue").unwrap();
    let answer = drafted.answers.iter().find(|answer| answer.reason.starts_with("Contradictions")).unwrap();
    assert_eq!(answer.target, "$.paths['/orders/{id}'].delete.parameters[?@.name == 'id']");
    assert_eq!(answer.update.get("schema").and_then(|own| own.get("type")), Some(&Tree::text("string")));
}

#[test]
fn texts_become_conditions_and_suggestions_of_the_checklist() {
    let report = report(&known("auth-headers.md"));
    says(
        &report,
        "**Conditions.** These are needed in some requests only. Write when (`x-constraints`). `price` (api.md:53)",
    );
    says(&report, "the outcome can be unknown (`x-unknown-codes`). Check them. `1900`");
    says(&report, "the order is not open any more (`x-gone-codes`). Check them. `1202`");
    let drafted = draft(&[Document::new("api.md", known("auth-headers.md"))], "venue").unwrap();
    assert!(drafted.specification.contains("version: \"3\""), "{}", drafted.specification);
    assert!(drafted.specification.contains("maxLength: 36"), "{}", drafted.specification);
}

#[test]
fn two_samples_that_differ_are_told() {
    let text = "# A\n\n## Orders\n\n`GET /orders`\n\nResponse:\n\n```json\n{\"id\": 1, \"a\": 1}\n```\n\nor\n\n```json\n{\"id\": \
                1, \"b\": 1}\n```\n";
    says(
        &report(text),
        "api.md:9-11, api.md:15-17: both are samples of one response 200, though they differ in `a`, `b`",
    );
}

#[test]
fn a_sample_that_is_sorted_by_its_order_is_a_guess() {
    let report = report(&known("captions.md"));
    says(
        &report,
        "api.md:25-27: `POST /v2/orders/amend`: the sample shows the request, because another one follows it; no \
         caption says so (confidence: medium)",
    );
    says(
        &report,
        "api.md:29-31: `POST /v2/orders/amend`: the sample shows the response, because it stands behind the sample of \
         the request; no caption says so (confidence: high)",
    );
    says(
        &report,
        "api.md:33-35: `POST /v2/orders/amend`: the sample shows an error, because it has the members of an error only",
    );
    assert!(!report.contains("`GET /v2/orders/{id}`: the sample"), "{report}");
    // A response that repeats the request can be a second request.
    let text = "# A\n\n## Close\n\n`POST /close`\n\n```json\n{\"id\": 1, \"a\": 2}\n```\n\n```json\n{\"id\": \
                1}\n```\n";
    says(&self::report(text), "the sample shows the response, because it stands behind the sample of the request; no");
}

#[test]
fn an_operation_without_a_response_is_a_point_of_the_checklist() {
    let text = "# A\n\n## Close\n\n`POST /close`\n\nCloses it.\n\n## Open\n\n`GET /open`\n\n```json\n{\"id\": \
                1}\n```\n\n## Ping\n\n`GET /ping`\n\nReturns 204 without content.\n";
    let report = report(text);
    says(&report, "**Responses.** No sample, table or sentence with the response was found.");
    says(&report, "write `responses`. `POST /close` (api.md:3-7)");
    let point = report.split("**Responses.**").nth(1).and_then(|rest| rest.split("- [ ]").next()).unwrap();
    assert!(!point.contains("/open") && !point.contains("/ping"), "{report}");
}

#[test]
fn marks_that_no_text_states_are_guesses() {
    let report = report(&known("short-heads.md"));
    says(&report, "api.md:17: `tag` is optional: its mark says neither yes nor no (confidence: low)");
    says(
        &report,
        "**Conditions.** These are needed in some requests only. Write when (`x-constraints`). `px` (api.md:16)",
    );
    let text = "# A\n\n## Put\n\n`POST /put`\n\nName | Type\n--- | ---\na | string\nb | string\n\nRequest:\n\n```json\n{\"a\": \
                \"1\"}\n```\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    let report = self::report(text);
    says(&report, "api.md:9: `POST /put`: `a` is required: the samples of the request have them");
    says(&report, "api.md:10: `POST /put`: `b` is optional: no column or text says otherwise");
}

#[test]
fn rows_without_names_are_a_point_of_the_checklist() {
    says(&report(&known("kraken-style.md")), "(`x-tuple`). `asks` (api.md:47), `bids` (api.md:47)");
    assert!(!report(&known("running-text.md")).contains("**Columns.**"));
}

#[test]
fn a_sample_is_held_against_the_values_of_running_text() {
    let text = known("running-text.md").replace("\"state\": \"open\"", "\"state\": \"resting\"");
    says(&report(&text), "`state` is `resting` in the sample, and the text does not list it");
    let table = "# A\n\n## Orders\n\n`GET /orders`\n\nName | Type | Required | Description\n--- | --- | --- | ---\nside | \
                 string | no | `buy` or `sell`\n\n`side` is one of `buy`, `sell` and `both`.\n\nAnswer:\n\n```json\n{\"id\": \
                 1}\n```\n";
    says(&report(table), "api.md:9, api.md:11: `side` can be `both` in the text, and its table does not list it");
}

#[test]
fn weights_and_limits_that_are_not_clear_are_points_of_the_checklist() {
    let text = "# A\n\n## Rate limits\n\nEach order of a batch costs 3 points.\n\nOperation | Weight\n--- | ---\nGET \
                /orders | 4\nGET /nothing | 9\n\n## Orders\n\n`GET /orders`\n\n```http\nHTTP/1.1 200 \
                OK\nX-RateLimit-Limit: 1200\n\n{\"id\": 1}\n```\n\n## Fills\n\n`GET /fills`\n\nThis call has a weight of \
                7.\n\n```http\nHTTP/1.1 200 OK\nRateLimit-Limit: 60;w=30\n\n{\"id\": 1}\n```\n";
    let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
    let weight = |path: &str| drafted.tree.at(&format!("/paths/~1{path}/get/x-weight")).and_then(Tree::scalar);
    assert_eq!((weight("orders").as_deref(), weight("fills").as_deref()), (Some("4"), Some("7")));
    let report = report(text);
    says(&report, "Which operations have them (`x-weight`)? `3` (api.md:5), `9` (api.md:10)");
    says(&report, "Which time do they have (`x-rate-limits`)? `X-RateLimit-Limit: 1200` (api.md:18)");
    says(&report, "`60 requests per 30s` is a rate limit of all requests, by a header of a sample");
}

#[test]
fn the_most_specific_weight_wins_and_the_others_are_contradictions() {
    let report = report(&known("exact-weights.md"));
    says(&report, "api.md:33, api.md:7: `POST /orders/batch` has the weight 10 here and 2 there; the draft has 10");
    says(&report, "api.md:13, api.md:7: `POST /orders/mass` has the weight 12 here and 2 there; the draft has 12");
    says(
        &report,
        "api.md:9, api.md:7: each call has the weight 3 here, and `POST /orders` has 2 there, as 5 more operations have \
         other ones; the draft has the weights of the operations",
    );
    says(
        &report,
        "api.md:7, api.md:17: `POST /orders` has the weight 2: by its route and its title it places orders (confidence: \
         medium)",
    );
    says(&report, "`DELETE /orders/{id}` has the weight 1: by its route and its title it cancels orders");
    assert!(!report.contains("`POST /orders/batch` has the weight 10: by"), "{report}");
    // A sentence that allows other weights contradicts none of them.
    let text =
        known("exact-weights.md").replace("Each call costs 3 points,", "Each call costs 3 points unless stated,");
    assert!(!self::report(&text).contains("each call has the weight"), "{}", self::report(&text));
    // Two general weights.
    let text = known("exact-weights.md")
        .replace("Default `count` 50.", "")
        .replace("## Place an order\n", "## Costs\n\nEach call costs 7.\n\n## Place an order\n");
    says(&self::report(&text), "each call has the weight 3 here and 7 there; the draft has 3");
}

#[test]
fn routes_and_titles_show_which_operations_place_and_cancel_orders() {
    let weight = |method: &str, path: &str, heading: &str| {
        let text = format!(
            "# A\n\n## Limits\n\nPlacing orders costs 2. Cancelling an order costs 3.\n\n## {heading}\n\n`{method} \
             {path}`\n\n```json\n{{\"id\": 1}}\n```\n"
        );
        let tree = draft(&[Document::new("api.md", text)], "venue").unwrap().tree;
        let (_, item) = tree.get("paths").unwrap().members().first().unwrap();
        item.members().iter().find_map(|(_, operation)| operation.get("x-weight")).and_then(Tree::scalar)
    };
    for (method, path, heading) in [
        ("POST", "/orders", "Orders"),
        ("POST", "/v1/orders/{market}", "3. Put an order on the book"),
        ("POST", "/orders/batch", "Batch"),
        ("POST", "/private/AddOrder", "Add Order"),
        ("POST", "/trade", "Place an order"),
        ("POST", "/placeorder", "Trade"),
        ("POST", "/order/limit", "A limit order"),
    ] {
        assert_eq!(weight(method, path, heading).as_deref(), Some("2"), "{method} {path}: {heading}");
    }
    for (method, path, heading) in [
        ("DELETE", "/orders/{id}", "One order"),
        ("POST", "/orders/cancel", "Cancel"),
        ("POST", "/private/CancelOrder", "Cancel Order"),
        ("POST", "/cancelorder", "Trade"),
    ] {
        assert_eq!(weight(method, path, heading).as_deref(), Some("3"), "{method} {path}: {heading}");
    }
    for (method, path, heading) in [
        ("GET", "/orders", "Orders"),
        ("POST", "/orders/query", "Query"),
        ("POST", "/orders", "List the orders"),
        ("POST", "/orders/open", "Open orders"),
        ("POST", "/orders/test", "Place a test order"),
        ("POST", "/orders/amend", "Amend an order"),
        ("POST", "/orders/cancelled", "Cancelled orders"),
        ("POST", "/order/cancelReplace", "Cancel and replace an order"),
        ("POST", "/orderbook", "Order book"),
        ("POST", "/transfers", "Place a transfer"),
    ] {
        assert_eq!(weight(method, path, heading).as_deref(), None, "{method} {path}: {heading}");
    }
}

#[test]
fn a_weight_of_a_chapter_is_that_of_its_operations() {
    let text = "# A\n\n## Market data\n\nEach call costs 1.\n\n### Ticker\n\n`GET /ticker`\n\n```json\n{\"id\": \
                1}\n```\n\n## Trading\n\nEach call costs 5.\n\n### Fills\n\n`GET /fills`\n\n```json\n{\"id\": \
                1}\n```\n";
    let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
    let weight = |path: &str| drafted.tree.at(&format!("/paths/~1{path}/get/x-weight")).and_then(Tree::scalar);
    assert_eq!((weight("ticker").as_deref(), weight("fills").as_deref()), (Some("1"), Some("5")));
    assert!(!report(text).contains("## Contradictions"), "{}", report(text));
}

#[test]
fn a_limit_beside_a_weight_is_read() {
    for (text, wanted) in [
        ("Each call costs 1 point, and you may use up to 1200 points per minute.", "1200 points per 1m"),
        ("You may use up to 1200 points per minute, and placing orders costs 1.", "1200 points per 1m"),
        ("Each call costs 2 points of 1200 per minute.", "1200 weight per 1m"),
        ("Each call costs 2. The limit is 600 per minute.", "600 weight per 1m"),
    ] {
        let text =
            format!("# A\n\n## Rate limits\n\n{text}\n\n## Fills\n\n`GET /fills`\n\n```json\n{{\"id\": 1}}\n```\n");
        says(&report(&text), &format!("`{wanted}` is a rate limit"));
        let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
        let counts = drafted.tree.at("/x-rate-limits/0/counts").and_then(Tree::as_text);
        assert_eq!(counts, Some("weight"), "{wanted}");
    }
}

#[test]
fn columns_that_a_list_names_are_a_guess_and_steps_are_no_columns() {
    let text = |lead: &str, first: &str, second: &str| {
        format!("# A\n\n## Book\n\n`GET /book`\n\n```json\n[[1, \"2\"]]\n```\n\n{lead}\n\n1. {first}\n2. {second}\n")
    };
    let steps = report(&text("To keep a book:", "Call it once.", "Apply the changes."));
    assert!(!steps.contains("callItOnce"), "{steps}");
    says(&steps, "**Columns.**");
    let named = report(&text("Each row is an array:", "time", "price"));
    says(
        &named,
        "api.md:13, api.md:8: the columns of a row have the names of a list: `time`, `price` (confidence: medium)",
    );
    assert!(!named.contains("**Columns.**"), "{named}");
}

#[test]
fn values_with_the_name_of_a_parameter_are_read_and_those_that_are_parameters_are_told() {
    let text = |sentence: &str| {
        format!(
            "# A\n\n## Orders\n\n`GET /orders`\n\nName | Type | Required\n--- | --- | ---\ntype | string | no\nmarket | \
             string | no\nlimit | integer | no\n\n{sentence}\n\nAnswer:\n\n```json\n{{\"id\": 1}}\n```\n"
        )
    };
    let values = |text: &str| {
        let tree = draft(&[Document::new("api.md", text)], "venue").unwrap().tree;
        let schema = tree.at("/paths/~1orders/get/parameters/0/schema/enum").cloned();
        schema.iter().flat_map(Tree::elements).filter_map(Tree::scalar).collect::<Vec<String>>().join(" ")
    };
    assert_eq!(values(&text("`type` is one of `stop` and `market`.")), "stop market");
    let both = text("`type` is one of `limit` and `market`.");
    assert_eq!(values(&both), "");
    says(&report(&both), "api.md:13: the values of `type`: `limit`, `market` are names of parameters too");
    // A sample that shows a value decides.
    let shown = both.replace("{\"id\": 1}", "{\"id\": 1, \"type\": \"limit\"}");
    assert_eq!(values(&shown), "limit market");
}

#[test]
fn ends_of_ranges_are_times_if_a_text_or_a_sample_says_so() {
    let text = "# A\n\n## Fills\n\n`GET /fills`\n\nName | Type | Required | Description\n--- | --- | --- | ---\nfrom | int | \
                no | Beginning, unix time in seconds\nuntil | int | no | End, a timestamp\nafter | int | no | An \
                id\nsince | int | no | The first one\n\n```shell\ncurl \
                https://a.example/fills?since=1700000000000\n```\n\n```json\n{\"id\": 1}\n```\n";
    let report = report(text);
    says(&report, "(`x-time`)? `from` (api.md:9), `until` (api.md:10), `since` (api.md:12)");
    let answers = draft(&[Document::new("api.md", text)], "venue").unwrap().answers;
    let unit = |name: &str| {
        let target = format!("$.paths..parameters[?@.name == '{name}'].schema");
        let own = answers.iter().find(|own| own.target == target)?;
        own.update.at("/x-time/unit").and_then(Tree::as_text).map(str::to_owned)
    };
    let units = ["from", "until", "after", "since"].map(unit);
    assert_eq!(units, [Some("s".to_owned()), None, None, Some("ms".to_owned())]);
}

#[test]
fn operations_have_the_names_of_their_titles() {
    let text = "# A\n\n## Get my open orders\n\n`GET /v1/acct/q7`\n\n## Place an order\n\n`POST /v1/o`\n\n## Place an \
                order\n\n`POST /v1/o/test`\n\n## Ticker\n\n`GET /v1/ticker`\n";
    let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
    let ids: Vec<String> = drafted
        .specification
        .lines()
        .filter_map(|line| line.trim().strip_prefix("operationId: "))
        .map(str::to_owned)
        .collect();
    assert_eq!(ids, ["getOpenOrders", "postO", "postOTest", "getTicker"]);
}

#[test]
fn each_sample_is_held_against_the_table() {
    let text = "# A\n\n## Place\n\n`POST /orders`\n\nName | Type | Required\n--- | --- | ---\nqty | number | yes\npx | \
                number | no\n\nRequest:\n\n```json\n{\"qty\": 1}\n```\n\nRequest:\n\n```json\n{\"qty\": \"1\", \"px\": \
                2}\n```\n";
    says(&report(text), "api.md:9, api.md:21: `qty` is number in the table and string in a sample");
}

#[test]
fn two_tables_and_a_table_and_its_prose_are_compared() {
    let text = "# A\n\n## Orders\n\n`GET /orders`\n\nThe parameter `pair` is optional.\n\nName | Type | Required | \
                Description\n--- | --- | --- | ---\npair | string | yes | A pair\nlimit | int | no | Default 10\n\nName | \
                Type | Required\n--- | --- | ---\nlimit | string | no\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    let report = report(text);
    says(&report, "api.md:11, api.md:7: `GET /orders`: `pair` is required in the table and optional in the text");
    says(&report, "api.md:12, api.md:16: `GET /orders`: `limit` is integer in one table and string in another");
}

#[test]
fn a_sample_without_an_operation_is_listed() {
    let text = "# A\n\n## Message\n\n```json\n{\"channel\": \"trades\"}\n```\n\n## Orders\n\n`GET \
                /orders`\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    says(
        &report(text),
        "These samples of JSON belong to no operation that was found, and are not used: api.md:5-7 (below \"Message\").",
    );
}

#[test]
fn credentials_without_a_scheme_are_a_point_of_the_checklist() {
    let text = "# A\n\nRequests are authenticated with HMAC; ask us for the details.\n\n## Orders\n\n`GET \
                /orders`\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    let report = report(text);
    says(&report, "**Signing.** The document says that requests need credentials, and the draft found no scheme.");
    says(&report, "`hmac` (api.md:3)");
}

#[test]
fn operations_get_credentials_as_a_guess_if_no_text_says_which_need_them() {
    let text = "# A\n\n## Authentication\n\nSend the header `X-API-KEY`.\n\n## Place\n\n`POST /deals`\n\nResponse:\n\n\
                ```json\n{\"id\": 1}\n```\n\n## Time\n\n`GET /time`\n\nResponse:\n\n```json\n{\"t\": 1}\n```\n\n## \
                Wallet\n\n`GET /wallet`\n\nResponse:\n\n```json\n{\"t\": 1}\n```\n";
    let report = report(text);
    says(&report, "`POST /deals` needs credentials, because it can change something; no text says which");
    says(&report, "`GET /wallet` needs credentials, by `wallet` in its path");
    says(
        &report,
        "**Access.** No text was recognised that says whether these need credentials; the draft has none. `GET /time`",
    );
}

#[test]
fn each_part_of_an_operation_that_states_no_fact_is_listed() {
    let text = "# A\n\n## Orders\n\n`GET /orders`\n\nName | Type | Nullable\n--- | --- | ---\npair | string | \
                yes\n\nTier | Fee\n--- | ---\n1 | 0.1\n\nResponse headers:\n\nName | Type | Description\n--- | --- | \
                ---\nX-Left | integer | Requests left\n\n```xml\n<order/>\n```\n\n```ruby\nget '/orders'\n```\n\nErrors:\n\n- `E_FUNDS` \
                - not enough funds\n- `E_PAIR` - no such pair\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n\n## Side\n\nCode | Side\n--- | \
                ---\nB | buy\n";
    let report = report(text);
    says(&report, "api.md:7-9: the columns `Nullable` of a table: their meaning is not known");
    says(&report, "api.md:11-13: a table with the columns `Tier`, `Fee`");
    says(&report, "api.md:17-19: a table of the headers of a response");
    says(&report, "a sample in `xml` that is neither JSON nor a call");
    says(&report, "These samples are programs, which are not read. They show calls: - `ruby`: api.md:");
}

#[test]
fn a_parameter_that_no_scheme_fills_in_stays_a_parameter() {
    let text = "# A\n\n## Account (SIGNED)\n\n`GET /account`\n\nSend your key in the header `X-A-KEY`.\n\nName | Type | \
                Mandatory\n--- | --- | ---\ntimestamp | LONG | YES\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
    let name = drafted.tree.at("/paths/~1account/get/parameters/0/name").and_then(Tree::as_text);
    let is_filled = drafted.specification.contains("x-fills");
    assert_eq!((name, is_filled), (Some("timestamp"), false), "{}", drafted.specification);
}

#[test]
fn a_type_that_is_not_known_and_values_that_gave_no_fact_are_listed() {
    let text = "# A\n\n## Orders\n\n`GET /orders`\n\nName | Type | Description\n--- | --- | ---\npair | marketish | The \
                pair\nday | integer | Counts from 3 days ago\nleg | string | Not for `near` and `far` legs\nage | integer | \
                Default `open` of the day\nsize | integer | E.g. 5\nmode | string | `a` or `b`\nfrom/to | string | Times\n\n```json\n{\"id\": 1}\n```\n";
    let report = report(text);
    says(&report, "api.md:9: the type `marketish` of `pair`: it is not known");
    says(&report, "api.md:15: `from/to` is the name of one value, as it is written (confidence: low)");
    says(&report, "api.md:10-12: values in the text about `day`, `leg`, `age`: no enum, bound or default was read");
}

#[test]
fn each_route_that_gives_no_operation_is_listed() {
    let report = report(&known("routes-in-words.md"));
    says(&report, "the route `GET /balances` stands among other words; no line has it alone (confidence: low)");
    says(&report, "the route `POST /bids` is read from the heading (confidence: high)");
    says(&report, "`GET /bids/old` is named here, and no operation was read from it");
    says(&report, "`GET /feed` is named here, and no operation was read from it");
    assert!(!report.contains("`GET /lots` is named here"), "{report}");
}

#[test]
fn operations_at_several_hosts_are_told() {
    let text = "# A\n\n## Price\n\n`GET https://pub.a.example/price`\n\nResponse:\n\n```json\n{\"p\": 1}\n```\n\n## \
                Order\n\n`POST https://trade.a.example/order`\n\nResponse:\n\n```json\n{\"id\": 1}\n```\n";
    says(&report(text), "the operations are at several hosts, and a client has one base URL for all of them");
    says(&report(text), "`https://pub.a.example` has `GET /price`; `https://trade.a.example` has `POST /order`");
}

#[test]
fn urls_are_base_urls_if_no_other_text_calls_one_so() {
    let of = |line: &str| {
        let text = format!("# A\n\n{line}\n\n## Time\n\n`GET /time`\n\nResponse:\n\n```json\n{{\"t\": 1}}\n```\n");
        let drafted = draft(&[Document::new("api.md", text)], "venue").unwrap();
        let servers: Vec<Tree> = drafted.tree.get("servers").into_iter().flat_map(Tree::elements).cloned().collect();
        let urls: Vec<String> =
            servers.iter().filter_map(|own| own.get("url").and_then(Tree::as_text).map(str::to_owned)).collect();
        urls.join(" ")
    };
    for line in [
        "All REST calls go to `https://api.a.example/v1`.",
        "Send a `POST` with the request object to `https://api.a.example/v1`.",
        "REST 地址 (REST URL): https://api.a.example/v1",
        "REST endpoint: <https://api.a.example/v1>",
        "API base: https://api.a.example/v1 (see https://docs.a.example)",
        "Use https://api.a.example/v1 for all of it.",
        "For example: https://api.a.example/v1/time?zone=1",
    ] {
        assert_eq!(of(line), "https://api.a.example/v1", "{line}");
    }
    assert_eq!(of("Prod: https://a.example Test: https://t.example"), "https://a.example https://t.example");
    assert_eq!(of("Read https://docs.a.example and https://www.a.example first."), "");
}

#[test]
fn a_header_with_a_key_in_a_table_shows_that_credentials_are_needed() {
    let text = "# A\n\n## Stock\n\n`GET /stock`\n\nHeader | Description\n--- | ---\n`X-A-Key` | Your \
                key\n\nResponse:\n\n```json\n{\"s\": 1}\n```\n";
    says(&report(text), "`GET /stock` needs credentials: it has the header `X-A-Key` (confidence: medium)");
    says(&report(text), "**Signing.** Which scheme carries the signature (`x-signature`), and which crate signs");
}
