//! Reads what is written in the parentheses of `#[observe(..)]`.

use proc_macro2::Span;
use syn::{
    Error, Ident, LitStr, Path, Result, Token,
    ext::IdentExt as _,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use crate::kind::Kind;

const KNOWN: &str = "one of `function`, `tool`, `llm`, `agent`, `chain`, `name = \"..\"`, \
    `skip(argument, ..)`, `skip_all`, `skip_output`, `skip_error`, `redact(argument, ..)`, `crate = \"..\"`";

/// What the user asked for.
#[derive(Default)]
pub(crate) struct Options {
    kind: Option<Kind>,
    pub(crate) name: Option<LitStr>,
    pub(crate) skip: Vec<Ident>,
    /// Where `skip_all` was written.
    pub(crate) skip_all: Option<Span>,
    pub(crate) skip_output: bool,
    pub(crate) skip_error: bool,
    pub(crate) redact: Vec<Ident>,
    pub(crate) krate: Option<Path>,
}

impl Options {
    pub(crate) fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Function)
    }

    fn read_one(&mut self, input: ParseStream<'_>) -> Result<()> {
        if input.peek(Token![crate]) {
            let krate: Token![crate] = input.parse()?;
            let path = text(input, "crate")?;
            return once(&mut self.krate, path.parse()?, "crate", krate.span);
        }
        let option: Ident =
            input.parse().map_err(|error| Error::new(error.span(), format!("expected {KNOWN}")))?;
        let name = option.to_string();
        match name.as_str() {
            "name" => once(&mut self.name, text(input, "name")?, "name", option.span()),
            "skip" => names(input, &option).map(|found| self.skip.extend(found)),
            "redact" => names(input, &option).map(|found| self.redact.extend(found)),
            "skip_all" => once(&mut self.skip_all, option.span(), "skip_all", option.span()),
            "skip_output" => {
                self.skip_output = true;
                Ok(())
            }
            "skip_error" => {
                self.skip_error = true;
                Ok(())
            }
            "kind" => Err(kind_by_key(input, &option)),
            other => match Kind::of(other) {
                Some(kind) => self.set_kind(kind, option.span()),
                None => Err(Error::new(
                    option.span(),
                    format!("unknown option `{other}`: expected {KNOWN}"),
                )),
            },
        }
    }

    fn set_kind(&mut self, kind: Kind, span: Span) -> Result<()> {
        if let Some(first) = self.kind {
            let (first, second) = (first.name(), kind.name());
            let message =
                format!("a function has one kind: it is `{first}` already, not `{second}`");
            return Err(Error::new(span, message));
        }
        self.kind = Some(kind);
        Ok(())
    }

    /// Refuses what contradicts itself.
    fn check(&self) -> Result<()> {
        if let (Some(span), false) = (self.skip_all, self.skip.is_empty() && self.redact.is_empty())
        {
            return Err(Error::new(
                span,
                "`skip_all` leaves every argument out: remove it, or `skip(..)` and `redact(..)`",
            ));
        }
        for name in &self.redact {
            if self.skip.contains(name) {
                let message = format!(
                    "the argument `{name}` is skipped and redacted: choose `skip` to leave it out, \
                     or `redact` to show that it was there"
                );
                return Err(Error::new(name.span(), message));
            }
        }
        for names in [&self.skip, &self.redact] {
            for (position, name) in names.iter().enumerate() {
                if names.iter().take(position).any(|before| before == name) {
                    return Err(Error::new(name.span(), format!("`{name}` is named twice")));
                }
            }
        }
        Ok(())
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            options.read_one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        options.check()?;
        Ok(options)
    }
}

/// Keeps a value that may be given once.
fn once<T>(place: &mut Option<T>, value: T, name: &str, span: Span) -> Result<()> {
    if place.is_some() {
        return Err(Error::new(span, format!("`{name}` is given twice")));
    }
    *place = Some(value);
    Ok(())
}

/// Reads `= ".."`.
fn text(input: ParseStream<'_>, option: &str) -> Result<LitStr> {
    let wrong = |error: Error| {
        Error::new(error.span(), format!("`{option}` takes a text: `{option} = \"..\"`"))
    };
    input.parse::<Token![=]>().map_err(wrong)?;
    let text: LitStr = input.parse().map_err(wrong)?;
    if text.value().is_empty() {
        return Err(Error::new(text.span(), format!("`{option}` is empty")));
    }
    Ok(text)
}

/// Reads `(argument, ..)`.
fn names(input: ParseStream<'_>, option: &Ident) -> Result<Vec<Ident>> {
    if !input.peek(syn::token::Paren) {
        let message = format!("`{option}` takes the names of arguments: `{option}(argument, ..)`");
        return Err(Error::new(option.span(), message));
    }
    let content;
    parenthesized!(content in input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&content, Ident::parse_any)?;
    if names.is_empty() {
        let message = format!("`{option}` names no argument: `{option}(argument, ..)`");
        return Err(Error::new(option.span(), message));
    }
    Ok(names.into_iter().collect())
}

/// Says how a kind is written, to those who write it as elsewhere.
fn kind_by_key(input: ParseStream<'_>, option: &Ident) -> Error {
    let named = input.parse::<Token![=]>().and_then(|_| input.parse::<LitStr>());
    let kind = named.ok().and_then(|name| Kind::of(&name.value())).map_or("tool", Kind::name);
    Error::new(option.span(), format!("a kind stands alone: write `#[observe({kind})]`"))
}
