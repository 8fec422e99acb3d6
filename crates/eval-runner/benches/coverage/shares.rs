//! How often ranges held the truth, and how wide they were.

use probity_eval_runner::stats::Interval;

/// Coverage and width of the ranges of one cell.
#[derive(Clone, Copy, Default)]
pub(crate) struct Coverage {
    runs: f64,
    held: f64,
    width: f64,
}

impl Coverage {
    /// Adds a range; ends within rounding of the truth hold it, and a range of width 0 holds nothing.
    pub(crate) fn add(&mut self, range: Interval, truth: f64) {
        let wider = Interval { lo: range.lo - 1e-12, hi: range.hi + 1e-12 };
        self.runs += 1.0;
        self.held += f64::from(u8::from(range.width() > 0.0 && wider.contains(truth)));
        self.width += range.width();
    }

    /// Returns the share of ranges that held the truth.
    pub(crate) fn share(self) -> f64 {
        self.held / self.runs
    }

    /// Returns the mean width.
    pub(crate) fn width(self) -> f64 {
        self.width / self.runs
    }
}

/// Several cells together.
#[derive(Default)]
pub(crate) struct Cells(Vec<Coverage>);

impl Cells {
    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: Coverage) {
        self.0.push(cell);
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the coverage that so large a share of the cells stays below.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut shares: Vec<f64> = self.0.iter().map(|cell| cell.share()).collect();
        shares.sort_by(f64::total_cmp);
        let places = (1_u32..).map(f64::from).zip(&shares);
        let reached = share * self.count();
        places.filter(|(place, _)| *place >= reached).map(|(_, &share)| share).next().unwrap_or(1.0)
    }

    /// Returns the share of the cells whose coverage is lower than this.
    pub(crate) fn below(&self, coverage: f64) -> f64 {
        let low = self.0.iter().filter(|cell| cell.share() < coverage);
        low.map(|_| 1.0).sum::<f64>() / self.count()
    }

    /// Returns the mean coverage.
    pub(crate) fn mean(&self) -> f64 {
        self.0.iter().map(|cell| cell.share()).sum::<f64>() / self.count()
    }

    /// Returns the mean width.
    pub(crate) fn width(&self) -> f64 {
        self.0.iter().map(|cell| cell.width()).sum::<f64>() / self.count()
    }

    /// Returns the lowest and the highest coverage, as in `.94–.98`.
    pub(crate) fn range(&self) -> String {
        format!("{}–{}", two_places(self.quantile(0.0)), two_places(self.quantile(1.0)))
    }

    fn count(&self) -> f64 {
        self.0.iter().map(|_| 1.0).sum()
    }
}

fn two_places(share: f64) -> String {
    let text = format!("{share:.2}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}
