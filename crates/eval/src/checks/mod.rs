//! Checks.

mod close_to;
mod contains;
mod edit_distance;
mod error;
mod exact;
mod excerpt;
mod json_artifact;
mod json_diff;
mod json_path;
mod json_schema;
mod letters;
mod not;
mod of_any;
mod regex;
mod report;
mod shortlist;

pub use self::{
    close_to::{CloseTo, CloseToReport, InvalidNumber, Numbers, Tolerance, close_to},
    contains::{Contains, ContainsReport, contains},
    edit_distance::{EditDistance, EditDistanceReport, edit_distance},
    error::CheckError,
    exact::{Exact, ExactReport, exact},
    excerpt::Excerpt,
    json_artifact::{JsonArtifact, NotJson},
    json_diff::{Difference, JsonDiff, JsonDiffReport, json_diff},
    json_schema::{InvalidSchema, JsonSchema, JsonSchemaReport, Violation, json_schema},
    not::{Not, NotReport, not},
    regex::{InvalidPattern, Regex, RegexReport, regex},
    shortlist::Shortlist,
};
