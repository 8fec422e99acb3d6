//! Takes off what may stand around an answer in JSON: blanks, a byte order mark and one Markdown code fence.

/// The characters of which a code fence is made, three or more.
const FENCES: [char; 2] = ['`', '~'];

/// Returns what is inside the code fence around an answer, or the answer if there is none.
///
/// Text before or after a fence is left there, so that nothing which an answer only quotes is taken for it.
pub(super) fn unfenced(answer: &str) -> &str {
    let answer = trimmed(answer);
    FENCES.iter().find_map(|fence| inside(answer, *fence)).unwrap_or(answer)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

fn inside(answer: &str, fence: char) -> Option<&str> {
    let opened = answer.trim_start_matches(fence);
    let (mark, _) = answer.split_at(answer.len() - opened.len());
    let inner = opened.strip_suffix(mark).filter(|_| mark.len() >= 3)?;
    Some(trimmed(unlabeled(inner)))
}

/// Leaves out the name of the language, and what else its line says, up to the JSON.
fn unlabeled(inner: &str) -> &str {
    let is_of_name = |c: char| c.is_alphanumeric() || "_-+.".contains(c);
    let Some(label) = inner.strip_prefix(char::is_alphabetic) else { return inner };
    let rest = label.trim_start_matches(is_of_name);
    match rest.split_once('\n') {
        // A lone word is no name: `true`.
        None if trimmed(rest).is_empty() => inner,
        Some((line, body)) if !begins_json(line) => body,
        _ => rest,
    }
}

fn begins_json(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| "{[\"-".contains(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answers: &[&str], expected: &str) {
        for answer in answers {
            assert_eq!(unfenced(answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn a_fence_is_taken_off_with_the_name_of_its_language() {
        check(
            &[
                "{\"a\": 1}",
                "\u{feff}{\"a\": 1}\n",
                " \n\u{feff}```json\n{\"a\": 1}\n```\n",
                "```\n{\"a\": 1}\n```",
                "```JSON\r\n{\"a\": 1}\r\n```",
                "```json title=\"x\"\n{\"a\": 1}\n```",
                "```json {\"a\": 1}```",
                "```json{\"a\": 1}\n```",
                "```{\"a\": 1}```",
                "````json\n{\"a\": 1}\n````",
                "~~~json\n{\"a\": 1}\n~~~",
            ],
            "{\"a\": 1}",
        );
    }

    #[test]
    fn the_first_line_of_json_is_no_name_of_a_language() {
        check(&["```{\n\"a\": 1}\n```", "```json {\n\"a\": 1}```"], "{\n\"a\": 1}");
        check(&["```3\n```", "```json 3\n```"], "3");
        check(&["```true```", "```\ntrue\n```"], "true");
    }

    #[test]
    fn fences_within_the_json_stay() {
        check(&["```\n{\"a\": \"``` x ```\"}\n```"], "{\"a\": \"``` x ```\"}");
    }

    #[test]
    fn an_answer_that_is_more_than_one_fence_is_left_as_it_is() {
        for answer in [
            "Here it is:\n```json\n{}\n```",
            "```json\n{}\n```\nI hope this helps.",
            "Here it is: {}",
            "``",
            "```",
            "``````",
            "```json\n{",
            "",
        ] {
            check(&[answer], answer);
        }
    }
}
