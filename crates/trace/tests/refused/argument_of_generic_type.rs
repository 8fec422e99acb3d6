//! An argument of a type that need not be JSON.

use probity_trace::observe;

#[observe]
async fn search<Q: Into<String>>(query: Q) -> String {
    query.into()
}

fn main() {
    drop(search("lamps"));
}
