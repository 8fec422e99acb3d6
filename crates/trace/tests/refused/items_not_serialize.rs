//! A stream of what is no JSON.

use futures::{Stream, stream};
use probity_trace::observe;

struct Row;

#[observe]
fn rows(count: usize) -> impl Stream<Item = Row> {
    stream::iter((0..count).map(|_| Row))
}

fn main() {
    drop(rows(3));
}
