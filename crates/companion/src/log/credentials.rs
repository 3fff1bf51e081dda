//! Tokens and pairing codes as the file keeps them: SHA-256 only.

use agent_tasks::Timestamp;
use rusqlite::Connection;

use super::{LogError, WriteTx};

/// How long a page's token is kept after its last use, in milliseconds: thirty days.
const PAGE_TOKEN_UNUSED_MAX_MS: i64 = 30 * DAY_MS;
/// How exactly the last use is kept, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// SHA-256 of a token or a code.
pub type Hash = [u8; 32];

/// A token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its number, to revoke it by.
    pub id: i64,
    /// What its owner calls it.
    pub label: String,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was used last, to the day; `None` before its first use.
    pub used_at: Option<Timestamp>,
}

impl TokenRow {
    /// Whether its use at `now` is news.
    pub fn is_use_news(&self, now: Timestamp) -> bool {
        self.used_at.is_none_or(|used_at| now.as_ms() - used_at.as_ms() >= DAY_MS)
    }
}

/// Whose a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A program's: good until it is revoked.
    Program,
    /// A page's, for a pairing code: goes when it is not used for long.
    Page,
}

/// All tokens, oldest first.
pub fn tokens(conn: &Connection) -> Result<Vec<TokenRow>, LogError> {
    let rows = conn
        .prepare_cached("SELECT id, label, hash, created_at, used_at FROM tokens ORDER BY id")?
        .query_map([], |row| {
            Ok(TokenRow {
                id: row.get(0)?,
                label: row.get(1)?,
                hash: row.get(2)?,
                created_at: Timestamp::from_ms(row.get(3)?),
                used_at: row.get::<_, Option<i64>>(4)?.map(Timestamp::from_ms),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

impl WriteTx<'_> {
    /// Adds a token.
    pub fn insert_token(&mut self, label: &str, hash: &Hash, holder: Holder) -> Result<(), LogError> {
        self.conn.execute(
            "INSERT INTO tokens (label, hash, created_at, is_page) VALUES (?1, ?2, ?3, ?4)",
            (label, &hash[..], self.now.as_ms(), holder == Holder::Page),
        )?;
        Ok(())
    }

    /// Notes that a token was used now.
    pub fn note_use(&mut self, token_id: i64) -> Result<(), LogError> {
        self.conn.execute("UPDATE tokens SET used_at = ?2 WHERE id = ?1", (token_id, self.now.as_ms()))?;
        Ok(())
    }

    /// Removes the tokens of pages that have not come back for long.
    fn forget_pages(&mut self) -> Result<(), LogError> {
        self.conn.execute(
            "DELETE FROM tokens WHERE is_page = 1 AND coalesce(used_at, created_at) < ?1",
            [self.now.as_ms() - PAGE_TOKEN_UNUSED_MAX_MS],
        )?;
        Ok(())
    }

    /// Removes the token with this number, or those with this label; tells how many.
    pub fn revoke_tokens(&mut self, id_or_label: &str) -> Result<usize, LogError> {
        let removed =
            self.conn.execute("DELETE FROM tokens WHERE label = ?1 OR CAST(id AS TEXT) = ?1", [id_or_label])?;
        Ok(removed)
    }

    /// Adds a pairing code that is good until `expires_at`. What is too old by now goes.
    pub fn insert_pairing(&mut self, hash: &Hash, expires_at: Timestamp) -> Result<(), LogError> {
        self.forget_pages()?;
        self.conn.execute("DELETE FROM pairings WHERE expires_at < ?1", [self.now.as_ms()])?;
        self.conn
            .execute("INSERT INTO pairings (hash, expires_at) VALUES (?1, ?2)", (&hash[..], expires_at.as_ms()))?;
        Ok(())
    }

    /// Uses up a pairing code; tells whether it was good.
    pub fn take_pairing(&mut self, hash: &Hash) -> Result<bool, LogError> {
        let expires_at: Option<i64> = {
            let mut statement =
                self.conn.prepare_cached("DELETE FROM pairings WHERE hash = ?1 RETURNING expires_at")?;
            let mut rows = statement.query([&hash[..]])?;
            let mut expires_at = None;
            while let Some(row) = rows.next()? {
                expires_at = Some(row.get(0)?);
            }
            expires_at
        };
        Ok(expires_at.is_some_and(|moment| moment >= self.now.as_ms()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Log;

    #[tokio::test]
    async fn a_page_that_does_not_come_back_loses_its_token_and_a_program_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(&folder.path().join("log.sqlite")).unwrap();
        let left = log.write(|tx| {
            for (number, holder, made_days_ago, used_days_ago) in [
                (1_u8, Holder::Program, 400, None),
                (2, Holder::Page, 400, Some(29)),
                (3, Holder::Page, 29, None),
                (4, Holder::Page, 400, Some(31)),
                (5, Holder::Page, 31, None),
                (6, Holder::Program, 400, Some(400)),
            ] {
                tx.insert_token(&number.to_string(), &[number; 32], holder)?;
                let ago = |days: i64| tx.now.as_ms() - days * DAY_MS;
                tx.conn.execute(
                    "UPDATE tokens SET created_at = ?2, used_at = ?3 WHERE label = ?1",
                    (number.to_string(), ago(made_days_ago), used_days_ago.map(ago)),
                )?;
            }
            tx.insert_pairing(&[0; 32], tx.now)?;
            tokens(tx.conn)
        });
        let labels: Vec<String> = left.await.unwrap().into_iter().map(|token| token.label).collect();
        assert_eq!(labels, ["1", "2", "3", "6"]);
    }

    #[test]
    fn a_use_is_noted_once_a_day() {
        let used = |used_at: Option<i64>| TokenRow {
            id: 1,
            label: String::new(),
            hash: Vec::new(),
            created_at: Timestamp::from_ms(0),
            used_at: used_at.map(Timestamp::from_ms),
        };
        let now = Timestamp::from_ms(10 * DAY_MS);
        assert!(used(None).is_use_news(now));
        assert!(used(Some(9 * DAY_MS)).is_use_news(now));
        assert!(!used(Some(9 * DAY_MS + 1)).is_use_news(now));
    }
}
