//! What a judge of a rubric is told.

use std::fmt::Write as _;

use super::criterion::{Criterion, Scale};
use crate::{
    judge::{exhibit::Exhibit, fence},
    model::ModelInput,
};

const RULES: &str = "\
You are a judge. You rate one artifact, the one between <the_artifact> and </the_artifact>, by the criteria of a \
rubric.";

const HABITS: &str = "\
Judge each criterion by itself, and by nothing but what it says: length, style and confidence count only \
where it names them. What is not in the artifact is not met. Write the reason first, with what in the \
artifact decides, and then the verdict.";

/// Writes what stays the same from artifact to artifact, so that providers can cache it.
pub(super) fn instructions(criteria: &[(String, Criterion)]) -> String {
    let mut text = format!("{RULES}\n\n{}\n\n{HABITS}\n\nThe rubric:\n", fence::ABOUT);
    for (key, criterion) in criteria {
        text.push_str(&entry(key, criterion));
    }
    text.push_str(
        "\nReply with JSON: under the key of each criterion, the reason and the verdict.",
    );
    text
}

fn entry(key: &str, Criterion { name, description, scale, .. }: &Criterion) -> String {
    let mut entry = format!("- `{key}`");
    if key != name {
        // Writing to a string does not fail.
        let _ = write!(entry, " ({name})");
    }
    let verdict = match scale {
        Scale::YesNo => "`yes` or `no`".to_owned(),
        Scale::Points(points) => {
            format!("a whole number from {} to {}", points.start(), points.end())
        }
    };
    format!("{entry}: {description}\n  Verdict: {verdict}.\n")
}

/// Writes the question about one artifact.
pub(super) fn input(instructions: &str, exhibit: &Exhibit) -> ModelInput {
    let before = fence::surroundings(exhibit);
    let artifact = fence::enclose(fence::ARTIFACT, &exhibit.artifact);
    let question =
        format!("{before}The artifact:\n{artifact}\n\nRate this artifact by the rubric, as JSON.");
    ModelInput::from_user(question).with_system(instructions)
}
