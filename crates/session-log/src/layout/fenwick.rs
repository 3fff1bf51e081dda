//! Sums over a growing list of heights: prefix, search and change in logarithmic time.

/// A binary indexed tree.
#[derive(Debug, Clone, Default)]
pub(super) struct Fenwick {
    values: Vec<f64>,
    /// Entry `i` holds the sum of the `lowest set bit of i` values that end at `i`; entry 0 is not used.
    sums: Vec<f64>,
}

impl Fenwick {
    /// The tree of these values, in linear time.
    pub fn of(values: Vec<f64>) -> Self {
        let mut sums = Vec::with_capacity(values.len() + 1);
        sums.push(0.0);
        sums.extend_from_slice(&values);
        for at in 1..sums.len() {
            let above = at + (at & at.wrapping_neg());
            if above < sums.len() {
                sums[above] += sums[at];
            }
        }
        Self { values, sums }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn get(&self, index: usize) -> f64 {
        self.values[index]
    }

    pub fn push(&mut self, value: f64) {
        if self.sums.is_empty() {
            self.sums.push(0.0);
        }
        self.values.push(value);
        let at = self.values.len();
        let mut sum = value;
        let mut below = at - 1;
        while below > at - (at & at.wrapping_neg()) {
            sum += self.sums[below];
            below &= below - 1;
        }
        self.sums.push(sum);
    }

    pub fn pop(&mut self) {
        self.values.pop();
        self.sums.pop();
    }

    pub fn add(&mut self, index: usize, change: f64) {
        self.values[index] += change;
        let mut at = index + 1;
        while at < self.sums.len() {
            self.sums[at] += change;
            at += at & at.wrapping_neg();
        }
    }

    /// Changes a value to this one.
    pub fn set(&mut self, index: usize, value: f64) {
        let change = value - self.values[index];
        if change != 0.0 {
            self.add(index, change);
            self.values[index] = value;
        }
    }

    /// The sum of the first `count` values.
    pub fn sum(&self, count: usize) -> f64 {
        let (mut at, mut sum) = (count.min(self.values.len()), 0.0);
        while at > 0 {
            sum += self.sums[at];
            at &= at - 1;
        }
        sum
    }

    pub fn total(&self) -> f64 {
        self.sum(self.values.len())
    }

    /// The value that `offset` falls into: the greatest index whose prefix sum is not above it.
    pub fn find(&self, offset: f64) -> usize {
        let (mut at, mut left) = (0, offset);
        let mut stride = self.values.len().checked_ilog2().map_or(0, |log| 1 << log);
        while stride > 0 {
            let next = at + stride;
            if next < self.sums.len() && self.sums[next] <= left {
                (at, left) = (next, left - self.sums[next]);
            }
            stride /= 2;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_a_plain_list(values in prop::collection::vec(0u16..50, 1..80), index in 0usize..80, to in 0u16..50) {
            let mut plain: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
            let mut tree = Fenwick::default();
            plain.iter().for_each(|&value| tree.push(value));
            tree.push(7.0);
            tree.pop();
            let index = index % plain.len();
            tree.add(index, f64::from(to) - plain[index]);
            plain[index] = f64::from(to);
            let at_once = Fenwick::of(plain.clone());
            for count in 0..=plain.len() {
                prop_assert_eq!(at_once.sum(count), tree.sum(count));
            }
            for count in 0..=plain.len() {
                prop_assert_eq!(tree.sum(count), plain[..count].iter().sum::<f64>());
            }
            for offset in 0..plain.iter().sum::<f64>() as usize {
                let found = tree.find(offset as f64);
                prop_assert!(tree.sum(found) <= offset as f64 && tree.sum(found + 1) > offset as f64);
            }
        }
    }
}
