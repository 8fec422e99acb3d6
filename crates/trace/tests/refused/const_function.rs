//! A function that the compiler may run.

use probity_trace::observe;

#[observe]
const fn double(number: u32) -> u32 {
    number * 2
}

fn main() {
    double(2);
}
