//! Only for generated code and for what the macros of this crate expand to. It may change at any time.

pub use serde;
pub use serde_with;

pub use crate::blank::{Blank, Given};
pub use crate::dec::decimal;
pub use crate::request_builder::RequestBuilder;
pub use crate::wire::either::{Alternatives, read_either};
pub use crate::wire::object::ObjectOnly;
pub use crate::wire::open::{IntEnum, StrEnum, int_unknown, read_int_enum, read_str_enum, str_unknown};
pub use crate::wire::row::{Columns, IsSome, IsThere, Probe, Row, RowWriter, read_row};
