//! What a minimap shows, as marks on a strip of fixed height. Pure.

use std::ops::Range;

/// How many places a strip has from its top to its end.
pub const PLACES: usize = 400;

/// Marks of one kind: which places have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks(Vec<bool>);

impl Default for Marks {
    fn default() -> Self {
        Self(vec![false; PLACES])
    }
}

impl Marks {
    /// Marks what is `offset` pixels into a document of `height` pixels.
    pub fn add(&mut self, offset: f64, height: f64) {
        if height > 0.0 {
            let place = (offset / height * PLACES as f64).max(0.0) as usize;
            self.0[place.min(PLACES - 1)] = true;
        }
    }

    /// Marks so many things that are somewhere between two places of a document, as if they were evenly apart.
    pub fn spread(&mut self, between: Range<f64>, count: usize, height: f64) {
        // More than there are places would be one mark.
        let count = count.min(PLACES);
        for nth in 1..=count {
            self.add(between.start + (between.end - between.start) * nth as f64 / (count + 1) as f64, height);
        }
    }

    /// The marks as an outline to be filled, in a field of 1 by [`PLACES`].
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut place = 0;
        while place < PLACES {
            let run = self.0[place..].iter().take_while(|is_set| **is_set).count();
            if run > 0 {
                let (from, tall) = (place.to_string(), run.to_string());
                path.extend(["M0 ", &from, "h1v", &tall, "h-1z"]);
            }
            place += run.max(1);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_where_things_are_in_the_document() {
        let mut marks = Marks::default();
        for offset in [0.0, 1.0, 500.0, 503.0, 1_000.0, 1_500.0] {
            marks.add(offset, 1_000.0);
        }
        marks.add(3.0, 0.0);
        assert_eq!(marks.path(), "M0 0h1v1h-1zM0 200h1v2h-1zM0 399h1v1h-1z");
        assert_eq!(Marks::default().path(), "");
    }

    #[test]
    fn what_is_only_counted_is_spread_evenly() {
        let mut marks = Marks::default();
        marks.spread(400.0..1_000.0, 2, 1_000.0);
        assert_eq!(marks.path(), "M0 240h1v1h-1zM0 320h1v1h-1z");
        marks.spread(0.0..1_000.0, 1_000_000, 1_000.0);
        assert_eq!(marks.path().matches('M').count(), 1, "{}", marks.path());
    }
}
