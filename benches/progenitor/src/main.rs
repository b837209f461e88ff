//! Generates a client with progenitor: `venuekit-benches-progenitor STYLE DOCUMENT OUT`, where the
//! style is `positional` or `builder`, and the document is JSON.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fs;

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [style, document, out] = arguments.try_into().unwrap();
    let mut settings = GenerationSettings::default();
    settings.with_interface(if style == "builder" { InterfaceStyle::Builder } else { InterfaceStyle::Positional });
    let document = serde_json::from_str(&fs::read_to_string(document).unwrap()).unwrap();
    let tokens = Generator::new(&settings).generate_tokens(&document).unwrap();
    fs::write(out, prettyplease::unparse(&syn::parse2(tokens).unwrap())).unwrap();
}
