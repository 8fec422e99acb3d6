//! An argument that is no JSON.

use probity_trace::observe;

struct Database;

#[observe(tool)]
fn search(query: &str, database: &Database) -> String {
    let _ = database;
    query.to_owned()
}

fn main() {
    search("lamps", &Database);
}
