//! The calibration as machines read it.

use serde::{Serialize, Serializer};

use super::{
    build::{Calibration, Ungraded},
    note::CalibrationNote,
    rate::{CorrectedRate, Correction},
    undefined::Undefined,
};
use crate::stats::{
    Confidence, Tally,
    agreement::{BinaryTable, Estimate, Kappa},
};

impl Serialize for Calibration {
    /// Writes the counts and every number made of them; an undefined number says why.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let corrections = [Correction::RoganGladen, Correction::Ppi, Correction::PpiTuned];
        let [rogan_gladen, ppi, ppi_tuned] =
            corrections.map(|correction| self.corrected_pass_rate(correction).into());
        let machine = Machine {
            format: "probity-calibration/1",
            confidence: self.confidence,
            table: self.table,
            not_graded: self.ungraded,
            unlabeled: self.unlabeled,
            agreement: self.agreement().into(),
            sensitivity: self.sensitivity().into(),
            specificity: self.specificity().into(),
            cohen_kappa: self.cohen_kappa().into(),
            gwet_ac1: self.gwet_ac1().into(),
            krippendorff_alpha: self.krippendorff_alpha().into(),
            label_pass_rate: self.label_pass_rate().into(),
            judge_pass_rate: self.judge_pass_rate().into(),
            corrected_pass_rate: Corrected { rogan_gladen, ppi, ppi_tuned },
            notes: self.notes(),
        };
        machine.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Machine {
    format: &'static str,
    confidence: Confidence,
    table: BinaryTable,
    not_graded: Ungraded,
    unlabeled: Tally,
    agreement: Number<Estimate>,
    sensitivity: Number<Estimate>,
    specificity: Number<Estimate>,
    cohen_kappa: Number<Kappa>,
    gwet_ac1: Number<f64>,
    krippendorff_alpha: Number<f64>,
    label_pass_rate: Number<Estimate>,
    judge_pass_rate: Number<f64>,
    corrected_pass_rate: Corrected,
    notes: Vec<CalibrationNote>,
}

#[derive(Serialize)]
struct Corrected {
    rogan_gladen: Number<CorrectedRate>,
    ppi: Number<CorrectedRate>,
    ppi_tuned: Number<CorrectedRate>,
}

/// A number, or the reason and the words why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Number<T> {
    Defined(T),
    Undefined { undefined: Undefined, why: String },
}

impl<T> From<Result<T, Undefined>> for Number<T> {
    fn from(number: Result<T, Undefined>) -> Self {
        match number {
            Ok(number) => Self::Defined(number),
            Err(undefined) => Self::Undefined { undefined, why: undefined.to_string() },
        }
    }
}
