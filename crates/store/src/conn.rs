//! Connections to either database, and changes under way.

use std::ops::{Deref, DerefMut};

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use crate::{
    Error, Unavailable,
    interruptions::{Point, UnderWay},
};

/// A connection to the database; a transaction is one too.
pub struct Conn {
    inner: Inner,
    /// A statement has failed: PostgreSQL takes no more of this transaction, and would answer a commit with having undone it. SQLite
    /// would keep the rest.
    failed: bool,
}

enum Inner {
    SqliteReader(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresReader(PoolConnection<Postgres>),
    PostgresSnapshot(Transaction<'static, Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// The driver's connection behind a [`Conn`].
pub(crate) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    pub(crate) fn driver(&mut self) -> Driver<'_> {
        match &mut self.inner {
            Inner::SqliteReader(conn) => Driver::Sqlite(conn),
            Inner::SqliteTx(tx) => Driver::Sqlite(tx),
            Inner::PostgresReader(conn) => Driver::Postgres(conn),
            Inner::PostgresSnapshot(tx) | Inner::PostgresTx(tx) => Driver::Postgres(tx),
        }
    }

    /// Whether what is read here in order to be changed has to be locked. SQLite has one writer at a time, and needs none.
    pub(crate) const fn is_shared_writer(&self) -> bool {
        matches!(self.inner, Inner::PostgresTx(_))
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        !matches!(self.inner, Inner::SqliteReader(_) | Inner::SqliteTx(_))
    }

    pub(crate) const fn note_failure(&mut self) {
        self.failed = true;
    }

    fn new(inner: Inner) -> Self {
        Self { inner, failed: false }
    }
}

/// A connection for questions that change nothing.
pub struct Reader(Conn);

impl Reader {
    pub(crate) fn sqlite(conn: PoolConnection<Sqlite>) -> Self {
        Self(Conn::new(Inner::SqliteReader(conn)))
    }

    pub(crate) fn postgres(conn: PoolConnection<Postgres>) -> Self {
        Self(Conn::new(Inner::PostgresReader(conn)))
    }
}

/// A change under way; it is undone where it is dropped before it is committed.
// Fields are dropped in their order: the change is over before it is said to be.
pub struct Tx {
    conn: Conn,
    under_way: UnderWay,
}

impl Tx {
    pub(crate) fn sqlite(tx: Transaction<'static, Sqlite>, under_way: UnderWay) -> Self {
        Self { conn: Conn::new(Inner::SqliteTx(tx)), under_way }
    }

    pub(crate) fn postgres(tx: Transaction<'static, Postgres>, under_way: UnderWay) -> Self {
        Self { conn: Conn::new(Inner::PostgresTx(tx)), under_way }
    }

    pub(crate) fn postgres_snapshot(tx: Transaction<'static, Postgres>) -> Self {
        Self { conn: Conn::new(Inner::PostgresSnapshot(tx)), under_way: UnderWay::of(None) }
    }

    /// Keeps the change: what was written is on the disk when this comes back.
    ///
    /// # Errors
    /// When the database does not take it; then nothing was written. Where the connection breaks in this very moment, it may have
    /// been written all the same: whoever repeats the request under its key finds out.
    pub async fn commit(self) -> Result<(), Error> {
        if self.conn.failed {
            self.rollback().await?;
            return Err(Error::Busy(Unavailable::StatementFailed));
        }
        if let Err(error) = self.under_way.pass(Point::Commit).await {
            self.rollback().await?;
            return Err(error);
        }
        let Self { conn, under_way } = self;
        match conn.inner {
            Inner::SqliteTx(tx) => tx.commit().await?,
            Inner::PostgresTx(tx) | Inner::PostgresSnapshot(tx) => {
                crate::deadline::in_time(async move { tx.commit().await }).await?;
            }
            Inner::SqliteReader(_) | Inner::PostgresReader(_) => {}
        }
        under_way.kept().await;
        Ok(())
    }

    /// Undoes the change, and comes back when the writer is free for the next.
    ///
    /// # Errors
    /// When the database is gone; then nothing was written either.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.conn.inner {
            Inner::SqliteTx(tx) => Ok(tx.rollback().await?),
            Inner::PostgresTx(tx) | Inner::PostgresSnapshot(tx) => Ok(tx.rollback().await?),
            Inner::SqliteReader(_) | Inner::PostgresReader(_) => Ok(()),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Deref for Reader {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
