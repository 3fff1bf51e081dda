//! Where a reader is in a log, so that going back leads there again.

use super::LogSpot;

/// A place in a log, to the pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadingPlace {
    /// The event that began the step at the top of the screen.
    pub seq: u64,
    /// The row under the step's header; the header when absent.
    pub row: Option<u32>,
    /// Pixels of the row above the screen.
    pub within: i32,
}

/// Where a log is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogTarget {
    /// At a place that an address names.
    Spot(LogSpot),
    /// Where it was left.
    Place(ReadingPlace),
    /// At the step that this event began, opened: where reading begins when nobody named a place.
    Start(u64),
}

impl LogTarget {
    /// The event that began the step.
    pub fn seq(self) -> u64 {
        match self {
            Self::Spot(spot) => spot.seq,
            Self::Place(place) => place.seq,
            Self::Start(seq) => seq,
        }
    }
}

impl ReadingPlace {
    /// One word for it.
    pub fn to_text(self) -> String {
        let row = self.row.map(|row| row.to_string()).unwrap_or_default();
        format!("{}:{row}:{}", self.seq, self.within)
    }

    /// Reads that word.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (seq, row, within) = (parts.next()?, parts.next()?, parts.next()?);
        let row = if row.is_empty() { None } else { Some(row.parse().ok()?) };
        Some(Self { seq: seq.parse().ok()?, row, within: within.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_one_word() {
        for place in [
            ReadingPlace { seq: 7, row: None, within: 0 },
            ReadingPlace { seq: u64::MAX, row: Some(900_000), within: -3 },
        ] {
            assert_eq!(ReadingPlace::from_text(&place.to_text()), Some(place));
        }
        for other in ["", "7", "7:", "x::1", "7:y:1", "7::z"] {
            assert_eq!(ReadingPlace::from_text(other), None, "{other}");
        }
    }
}
