//! What sessions cost, in words. Pure.

use agent_tasks::session::Usage;

/// GitHub tells AI credits in billionths.
const NANO_PER_TENTH: f64 = 1e8;

/// The sum of some sessions' costs: `1.2 AI credits`, `2 premium requests`; `None` where nothing was told.
pub fn cost<'a>(usages: impl Iterator<Item = &'a Usage>) -> Option<String> {
    let mut nano_credits = None;
    let mut requests = None;
    for usage in usages {
        let sum = match usage.r#type.as_str() {
            "ai_credits" => &mut nano_credits,
            "premium_requests" => &mut requests,
            _ => continue,
        };
        *sum = Some(sum.unwrap_or(0.0) + usage.amount);
    }
    let credits = nano_credits.map(|nano| in_words((nano / NANO_PER_TENTH).round() as u64, 10, "AI credit"));
    let requests = requests.map(|requests| in_words((requests * 100.0).round() as u64, 100, "premium request"));
    let all: Vec<String> = credits.into_iter().chain(requests).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

/// Whole numbers do: Rust's way to write fractions is heavy. Tenths are always told, hundredths where there are any.
fn in_words(parts: u64, parts_in_one: u64, thing: &str) -> String {
    let (whole, part) = (parts / parts_in_one, parts % parts_in_one);
    let digits = match (parts_in_one, part) {
        (10, part) => format!("{whole}.{part}"),
        (_, 0) => whole.to_string(),
        (_, part) => format!("{whole}.{part:02}"),
    };
    let ending = if parts == parts_in_one { "" } else { "s" };
    format!("{digits} {thing}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(usages: &[(&str, f64)], words: Option<&str>) {
        let usages: Vec<Usage> = usages.iter().map(|&(kind, amount)| Usage { r#type: kind.into(), amount }).collect();
        assert_eq!(cost(usages.iter()).as_deref(), words);
    }

    #[test]
    fn billionths_are_summed_before_they_are_rounded() {
        check(&[], None);
        check(&[("ai_credits", 1_240_000_000.0)], Some("1.2 AI credits"));
        check(&[("ai_credits", 40_000_000.0), ("ai_credits", 40_000_000.0)], Some("0.1 AI credits"));
        check(&[("ai_credits", 1e9)], Some("1.0 AI credit"));
        check(&[("premium_requests", 1.0)], Some("1 premium request"));
        check(&[("premium_requests", 0.33), ("premium_requests", 1.0)], Some("1.33 premium requests"));
        check(&[("ai_credits", 2e9), ("premium_requests", 3.0)], Some("2.0 AI credits and 3 premium requests"));
        check(&[("tokens", 5.0)], None);
    }
}
