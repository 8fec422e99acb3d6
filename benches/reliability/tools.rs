//! The tools of the agent: what the model is told of them, and what they do in the shop.

use probity::{eval::model::ToolDefinition, runner::trial_seed};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::{Span, instrument};

use crate::shop::{Refused, Shop};

/// Out of a hundred calls, so many find that the payment service does not answer.
const PAYMENTS_DOWN_PERCENT: u64 = 6;

/// The shop as one customer's agent can reach it.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) shop: Shop,
    customer: String,
    seed: u64,
    payments: u32,
}

#[derive(Deserialize)]
struct Which {
    order: u32,
}

#[derive(Deserialize)]
struct Payment {
    order: u32,
    cents: u32,
}

/// Why a tool gives no answer but an error.
#[derive(Debug, thiserror::Error)]
enum ToolError {
    #[error("there is no tool {0:?}")]
    Unknown(String),
    #[error("the arguments do not fit: {0}")]
    Arguments(#[from] serde_json::Error),
    #[error("the payment service does not answer")]
    PaymentsDown,
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl Tools {
    /// Lets an agent reach the shop for a customer; the seed says when payments fail.
    pub(crate) fn new(shop: Shop, customer: &str, seed: u64) -> Self {
        Self { shop, customer: customer.to_owned(), seed, payments: 0 }
    }

    /// Calls a tool, in a span with the names of the OpenTelemetry GenAI conventions. An error is an answer, too:
    /// the model decides what to do about it.
    #[instrument(name = "execute_tool", skip_all, fields(
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = name,
        gen_ai.tool.call.id = id,
        gen_ai.tool.call.arguments = %arguments,
        gen_ai.tool.call.result,
        error.type,
    ))]
    pub(crate) fn call(&mut self, id: &str, name: &str, arguments: &Value) -> Value {
        let answer = self.answer(name, arguments.clone()).unwrap_or_else(|error| {
            Span::current().record("error.type", error.kind());
            json!({ "error": error.to_string() })
        });
        Span::current().record("gen_ai.tool.call.result", answer.to_string());
        answer
    }

    fn answer(&mut self, name: &str, arguments: Value) -> Result<Value, ToolError> {
        match name {
            "find_orders" => Ok(serde_json::to_value(self.shop.orders_of(&self.customer)?)?),
            "read_policy" => {
                let Which { order } = serde_json::from_value(arguments)?;
                Ok(serde_json::to_value(self.shop.policy_for(order)?)?)
            }
            "check_stock" => {
                let Which { order } = serde_json::from_value(arguments)?;
                Ok(json!({ "stock": self.shop.stock_for(order)? }))
            }
            "refund" => {
                let Payment { order, cents } = serde_json::from_value(arguments)?;
                self.reach_payments()?;
                self.shop.refund(order, cents)?;
                Ok(json!({ "refunded_cents": cents }))
            }
            "send_again" => {
                let Which { order } = serde_json::from_value(arguments)?;
                self.shop.send_again(order)?;
                Ok(json!({ "sent": true }))
            }
            _ => Err(ToolError::Unknown(name.to_owned())),
        }
    }

    fn reach_payments(&mut self) -> Result<(), ToolError> {
        self.payments += 1;
        let down = trial_seed(self.seed, "payments", self.payments) % 100 < PAYMENTS_DOWN_PERCENT;
        if down { Err(ToolError::PaymentsDown) } else { Ok(()) }
    }
}

impl ToolError {
    fn kind(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown_tool",
            Self::Arguments(_) => "invalid_arguments",
            Self::PaymentsDown => "unavailable",
            Self::Refused(_) => "refused",
        }
    }
}

/// Returns what the model is told of the tools.
pub(crate) fn definitions() -> Vec<ToolDefinition> {
    let order = json!({ "order": { "type": "integer" } });
    let payment = json!({ "order": { "type": "integer" }, "cents": { "type": "integer" } });
    [
        ("find_orders", "Lists the orders of the customer.", json!({})),
        (
            "read_policy",
            "Says how long an item can be given back, and what is kept.",
            order.clone(),
        ),
        ("check_stock", "Says how many of an item are in stock.", order.clone()),
        ("refund", "Pays back a part of an order.", payment),
        ("send_again", "Sends the item of an order again.", order),
    ]
    .into_iter()
    .map(|(name, description, properties)| {
        ToolDefinition::new(
            name,
            description,
            json!({ "type": "object", "properties": properties }),
        )
    })
    .collect()
}
