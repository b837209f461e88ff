//! The formats of what is printed.

use clap::ValueEnum;
use clap::builder::PossibleValue;

/// The format of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Output {
    /// JSON on one line.
    Json,
    /// JSON with line breaks and indentation.
    #[default]
    Pretty,
    /// Aligned columns.
    Table,
    /// Comma-separated values.
    Csv,
    /// YAML.
    Yaml,
}

impl ValueEnum for Output {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Json, Self::Pretty, Self::Table, Self::Csv, Self::Yaml]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Json => PossibleValue::new("json").help("JSON on one line; errors as JSON too"),
            Self::Pretty => PossibleValue::new("pretty").help("Indented JSON"),
            Self::Table => PossibleValue::new("table").help("Aligned columns"),
            Self::Csv => PossibleValue::new("csv").help("Comma-separated values below a header"),
            Self::Yaml => PossibleValue::new("yaml").help("YAML"),
        })
    }
}
