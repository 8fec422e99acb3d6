//! The text of a baseline file.

use std::{collections::HashSet, fmt};

use probity_trace::genai::Usage;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};

use super::file::Baseline;
use crate::{
    facts::{CaseFacts, RunFacts},
    stats::Tally,
    store::Spending,
    suite::Fingerprint,
};

/// The format that is written, and the newest that is read.
pub(super) const FORMAT: &str = "probity-baseline/1";

/// What every format begins with.
pub(super) const FAMILY: &str = "probity-baseline/";

/// A file, of which the cases are written apart, each on a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    format: String,
    suite: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<Fingerprint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evals: Option<Fingerprint>,
    trials: u32,
    seed: u64,
    #[serde(skip_serializing)]
    cases: Cases,
}

/// The cases in the order of the file.
#[derive(Debug)]
struct Cases(Vec<CaseFacts>);

/// A case without its name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    passed: u64,
    failed: u64,
    not_graded: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input_tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output_tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost_usd: Option<f64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    unpriced_calls: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
}

/// Writes the text of a file.
pub(super) fn text(baseline: &Baseline) -> Result<String, serde_json::Error> {
    let facts = baseline.facts();
    let head = File {
        format: FORMAT.to_owned(),
        suite: facts.suite.clone(),
        agent: facts.agent.clone(),
        agent_version: facts.agent_version.clone(),
        evals: facts.evals.clone(),
        trials: facts.trials,
        seed: facts.seed,
        cases: Cases(Vec::new()),
    };
    let head = serde_json::to_string_pretty(&head)?;
    let cases = facts.cases.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let head = head.trim_end_matches("\n}");
    Ok(format!("{head},\n  \"cases\": {{\n{}\n  }}\n}}\n", cases.join(",\n")))
}

fn line(case: &CaseFacts) -> Result<String, serde_json::Error> {
    let Spending { usage, cost_usd, unpriced_calls } = case.spent;
    let Tally { passed, failed, not_graded } = case.tally;
    let entry = Entry {
        passed,
        failed,
        not_graded,
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        cost_usd,
        unpriced_calls,
        group: case.group.clone(),
        fingerprint: case.fingerprint.clone(),
    };
    Ok(format!("    {}: {}", serde_json::to_string(&case.id)?, serde_json::to_string(&entry)?))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl From<File> for RunFacts {
    fn from(file: File) -> Self {
        let File {
            format: _,
            suite,
            agent,
            agent_version,
            evals,
            trials,
            seed,
            cases: Cases(cases),
        } = file;
        Self { agent, agent_version, evals, seed, ..Self::new(suite, trials, cases) }
    }
}

impl Entry {
    fn named(self, id: String) -> CaseFacts {
        let mut case = CaseFacts::new(id);
        case.tally = Tally::new(self.passed, self.failed, self.not_graded);
        let Self { input_tokens, output_tokens, cost_usd, unpriced_calls, .. } = self;
        let mut usage = Usage::default();
        (usage.input_tokens, usage.output_tokens) = (input_tokens, output_tokens);
        case.spent = Spending { usage, cost_usd, unpriced_calls };
        (case.group, case.fingerprint) = (self.group, self.fingerprint);
        case
    }
}

impl<'de> Deserialize<'de> for Cases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CasesVisitor)
    }
}

struct CasesVisitor;

impl<'de> Visitor<'de> for CasesVisitor {
    type Value = Cases;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a case under each name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cases, A::Error> {
        let (mut cases, mut seen) = (Vec::new(), HashSet::new());
        while let Some(id) = map.next_key::<String>()? {
            if !seen.insert(id.clone()) {
                map.next_value_seed(Twice)?;
            }
            cases.push(map.next_value::<Entry>()?.named(id));
        }
        Ok(Cases(cases))
    }
}

/// Refuses a case at its own place in the file, which an error of the whole map would not name.
struct Twice;

impl<'de> DeserializeSeed<'de> for Twice {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Twice {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a case that is there once")
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom("the case is there twice"))
    }
}
