//! The example suite as a program: what it is told, what it prints, what it leaves, and the code that it exits with.

mod arguments;
mod gates;
mod modes;
mod place;
mod program;
mod resume;
