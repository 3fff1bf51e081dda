//! Who may use the API: bearer tokens, and the single-use codes that a page gets its token by. Secrets
//! come from the operating system, are told once, and are kept as SHA-256 only.

use agent_tasks::{Timestamp, pairing::PAIRING_SECONDS};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    clock,
    log::{Log, LogError, TokenRow, credentials, credentials::Holder},
};

/// How many random bytes a secret has.
const SECRET_BYTES: usize = 32;
/// The longest label of a token, in characters.
pub const LABEL_CHARS_MAX: usize = 100;

/// The tokens and codes of one data folder. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    log: Log,
}

impl Access {
    /// Of the folder that `log` is in.
    pub fn new(log: Log) -> Self {
        Self { log }
    }

    /// Makes a token. This is the only time it is told.
    pub async fn new_token(&self, label: &str) -> Result<String, LogError> {
        let token = new_secret()?;
        let (label, hash) = (label.to_owned(), hash(&token));
        self.log.write(move |tx| tx.insert_token(&label, &hash, Holder::Program)).await?;
        Ok(token)
    }

    /// The token that `presented` is, without the token; that it was used is noted once a day.
    pub async fn check(&self, presented: &str) -> Result<Option<TokenRow>, LogError> {
        let tokens = self.tokens().await?;
        let hash = hash(presented);
        // All are compared: neither which one fits nor how well shows in the time.
        let mut found = None;
        for token in tokens {
            if bool::from(token.hash.as_slice().ct_eq(&hash)) {
                found = Some(token);
            }
        }
        if let Some(id) = found.as_ref().filter(|token| token.is_use_news(clock::now())).map(|token| token.id) {
            // A full disk must not lock anyone out.
            if let Err(error) = self.log.write(move |tx| tx.note_use(id)).await {
                tracing::warn!(%error, "the use of a token could not be noted");
            }
        }
        Ok(found)
    }

    /// All tokens, without the tokens.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, LogError> {
        self.log.read(credentials::tokens).await
    }

    /// Whether the token of this number is good still.
    pub async fn is_good(&self, token_id: i64) -> Result<bool, LogError> {
        Ok(self.tokens().await?.iter().any(|token| token.id == token_id))
    }

    /// Revokes by number or label; tells how many.
    pub async fn revoke(&self, id_or_label: &str) -> Result<usize, LogError> {
        let which = id_or_label.to_owned();
        self.log.write(move |tx| tx.revoke_tokens(&which)).await
    }

    /// Makes a pairing code: good once, for five minutes.
    pub async fn new_pairing(&self) -> Result<String, LogError> {
        let code = new_secret()?;
        let hash = hash(&code);
        self.log
            .write(move |tx| {
                let lifetime_ms = i64::try_from(PAIRING_SECONDS * 1_000).unwrap_or_default();
                let expires_at = Timestamp::from_ms(tx.now().as_ms() + lifetime_ms);
                tx.insert_pairing(&hash, expires_at)
            })
            .await?;
        Ok(code)
    }

    /// Trades a code for a token and its label; `None` when the code is not good, or not any more.
    pub async fn pair(&self, code: &str) -> Result<Option<(String, String)>, LogError> {
        let token = new_secret()?;
        let (code_hash, token_hash) = (hash(code), hash(&token));
        let label = self
            .log
            .write(move |tx| {
                if !tx.take_pairing(&code_hash)? {
                    return Ok::<_, LogError>(None);
                }
                let label = format!("page, paired {}", tx.now());
                tx.insert_token(&label, &token_hash, Holder::Page)?;
                Ok(Some(label))
            })
            .await?;
        Ok(label.map(|label| (token, label)))
    }
}

/// 256 bits from the operating system, in hexadecimal.
fn new_secret() -> Result<String, LogError> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| LogError::Broken(format!("the operating system gave no random bytes: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// SHA-256.
pub fn hash(text: &str) -> credentials::Hash {
    Sha256::digest(text.as_bytes()).into()
}
