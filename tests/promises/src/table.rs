//! The table: a row for each figure, and one for each promise that nobody measured.

use super::{Figure, PROMISES};

/// The figures beside what was promised.
pub fn table(figures: &[Figure]) -> String {
    let mut rows = vec![["".into(), "promised".into(), "measured".into(), "cases".into()]];
    for promise in PROMISES {
        let mut own = figures.iter().filter(|figure| figure.id == promise.id).peekable();
        if own.peek().is_none() {
            rows.push([promise.id.into(), promise.text.into(), "not measured here".into(), String::new()]);
        }
        for (index, figure) in own.enumerate() {
            let measured = if figure.holds { figure.measured.clone() } else { format!("SHORT: {}", figure.measured) };
            let [id, text] = if index == 0 { [promise.id, promise.text] } else { ["", ""] };
            rows.push([id.into(), text.into(), measured, figure.cases.to_string()]);
        }
    }
    let width = |column: usize| rows.iter().map(|row: &[String; 4]| row[column].chars().count()).max().unwrap_or(0);
    let [id, text, measured, cases] = [width(0), width(1), width(2), width(3)];
    let line = |row: &[String; 4]| {
        format!("{:id$}  {:text$}  {:measured$}  {:>cases$}", row[0], row[1], row[2], row[3]).trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_falls_short_and_what_nobody_measured_is_said() {
        let figure = |id: &str, holds| Figure { id: id.into(), measured: "12 ms".into(), cases: 3, holds };
        let table = table(&[figure("S1", true), figure("S1", false), figure("S5", true)]);
        let row = |start: &str| table.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
        assert!(row("S1 ").ends_with('3') && row("S1 ").contains("12 ms"), "{table}");
        assert_eq!(table.matches("SHORT: 12 ms").count(), 1);
        assert!(row("S4 ").ends_with("not measured here"));
        assert_eq!(table.lines().count(), PROMISES.len() + 2);
    }

    #[test]
    fn names_are_not_used_twice() {
        for (index, promise) in PROMISES.iter().enumerate() {
            assert!(PROMISES[..index].iter().all(|earlier| earlier.id != promise.id), "{}", promise.id);
        }
    }
}
