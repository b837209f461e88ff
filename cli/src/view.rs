//! The options of the output, and the form in which values are printed.

use std::io;

use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use jiff::tz::TimeZone;
use serde_json::Value;
use venuekit::meta::VenueMeta;
use venuekit_json::Tree;

use crate::colour::{Colours, Paint};
use crate::columns::Columns;
use crate::failure::Failure;
use crate::format::Output;
use crate::given::{at, is_given};
use crate::sections::{self, Chosen, Rows, Section};
use crate::table::Cut;
use crate::{csv_text, output, profile, table, times, yaml};

/// Returns the options of the output. [`flags::GLOBAL`](crate::flags::GLOBAL) lists their names.
pub(crate) fn arguments() -> Vec<Arg> {
    let arguments = [
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("FORMAT")
            .value_parser(EnumValueParser::<Output>::new())
            .help("The format of what is printed; `pretty` for a response, `table` for a list and for --columns"),
        Arg::new("columns")
            .long("columns")
            .value_name("NAMES")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .help("The columns of a table or of CSV, in this order: price,fee.currency"),
        Arg::new("width")
            .long("width")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("The width to which tables are cut, 0 for none; by default the width of the terminal"),
        Arg::new("local-time")
            .long("local-time")
            .action(ArgAction::SetTrue)
            .help("Print times in the time zone of this machine, with their offset"),
        Arg::new("color")
            .long("color")
            .value_name("WHEN")
            .value_parser(EnumValueParser::<Colours>::new())
            .help("When to use colours: by default on a terminal, unless NO_COLOR is set"),
    ];
    arguments.into_iter().map(|arg| arg.help_heading("Options of the output")).collect()
}

/// Returns the format that the command line, the environment or the profile asks for; `None` if
/// they ask for none.
pub(crate) fn output(root: &ArgMatches, own: &ArgMatches) -> Option<Output> {
    at(root, own, "output").get_one("output").copied().or(profile::current().output)
}

/// Refuses chosen columns in a format without columns.
pub(crate) fn check(root: &ArgMatches, own: &ArgMatches) -> Result<(), Failure> {
    let format = at(root, own, "output").get_one("output");
    let has_columns = matches!(format, None | Some(Output::Table | Output::Csv));
    if !has_columns && is_given(at(root, own, "columns"), "columns") {
        let help = "give -o table or -o csv, or leave -o out";
        return Err(Failure::Usage(format!("--columns: this format of the output has no columns (help: {help})")));
    }
    Ok(())
}

/// The options of `venue call` that `venue watch` refuses.
pub(crate) const REFUSED_BY_WATCH: [&str; 7] = ["columns", "width", "local-time", "raw", "dry-run", "curl", "explain"];

/// Refuses formats that a stream of events does not have.
pub(crate) fn check_watch(root: &ArgMatches, own: &ArgMatches) -> Result<(), Failure> {
    if let Some(format @ (Output::Csv | Output::Yaml)) = at(root, own, "output").get_one("output").copied() {
        let name = if format == Output::Csv { "csv" } else { "yaml" };
        return Err(Failure::Usage(format!("--output {name}: `venue watch` prints events (expected json or table)")));
    }
    let given = |ids: &[&'static str]| ids.iter().find(|id| is_given(at(root, own, id), id)).copied();
    if let Some(flag) = given(&["columns", "width", "local-time", "raw"]) {
        return Err(Failure::Usage(format!("--{flag} has no effect, because `venue watch` prints events")));
    }
    // These would be taken for a promise that nothing is sent.
    if let Some(flag) = given(&["dry-run", "curl", "explain"]) {
        return Err(Failure::Usage(format!("--{flag} is for calls; `venue watch` opens a connection and subscribes")));
    }
    Ok(())
}

/// The form in which values are printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    columns: Chosen,
    /// The width of tables; `None` for the width of the terminal, and 0 for any width.
    width: Option<usize>,
    local_time: bool,
    colours: Colours,
}

/// A text to print, and notes for stderr.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) notes: Vec<String>,
}

impl View {
    /// Reads the options of the output. `root` has those before the command.
    pub(crate) fn of(root: &ArgMatches, own: &ArgMatches) -> Self {
        let at = |id: &str| at(root, own, id);
        let columns = at("columns").get_many::<String>("columns").into_iter().flatten();
        Self {
            columns: Chosen(columns.cloned().collect()),
            width: at("width").get_one("width").copied(),
            local_time: at("local-time").get_flag("local-time"),
            colours: at("color").get_one("color").copied().or(profile::current().colours).unwrap_or_default(),
        }
    }

    /// Returns the format to use if the user asks for `asked`. Chosen columns need a format that
    /// has columns. If the user asks for none, it is `usual`.
    pub(crate) fn format(&self, asked: Option<Output>, usual: Output) -> Output {
        match asked.unwrap_or(usual) {
            format if self.columns.0.is_empty() => format,
            Output::Csv => Output::Csv,
            _ => Output::Table,
        }
    }

    /// Returns true if the command line asks for local times.
    pub(crate) fn is_local_time(&self) -> bool {
        self.local_time
    }

    /// Returns true if the user has chosen columns.
    pub(crate) fn has_columns(&self) -> bool {
        !self.columns.0.is_empty()
    }

    /// Checks that responses of a schema have the chosen columns, as far as their type tells.
    ///
    /// # Errors
    ///
    /// Returns a message with the known columns if one does not exist.
    pub(crate) fn check_columns(&self, venue: &VenueMeta, schema: &Value) -> Result<(), String> {
        if self.columns.0.is_empty() {
            return Ok(());
        }
        let typed = Columns::of(venue, schema);
        // No column has an empty name.
        let may_exist = |name: &str| typed.has(name) || typed.is_open() && !name.is_empty();
        self.columns.check(may_exist, &typed.paths())
    }

    /// Checks that rows have the chosen columns.
    ///
    /// # Errors
    ///
    /// Returns an error that names the columns if one does not exist.
    pub(crate) fn check_names(&self, names: &[String]) -> Result<(), Failure> {
        let exists = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        self.columns.check(exists, names).map_err(|reason| Failure::Usage(format!("--columns: {reason}")))
    }

    /// Returns a response in a format. Its schema gives the times and the names of columns.
    ///
    /// # Errors
    ///
    /// Returns an error if the response is not JSON, or if it has not a chosen column.
    pub(crate) fn response(&self, format: Output, venue: &VenueMeta, schema: &Value, json: &str) -> io::Result<Shown> {
        // The text of the response stays as it is if nothing has to be read.
        if format == Output::Json && !self.local_time {
            return Ok(Shown { text: json.to_owned(), notes: Vec::new() });
        }
        let mut tree = Tree::parse(json)?;
        if self.local_time {
            times::to_local(venue, schema, &mut tree, &TimeZone::system());
        }
        match format {
            Output::Table | Output::Csv => {
                let typed = if self.has_columns() { Columns::of(venue, schema) } else { Columns::default() };
                self.sections(format, sections::of_response(venue, schema, &tree), &typed)
            }
            _ => Ok(self.tree(format, &tree)),
        }
    }

    /// Returns a list in a format: `rows` as a table, and `json` in all other formats.
    ///
    /// # Errors
    ///
    /// Returns an error if `json` is not JSON.
    pub(crate) fn list(&self, format: Output, json: &str, rows: Rows) -> io::Result<Shown> {
        match format {
            Output::Table | Output::Csv => self.sections(format, vec![Section::of_rows(rows)], &Columns::default()),
            _ => Ok(self.tree(format, &Tree::parse(json)?)),
        }
    }

    fn tree(&self, format: Output, tree: &Tree) -> Shown {
        let text = match format {
            Output::Json => tree.to_json(),
            Output::Yaml => yaml::document(tree),
            _ => self.paint().json(&output::harmless_json(&tree.to_pretty())),
        };
        Shown { text, notes: Vec::new() }
    }

    fn sections(&self, format: Output, mut sections: Vec<Section>, typed: &Columns) -> io::Result<Shown> {
        self.columns
            .apply(&mut sections, typed)
            .map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, format!("--columns: {reason}")))?;
        let mut notes = Vec::new();
        let text = match format {
            Output::Csv => csv_text::of_sections(&sections)?,
            _ => {
                let width = match self.width {
                    Some(width) => Some(width).filter(|width| *width > 0),
                    None => terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)),
                };
                let (text, cut) = table::of_sections(&sections, width, self.paint());
                notes.extend(note(&cut));
                text
            }
        };
        Ok(Shown { text, notes })
    }

    /// Returns whether stdout gets colours.
    pub(crate) fn paint(&self) -> Paint {
        self.colours.on(&io::stdout())
    }
}

impl Shown {
    /// Writes the notes to stderr.
    pub(crate) fn tell(&self) {
        for note in &self.notes {
            output::tell(&format!("note: {note}"));
        }
    }
}

/// Returns the message for the parts of a table that do not fit; `None` if all do.
fn note(cut: &Cut) -> Option<String> {
    let part = |what: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("{what}: {}", output::harmless(&names.join(", "))))
    };
    let parts = [part("left out", &cut.left_out), part("shortened", &cut.shortened)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let help = "(help: choose columns with --columns, or give --width 0 or another format)";
    (!parts.is_empty()).then(|| format!("the table does not fit the width; {} {help}", parts.join("; ")))
}
