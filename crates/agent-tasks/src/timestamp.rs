//! A moment on the wire: RFC 3339 text outside, milliseconds inside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::FromJson;

/// A moment in milliseconds since 1970-01-01T00:00:00Z. Serialised as RFC 3339 in UTC with
/// milliseconds (`2026-11-02T08:15:30.250Z`); any offset is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `ms` milliseconds after the Unix epoch.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to `self`; zero when the clock went backwards in between.
    pub const fn since(self, earlier: Self) -> u64 {
        let ms = self.0.saturating_sub(earlier.0);
        if ms < 0 { 0 } else { ms as u64 }
    }

    /// Reads RFC 3339 text with any offset; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Self)
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanos = i128::from(self.0) * 1_000_000;
        let Ok(moment) = OffsetDateTime::from_unix_timestamp_nanos(nanos) else {
            return out.write_str("1970-01-01T00:00:00.000Z");
        };
        let moment = moment.to_offset(UtcOffset::UTC);
        write!(
            out,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            moment.year(),
            u8::from(moment.month()),
            moment.day(),
            moment.hour(),
            moment.minute(),
            moment.second(),
            moment.millisecond()
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(input)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("not an RFC 3339 moment: {text}")))
    }
}

impl FromJson for Timestamp {
    fn from_json(json: &Value) -> Option<Self> {
        Self::parse(json.as_str()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_milliseconds_agree() {
        for (text, ms, back) in [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
            ("2026-11-02T08:15:30.250Z", 1_793_607_330_250, "2026-11-02T08:15:30.250Z"),
            ("2026-11-02T09:15:30.250+01:00", 1_793_607_330_250, "2026-11-02T08:15:30.250Z"),
        ] {
            let moment = Timestamp::parse(text).unwrap();
            assert_eq!((moment.as_ms(), moment.to_string().as_str()), (ms, back));
        }
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn a_clock_that_went_backwards_gives_no_negative_duration() {
        assert_eq!(Timestamp::from_ms(5).since(Timestamp::from_ms(9)), 0);
    }
}
