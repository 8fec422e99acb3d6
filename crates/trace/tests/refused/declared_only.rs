//! A method without a body.

use probity_trace::observe;

trait Agent {
    #[observe(agent)]
    fn run(&self, question: &str) -> String;
}

fn main() {}
