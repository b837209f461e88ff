//! The report on a draft, as Markdown.

use crate::decide::{self, Places};
use crate::document::Lines;
use crate::facts::{Access, Facts, Remark, RemarkKind};
use crate::offers;

/// The maximum width of a line.
const WIDTH: usize = 100;
/// The maximum number of names in one point of the checklist.
const MOST: usize = 60;

/// Returns the report.
pub(crate) fn render(facts: &Facts, venue: &str, gaps: usize) -> String {
    let mut report = Report { out: String::new(), names: &facts.names };
    report.line(&format!("# The draft of {venue}"));
    report.line("");
    report.summary(facts, gaps);
    report.contradictions(facts);
    report.guesses(facts);
    report.unread(facts);
    report.checklist(facts, venue, gaps);
    report.out
}

struct Report<'a> {
    out: String,
    names: &'a [String],
}

impl Report<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Adds text that is wrapped; lines after the first are indented.
    fn wrap(&mut self, text: &str, indent: usize) {
        let text = text.trim_end();
        let mut line = " ".repeat(text.len() - text.trim_start().len());
        let mut is_first = true;
        for word in text.trim_start().split(' ') {
            if std::mem::take(&mut is_first) {
                line.push_str(word);
            } else if line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.out.push_str(line.trim_end());
                self.out.push('\n');
                line = " ".repeat(indent);
                line.push_str(word);
            } else {
                line.push(' ');
                line.push_str(word);
            }
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn at(&self, at: Lines) -> String {
        at.show(self.names)
    }

    fn summary(&mut self, facts: &Facts, gaps: usize) {
        let values = |count: usize, one: &str, many: &str| {
            if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
        };
        let subjects = if facts.methods.is_empty() {
            let schemas = values(facts.schemas.len(), "schema", "schemas");
            format!("{} and {schemas}", values(facts.operations.len(), "operation", "operations"))
        } else {
            values(facts.methods.len(), "method", "methods")
        };
        let documents = self.names.join(", ");
        self.wrap(
            &format!(
                "Read from {documents}: {subjects}. The draft copies no description: {} to be written, each with \
                 the lines to read. `x-source` has the lines of each object.",
                values(gaps, "description is", "descriptions are")
            ),
            0,
        );
    }

    fn remarks(&mut self, title: &str, intro: &str, remarks: &[&Remark]) {
        if remarks.is_empty() {
            return;
        }
        self.line("");
        self.line(&format!("## {title}"));
        self.line("");
        self.wrap(intro, 0);
        self.line("");
        for remark in remarks {
            let mut place = self.at(remark.at);
            if let Some(other) = remark.other {
                place = format!("{place}, {}", self.at(other));
            }
            let confidence = match remark.kind {
                RemarkKind::Guess(confidence) => format!(" (confidence: {})", confidence.name()),
                _ => String::new(),
            };
            self.wrap(&format!("- {place}: {}{confidence}", remark.text), 2);
        }
    }

    fn contradictions(&mut self, facts: &Facts) {
        let all: Vec<&Remark> = facts.remarks.iter().filter(|own| own.kind == RemarkKind::Contradiction).collect();
        self.remarks(
            "Contradictions",
            "The document says two things here. Decide which of them the venue does, and state the reason in \
             `x-doc-deviation` if the specification differs from the document.",
            &all,
        );
    }

    fn guesses(&mut self, facts: &Facts) {
        let mut all: Vec<&Remark> =
            facts.remarks.iter().filter(|own| matches!(own.kind, RemarkKind::Guess(_))).collect();
        all.sort_by_key(|remark| match remark.kind {
            RemarkKind::Guess(confidence) => confidence,
            _ => crate::facts::Confidence::High,
        });
        self.remarks("Guesses", "The document does not say this. The least certain come first.", &all);
    }

    fn unread(&mut self, facts: &Facts) {
        let all: Vec<&Remark> = facts.remarks.iter().filter(|own| own.kind == RemarkKind::Unread).collect();
        self.remarks("Not read", "These parts are not in the draft.", &all);
        if all.is_empty() && !(facts.unused.is_empty() && facts.programs.is_empty()) {
            self.line("");
            self.line("## Not read");
        }
        self.programs(facts);
        if facts.unused.is_empty() {
            return;
        }
        self.line("");
        self.wrap("These samples of JSON belong to no operation that was found, and are not used:", 0);
        // The heading above tells what a sample is about.
        let place = |at: &Lines| {
            let above = facts.headings.iter().filter(|(_, own)| own.document == at.document && own.first <= at.first);
            match above.max_by_key(|(_, own)| own.first) {
                Some((heading, _)) => format!("{} (below \"{heading}\")", self.at(*at)),
                None => self.at(*at),
            }
        };
        let mut places: Vec<String> = facts.unused.iter().take(MOST).map(place).collect();
        if facts.unused.len() > MOST {
            places.push(format!("and {} more", facts.unused.len() - MOST));
        }
        self.wrap(&format!("{}.", places.join(", ")), 0);
    }

    /// Lists the samples in programming languages, by language.
    fn programs(&mut self, facts: &Facts) {
        if facts.programs.is_empty() {
            return;
        }
        self.line("");
        self.wrap("These samples are programs, which are not read. They show calls:", 0);
        self.line("");
        let mut languages: Vec<&str> = Vec::new();
        for (language, _) in &facts.programs {
            if !languages.contains(&language.as_str()) {
                languages.push(language);
            }
        }
        for language in languages {
            let own = facts.programs.iter().filter(|(other, _)| other == language);
            let mut places: Vec<String> = own.clone().take(MOST).map(|(_, at)| self.at(*at)).collect();
            let count = own.count();
            if count > MOST {
                places.push(format!("and {} more", count - MOST));
            }
            let name = if language.is_empty() { "no language" } else { language };
            self.wrap(&format!("- `{name}`: {}", places.join(", ")), 2);
        }
    }

    fn point(&mut self, title: &str, what: &str, places: &Places) {
        if places.is_empty() {
            return;
        }
        self.wrap(&format!("- [ ] **{title}** {what}"), 2);
        let shown: Vec<String> =
            places.iter().take(MOST).map(|(name, at)| format!("`{name}` ({})", self.at(*at))).collect();
        let mut text = format!("  {}", shown.join(", "));
        if places.len() > MOST {
            text.push_str(&format!(", and {} more", places.len() - MOST));
        }
        self.wrap(&text, 2);
    }

    fn checklist(&mut self, facts: &Facts, venue: &str, gaps: usize) {
        self.line("");
        self.line("## To decide");
        self.line("");
        let intro = format!(
            "Answers that the document suggests are in `{venue}.overlay.yaml`, each with its reason. There is no such \
             file if it suggests none. Tick off what you have checked; correct an answer there, or remove it."
        );
        self.wrap(&intro, 0);
        self.line("");
        let servers: Places = facts.servers.clone();
        if servers.is_empty() {
            self.wrap("- [ ] **Servers.** No base URL was recognised. Write `servers`, or users give one.", 2);
        }
        self.point("Servers.", "Production or a test? Check `x-environment`.", &servers);
        let schemes: Places = facts.schemes.iter().map(|scheme| (scheme.id.clone(), scheme.at)).collect();
        self.point(
            "Signing.",
            "Which scheme carries the signature (`x-signature`), and which crate signs (`x-auth`)?",
            &schemes,
        );
        if schemes.is_empty() {
            self.point(
                "Signing.",
                "The document says that requests need credentials, and the draft found no scheme. Read how they are \
                 sent, and write `securitySchemes`, and `security` of each operation.",
                &facts.credentials,
            );
        }
        let mut filled = Places::new();
        for operation in &facts.operations {
            for (name, _, at) in &operation.filled {
                if !filled.iter().any(|(own, _)| own == name) {
                    filled.push((name.clone(), *at));
                }
            }
        }
        filled.extend(facts.signing_headers.clone());
        self.point("Filled in by signing.", "These are left out of the parameters.", &filled);
        let open: Places = facts
            .operations
            .iter()
            .filter(|operation| operation.access.is_none())
            .map(|operation| (operation.name(), operation.route_at))
            .collect();
        self.point(
            "Access.",
            "No text was recognised that says whether these need credentials; the draft has none.",
            &open,
        );
        let signed = facts.operations.iter().filter(|own| matches!(own.access, Some((Access::Signed, _)))).count();
        if signed > 0 && facts.schemes.iter().all(|scheme| !scheme.is_signature) {
            let need = if signed == 1 { "1 operation needs".to_owned() } else { format!("{signed} operations need") };
            self.wrap(&format!("- [ ] **Credentials.** {need} them, and no scheme signs."), 2);
        }
        self.point(
            "Responses.",
            "No sample, table or sentence with the response was found. Read the lines, and write `responses`.",
            &decide::without_response(facts),
        );
        self.point(
            "Decimals.",
            "Numbers with fractions are in `x-decimals`. Remove those that are something else.",
            &decide::decimals(facts),
        );
        self.point(
            "Decimals in texts.",
            "By their names these texts can be decimals. Those that are belong into `x-decimals`.",
            &decide::decimal_texts(facts),
        );
        self.point(
            "Conditions.",
            "These are needed in some requests only. Write when (`x-constraints`).",
            &decide::conditional(facts),
        );
        self.point("Times.", "Which unit and zone (`x-time`)?", &decide::times(facts));
        self.point(
            "Always present.",
            "All properties are optional in the document. Which are always there? Write `x-always`.",
            &decide::without_required(facts),
        );
        self.point(
            "Shown once.",
            "One sample shows these properties, so the draft has them as always present. Which can be missing? Take \
             them out of `required`.",
            &decide::shown_once(facts),
        );
        self.point(
            "Repeating.",
            "May a request be sent again after an unknown outcome (`x-idempotent`)? Does it only read \
             (`x-reads-only`), move funds (`x-moves-funds`) or cancel (`x-cancels`)?",
            &decide::writing(facts),
        );
        let mut codes = Places::new();
        let of_operations = facts.operations.iter().flat_map(|operation| &operation.errors);
        let of_methods = facts.methods.iter().flat_map(|method| &method.errors);
        for error in facts.errors.iter().chain(of_operations).chain(of_methods) {
            if !codes.iter().any(|(own, _)| *own == error.code) {
                codes.push((error.code.clone(), error.at));
            }
        }
        self.point(
            "Errors.",
            "Which codes leave the outcome open (`x-unknown-codes`), and which prove it (`x-done-codes`, \
             `x-gone-codes`)? Where are code and message in a body (`x-error`)?",
            &codes,
        );
        for (extension, places) in decide::telling(facts) {
            let subject = match extension {
                "x-unknown-codes" => "the outcome can be unknown",
                "x-gone-codes" => "the order is not open any more",
                _ => "the clock is wrong",
            };
            self.point("Codes.", &format!("By their texts, {subject} (`{extension}`). Check them."), &places);
        }
        if codes.is_empty() {
            self.wrap(
                "- [ ] **Errors.** No codes were recognised. Where are code and message in a body (`x-error`), and is \
                 a response of status 200 ever an error (`failed-when`)?",
                2,
            );
        }
        let of_operations = facts.operations.iter().flat_map(|operation| &operation.limits);
        let limits = facts.limits.iter().chain(of_operations);
        let limits: Places = limits.map(|limit| (limit.text.clone(), limit.at)).collect();
        self.point(
            "Rate limits.",
            "They are in `x-rate-limits`. Per address or per key? For which operations (`x-limits`)?",
            &limits,
        );
        if limits.is_empty() {
            self.wrap("- [ ] **Rate limits.** None was recognised in the text. Look for another page.", 2);
        }
        self.point(
            "Limits of headers.",
            "Headers of samples have these limits. Which time do they have (`x-rate-limits`)?",
            &facts.open_limits,
        );
        self.point(
            "Weights.",
            "The text states these weights. Which operations have them (`x-weight`)?",
            &facts.open_weights,
        );
        self.point(
            "Weights with conditions.",
            "Each of these weights is for some requests; the draft has the largest one. Write `when-present` if a \
             parameter decides (`x-weight`).",
            &decide::conditional_weights(facts),
        );
        self.point(
            "Elements.",
            "The document does not say what these lists hold; the draft allows any value (`items: {}`).",
            &decide::open_lists(facts),
        );
        self.point(
            "Columns.",
            "The document does not say what the positions of these rows mean; the draft calls some of them `column1` \
             and so on (`x-tuple`).",
            &decide::unnamed_columns(facts),
        );
        for (title, what, places) in offers::points(facts) {
            self.point(title, what, &places);
        }
        self.point("Names.", "These do not read well in code.", &decide::names(facts));
        if gaps > 0 {
            self.wrap(
                &format!(
                    "- [ ] **Descriptions.** {gaps} are to be written. Search for `{}`; `cargo xtask codegen` counts \
                     those that are left.",
                    crate::write::GAP.trim_end()
                ),
                2,
            );
        }
        self.wrap("- [ ] **Strict.** Write `x-strict: true` when the specification is complete.", 2);
    }
}
