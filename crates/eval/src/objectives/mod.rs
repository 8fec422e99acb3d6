//! The objectives that come with the crate.

mod maximize;
mod minimize;
mod pass_fail;
mod scale;

pub use self::{
    maximize::{Maximize, maximize},
    minimize::{Minimize, minimize},
    pass_fail::{PassFail, pass_fail},
    scale::{RangeScale, Scale, UnitScale},
};
