//! What one node tells the others: which linkings, hand-offs, pupils and sessions have changed. By PostgreSQL's LISTEN and NOTIFY; a file
//! of SQLite has nobody to tell.
//!
//! It is told after the change was committed, in a transaction of its own: in that of the change it would make all commits wait for each
//! other. A node that dies in between has told nothing, so listeners look for themselves now and then.

use sqlx::postgres::PgListener;

use crate::{Error, Store, sql};

const CHANNEL: &str = "mostik_changes";

/// Ids in one message: PostgreSQL takes less than 8,000 bytes.
const MOST: usize = 200;

/// Hears what other nodes tell.
pub struct Listener(PgListener);

/// What was heard.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// These ids have changed.
    Changed(Vec<String>),
    /// The connection was lost, and with it what was told meanwhile: anything may have changed.
    Missed,
}

impl Store {
    /// Tells the other nodes that these ids have changed; `node` is who says so. Ids have no blanks.
    pub async fn tell(&self, node: &str, ids: &[String]) -> Result<(), Error> {
        if !self.is_shared() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        // It need not be on a disk, nor with a standby.
        sql::query("SET LOCAL synchronous_commit TO off").execute(&mut tx).await?;
        for some in ids.chunks(MOST) {
            sql::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(format!("{node} {}", some.join(" ")))
                .execute(&mut tx)
                .await?;
        }
        tx.commit().await
    }

    /// Begins to listen; `None`: there are no other nodes.
    pub async fn listen(&self) -> Result<Option<Listener>, Error> {
        let Some(pool) = self.pool() else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Listener(listener)))
    }
}

impl Listener {
    /// Waits for what others tell; what `node` itself has told is passed over.
    ///
    /// # Errors
    /// When the database is gone; asked once more, it connects anew.
    pub async fn next(&mut self, node: &str) -> Result<News, Error> {
        loop {
            let Some(told) = self.0.try_recv().await? else { return Ok(News::Missed) };
            let mut words = told.payload().split(' ').map(str::to_owned);
            if words.next().is_some_and(|by| by != node) {
                return Ok(News::Changed(words.collect()));
            }
        }
    }
}
