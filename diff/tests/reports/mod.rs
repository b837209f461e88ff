//! Reports that are built by hand.
#![allow(dead_code, reason = "each test file uses a part of it")]

use venuekit_codegen::diagnostic::{Diagnostic, Diagnostics, Location};
use venuekit_diff::render::{FailedVenue, Origin, Origins, Report};
use venuekit_diff::{Change, Comparison, Effect, Level, Place, Revision, Rule, Side, Subject, Verdict};

const NOTHING: Effect = Effect::Always(Level::Safe, "");

pub(crate) const fn rule(id: &'static str, meaning: &'static str) -> Rule {
    Rule { id, mirror: id, meaning, wire: NOTHING, source: NOTHING, adds: true, cases: &[] }
}

static REMOVED: Rule = rule("operation-removed", "An operation is gone.");
static ADDED: Rule = rule("optional-property-added", "An optional member is new.");
static LIMIT: Rule = rule("limit-lowered", "A rate limit admits less.");

pub(crate) fn verdict(level: Level, reason: &str) -> Verdict {
    Verdict { level, reason: reason.to_owned() }
}

pub(crate) fn place(revision: Revision, file: &str, line: usize) -> Place {
    let location = Location { file: file.to_owned(), line, column: 5, pointer: "/paths/~1order/post".to_owned() };
    Place { revision, location, last_line: line, is_exact: true }
}

pub(crate) fn side(venue: &str, api: &str, version: &str) -> Side {
    let owned = |text: &str| Some(text.to_owned());
    Side {
        file: format!("specs/{venue}.yaml"),
        api_version: owned(api),
        crate_version: owned(version),
        faults: None,
        files: Vec::new(),
    }
}

pub(crate) fn comparison(venue: &str, changes: Vec<Change>) -> Comparison {
    let (old, new) = (Some(side(venue, "1", "0.1.0")), Some(side(venue, "1", "0.1.0")));
    let incomplete = Diagnostics::default();
    Comparison { venue: venue.to_owned(), old, new, changes, documentation: 0, incomplete }
}

pub(crate) fn removed(file: &str, line: usize) -> Change {
    Change {
        rule: &REMOVED,
        cases: Vec::new(),
        subject: Subject { operations: vec!["placeOrder".to_owned()], ..Subject::default() },
        place: place(Revision::Old, file, line),
        other: None,
        was: Some("POST /order".to_owned()),
        is: None,
        wire: verdict(Level::Breaking, "old clients still call it"),
        source: verdict(Level::Breaking, "the method `place_order` is gone"),
        adds: false,
        routes: Vec::new(),
        methods: vec!["place_order".to_owned()],
        renamed: None,
        accepted: None,
    }
}

pub(crate) fn added(file: &str, line: usize) -> Change {
    Change {
        rule: &ADDED,
        cases: Vec::new(),
        subject: Subject { schema: Some("Order".to_owned()), within: "tag".to_owned(), ..Subject::default() },
        place: place(Revision::New, file, line),
        other: None,
        was: None,
        is: Some("string".to_owned()),
        wire: verdict(Level::Safe, "old clients ignore it"),
        source: verdict(Level::Safe, "a new field"),
        adds: true,
        routes: Vec::new(),
        methods: Vec::new(),
        renamed: None,
        accepted: None,
    }
}

pub(crate) fn limited(file: &str, line: usize) -> Change {
    Change {
        rule: &LIMIT,
        cases: Vec::new(),
        subject: Subject::default(),
        place: place(Revision::New, file, line),
        other: None,
        was: Some("10 in 1 s".to_owned()),
        is: Some("5 in 1 s".to_owned()),
        wire: verdict(Level::Risky, "old clients send more, and may be refused or banned"),
        source: verdict(Level::Safe, "no code changes"),
        adds: false,
        routes: Vec::new(),
        methods: Vec::new(),
        renamed: None,
        accepted: None,
    }
}

pub(crate) fn commit(name: &str, digit: &str) -> Origin {
    Origin::Commit { name: name.to_owned(), id: digit.repeat(40) }
}

pub(crate) fn report(venues: Vec<Comparison>) -> Report {
    Report {
        venues,
        command: "cargo xtask diff --base aaaaaaaaaaaa --head bbbbbbbbbbbb".to_owned(),
        ..Report::new(Origins { base: commit("origin/main...", "a"), head: commit("feature", "b") })
    }
}

pub(crate) fn finding(file: &str, line: usize, message: &str) -> Diagnostic {
    let location = Location { file: file.to_owned(), line, column: 1, pointer: "/paths".to_owned() };
    Diagnostic::error(location, message, Some("write another".into()))
}

pub(crate) fn findings(file: &str, number: usize) -> Diagnostics {
    let mut found = Diagnostics::default();
    (1..=number).for_each(|line| found.push(finding(file, line, "`nonsense` is not known")));
    found
}

/// Returns a report with every kind of content.
pub(crate) fn everything() -> Report {
    let spot = "specs/btse-spot.yaml";
    let mut one = comparison("btse-spot", vec![added(spot, 300), limited(spot, 12), removed(spot, 120)]);
    one.new = Some(side("btse-spot", "2", "0.1.1"));
    one.documentation = 7;
    let mut faulty = comparison("excore", vec![limited("specs/excore.yaml", 9)]);
    if let Some(new) = &mut faulty.new {
        new.faults = Some(findings("specs/excore.yaml", 7));
    }
    let mut new = comparison("tiny", vec![]);
    new.old = None;
    new.documentation = 1;
    let mut gone = comparison("jex-spot", vec![]);
    gone.new = None;
    let failed = ["specs/anboto.yaml:1:1: this is not an OpenAPI document".to_owned()].to_vec();
    Report {
        unchanged: vec!["altmarket".to_owned(), "other".to_owned()],
        failed: vec![FailedVenue { venue: "anboto".to_owned(), findings: failed }],
        ..report(vec![one, faulty, gone, new])
    }
}

/// Returns a report of changes at several places, of components that operations use, and of a name
/// that may have changed.
pub(crate) fn repeated() -> Report {
    let file = "specs/btse-spot.yaml";
    let header = |operation: &str, line: usize| Change {
        subject: Subject {
            operations: vec![operation.to_owned()],
            within: "header parameter X-KEY".to_owned(),
            ..Subject::default()
        },
        routes: vec![format!("GET /{operation}")],
        methods: vec![operation.to_lowercase()],
        ..added(file, line)
    };
    let routes = (1..=5).map(|number| format!("GET /orders/{number}")).collect();
    let tag = Change { routes, renamed: Some("label".to_owned()), ..added(file, 300) };
    let headers = (1..=6).map(|number| header(&format!("get{number}"), number));
    let other = Change { is: Some("integer".to_owned()), ..header("get7", 7) };
    let mut foreign = comparison("foreign", headers.chain([other, tag, removed(file, 120)]).collect());
    for side in [&mut foreign.old, &mut foreign.new].into_iter().flatten() {
        side.crate_version = None;
        side.faults = Some(findings(file, 3));
    }
    report(vec![foreign])
}

/// Hostile texts.
pub(crate) const HOSTILE: &[&str] = &[
    "@everyone",
    "a | b \\| c \\\\| d",
    "</details></td></table><img src=x onerror=alert(1)><script>x</script>",
    "![x](https://evil.example/x.png) [x](https://evil.example)",
    "`@user` ``@user`` ```\n```\n@user",
    "`",
    "``` `` ` @user",
    "a\n\n# heading\n\n| x |\n| - |\n<!-- venuekit spec diff -->\n",
    "https://evil.example www.evil.example a@evil.example #1 GH-1 :shipit: evil/evil#1",
    "\u{1b}[2J\u{1b}]8;;https://evil.example\u{7}x\u{202e}y\u{0}\r\n::set-output name=x::y",
    "&lt;img&gt; &#64;user $`x`$ $x$ ~~x~~ **x** _x_ \\",
    "::warning::x",
    " \u{200b} ",
    "",
];

pub(crate) fn hostile() -> Report {
    let mut venues = Vec::new();
    for (number, text) in HOSTILE.iter().enumerate() {
        let owned = || (*text).to_owned();
        let other = || HOSTILE[(number + 1) % HOSTILE.len()].to_owned();
        // Each change has another name, because changes of one renamed part are shown as one.
        let levels =
            [(1, Level::Breaking, Level::Safe), (2, Level::Risky, Level::Risky), (3, Level::Safe, Level::Safe)];
        let changes = levels.map(|(index, wire, source)| Change {
            rule: &ADDED,
            cases: Vec::new(),
            subject: Subject { operations: vec![owned(), other()], schema: Some(owned()), within: other() },
            place: place(Revision::New, text, 1),
            other: None,
            was: Some(owned()),
            is: Some(other()),
            wire: verdict(wire, text),
            source: verdict(source, &format!("it says `{text}` and not `{}`", other())),
            adds: false,
            routes: vec![owned(), other()],
            methods: vec![owned(), other()],
            renamed: Some(HOSTILE[(number + index) % HOSTILE.len()].to_owned()),
            accepted: None,
        });
        let mut found = Diagnostics::default();
        found.push(finding(text, 1, text));
        let side = |api: String| Side {
            file: owned(),
            api_version: Some(api),
            crate_version: Some(owned()),
            faults: Some(found.clone()),
            files: Vec::new(),
        };
        venues.push(Comparison {
            venue: owned(),
            old: Some(Side { crate_version: Some("0.1.0".to_owned()), ..side(owned()) }),
            new: Some(side(other())),
            changes: changes.to_vec(),
            documentation: 1,
            incomplete: Diagnostics::default(),
        });
    }
    let all: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    Report {
        origins: Origins { base: commit("@user `<b>`", "a"), head: Origin::WorkingTree },
        unchanged: all.clone(),
        failed: vec![FailedVenue { venue: HOSTILE[0].to_owned(), findings: all }],
        command: "cargo xtask diff `@user`".to_owned(),
        ..report(venues)
    }
}

/// Returns a change that is equal to no other one.
pub(crate) fn numbered(file: &str, line: usize) -> Change {
    Change { is: Some(format!("string of {line}")), ..added(file, line) }
}
