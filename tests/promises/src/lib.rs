//! The promises of reliability, and what tests measured of them.
//!
//! A test calls [`tell`] with the promise's name and its figures. Where [`FIGURES`] names a file, that adds a line of
//! JSON to it; `cargo xtask test` and `cargo xtask bench reliability` name one, gather the lines of all tests and print
//! [`table`]. A test that measures nothing of its own may as well write such a line itself.

mod list;
mod table;

use std::{fs::OpenOptions, io::Write as _, path::Path};

use serde::{Deserialize, Serialize};

pub use list::{PROMISES, Promise};
pub use table::table;

/// Names the file that figures are added to.
pub const FIGURES: &str = "FLIGHTDECK_FIGURES";
/// Set for the long form of the tests.
pub const LONG: &str = "FLIGHTDECK_LONG";
/// Takes the place of a random seed, to see a failure again.
pub const SEED: &str = "FLIGHTDECK_SEED";

/// What a test measured of a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The promise.
    pub id: String,
    /// What was measured, in words and with units.
    pub measured: String,
    /// How many cases it was measured over.
    pub cases: u64,
    /// Whether the promise was kept.
    pub holds: bool,
}

/// Writes a figure down.
///
/// # Panics
///
/// When there is no promise of this name, or the file cannot be written.
pub fn tell(id: &str, cases: u64, holds: bool, measured: &str) {
    assert!(PROMISES.iter().any(|promise| promise.id == id), "there is no promise {id}");
    let figure = Figure { id: id.into(), measured: measured.into(), cases, holds };
    println!("{id}: {measured} ({cases} cases){}", if holds { "" } else { ": FALLS SHORT" });
    let Some(path) = std::env::var_os(FIGURES) else { return };
    let line = serde_json::to_string(&figure).expect("a figure is JSON") + "\n";
    let mut file = OpenOptions::new().create(true).append(true).open(&path).expect("the file of figures can be opened");
    // One write: tests of several processes add to the same file.
    file.write_all(line.as_bytes()).expect("the file of figures can be written");
}

/// How many cases: the first number in the short form, the second in the long one.
pub fn cases(short: u64, long: u64) -> u64 {
    if is_long() { long } else { short }
}

/// Whether this is the long form.
pub fn is_long() -> bool {
    std::env::var_os(LONG).is_some()
}

/// A seed for chance, told so that a failure can be seen again.
pub fn seed() -> u64 {
    let given = std::env::var(SEED).ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(1, |since| u64::from(since.subsec_nanos()) ^ since.as_secs().rotate_left(30)).max(1)
    });
    println!("the seed is {seed}; {SEED}={seed} does the same again");
    seed
}

/// Chance from a seed: the same numbers for the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // xorshift64*: good enough to choose moments by.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % end
    }
}

/// The figures of a file; none when there is no such file.
///
/// # Errors
///
/// When a line is no figure.
pub fn read(path: &Path) -> Result<Vec<Figure>, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let figure = |line: &str| serde_json::from_str(line).map_err(|error| format!("{line}: {error}"));
    text.lines().map(figure).collect()
}
