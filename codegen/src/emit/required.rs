//! `src/required.rs`: a marker type and a trait for each required value.

use quote::quote;

use crate::model::Api;

use super::format::{Piece, pieces};
use super::tokens::ident;

pub(super) fn required(api: &Api) -> Vec<Piece> {
    let missing = api.required_names.iter().map(|name| {
        let docs = format!(" No `{name}` was given yet.");
        let name = ident(name);
        quote! {
            #[doc = #docs]
            #[derive(Clone, Copy, Debug)]
            pub enum #name {}
        }
    });
    let given = api.required_names.iter().map(|name| {
        let docs = format!(" `{name}` was given.");
        let message = format!("required `{name}` is missing");
        let label = format!("call `.{name}(..)` before this");
        let name = ident(name);
        quote! {
            #[doc = #docs]
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #name {}
            impl #name for Given {}
        }
    });
    pieces([
        quote! {
            /// The marks of missing required values in the type of an operation or a builder.
            #[allow(non_camel_case_types, reason = "each is named after the value that it stands for")]
            pub mod missing {
                #(#missing)*
            }
        },
        quote! {
            /// The traits that `send` and `build` require for each required value.
            #[allow(non_camel_case_types, reason = "each is named after the value that it stands for")]
            pub mod given {
                use ::venuekit::setters::Given;
                #(#given)*
            }
        },
    ])
}
