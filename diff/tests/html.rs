//! The HTML report: self-contained, escaped, and used in a real browser without a window.
//!
//! The tests with a browser are skipped with a message if no Chromium is found. `VENUEKIT_BROWSER`
//! names another program. `VENUEKIT_SCREENSHOTS` names a directory for pictures of the page.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says that it is skipped"
)]

mod reports;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reports::{comparison, everything, hostile, numbered, repeated, report};
use serde_json::Value;
use venuekit_diff::render::{Links, Report, html};
use venuekit_diff::{Acceptance, Spec, compare};

const OLD: &str = "openapi: 3.0.3
info: {title: Venue, version: '1'}
paths:
  /ping:
    get: {operationId: ping, responses: {'200': {description: Pong.}}}
  /orders:
    get:
      operationId: getOrders
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 500}}
        - {name: symbol, in: query, schema: {type: string}}
      responses:
        '200':
          description: The orders.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Order'}}
components:
  schemas:
    Order:
      type: object
      required: [id, price]
      properties:
        id: {type: string}
        price: {type: string}
        state: {type: string, enum: [open, filled]}
";

/// Returns the report of a comparison with changes of all levels.
fn compared() -> Report {
    let new = OLD
        .replace("  /ping:\n    get: {operationId: ping, responses: {'200': {description: Pong.}}}\n", "")
        .replace("/orders:", "/v2/orders:")
        .replace("maximum: 500", "maximum: 100")
        .replace("[open, filled]", "[open, filled, expired]")
        .replace("        id: {type: string}\n", "        id: {type: string}\n        tag: {type: string}\n")
        .replace("required: [id, price]", "required: [id]");
    let spec = |text: &str| Spec::new("specs/venue.yaml", text);
    report(vec![compare(Some(&spec(OLD)), Some(&spec(&new))).unwrap()])
}

fn page(report: &Report) -> String {
    html::render(report, &Links::default())
}

#[test]
fn the_page_has_the_table_the_changes_and_the_lines_of_both_documents() {
    insta::assert_snapshot!(page(&compared()));
}

#[test]
fn the_page_loads_nothing_and_text_of_a_spec_stays_text() {
    for (report, is_hostile) in [(compared(), false), (everything(), false), (repeated(), false), (hostile(), true)] {
        let page = page(&report);
        for tag in ["@import", "url(", "<link", "<iframe", "<object", "<base", "<img"] {
            assert_eq!(page.matches(tag).count(), 0, "{tag}");
        }
        // The text of a spec may contain it, outside of tags.
        assert!(is_hostile || !page.contains("src="));
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("<style").count(), 1);
        assert!(!page.chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn a_large_report_is_cut_and_the_page_says_so() {
    let changes = (1..=4000).map(|line| numbered("specs/a.yaml", line)).collect();
    let page = page(&report(vec![comparison("a", changes)]));
    assert_eq!(page.matches("<article").count(), 3000);
    assert!(page.contains("1000 changes are left out; the page shows at most 3000."));
}

/// Returns the browser; `None` and a message if there is none.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("VENUEKIT_BROWSER").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name)));
    let found = named.into_iter().chain(known).find(|program| program.is_file());
    if found.is_none() {
        eprintln!("skipped: no Chromium was found; install it, or name one in VENUEKIT_BROWSER");
    }
    found
}

/// A folder with pages for the browser.
struct Pages(tempfile::TempDir);

impl Pages {
    fn new() -> Self {
        Self(tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    /// Writes a page that reports a value, computed by a script, to the page around it.
    fn reporting(&self, page: &str, script: &str) {
        let send =
            format!("<script>addEventListener('load', () => setTimeout(() => {{ {script} }}, 50));</script></body>");
        fs::write(self.0.path().join("page.html"), page.replace("</body>", &send)).unwrap();
    }

    /// Opens the page in a frame of this width and returns the value that it reports.
    fn value(&self, browser: &Path, width: u32, fragment: &str, settings: &[&str]) -> Value {
        let around = format!(
            "<!doctype html><meta charset=utf-8><body style='margin:0'><iframe style='border:0' width={width} \
             height=900 src='page.html{fragment}'></iframe><pre id=said></pre><script>addEventListener('message', \
             (event) => {{ said.textContent = 'SAID' + JSON.stringify(event.data) + 'END'; }});</script>"
        );
        fs::write(self.0.path().join("around.html"), around).unwrap();
        let dom = self.run(browser, &[settings, &["--virtual-time-budget=4000", "--dump-dom"]].concat(), "around.html");
        let said = dom.split_once("SAID").and_then(|(_, rest)| rest.split_once("END"));
        let (said, _) = said.unwrap_or_else(|| panic!("the page reported nothing:\n{dom}"));
        // The browser prints text as HTML.
        serde_json::from_str(&said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).unwrap()
    }

    fn run(&self, browser: &Path, arguments: &[&str], file: &str) -> String {
        let profile = format!("--user-data-dir={}", self.0.path().join("profile").display());
        let mut command = Command::new(browser);
        command.args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            &profile,
        ]);
        command.args(arguments).arg(format!("file://{}", self.0.path().join(file).display()));
        let output = command.stdin(Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Takes a picture of a file, if the user wants pictures.
    fn picture(&self, browser: &Path, name: &str, size: &str, settings: &[&str], file: &str) {
        let Some(folder) = std::env::var_os("VENUEKIT_SCREENSHOTS").map(PathBuf::from) else { return };
        fs::create_dir_all(&folder).unwrap();
        let picture = format!("--screenshot={}", folder.join(name).display());
        let size = format!("--window-size={size}");
        self.run(browser, &[settings, &["--virtual-time-budget=4000", &picture, &size]].concat(), file);
    }
}

/// Reports the visible changes, the text of the filters, and the places where the page is too wide.
const STATE: &str = "
    const visible = (element) => element.offsetParent !== null;
    parent.postMessage({
      changes: [...document.querySelectorAll('.change')].filter(visible).map((change) => change.dataset.level),
      output: document.querySelector('output').textContent,
      filters: visible(document.querySelector('.filters')),
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      back: getComputedStyle(document.body).backgroundColor,
      columns: getComputedStyle(document.querySelector('.sides')).gridTemplateColumns.split(' ').length,
      marks: [...document.querySelectorAll('mark')].map((mark) => mark.textContent),
    }, '*');";

const DARK: &[&str] = &["--blink-settings=preferredColorScheme=0"];
const LIGHT: &[&str] = &["--blink-settings=preferredColorScheme=1"];

#[test]
fn the_filters_show_the_chosen_changes_in_a_browser() {
    let Some(browser) = browser() else { return };
    let pages = Pages::new();
    pages.reporting(&page(&compared()), STATE);
    let all = pages.value(&browser, 1200, "", LIGHT);
    let count = |state: &Value, level: &str| {
        state["changes"].as_array().unwrap().iter().filter(|found| *found == level).count()
    };
    let counts = |state: &Value| ["breaking", "risky", "safe"].map(|level| count(state, level));
    assert_eq!(all["filters"], true);
    let [breaking, risky, safe] = counts(&all);
    assert!(breaking > 1 && risky > 0 && safe > 0, "{all}");
    assert_eq!(all["output"], format!("{0} of {0} shown", breaking + risky + safe));
    let at = |fragment: &str| pages.value(&browser, 1200, fragment, LIGHT);
    assert_eq!(counts(&at("#level=breaking")), [breaking, 0, 0]);
    assert_eq!(counts(&at("#level=risky,safe")), [0, risky, safe]);
    assert_eq!(counts(&at("#text=operation-removed")), [1, 0, 0]);
    assert_eq!(counts(&at("#text=PING+removed")), [1, 0, 0]);
    assert_eq!(counts(&at("#text=nowhere")), [0, 0, 0]);
    assert_eq!(at("#venue=venue")["output"], all["output"]);
    // Values that changed are marked in the lines of the documents.
    let marks = all["marks"].as_array().unwrap();
    assert!(marks.contains(&"500".into()) && marks.contains(&"100".into()), "{marks:?}");

    let mut accepted = compared();
    let accept = Some(Acceptance { until: "2999-12-31".to_owned(), why: "agreed".to_owned() });
    accepted.venues[0].changes[0].accepted = accept;
    pages.reporting(&page(&accepted), STATE);
    assert_eq!(counts(&pages.value(&browser, 1200, "#accepted=no", LIGHT)), [breaking - 1, risky, safe]);
}

#[test]
fn the_page_fits_a_phone_and_is_light_or_dark_in_a_browser() {
    let Some(browser) = browser() else { return };
    for report in [compared(), everything(), hostile()] {
        let pages = Pages::new();
        let page = page(&report);
        let state =
            if page.contains("class=\"sides\"") { STATE.to_owned() } else { STATE.replace("'.sides'", "'body'") };
        pages.reporting(&page, &state);
        let (phone, desk) = (pages.value(&browser, 360, "", LIGHT), pages.value(&browser, 1200, "", DARK));
        assert_eq!((&phone["wide"], &desk["wide"]), (&0.into(), &0.into()), "{phone}");
        assert_eq!((&phone["back"], &desk["back"]), (&"rgb(255, 255, 255)".into(), &"rgb(20, 23, 26)".into()));
        if page.contains("class=\"sides\"") {
            assert_eq!((&phone["columns"], &desk["columns"]), (&1.into(), &2.into()));
        }
    }
    let pages = Pages::new();
    pages.reporting(&page(&compared()), STATE);
    pages.picture(&browser, "light.png", "1200,1600", LIGHT, "page.html");
    pages.picture(&browser, "dark.png", "1200,1600", DARK, "page.html");
    pages.value(&browser, 390, "", DARK);
    pages.picture(&browser, "phone.png", "500,900", DARK, "around.html");
}
