//! The `flightdeck` program.

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("rehearsal-agent") => companion::agents::rehearse(),
        _ => Ok(()),
    }
}
