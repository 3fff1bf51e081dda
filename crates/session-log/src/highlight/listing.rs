//! Lines of a file as tools list them: with their numbers before them.

/// The most digits of a line's number.
const DIGITS_MAX: usize = 8;

/// Cuts `line` into its number, with what parts it from the text, and its text: `  12→let`, `12: let`, `12\tlet`.
/// A line without a number is all text.
pub fn numbered(line: &str) -> (&str, &str) {
    let number = line.trim_start_matches(' ');
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > DIGITS_MAX {
        return ("", line);
    }
    let rest = &number[digits..];
    let mark = ["\t", "→", ": ", "| ", " | ", "|"].iter().find_map(|mark| rest.strip_prefix(mark));
    match mark {
        Some(text) => line.split_at(line.len() - text.len()),
        None => ("", line),
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_number_is_parted_from_its_line() {
        for (line, parts) in [
            ("     1\tlet a", ("     1\t", "let a")),
            ("12→  x", ("12→", "  x")),
            ("00001| x", ("00001| ", "x")),
            ("7: y", ("7: ", "y")),
            ("let a = 1;", ("", "let a = 1;")),
            ("12", ("", "12")),
            ("2024 was", ("", "2024 was")),
            ("123456789: x", ("", "123456789: x")),
        ] {
            assert_eq!(numbered(line), parts);
        }
    }
}
