//! Writes the span of an observed function: its name, and the fields that its kind declares.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::kind::Kind;

/// Returns the expression that makes the span.
///
/// Fields that are recorded later are declared, so that every layer sees them. `probity.capture` has
/// no value: that it is declared lets the spans pass policies that keep only what is marked. What errors say is
/// recorded only where a field for it is declared.
pub(crate) fn span(krate: &Path, kind: Kind, name: &str, skip_error: bool) -> TokenStream {
    let kind_name = kind.name();
    let fields = fields(krate, kind, name);
    let description = (!skip_error)
        .then(|| quote!("otel.status_description" = #krate::observe::__private::EMPTY,));
    quote! {
        #krate::observe::__private::tracing::span!(
            target: ::core::module_path!(),
            #krate::observe::__private::tracing::Level::INFO,
            #name,
            "probity.kind" = #kind_name,
            "probity.capture" = #krate::observe::__private::EMPTY,
            "error.type" = #krate::observe::__private::EMPTY,
            "otel.status_code" = #krate::observe::__private::EMPTY,
            #description
            #fields
        )
    }
}

fn fields(krate: &Path, kind: Kind, name: &str) -> TokenStream {
    let empty = quote!(#krate::observe::__private::EMPTY);
    match kind {
        Kind::Function | Kind::Chain => quote! {
            "input.value" = #empty,
            "output.value" = #empty
        },
        Kind::Tool => quote! {
            "gen_ai.operation.name" = "execute_tool",
            "gen_ai.tool.name" = #name,
            "gen_ai.tool.call.arguments" = #empty,
            "gen_ai.tool.call.result" = #empty
        },
        Kind::Agent => quote! {
            "gen_ai.operation.name" = "invoke_agent",
            "gen_ai.agent.name" = #name,
            "gen_ai.input.messages" = #empty,
            "gen_ai.output.messages" = #empty
        },
        Kind::Llm => quote! {
            "gen_ai.operation.name" = "chat",
            "gen_ai.input.messages" = #empty,
            "gen_ai.output.messages" = #empty
        },
    }
}
