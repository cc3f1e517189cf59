//! The database as the service sees it: questions, snapshots and changes.

use std::sync::Arc;

use mostik_wire::Millis;
use sqlx::{Connection, PgPool, SqlitePool, sqlite::SqlitePoolOptions};

use crate::{
    Address, Error, OpenError, Reader, Tx, Unavailable,
    address::Kind,
    deadline::{PATIENCE, in_time},
    interruptions::{self, Interruptions, Point, UnderWay},
    marks, postgres, schema,
    serving::Serving,
    sql, sqlite,
};

/// The database. Nothing is acknowledged before it is on the disk.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    interruptions: Option<Arc<dyn Interruptions>>,
}

#[derive(Clone)]
enum Pools {
    Sqlite {
        read: SqlitePool,
        // One connection: writers queue here, in order, not in SQLite's busy loop.
        write: SqlitePool,
        _serving: Arc<Serving>,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database and brings its tables up to date; a file of SQLite is made where it is missing.
    ///
    /// # Errors
    /// Says why not, and what to do; then nothing was written.
    pub async fn open(address: &Address) -> Result<Self, OpenError> {
        match &address.0 {
            Kind::Sqlite(path) => {
                let unreachable = |source| OpenError::Unreachable {
                    address: address.to_string(),
                    source,
                    next: "Name a file in a folder that this user may write",
                };
                let options = sqlite::options(path, PATIENCE).map_err(unreachable)?;
                let mut serving = Serving::enter(path).await.map_err(|e| unreachable(e.into()))?;
                let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
                let write = pool(1).connect_with(options.clone()).await.map_err(unreachable)?;
                let mut migrating = write.acquire().await?;
                schema::bring_sqlite_up_to_date(&mut migrating).await?;
                marks::refuse_moved(&mut migrating).await?;
                drop(migrating);
                serving.let_in().map_err(|e| unreachable(e.into()))?;
                let read = pool(4).connect_with(options).await?;
                Ok(Self::over(Pools::Sqlite { read, write, _serving: Arc::new(serving) }))
            }
            Kind::Postgres { options, .. } => {
                let mut migrating = postgres::connect(address, &postgres::unhurried(*options.clone())).await?;
                postgres::refuse_old(&mut migrating).await?;
                marks::refuse_half_restored(&mut migrating).await?;
                schema::bring_postgres_up_to_date(&mut migrating).await?;
                marks::refuse_half_moved(&mut migrating).await?;
                migrating.close().await?;
                let options = postgres::connect_options(*options.clone());
                Ok(Self::over(Pools::Postgres(postgres::pool_options(PATIENCE).connect_lazy_with(options))))
            }
        }
    }

    const fn over(pools: Pools) -> Self {
        Self { pools, interruptions: None }
    }

    /// The same database, for a node whose work is interrupted by `interruptions`.
    #[must_use]
    pub fn interrupted_by(&self, interruptions: Arc<dyn Interruptions>) -> Self {
        Self { pools: self.pools.clone(), interruptions: Some(interruptions) }
    }

    /// Whether several nodes can work on it.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    pub(crate) const fn pool(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// The connections that this process has open.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let of = |size: u32, idle: usize, most: u32| {
            let idle = u32::try_from(idle).unwrap_or(size).min(size);
            Connections { taken: size - idle, idle, most }
        };
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                let most = read.options().get_max_connections() + write.options().get_max_connections();
                of(read.size() + write.size(), read.num_idle() + write.num_idle(), most)
            }
            Pools::Postgres(pool) => of(pool.size(), pool.num_idle(), pool.options().get_max_connections()),
        }
    }

    /// For questions that change nothing.
    ///
    /// # Errors
    /// When every connection stays taken, or the database is gone.
    pub async fn reader(&self) -> Result<Reader, Error> {
        interruptions::pass(self.interruptions.as_ref(), Point::Question).await?;
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Reader::sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Reader::postgres(pool.acquire().await?),
        })
    }

    /// For several questions whose answers belong together: all see the database as it is at the first. Nothing is to be changed.
    ///
    /// # Errors
    /// When every connection stays taken, or the database is gone.
    pub async fn snapshot(&self) -> Result<Tx, Error> {
        interruptions::pass(self.interruptions.as_ref(), Point::Question).await?;
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Tx::sqlite(read.begin().await?, UnderWay::of(None)),
            Pools::Postgres(pool) => Tx::postgres_snapshot(in_time(pool.begin_with(postgres::BEGIN_SNAPSHOT)).await?),
        })
    }

    /// Begins a change. On SQLite no other writer is inside until it ends; on PostgreSQL what it reads to change is locked.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn write(&self) -> Result<Tx, Error> {
        interruptions::pass(self.interruptions.as_ref(), Point::Change).await?;
        let under_way = UnderWay::of(self.interruptions.as_ref());
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } => Tx::sqlite(write.begin_with(sqlite::BEGIN).await?, under_way),
            Pools::Postgres(pool) => Tx::postgres(in_time(pool.begin_with(postgres::BEGIN)).await?, under_way),
        })
    }

    /// Whether the database can be read, and could be written.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self) -> Result<(), Error> {
        sql::query("SELECT 1").execute(&mut *self.reader().await?).await?;
        let mut tx = self.write().await?;
        // PostgreSQL begins a change that it would not take.
        if tx.is_shared_writer() {
            sql::query("UPDATE meta SET value = value WHERE name = ''").execute(&mut tx).await?;
        }
        tx.rollback().await
    }

    /// Moves SQLite's journal into the file and empties it. While a reader is inside it stays; the next call takes it. PostgreSQL sees
    /// to its own.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn empty_journal(&self) -> Result<(), Error> {
        if let Pools::Sqlite { write, .. } = &self.pools {
            sqlx::query(sqlite::EMPTY_JOURNAL).execute(write).await?;
        }
        Ok(())
    }

    /// Closes it after what runs has ended.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Connections to the database that one process has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// At work.
    pub taken: u32,
    /// Open, and free.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

/// Sees to it that this machine's clock and the database's are not apart: what one node dates another one weighs. SQLite has no clock
/// of its own.
///
/// # Errors
/// [`OpenError::ClockApart`] above five seconds, or when the database cannot be asked.
pub async fn compare_clocks(address: &Address, now: impl FnOnce() -> Millis) -> Result<(), OpenError> {
    const MOST: i64 = 5_000;
    let Kind::Postgres { options, .. } = &address.0 else { return Ok(()) };
    let mut conn = postgres::connect(address, &postgres::connect_options(*options.clone())).await?;
    let theirs: i64 = sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        .fetch_one(&mut conn)
        .await?;
    let apart = now().0 - theirs;
    conn.close().await?;
    if apart.abs() > MOST { Err(OpenError::ClockApart(apart / 1_000)) } else { Ok(()) }
}

impl From<Unavailable> for OpenError {
    fn from(why: Unavailable) -> Self {
        Self::Failed(why.into())
    }
}
