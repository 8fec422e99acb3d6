//! Methods of traits, with and without async-trait.

use std::future::Future;

use async_trait::async_trait;
use futures::{
    StreamExt as _,
    executor::block_on,
    stream::{self, BoxStream},
};
use probity_trace::{capture, observe};

use crate::support::check;

trait Search {
    #[observe]
    fn best(&self, query: &str) -> String {
        format!("the best {query}")
    }

    fn all(&self, query: &str) -> impl Future<Output = Vec<String>> + Send;
}

#[async_trait]
trait Shop: Send + Sync {
    #[observe(tool)]
    async fn price(&self, item: &str) -> Result<u32, String> {
        Err(format!("{item} has no price"))
    }

    async fn order(&mut self, items: Vec<String>, note: &str) -> usize;
}

struct Store {
    orders: Vec<String>,
}

impl Search for Store {
    #[observe(tool)]
    async fn all(&self, query: &str) -> Vec<String> {
        vec![query.to_owned(), self.orders.len().to_string()]
    }
}

#[async_trait]
impl Shop for Store {
    #[observe(tool)]
    async fn order(&mut self, items: Vec<String>, note: &str) -> usize {
        self.orders.extend(items);
        self.orders.push(note.to_owned());
        self.orders.len()
    }
}

#[test]
fn methods_of_traits_are_observed() {
    let store = Store { orders: Vec::new() };
    let trace = block_on(capture(async {
        assert_eq!(store.best("lamp"), "the best lamp");
        assert_eq!(store.all("lamp").await, ["lamp", "0"]);
    }))
    .trace;
    check(&trace, "best", &[("input.value", r#"{"query":"lamp"}"#)]);
    check(&trace, "all", &[("gen_ai.tool.call.result", r#"["lamp","0"]"#)]);
}

#[test]
fn methods_under_async_trait_are_observed() {
    let mut store: Box<dyn Shop> = Box::new(Store { orders: Vec::new() });
    let trace = block_on(capture(async {
        assert!(store.price("rug").await.is_err());
        assert_eq!(store.order(vec!["lamp".to_owned()], "quick").await, 2);
    }))
    .trace;
    check(
        &trace,
        "price",
        &[
            ("gen_ai.tool.call.arguments", r#"{"item":"rug"}"#),
            ("otel.status_description", "rug has no price"),
        ],
    );
    check(
        &trace,
        "order",
        &[
            ("gen_ai.tool.call.arguments", r#"{"items":["lamp"],"note":"quick"}"#),
            ("gen_ai.tool.call.result", "2"),
        ],
    );
}

#[test]
fn futures_of_observed_functions_can_be_sent() {
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }
    let mut store = Store { orders: Vec::new() };
    let trace = block_on(capture(sent(async move { store.order(Vec::new(), "n").await }))).trace;
    check(&trace, "order", &[("gen_ai.tool.call.result", "1")]);
}

#[async_trait]
trait Speak: Send + Sync {
    async fn speak(&self, words: (u8, u8)) -> BoxStream<'static, String>;
}

struct Speaker;

#[async_trait]
impl Speak for Speaker {
    #[observe(llm)]
    async fn speak(&self, (first, second): (u8, u8)) -> BoxStream<'static, String> {
        stream::iter([first, second].map(|word| word.to_string())).boxed()
    }
}

#[test]
fn streams_of_methods_under_async_trait_are_collected() {
    let trace = block_on(capture(async { Speaker.speak((1, 2)).await.count().await })).trace;
    let view = trace.genai();
    let call = &view.llm_calls()[0];
    assert_eq!(call.input[0].content(), "[1,2]");
    assert_eq!(call.output[0].content(), "12");
}
