//! A few connections that only read, used from threads that may block.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{LogError, check, connection};

/// How many reads run at once; more wait.
const READERS_MAX: usize = 4;

/// The connections. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    path: Arc<PathBuf>,
    places: Arc<Semaphore>,
    /// Connections that nobody uses now.
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// Connections are opened when they are first needed.
    pub fn new(path: &Path) -> Self {
        Self { path: Arc::new(path.to_owned()), places: Arc::new(Semaphore::new(READERS_MAX)), idle: Arc::default() }
    }

    /// Runs `job` in one snapshot of the file.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let closed = |why: &dyn std::fmt::Display| LogError::Broken(format!("a read broke off: {why}"));
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|error| closed(&error))?;
        let this = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            let idle = this.lock().pop();
            let mut conn = match idle {
                Some(conn) => conn,
                None => connection::open_for_reading(&this.path)?,
            };
            let snapshot = conn.transaction()?;
            let result = job(&snapshot);
            drop(snapshot);
            this.lock().push(conn);
            if let Err(LogError::Damaged(what)) = &result {
                check::suspect(&this.path, what);
            }
            result
        });
        read.await.map_err(|error| closed(&error))?
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
