//! The functions that macros are put on, and their bodies.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{
    AttrStyle, Attribute, Block, Error, Expr, ExprAsync, ItemFn, Result, Stmt, TraitItemFn, parse2,
};

/// Reads the function that a macro is on, or says what else it is.
pub(crate) fn function(item: &TokenStream, name: &str) -> Result<ItemFn> {
    if let Ok(function) = parse2::<ItemFn>(item.clone()) {
        return Ok(function);
    }
    if let Ok(declared) = parse2::<TraitItemFn>(item.clone()) {
        let message = format!(
            "a method without a body does nothing that could be recorded: put `{name}` on its \
             implementations"
        );
        return Err(Error::new_spanned(declared.sig, message));
    }
    Err(Error::new_spanned(item, format!("`{name}` goes on a function or a method with a body")))
}

/// Returns the function with another body; attributes that are written within its braces stay there.
pub(crate) fn with_body(function: &ItemFn, body: &TokenStream) -> TokenStream {
    let is_outer = |attribute: &&Attribute| matches!(attribute.style, AttrStyle::Outer);
    let (outer, inner): (Vec<_>, Vec<_>) = function.attrs.iter().partition(is_outer);
    let ItemFn { vis, sig, .. } = function;
    quote! {
        #(#outer)*
        #vis #sig {
            #(#inner)*
            #body
        }
    }
}

/// Returns what is in the braces of a block. The braces are written anew: the compiler would call the old
/// ones unnecessary.
pub(crate) fn statements(block: &Block) -> TokenStream {
    block.stmts.iter().map(Stmt::to_token_stream).collect()
}

/// The async block that a body ends with, in a box or not, as the bodies of methods under async-trait do.
pub(crate) struct AsyncTail<'a> {
    before: &'a [Stmt],
    last: &'a Expr,
    block: &'a ExprAsync,
}

impl<'a> AsyncTail<'a> {
    /// Returns the block that a body ends with. One that does not own what it uses is left alone.
    pub(crate) fn of(body: &'a Block) -> Option<Self> {
        let (Stmt::Expr(last, None), before) = body.stmts.split_last()? else { return None };
        let block = match last {
            Expr::Async(block) => block,
            Expr::Call(call) if is_box_pin(&call.func) && call.args.len() == 1 => {
                match call.args.first()? {
                    Expr::Async(block) => block,
                    _ => return None,
                }
            }
            _ => return None,
        };
        block.capture?;
        Some(Self { before, last, block })
    }

    /// Returns what is in the braces of the block.
    pub(crate) fn statements(&self) -> TokenStream {
        statements(&self.block.block)
    }

    /// Returns the body with this in the block.
    pub(crate) fn around(&self, inner: &TokenStream) -> TokenStream {
        let (before, attributes) = (self.before, &self.block.attrs);
        let block = quote!(#(#attributes)* async move { #inner });
        let Expr::Call(call) = self.last else { return quote!(#(#before)* #block) };
        let (attributes, function) = (&call.attrs, &call.func);
        quote!(#(#before)* #(#attributes)* #function(#block))
    }
}

fn is_box_pin(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    let mut segments = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    segments.next().as_deref() == Some("pin") && segments.next().as_deref() == Some("Box")
}
