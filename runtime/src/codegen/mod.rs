//! Items for generated code, and for the expansions of this crate's macros.
//!
//! A generated crate needs the version of this crate that its manifest requires, or a newer
//! compatible one. Programs do not use these items directly.

pub(crate) mod blank;
mod operation;
mod paged;
pub(crate) mod request_builder;

pub use serde;
pub use serde_json;
pub use serde_with;

pub use crate::__client_builder as client_builder;
pub use crate::__operation as operation;
pub use crate::client::config::ClientConfig;
pub use crate::dec::decimal;
pub use crate::response::by_status::{ByStatus, StatusResponse};
pub use crate::response::decode::DecodeError;
pub use crate::wire::either::{Alternatives, read_either};
pub use crate::wire::object::{ObjectOnly, OpenObject};
pub use crate::wire::object_writer::WithOthers;
pub use crate::wire::open::{OpenEnum, Spelling, open_from_integer, open_from_text, read_open_enum, unknown_text};
pub use crate::wire::row::{Columns, IsSome, IsThere, Probe, Row, RowWriter, read_row};
pub use crate::wire::union::{ObjectText, Union, read_union};
pub use blank::Blank;
pub use request_builder::{RequestBuilder, of_kind};
