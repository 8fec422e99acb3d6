//! An output that is no JSON.

use probity_trace::observe;

struct Database;

#[observe]
fn open(path: &str) -> Result<Database, String> {
    Err(path.to_owned())
}

fn main() {
    let _ = open("shop.db");
}
