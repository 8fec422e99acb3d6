//! Writes how a body is run under its call, for each shape of what it returns.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, ReturnType, Type};

use crate::returned::{Shape, bare, nameable, output_of_future};

/// What the running of a body depends on.
pub(crate) struct Runner<'a> {
    /// The path of what the macro names.
    pub(crate) private: TokenStream,
    pub(crate) skip_output: bool,
    pub(crate) returned: &'a ReturnType,
    /// Where errors of the compiler about the output point to.
    pub(crate) at: Span,
}

impl Runner<'_> {
    /// Runs the block of a blocking function.
    pub(crate) fn blocking(&self, shape: Shape, block: &TokenStream) -> TokenStream {
        let private = &self.private;
        let block = typed(&nameable(self.returned), block, self.at);
        let finish = self.finish(shape, &nameable(self.returned));
        quote!(#private::call(__probity_call, move || #block, #finish))
    }

    /// Runs the block of an async function.
    pub(crate) fn asynchronous(&self, shape: Shape, block: &TokenStream) -> TokenStream {
        let private = &self.private;
        let block = typed(&nameable(self.returned), block, self.at);
        // The value of an async function that is itself a future is not polled here.
        let shape = if matches!(shape, Shape::Future { .. }) { Shape::Unit } else { shape };
        let finish = self.finish(shape, &nameable(self.returned));
        quote!(#private::future(__probity_call, async move #block, #finish).await)
    }

    /// Runs the block of a function that returns a future, and then the future.
    pub(crate) fn future(&self, block: &TokenStream) -> TokenStream {
        let private = &self.private;
        let block = typed(&nameable(self.returned), block, self.at);
        let finish = self.finish_future();
        let future = quote!(#private::future_of(__probity_call, move || #block, #finish));
        match Shape::of(self.returned) {
            Shape::Future { boxed: true } => quote!(#private::Box::pin(#future)),
            _ => future,
        }
    }

    /// Runs the block of an async block, of whose output the type may be known.
    pub(crate) fn in_async_block(&self, block: &TokenStream) -> TokenStream {
        let private = &self.private;
        let output = output_of_future(self.returned);
        let block =
            output.map_or_else(|| quote!({ #block }), |output| typed(&output, block, self.at));
        let finish = self.finish_future();
        quote!(#private::future(__probity_call, async move #block, #finish).await)
    }

    /// Returns what is called with the call and with what a future that the body returned resolved to.
    fn finish_future(&self) -> TokenStream {
        let output = output_of_future(self.returned).unwrap_or_else(|| syn::parse_quote!(_));
        self.finish(Shape::of_future_output(self.returned), &output)
    }

    /// Returns what is called with the call and with what the body returned, which is of this type.
    fn finish(&self, shape: Shape, returned: &Type) -> TokenStream {
        let private = &self.private;
        let said = self.said();
        let wrapped = match shape {
            Shape::Unit => return quote!(#private::finish_unit),
            Shape::Value | Shape::Future { .. } => quote!(#private::finish(
                __probity_call,
                __probity_output,
                |__probity_output| #said,
            )),
            Shape::Stream { boxed } => {
                let stream = quote!(#private::stream(
                    __probity_call,
                    __probity_output,
                    |__probity_output| #said,
                ));
                boxed_as(boxed, returned, &stream, &quote!(#private::Box::pin(#stream)))
            }
            Shape::ResultOfStream { boxed } => {
                let result = quote!(#private::stream_result(
                    __probity_call,
                    __probity_output,
                    |__probity_output| #said,
                ));
                let in_box = quote! {
                    match #result {
                        ::core::result::Result::Ok(stream) => {
                            ::core::result::Result::Ok(#private::Box::pin(stream))
                        }
                        ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                    }
                };
                boxed_as(boxed, returned, &result, &in_box)
            }
        };
        quote!(|__probity_call, __probity_output| #wrapped)
    }

    /// Returns the expression that finds out, from its type, what `__probity_output` says.
    fn said(&self) -> TokenStream {
        let private = &self.private;
        let wrapper = if self.skip_output { quote!(Quiet) } else { quote!(Output) };
        // It is named elsewhere in what this macro writes, while another macro may have written the type.
        let output = Ident::new("__probity_output", Span::call_site());
        quote_spanned! {self.at=> {
            #[allow(unused_imports, reason = "which trait is used depends on the type")]
            use #private::{
                OfDebugResult as _, OfNothing as _, OfOpaqueResult as _, OfResult as _, OfValue as _,
            };
            (&&&&&#private::#wrapper(#output)).said()
        }}
    }
}

/// Returns the stream, or the stream in its box, which becomes what the signature says.
fn boxed_as(
    boxed: bool,
    returned: &Type,
    plain: &TokenStream,
    in_box: &TokenStream,
) -> TokenStream {
    if !boxed {
        return plain.clone();
    }
    quote! {{
        let __probity_stream: #returned = #in_box;
        __probity_stream
    }}
}

/// Returns the block with a return that is never reached, by which the compiler knows the type of what the
/// block returns, as it would in the function itself. A block that never returns needs none.
pub(crate) fn typed(returned: &Type, block: &TokenStream, at: Span) -> TokenStream {
    if matches!(bare(returned), Type::Never(_)) {
        return quote!({ #block });
    }
    let edge = quote_spanned! {at=>
        #[allow(
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::let_with_type_underscore,
            clippy::needless_return,
            clippy::unreachable,
            reason = "it is never reached, and is there for its type"
        )]
        if false {
            let __probity_returned: #returned = loop {};
            return __probity_returned;
        }
    };
    quote!({ #edge #block })
}
