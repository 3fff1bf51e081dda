//! The heights of a step's rows: one guess for all, exact where measured. A million rows cost one sum per
//! 64 of them and an entry per row that was seen.

use std::collections::HashMap;

use super::fenwick::Fenwick;

/// Rows under one sum.
const GROUP_ROWS: usize = 64;

/// Heights of rows, in pixels.
#[derive(Debug, Clone)]
pub(super) struct Heights {
    guess: f64,
    rows: usize,
    measured: HashMap<u32, f64>,
    groups: Fenwick,
}

impl Heights {
    pub fn new(guess: f64) -> Self {
        Self { guess, rows: 0, measured: HashMap::new(), groups: Fenwick::default() }
    }

    /// Grows or shrinks to `rows` rows.
    pub fn resize(&mut self, rows: usize) {
        if rows < self.rows {
            self.measured.retain(|&row, _| (row as usize) < rows);
            while self.groups.len() > rows.div_ceil(GROUP_ROWS) {
                self.groups.pop();
            }
            self.rows = rows;
            if let Some(last) = self.groups.len().checked_sub(1) {
                let exact: f64 = (last * GROUP_ROWS..rows).map(|row| self.get(row)).sum();
                self.groups.add(last, exact - self.groups.get(last));
            }
            return;
        }
        while self.rows < rows {
            let group_end = (self.rows / GROUP_ROWS + 1) * GROUP_ROWS;
            let more = group_end.min(rows) - self.rows;
            let height = more as f64 * self.guess;
            if self.rows.is_multiple_of(GROUP_ROWS) {
                self.groups.push(height);
            } else {
                self.groups.add(self.rows / GROUP_ROWS, height);
            }
            self.rows += more;
        }
    }

    pub fn get(&self, row: usize) -> f64 {
        self.measured.get(&(row as u32)).copied().unwrap_or(self.guess)
    }

    /// Sets the height of a row and returns what it was.
    pub fn set(&mut self, row: usize, height: f64) -> f64 {
        let before = self.measured.insert(row as u32, height).unwrap_or(self.guess);
        self.groups.add(row / GROUP_ROWS, height - before);
        before
    }

    pub fn total(&self) -> f64 {
        self.groups.total()
    }

    /// The height of the first `count` rows.
    pub fn sum(&self, count: usize) -> f64 {
        let group = count / GROUP_ROWS;
        self.groups.sum(group) + (group * GROUP_ROWS..count).map(|row| self.get(row)).sum::<f64>()
    }

    /// The row at `offset`, and how far into it.
    pub fn find(&self, offset: f64) -> (usize, f64) {
        let group = self.groups.find(offset).min(self.groups.len().saturating_sub(1));
        let (mut row, mut left) = (group * GROUP_ROWS, offset - self.groups.sum(group));
        while row + 1 < self.rows && left >= self.get(row) {
            left -= self.get(row);
            row += 1;
        }
        (row, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn heights_are_those_of_a_plain_list(
            sizes in prop::collection::vec(0usize..300, 1..5),
            seen in prop::collection::vec((0usize..300, 1u8..60), 0..20),
        ) {
            let mut heights = Heights::new(20.0);
            let mut plain: Vec<f64> = Vec::new();
            for rows in sizes {
                heights.resize(rows);
                plain.resize(rows, 20.0);
                for &(row, height) in seen.iter().filter(|(row, _)| *row < rows) {
                    heights.set(row, f64::from(height));
                    plain[row] = f64::from(height);
                }
                prop_assert_eq!(heights.total(), plain.iter().sum::<f64>());
                for count in [0, rows / 3, rows / 2, rows] {
                    prop_assert_eq!(heights.sum(count), plain[..count].iter().sum::<f64>());
                }
                if rows > 0 {
                    let (row, within) = heights.find(heights.sum(rows / 2) + 0.5);
                    prop_assert_eq!((row, within), (rows / 2, 0.5));
                }
            }
        }
    }
}
