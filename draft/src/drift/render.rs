//! Drift as text, as Markdown and as JSON.

use venuekit_json::Tree;

use super::finding::{Difference, Drift, Finding};

/// The parts of a document that are not compared with the specification.
const NOT_COMPARED: [&str; 11] = [
    "titles and descriptions",
    "formats of values, multiples, and the number of elements of lists",
    "values that are needed in some requests only",
    "units, time zones and decimals, and which values can be `null`",
    "messages of errors, the HTTP statuses of codes, and the outcome that a code means",
    "new names of the columns of rows (their order is compared), and the media types of responses",
    "weights that depend on a parameter other than its absence, and limits of headers without a time",
    "whether a limit is per address or per key",
    "how a signature is made, and the types of the values that it fills in, if all operations have the same",
    "security schemes that are listed without saying whether one of them or all are needed",
    "messages of WebSockets, and samples that belong to no operation",
];

impl Drift {
    /// Returns the findings as text: one line for each, with its place in the document first.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for finding in &self.findings {
            out.push_str(&format!(
                "{}: {}: {}: {} ({})\n",
                self.place(finding),
                finding.kind.name(),
                finding.subject,
                finding.text,
                finding.pointer
            ));
        }
        out.push_str(&self.summary());
        out.push_str(&format!("\nnot compared: {}\n", NOT_COMPARED.join("; ")));
        if !self.unread.is_empty() {
            let places: Vec<String> = self.unread.iter().map(|at| at.show(&self.names)).collect();
            out.push_str(&format!("not read: the tables outside operations in {}\n", places.join(", ")));
        }
        out
    }

    /// Returns the findings as Markdown: a table for each kind.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("{}\n", self.summary());
        let kinds = [
            (Difference::Missing, "In the document, and not in the specification"),
            (Difference::Contradicts, "Different in the two"),
            (Difference::Undocumented, "In the specification, and not in the document"),
        ];
        for (kind, title) in kinds {
            let all: Vec<&Finding> = self.findings.iter().filter(|finding| finding.kind == kind).collect();
            if all.is_empty() {
                continue;
            }
            out.push_str(&format!(
                "\n## {title}\n\n| lines | subject | difference | specification |\n|---|---|---|---|\n"
            ));
            for finding in all {
                let cells = [&self.place(finding), &finding.subject, &finding.text, &finding.pointer];
                let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
        out.push_str("\n## Not compared\n\n");
        for subject in NOT_COMPARED {
            out.push_str(&format!("- {subject}\n"));
        }
        for at in &self.unread {
            out.push_str(&format!("- the table in {}, which was not read\n", escape(&at.show(&self.names))));
        }
        out
    }

    /// Returns the findings as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let findings = self.findings.iter().map(|finding| {
            let name = self.names.get(finding.at.document).cloned().unwrap_or_default();
            Tree::Object(vec![
                ("kind".to_owned(), Tree::text(finding.kind.name())),
                ("document".to_owned(), Tree::Text(name)),
                ("first_line".to_owned(), Tree::number(finding.at.first)),
                ("last_line".to_owned(), Tree::number(finding.at.last)),
                ("subject".to_owned(), Tree::Text(finding.subject.clone())),
                ("text".to_owned(), Tree::Text(finding.text.clone())),
                ("pointer".to_owned(), Tree::Text(finding.pointer.clone())),
            ])
        });
        let tree = Tree::Object(vec![
            ("held".to_owned(), Tree::number(self.held)),
            ("stated".to_owned(), Tree::number(self.stated)),
            ("findings".to_owned(), Tree::Array(findings.collect())),
            (
                "not_read".to_owned(),
                Tree::Array(self.unread.iter().map(|at| Tree::text(at.show(&self.names))).collect()),
            ),
            ("not_compared".to_owned(), Tree::Array(NOT_COMPARED.iter().map(|own| Tree::text(*own)).collect())),
        ]);
        format!("{}\n", tree.to_pretty())
    }

    /// Returns the numbers in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |number: usize, one: &str, many: &str| {
            if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
        };
        format!(
            "{}; {}; {}",
            count(self.findings.len(), "difference", "differences"),
            count(self.held, "fact agrees", "facts agree"),
            count(
                self.stated,
                "difference is stated in the specification",
                "differences are stated in the specification"
            )
        )
    }

    fn place(&self, finding: &Finding) -> String {
        finding.at.show(&self.names)
    }
}

/// Returns a text as a cell of a table. The names of a document are no markup.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' | '#' | '@' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
