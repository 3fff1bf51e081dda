//! Tokens and pairing codes as the file keeps them: SHA-256 only.

use agent_tasks::Timestamp;
use rusqlite::Connection;

use super::{LogError, WriteTx};

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
}

/// All tokens, oldest first.
pub fn tokens(conn: &Connection) -> Result<Vec<TokenRow>, LogError> {
    let rows = conn
        .prepare_cached("SELECT id, label, hash, created_at FROM tokens ORDER BY id")?
        .query_map([], |row| {
            Ok(TokenRow {
                id: row.get(0)?,
                label: row.get(1)?,
                hash: row.get(2)?,
                created_at: Timestamp::from_ms(row.get(3)?),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

impl WriteTx<'_> {
    /// Adds a token.
    pub fn insert_token(&mut self, label: &str, hash: &Hash) -> Result<(), LogError> {
        self.conn.execute(
            "INSERT INTO tokens (label, hash, created_at) VALUES (?1, ?2, ?3)",
            (label, &hash[..], self.now.as_ms()),
        )?;
        Ok(())
    }

    /// Removes the token with this number, or those with this label; tells how many.
    pub fn revoke_tokens(&mut self, id_or_label: &str) -> Result<usize, LogError> {
        let removed =
            self.conn.execute("DELETE FROM tokens WHERE label = ?1 OR CAST(id AS TEXT) = ?1", [id_or_label])?;
        Ok(removed)
    }

    /// Adds a pairing code that is good until `expires_at`.
    pub fn insert_pairing(&mut self, hash: &Hash, expires_at: Timestamp) -> Result<(), LogError> {
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
