//! Vectors of adjusted p-values.

use crate::file::{block, near};
use probity_eval_runner::stats::many::{benjamini_hochberg, holm};
use serde::Deserialize;

#[derive(Deserialize)]
struct Adjusted {
    p: Vec<f64>,
    holm: Vec<f64>,
    bh: Vec<f64>,
}

#[test]
fn golden_multiplicity_holds_for_holm_and_benjamini_hochberg() {
    let block = block::<Adjusted>("multiplicity");
    let tolerance = block.tol_abs.expect("the block states a tolerance");
    for vector in block.vectors {
        for (name, got, want) in [
            ("Holm", holm(&vector.p), &vector.holm),
            ("BH", benjamini_hochberg(&vector.p), &vector.bh),
        ] {
            let got = got.expect("p-values");
            assert_eq!(got.len(), want.len(), "{name} of {:?}", vector.p);
            for (got, want) in got.iter().zip(want) {
                near(*got, *want, tolerance, &format!("{name} of {:?}", vector.p));
            }
        }
    }
}
