//! How a trial came to its reward, or to none.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub enum Info {
    /// The trial ran to its end.
    #[non_exhaustive]
    Ended {
        /// The task, if the file repeats it.
        task: Option<Task>,
        /// Who did the last step: `user` or the name of a tool.
        source: Option<String>,
        /// The cost of the simulated customer in dollars; `None` where the steps ran out.
        user_cost: Option<f64>,
        /// The reward and its reasons; `None` where the steps ran out, which is the agent's failure.
        reward_info: Option<RewardInfo>,
    },
    /// The harness raised an exception, so that the trial could not be graded.
    #[non_exhaustive]
    Raised {
        /// What the exception says.
        error: String,
        /// Where it was raised, if the file says so.
        traceback: Option<String>,
    },
}

/// What a task asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Task {
    /// The customer.
    pub user_id: String,
    /// What the simulated customer is told to want.
    pub instruction: String,
    /// The tool calls that lead to the right state of the database.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// What the agent must have told the customer.
    #[serde(default)]
    pub outputs: Vec<String>,
}

/// One tool call that a task expects.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Action {
    /// The name of the tool.
    pub name: String,
    /// Its arguments.
    #[serde(default)]
    pub kwargs: Map<String, Value>,
}

/// The reward and its reasons. The expected actions, which the file repeats here, are in [`Task`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RewardInfo {
    /// The reward, the same as that of the record.
    pub reward: f64,
    /// What the reward was made of.
    #[serde(default)]
    pub info: Option<RewardDetail>,
}

/// What a reward was made of: the state of the database, or what the customer was told.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RewardDetail {
    /// 1 where the state of the database is right, else 0.
    #[serde(default)]
    pub r_actions: Option<f64>,
    /// A hash of the right state.
    #[serde(default)]
    pub gt_data_hash: Option<String>,
    /// 1 where the customer was told all that was expected, else 0.
    #[serde(default)]
    pub r_outputs: Option<f64>,
    /// Each expected text, and whether the customer was told it.
    #[serde(default)]
    pub outputs: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    task: Option<Task>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    user_cost: Option<f64>,
    #[serde(default, deserialize_with = "present")]
    reward_info: Reward,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    traceback: Option<String>,
}

/// Tells a reward info that is null from one that the file forgot.
#[derive(Default)]
enum Reward {
    #[default]
    Missing,
    Present(Option<RewardInfo>),
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reward, D::Error> {
    Option::deserialize(deserializer).map(Reward::Present)
}

impl TryFrom<Wire> for Info {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, &'static str> {
        match (wire.error, wire.reward_info) {
            (Some(error), _) => Ok(Self::Raised { error, traceback: wire.traceback }),
            (None, Reward::Present(reward_info)) => Ok(Self::Ended {
                task: wire.task,
                source: wire.source,
                user_cost: wire.user_cost,
                reward_info,
            }),
            (None, Reward::Missing) => {
                Err("`info` needs `reward_info`, which may be null, or `error`")
            }
        }
    }
}
