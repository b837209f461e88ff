//! Reads a document: from text to a tree with positions, and from the tree to a view in which
//! `$ref`s are followed.
//!
//! [`Document::parse`] turns text into a tree that keeps each scalar as written, and the position
//! of each value. [`read`] checks the tree and returns its [`View`], which the lowering reads. The
//! view follows `$ref`s in one place (`references`), and gives each object and each specification
//! extension its type in one place (`openapi`, `openrpc`, `schema`, `extensions`). A reader refuses
//! a value that it cannot read. The check calls the same readers, so the check and the lowering
//! give the same finding.
//!
//! A document in another form is converted by `normal` before its view is made. This changes the
//! tree, but the values keep their positions.

mod bundle;
mod check;
pub(crate) mod constraints;
mod document;
pub(crate) mod evidence;
pub(crate) mod extensions;
pub(crate) mod findings;
pub(crate) mod forms;
mod lines;
mod load;
pub(crate) mod located;
pub(crate) mod market_rules;
pub(crate) mod media;
mod nearest;
pub(crate) mod node;
mod normal;
pub(crate) mod number;
pub(crate) mod object;
pub(crate) mod openapi;
pub(crate) mod openrpc;
mod overlay;
pub(crate) mod parameters;
pub(crate) mod pointer;
mod provenance;
pub(crate) mod references;
pub(crate) mod refusal;
pub(crate) mod root;
pub(crate) mod schema;
pub(crate) mod security;
mod shapes;
pub(crate) mod standard;
pub(crate) mod styles;
mod text;
pub(crate) mod times;
mod unused;
mod unwritten;
pub(crate) mod view;
mod yaml_numbers;

pub use bundle::{dangling, misshapen, referenced_files};
pub use check::{check, read};
pub use document::Document;
pub use extensions::{CodeRule, Content, PagedBy, Per, Topics};
pub use forms::FieldStyle;
pub use load::{Spec, SpecFile, gaps, load, load_to_compare, load_with_notes};
pub use located::Located;
pub use market_rules::{MarketRule, OrderValue, RuleKind};
pub use node::{Kind, Members, Node, Position};
pub use normal::{
    DecimalField, Notes, complete_examples, decimal_fields, degrade, environment_of_host, environment_of_server,
    is_strict, normalise, note_unused,
};
pub use openapi::{split_path_key, split_query};
pub use openrpc::is_by_name;
pub use pointer::{parent, pointer_join, pointer_segments};
pub use references::follow;
pub use refusal::Refusal;
pub use schema::bounds::Bounds;
pub use security::SchemeKind;
pub use styles::Style;
pub use text::first_line;
pub use unwritten::GAP;
pub use view::View;
