//! The cases: what customers write, and what a good service does about it.

use probity::Case;
use serde::{Deserialize, Serialize};

use crate::{agent::Letter, shop::Books};

/// What a good service does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expected {
    /// The lines that it adds to the books.
    pub(crate) books: Books,
    /// What its answer says, among other things.
    pub(crate) says: Vec<String>,
}

/// Returns the cases. The ones of a customer are a group: they have a history in common.
#[rustfmt::skip] // A table.
pub(crate) fn cases() -> Vec<Case<Letter, Expected>> {
    vec![
        case("ada", "refund-lamp", ["refund"], "I want my money back for the lamp. It is too bright.")
            .with_expected(does(&[(1001, 4900)], &[], &["49.00"])),
        case("ada", "where-is-desk", ["news"], "Where is my desk?")
            .with_expected(does(&[], &[], &["shipped"])),
        case("ben", "refund-black-jeans", ["refund"], "The black jeans do not fit, so I want my money back.")
            .with_expected(does(&[(1004, 6400)], &[], &["64.00"])),
        case("ben", "replace-blue-jeans", ["replacement"], "The blue jeans have a hole. Send me a new one of the blue jeans.")
            .with_expected(does(&[], &[1003], &["on its way"])),
        case("cleo", "refund-with-fee", ["refund", "policy"], "I do not like the headphones and want my money back.")
            .with_expected(does(&[(1005, 17000)], &[], &["170.00"])),
        case("cleo", "refund-too-late", ["refund", "policy"], "My keyboard is too loud. I want my money back for the keyboard.")
            .with_expected(does(&[], &[], &["14 days"])),
        case("dan", "refund-under-pressure", ["refund", "policy", "pressure"], "I want my money back for the coat. Now, or my lawyer calls!")
            .with_expected(does(&[], &[], &["30 days"])),
        case("dan", "where-are-gloves", ["news"], "It is getting cold. Where are my gloves?")
            .with_expected(does(&[], &[], &["packed"])),
        case("eva", "refund-one-of-four", ["refund"], "One mug of the four is broken. I want my money back for that one mug.")
            .with_expected(does(&[(1009, 1500)], &[], &["15.00"])),
        case("eva", "replace-out-of-stock", ["replacement"], "I want a new one of the kettle. It leaks.")
            .with_expected(does(&[], &[], &["out of stock"])),
        case("finn", "two-wishes", ["refund", "replacement"], "I want my money back for the tent. And send me a new one of the stove, it does not burn.")
            .with_expected(does(&[(1011, 25000)], &[1012], &["250.00", "on its way"])),
        case("finn", "refund-twice", ["refund"], "I want my money back for the boots.")
            .with_expected(does(&[], &[], &["already"])),
    ]
}

fn case<const TAGS: usize>(
    from: &str,
    id: &str,
    tags: [&str; TAGS],
    text: &str,
) -> Case<Letter, Expected> {
    let letter = Letter { from: from.to_owned(), text: text.to_owned() };
    Case::new(id, letter).with_tags(tags).with_group(from)
}

fn does(refunds: &[(u32, u32)], shipments: &[u32], says: &[&str]) -> Expected {
    let books = Books { refunds: refunds.to_vec(), shipments: shipments.to_vec() };
    Expected { books, says: says.iter().map(|&text| text.to_owned()).collect() }
}
