//! The figures: collected run by run, printed as medians with their goals.

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// The one under `tests/baseline`.
    Baseline,
    /// Ours.
    Flightdeck,
}

/// Both, in the order in which they take turns.
pub const VIEWERS: [Viewer; 2] = [Viewer::Baseline, Viewer::Flightdeck];

/// What a figure is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Megabytes of 1,000,000 bytes.
    Megabytes,
    /// Things.
    Count,
    /// Parts of a hundred.
    Percent,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// At most so many times the baseline's.
    Times(f64),
    /// At most this.
    AtMost(f64),
    /// Told for the reader.
    None,
}

/// The figures of one thing.
#[derive(Debug)]
struct Row {
    what: String,
    unit: Unit,
    goal: Goal,
    baseline: Vec<f64>,
    flightdeck: Vec<f64>,
}

/// All rows, in the order in which they were first told.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    remarks: Vec<String>,
}

impl Table {
    /// Adds the figure of one run.
    pub fn note(&mut self, what: &str, unit: Unit, goal: Goal, viewer: Viewer, figure: f64) {
        eprintln!("  {what}: {viewer:?} {}", shown(figure, unit));
        let place = self.rows.iter().position(|row| row.what == what).unwrap_or_else(|| {
            self.rows.push(Row { what: what.to_owned(), unit, goal, baseline: Vec::new(), flightdeck: Vec::new() });
            self.rows.len() - 1
        });
        match viewer {
            Viewer::Baseline => self.rows[place].baseline.push(figure),
            Viewer::Flightdeck => self.rows[place].flightdeck.push(figure),
        }
    }

    /// Adds a sentence under the table; once.
    pub fn say(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// The median of what was noted for a viewer.
    pub fn median(&self, what: &str, viewer: Viewer) -> Option<f64> {
        let row = self.rows.iter().find(|row| row.what == what)?;
        match viewer {
            Viewer::Baseline => median(&row.baseline),
            Viewer::Flightdeck => median(&row.flightdeck),
        }
    }

    /// Prints everything.
    pub fn print(&self) {
        let width = self.rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default();
        println!("\n{:<width$}  {:>12}  {:>12}  {:>7}  goal", "median", "baseline", "Flightdeck", "ratio");
        for row in &self.rows {
            let (baseline, flightdeck) = (median(&row.baseline), median(&row.flightdeck));
            let ratio = baseline.zip(flightdeck).filter(|(baseline, _)| *baseline > 0.0).map(|(one, two)| two / one);
            let told = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| shown(figure, row.unit));
            println!(
                "{:<width$}  {:>12}  {:>12}  {:>7}  {}",
                row.what,
                told(baseline),
                told(flightdeck),
                ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
                row.told_goal(ratio, flightdeck)
            );
        }
        println!("\neach run, in order (baseline | Flightdeck)");
        for row in &self.rows {
            let all =
                |figures: &[f64]| figures.iter().map(|figure| shown(*figure, row.unit)).collect::<Vec<_>>().join(", ");
            println!("{:<width$}  {} | {}", row.what, all(&row.baseline), all(&row.flightdeck));
        }
        for remark in &self.remarks {
            println!("{remark}");
        }
    }
}

impl Row {
    fn told_goal(&self, ratio: Option<f64>, flightdeck: Option<f64>) -> String {
        let (words, reached) = match self.goal {
            Goal::Times(most) => (format!("at most {most} x"), ratio.map(|ratio| ratio <= most)),
            Goal::AtMost(most) => {
                (format!("at most {}", shown(most, self.unit)), flightdeck.map(|figure| figure <= most))
            }
            Goal::None => return String::new(),
        };
        let reached = match reached {
            Some(true) => "reached",
            Some(false) => "MISSED",
            None => "not measured",
        };
        format!("{words}: {reached}")
    }
}

fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn shown(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Ms => format!("{figure:.1} ms"),
        Unit::Megabytes => format!("{figure:.1} MB"),
        Unit::Count => format!("{figure:.0}"),
        Unit::Percent => format!("{figure:.2} %"),
    }
}
