//! Several judges that come to one verdict.

mod cause;
mod error;
mod judge;
mod member;
mod report;
mod rule;

pub use self::{
    error::PanelError,
    judge::Panel,
    member::Member,
    report::{MemberReport, MemberVerdict, PanelReport},
    rule::PanelRule,
};
