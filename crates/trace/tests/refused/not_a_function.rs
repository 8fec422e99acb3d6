//! Something that does not run.

use probity_trace::observe;

#[observe]
struct Agent {
    name: String,
}

#[observe(tool)]
impl Agent {
    fn run(&self) {}
}

fn main() {}
