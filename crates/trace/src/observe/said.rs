//! What a function said by what it returned: a value, an error, or nothing that is recorded.
//!
//! Which of them holds is decided when a program is compiled, by the type alone: the macro calls
//! `(&&&&&Output(&output)).said()`, and of the traits below the first whose bounds hold is found, because
//! it needs the fewest references to be taken away.

use std::{
    any,
    fmt::{Debug, Display},
};

use serde::Serialize;

use super::content;

/// What a function said by what it returned.
pub enum Said<'a> {
    /// A value, which becomes JSON when someone wants it.
    Value(&'a dyn ToJson),
    /// An error, with the name of its type.
    Failed(&'static str, Message<'a>),
    /// Nothing that is to be recorded.
    Nothing,
}

impl Debug for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Value(_) => "Value",
            Self::Failed(..) => "Failed",
            Self::Nothing => "Nothing",
        })
    }
}

/// The message of an error, by whichever trait the error has.
pub enum Message<'a> {
    /// What it shows to users.
    Display(&'a dyn Display),
    /// What it shows to programmers; of an error that has nothing else.
    Debug(&'a dyn Debug),
    /// Nothing: the error can be neither displayed nor debugged.
    Opaque,
}

impl Message<'_> {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Display(message) => message.to_string(),
            Self::Debug(message) => format!("{message:?}"),
            Self::Opaque => "an error that cannot be shown".to_owned(),
        }
    }
}

impl Debug for Message<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message")
    }
}

/// A value that can be written as JSON.
pub trait ToJson {
    /// Returns the value as JSON.
    fn to_json(&self) -> String;
}

impl<T: Serialize> ToJson for T {
    fn to_json(&self) -> String {
        content::json(self)
    }
}

/// What a function returned, to be recorded.
#[derive(Debug)]
pub struct Output<'a, T>(pub &'a T);

/// What a function returned, of which only errors are recorded.
#[derive(Debug)]
pub struct Quiet<'a, T>(pub &'a T);

/// Of a result whose error can be shown.
pub trait OfResult<'a> {
    /// Returns what was said.
    fn said(&self) -> Said<'a>;
}

impl<'a, T: Serialize, E: Display> OfResult<'a> for &&&&Output<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(value) => Said::Value(value),
            Err(error) => Said::Failed(any::type_name::<E>(), Message::Display(error)),
        }
    }
}

impl<'a, T, E: Display> OfResult<'a> for &&&&Quiet<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(_) => Said::Nothing,
            Err(error) => Said::Failed(any::type_name::<E>(), Message::Display(error)),
        }
    }
}

/// Of a result whose error can only be debugged.
pub trait OfDebugResult<'a> {
    /// Returns what was said.
    fn said(&self) -> Said<'a>;
}

impl<'a, T: Serialize, E: Debug> OfDebugResult<'a> for &&&Output<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(value) => Said::Value(value),
            Err(error) => Said::Failed(any::type_name::<E>(), Message::Debug(error)),
        }
    }
}

impl<'a, T, E: Debug> OfDebugResult<'a> for &&&Quiet<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(_) => Said::Nothing,
            Err(error) => Said::Failed(any::type_name::<E>(), Message::Debug(error)),
        }
    }
}

/// Of a result whose error cannot be shown at all.
pub trait OfOpaqueResult<'a> {
    /// Returns what was said.
    fn said(&self) -> Said<'a>;
}

impl<'a, T: Serialize, E> OfOpaqueResult<'a> for &&Output<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(value) => Said::Value(value),
            Err(_) => Said::Failed(any::type_name::<E>(), Message::Opaque),
        }
    }
}

impl<'a, T, E> OfOpaqueResult<'a> for &&Quiet<'a, Result<T, E>> {
    fn said(&self) -> Said<'a> {
        match self.0 {
            Ok(_) => Said::Nothing,
            Err(_) => Said::Failed(any::type_name::<E>(), Message::Opaque),
        }
    }
}

/// Of any other value.
pub trait OfValue<'a> {
    /// Returns what was said.
    fn said(&self) -> Said<'a>;
}

impl<'a, T: Serialize> OfValue<'a> for &Output<'a, T> {
    fn said(&self) -> Said<'a> {
        Said::Value(self.0)
    }
}

impl<'a, T> OfValue<'a> for &Quiet<'a, T> {
    fn said(&self) -> Said<'a> {
        Said::Nothing
    }
}

/// Of a value that cannot be recorded, which is an error of the compiler.
pub trait OfNothing<'a, T> {
    /// Is never called: nothing is [`RecordableOutput`].
    fn said(&self) -> Said<'a>
    where
        T: RecordableOutput;
}

impl<'a, T> OfNothing<'a, T> for Output<'a, T> {
    fn said(&self) -> Said<'a>
    where
        T: RecordableOutput,
    {
        Said::Nothing
    }
}

/// Is implemented by nothing: types that can be recorded are found before it is asked for.
#[diagnostic::on_unimplemented(
    message = "what this observed function returns cannot be recorded: `{Self}` is not \
               `serde::Serialize`",
    label = "cannot be recorded",
    note = "leave it out with `#[observe(skip_output)]`, or implement `serde::Serialize`; of a \
            `Result`, the value must be `Serialize`"
)]
pub trait RecordableOutput {}
