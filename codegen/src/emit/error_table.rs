//! The error codes of a venue from all places of its spec, as one table.

use indexmap::IndexMap;

use crate::model::{Api, CodeRule, ErrorCode, Operation};

use super::markdown;

/// A code, with everything that the spec says about it.
pub(super) struct Row<'a> {
    pub(super) code: &'a str,
    /// The meanings of the code. If there are several, each has a different message.
    pub(super) meanings: Vec<Meaning<'a>>,
    /// The effects of the code on each call.
    effects: Vec<Effect<'a>>,
    /// The effects of the code on the calls of single operations.
    of_operations: Vec<(&'a Operation, Effect<'a>)>,
}

/// A meaning of a code.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Meaning<'a> {
    pub(super) message: Option<&'a str>,
    pub(super) description: Option<&'a str>,
}

/// The effect that a code has on the outcome of a call. It has this effect only in the responses
/// that match `rule`.
#[derive(Clone, Copy)]
struct Effect<'a> {
    rule: &'a CodeRule,
    /// The effect as the end of a sentence.
    text: &'static str,
}

const UNKNOWN: &str = "the code does not tell whether the request was carried out, and the outcome is `Unknown`";
const CLOCK: &str = "the time of the request is off; the client learns the venue's time, and sends the request again if \
                     that does no harm";
const REFUSED_AT_STATUS: &str = "the reason is not a rate limit: no limit is closed, and the request is not sent again";
const REFUSED: &str = "the reason is not a rate limit: even with status 429 or 418, no limit is closed, and the request \
                       is not sent again";
const DONE: &str = "in the response to a retry, an earlier attempt was carried out, and the outcome is `Applied`";
const GONE: &str = "in the response to a retry, the venue found nothing to cancel, for an unknown reason, and the \
                    outcome is `Gone`";

/// The place of a table, which decides whether it has links.
#[derive(Clone, Copy)]
enum Place {
    /// A README, in which no item can be linked.
    Readme,
    /// The documentation of the crate.
    Rustdoc,
}

/// The known codes of a venue: first the codes of the API, then the codes that only operations
/// name.
pub(super) struct ErrorTable<'a>(IndexMap<&'a str, Row<'a>>);

impl<'a> ErrorTable<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self(rows(api))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.0.values()
    }
}

fn rows(api: &Api) -> IndexMap<&str, Row<'_>> {
    let mut rows = IndexMap::new();
    for error in api.error_codes.iter().chain(api.operations.iter().flat_map(|operation| &operation.error_codes)) {
        row(&mut rows, &error.code).add(error);
    }
    for effect in effects(&[(&api.unknown_codes, UNKNOWN), (&api.clock_codes, CLOCK), (&api.refused_codes, REFUSED)]) {
        row(&mut rows, &effect.rule.code).effects.push(effect);
    }
    for operation in &api.operations {
        for effect in own_effects(operation) {
            row(&mut rows, &effect.rule.code).of_operations.push((operation, effect));
        }
    }
    rows
}

fn row<'r, 'a>(rows: &'r mut IndexMap<&'a str, Row<'a>>, code: &'a str) -> &'r mut Row<'a> {
    rows.entry(code).or_insert_with(|| Row {
        code,
        meanings: Vec::new(),
        effects: Vec::new(),
        of_operations: Vec::new(),
    })
}

/// Returns the effects of codes on the calls of an operation, in addition to the codes of the API.
fn own_effects(operation: &Operation) -> Vec<Effect<'_>> {
    effects(&[
        (&operation.unknown_codes, UNKNOWN),
        (&operation.done_codes, DONE),
        (&operation.gone_codes, GONE),
        (&operation.refused_codes, REFUSED),
    ])
}

fn effects<'a>(lists: &[(&'a Vec<CodeRule>, &'static str)]) -> Vec<Effect<'a>> {
    let effect = |rule: &'a CodeRule, text| match rule.status {
        Some(_) if text == REFUSED => Effect { rule, text: REFUSED_AT_STATUS },
        _ => Effect { rule, text },
    };
    lists.iter().flat_map(|(rules, text)| rules.iter().map(|rule| effect(rule, *text))).collect()
}

impl<'a> Row<'a> {
    /// Adds a message and a description of the code, unless they are already known.
    fn add(&mut self, error: &'a ErrorCode) {
        let found = Meaning { message: error.message.as_deref(), description: error.description.as_deref() };
        let is_same = |known: &&mut Meaning<'a>| {
            (known.message == found.message || found.message.is_none())
                && (known.description == found.description
                    || found.description.is_none()
                    || known.description.is_none())
        };
        match self.meanings.iter_mut().find(is_same) {
            Some(known) => known.description = known.description.or(found.description),
            None if found != Meaning::default() => self.meanings.push(found),
            None => {}
        }
    }

    /// Returns the effects of the code with this meaning.
    fn effects_of(&self, meaning: Meaning<'a>, place: Place) -> Vec<String> {
        // A rule whose message belongs to another meaning does not apply to this one. A rule whose
        // message belongs to no meaning applies to all of them.
        let is_of_another = |message: &str| {
            meaning.message != Some(message) && self.meanings.iter().any(|other| other.message == Some(message))
        };
        let applies = |effect: &Effect<'a>| !effect.rule.message.as_deref().is_some_and(is_of_another);
        let everywhere = self.effects.iter().filter(|effect| applies(effect)).map(Effect::sentence);
        let own = self.of_operations.iter().filter(|(_, effect)| applies(effect)).map(|(operation, effect)| {
            let name = &operation.method_name;
            let name = match place {
                Place::Readme => format!("`{name}`"),
                Place::Rustdoc => format!("[`{name}`](crate::Client::{name})"),
            };
            format!("{name}: {}", effect.clause())
        });
        everywhere.chain(own).collect()
    }

    /// Returns the meanings of the code. If there are none, returns one without message and
    /// description.
    fn shown(&self) -> Vec<Meaning<'a>> {
        if self.meanings.is_empty() { vec![Meaning::default()] } else { self.meanings.clone() }
    }
}

impl Effect<'_> {
    /// Returns the effect as a sentence.
    fn sentence(&self) -> String {
        let clause = self.clause();
        let mut letters = clause.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// Returns the effect, after the conditions of its rule.
    fn clause(&self) -> String {
        let CodeRule { status, pointer, message, .. } = self.rule;
        let conditions = [
            status.map(|status| format!("with status {status}")),
            pointer.as_ref().map(|pointer| format!("at {}", markdown::code(pointer))),
            message.as_ref().map(|message| format!("with the message {}", markdown::code(message))),
        ];
        let conditions: String = conditions.into_iter().flatten().map(|condition| condition + ", ").collect();
        format!("{conditions}{}.", self.text)
    }
}

impl ErrorTable<'_> {
    /// Returns the table for a README.
    pub(super) fn in_readme(&self) -> String {
        table(self.rows().map(|row| (row, markdown::code(row.code))), Place::Readme)
    }

    /// Returns the table for the documentation of the module. `constants` are the names of its
    /// constants, one per row.
    pub(super) fn in_rustdoc(&self, constants: &[String]) -> String {
        let rows = self.rows().zip(constants);
        let link = |row: &Row<'_>, name: &str| match (markdown::code(row.code), row.code == name) {
            // rustdoc warns about a link whose target is the same as its text.
            (code, true) => format!("[{code}]"),
            (code, false) => format!("[{code}]({name})"),
        };
        table(rows.map(|(row, name)| (row, link(row, name))), Place::Rustdoc)
    }

    /// Returns a list of the codes that an operation names, with their meanings and effects. `None`
    /// if it names none.
    pub(super) fn of_operation(&self, operation: &Operation) -> Option<String> {
        let own = own_effects(operation);
        let mut codes: IndexMap<&str, Vec<&ErrorCode>> = IndexMap::new();
        for error in &operation.error_codes {
            codes.entry(&error.code).or_default().push(error);
        }
        for effect in &own {
            codes.entry(&effect.rule.code).or_default();
        }
        let line = |(code, named): (&str, Vec<&ErrorCode>)| {
            let row = self.0.get(code)?;
            let is_named = |meaning: &&Meaning<'_>| {
                named.is_empty() || named.iter().any(|error| error.message.as_deref() == meaning.message)
            };
            let mut parts: Vec<String> = row.meanings.iter().filter(is_named).map(Meaning::text).collect();
            let here: Vec<&Effect<'_>> = own.iter().filter(|effect| effect.rule.code == code).collect();
            // The client applies the operation's own rules before the rules of the API.
            let effects = if here.is_empty() { row.effects.iter().collect() } else { here };
            parts.extend(effects.into_iter().map(Effect::sentence));
            Some(format!("- {}: {}", markdown::code(code), parts.join(" ")))
        };
        let lines: Vec<String> = codes.into_iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// Returns a table of rows, each with its code as Markdown.
fn table<'t, 'a: 't>(rows: impl Iterator<Item = (&'t Row<'a>, String)>, place: Place) -> String {
    let mut text = "| code | message | meaning | effect on a call |\n|---|---|---|---|\n".to_owned();
    for (row, code) in rows {
        for meaning in row.shown() {
            let message = meaning.message.map(markdown::inline).unwrap_or_default();
            let description = meaning.description.map(markdown::line).unwrap_or_default();
            let cells = [code.clone(), message, description, row.effects_of(meaning, place).join(" ")];
            text.push_str(&markdown::row(&cells));
        }
    }
    text
}

impl Meaning<'_> {
    /// Returns the message and the description as sentences.
    fn text(&self) -> String {
        [self.message, self.description].into_iter().flatten().map(markdown::line).collect::<Vec<_>>().join(" ")
    }
}
