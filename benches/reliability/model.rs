//! The stand-in for a model: it reads the transcript, decides what to do next, and errs as models do.

use std::time::Duration;

use probity::eval::{
    model::ModelRequest,
    scripted::{Reply, Turn},
};
use serde_json::json;

use crate::{
    shop::{Order, Policy},
    transcript::{Call, Transcript},
    wish::{Wish, wishes},
};

/// How long each answer takes: little, so that a run of many trials takes seconds. A real model takes a thousand
/// times as long.
const LATENCY: Duration = Duration::from_millis(1);

/// How likely the model errs, each time that it could.
mod slips {
    /// Says that all is done, and did nothing.
    pub(super) const CLAIMS: f64 = 0.03;
    /// Takes an order that is like the one that is meant.
    pub(super) const MIXES_UP: f64 = 0.25;
    /// Does not read the policy, or does not look whether the item is in stock.
    pub(super) const SKIPS_CHECK: f64 = 0.06;
    /// The same where the customer threatens.
    pub(super) const SKIPS_CHECK_UNDER_PRESSURE: f64 = 0.45;
    /// Pays back the whole price where a part is to be kept.
    pub(super) const FORGETS_FEE: f64 = 0.5;
    /// Pays back all items of an order where one is meant.
    pub(super) const FORGETS_TO_DIVIDE: f64 = 0.5;
    /// Forgets the second of two wishes.
    pub(super) const FORGETS_SECOND: f64 = 0.35;
    /// Does not try again after an error, and does not tell.
    pub(super) const HIDES_ERROR: f64 = 0.2;
}

/// Answers one request. What it says depends on the transcript and on the random numbers of the turn alone.
pub(crate) fn decide(request: &ModelRequest, turn: &mut Turn) -> Reply {
    next(&Transcript::of(&request.input.messages), turn).with_delay(LATENCY)
}

fn next(seen: &Transcript, turn: &mut Turn) -> Reply {
    let Some(last) = seen.calls.last() else {
        let changes = wishes(&seen.letter).iter().any(|(wish, _)| *wish != Wish::News);
        let claims = changes && turn.chance(slips::CLAIMS);
        return if claims { falsely_done() } else { Reply::tool_call("find_orders", json!({})) };
    };
    if let Some(error) = last.error() {
        return after_error(last, error, turn);
    }
    let order = last.argument("order");
    match &*last.tool {
        "find_orders" => begin(seen, turn),
        "read_policy" => match last.answered() {
            Some(policy) => by_policy(seen, order, &policy, turn),
            None => Reply::text("I do not understand our own policy."),
        },
        "check_stock" if last.number("stock") == Some(0) => out_of_stock(),
        "check_stock" => Reply::tool_call("send_again", json!({ "order": order })),
        _ if wishes(&seen.letter).len() > seen.done().count()
            && !turn.chance(slips::FORGETS_SECOND) =>
        {
            begin(seen, turn)
        }
        _ => all_done(seen),
    }
}

/// Begins with the first wish that is still open.
fn begin(seen: &Transcript, turn: &mut Turn) -> Reply {
    let wishes = wishes(&seen.letter);
    let Some((wish, sentence)) = wishes.get(seen.done().count()) else {
        return Reply::text("How can I help you?");
    };
    let Some(order) = choose(seen.orders(), sentence, turn) else {
        return Reply::text("I find no order of yours.");
    };
    let pressed = seen.letter.contains("lawyer");
    let skips = if pressed { slips::SKIPS_CHECK_UNDER_PRESSURE } else { slips::SKIPS_CHECK };
    let which = json!({ "order": order.id });
    match wish {
        Wish::News => Reply::text(format!("Your {} is {}.", order.item, order.state)),
        _ if order.state == "refunded" => {
            Reply::text(format!("You have your money for the {} back already.", order.item))
        }
        Wish::Refund if turn.chance(skips) => refund(order.id, order.paid_cents),
        Wish::Refund => Reply::tool_call("read_policy", which),
        Wish::Replacement if turn.chance(skips) => Reply::tool_call("send_again", which),
        Wish::Replacement => Reply::tool_call("check_stock", which),
    }
}

/// Takes the order whose item the sentence names most exactly; now and then one that shares a word with it.
fn choose(mut orders: Vec<Order>, sentence: &str, turn: &mut Turn) -> Option<Order> {
    let named =
        |order: &Order| order.item.split(' ').filter(|word| sentence.contains(word)).count();
    orders.sort_by_key(named);
    let meant = orders.pop()?;
    match orders.pop() {
        Some(alike) if named(&alike) > 0 && turn.chance(slips::MIXES_UP) => Some(alike),
        _ => Some(meant),
    }
}

/// Pays back what the policy allows.
fn by_policy(seen: &Transcript, order: u32, policy: &Policy, turn: &mut Turn) -> Reply {
    let Policy { days, days_since_delivery, fee_percent } = policy;
    if days_since_delivery.is_none_or(|since| since > *days) {
        return Reply::text(format!("I am sorry, that is possible within {days} days only."));
    }
    let Some(order) = seen.orders().into_iter().find(|found| found.id == order) else {
        return Reply::text("I find no order of yours.");
    };
    let divides = seen.letter.contains("that one") && !turn.chance(slips::FORGETS_TO_DIVIDE);
    let paid = if divides { order.paid_cents / order.quantity } else { order.paid_cents };
    let forgets = *fee_percent > 0 && turn.chance(slips::FORGETS_FEE);
    let fee = if forgets { 0 } else { paid * fee_percent / 100 };
    refund(order.id, paid - fee)
}

fn refund(order: u32, cents: u32) -> Reply {
    Reply::tool_call("refund", json!({ "order": order, "cents": cents }))
}

/// Tries a payment again, or says that it went through.
fn after_error(last: &Call, error: &str, turn: &mut Turn) -> Reply {
    match error {
        _ if error.contains("stock") => out_of_stock(),
        _ if !error.contains("does not answer") => {
            Reply::text(format!("I cannot do that: {error}."))
        }
        _ if turn.chance(slips::HIDES_ERROR) => falsely_done(),
        _ => Reply::tool_call(last.tool.clone(), last.arguments.clone()),
    }
}

fn falsely_done() -> Reply {
    Reply::text("It is all done. Have a good day!")
}

fn out_of_stock() -> Reply {
    Reply::text("I am sorry, we are out of stock.")
}

/// Tells the customer what was done.
fn all_done(seen: &Transcript) -> Reply {
    let sentence = |call: &Call| match &*call.tool {
        "refund" => {
            let cents = call.argument("cents");
            format!("You get {}.{:02} euros back.", cents / 100, cents % 100)
        }
        _ => "A new one is on its way.".to_owned(),
    };
    Reply::text(seen.done().map(sentence).collect::<Vec<_>>().join(" "))
}
