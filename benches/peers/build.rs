//! Writes a client of each venue with progenitor, and the code that calls its operations by name.
//!
//! The documents are given to progenitor as they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use heck::ToSnakeCase;
use progenitor_impl::{GenerationSettings, Generator};
use quote::ToTokens;
use serde_json::Value;
use syn::{FnArg, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, Type};

const VENUES: [&str; 2] = ["btse-spot", "jex-spot"];
/// The venues with the feature `all-venues`.
const OTHERS: [&str; 2] = ["altmarket", "anboto"];

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    println!("cargo::rerun-if-changed=build.rs");
    let others = env::var_os("CARGO_FEATURE_ALL_VENUES").is_some().then_some(OTHERS);
    for venue in VENUES.into_iter().chain(others.into_iter().flatten()) {
        let file = Path::new("../../specs").join(format!("{venue}.yaml"));
        println!("cargo::rerun-if-changed={}", file.display());
        let text = fs::read_to_string(&file).unwrap();
        let document: Value = serde_yaml_ng::from_str(&text).unwrap();
        let client = generated(&document);
        let calls = calls(&client, &document);
        fs::write(out.join(format!("{venue}.rs")), format!("{}\n{calls}", client.to_token_stream())).unwrap();
        fs::write(out.join(format!("{venue}.json")), document.to_string()).unwrap();
    }
}

fn generated(document: &Value) -> syn::File {
    let document = serde_json::from_value(document.clone()).unwrap();
    let tokens = Generator::new(&GenerationSettings::default()).generate_tokens(&document).unwrap();
    syn::parse2(tokens).unwrap()
}

/// Returns a function that calls an operation of the client by its id.
fn calls(client: &syn::File, document: &Value) -> String {
    let methods: Vec<&ImplItemFn> = client
        .items
        .iter()
        .filter_map(|item| if let Item::Impl(item) = item { Some(item) } else { None })
        .filter(|item| item.trait_.is_none())
        .flat_map(|item| &item.items)
        .filter_map(|item| if let ImplItem::Fn(method) = item { Some(method) } else { None })
        .collect();
    let mut code = "
/// Calls an operation.
pub async fn call(client: &Client, operation: &str, arguments: crate::progenitor::Arguments<'_>) -> crate::progenitor::Reply {
    match operation {
"
    .to_owned();
    for operation in operations(document) {
        let id = operation["operationId"].as_str().unwrap();
        let name = id.to_snake_case();
        let method = methods.iter().find(|method| method.sig.ident == name).unwrap_or_else(|| panic!("no `{name}`"));
        let names = parameters(document, operation);
        writeln!(code, "        {id:?} => {{").unwrap();
        let mut passed = Vec::new();
        for input in &method.sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let own = input.pat.to_token_stream().to_string();
            let (ty, pass) = owned(&input.ty);
            let value = if own == "body" && !operation["requestBody"].is_null() {
                "body()".to_owned()
            } else {
                let is_it = |name: &&str| name.to_snake_case() == own.trim_end_matches('_');
                let wire = names.iter().find(|name| is_it(name)).unwrap_or_else(|| panic!("{id}: no `{own}`"));
                format!("parameter({wire:?})")
            };
            writeln!(code, "            let {own}: {ty} = crate::progenitor::take!(arguments.{value});").unwrap();
            passed.push(pass.replace('$', &own));
        }
        writeln!(
            code,
            "            crate::progenitor::reply(client.{name}({}).await).await\n        }}",
            passed.join(", ")
        )
        .unwrap();
    }
    code + "        _ => crate::progenitor::Reply::Failed(format!(\"no operation `{operation}`\")),\n    }\n}\n"
}

/// Returns the type of an argument without references, and the expression that passes it (`$` is
/// its name).
fn owned(ty: &Type) -> (String, &'static str) {
    let text = |ty: &Type| match ty.to_token_stream().to_string() {
        text if text == "str" => "::std::string::String".to_owned(),
        text => text,
    };
    match ty {
        Type::Reference(reference) => (text(&reference.elem), "&$"),
        ty => match option(ty) {
            Some(Type::Reference(reference)) => {
                let inner = text(&reference.elem);
                let pass = if inner == "::std::string::String" { "$.as_deref()" } else { "$.as_ref()" };
                (format!("Option<{inner}>"), pass)
            }
            _ => (text(ty), "$"),
        },
    }
}

/// Returns the type in an `Option`.
fn option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let operations = items.flat_map(|item| item.as_object().into_iter().flat_map(|item| item.values()));
    operations.filter(|operation| operation.get("operationId").is_some())
}

/// Returns the names of the parameters of an operation on the wire.
fn parameters<'d>(document: &'d Value, operation: &'d Value) -> Vec<&'d str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let resolved = parameters.map(|parameter| match parameter["$ref"].as_str() {
        Some(pointer) => document.pointer(pointer.trim_start_matches('#')).unwrap(),
        None => parameter,
    });
    resolved.map(|parameter| parameter["name"].as_str().unwrap()).collect()
}
