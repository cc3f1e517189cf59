//! The database as it is found, for who looks whether the service can start on it. Nothing is made and nothing is written.

use std::path::{Path, PathBuf};

use sqlx::{Connection, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use crate::{Address, OpenError, address::Kind, marks, postgres, schema, serving::Serving, sqlite};

/// What was found.
pub struct Examined {
    /// The product and its version.
    pub product: String,
    /// How its tables are.
    pub tables: Tables,
    /// The fingerprint of the key that seals it, as [`crate::Store::bind_to_keys`] was told; `None`: none yet.
    pub key: Option<String>,
    /// Bytes that this user can still write to the disk of SQLite's file; `None`: not known.
    pub free_bytes: Option<u64>,
    nodes: Nodes,
}

/// How the tables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// There are none: the first start makes them.
    None,
    /// As this version leaves them.
    Current,
    /// The next start makes so many changes.
    Behind(usize),
}

enum Nodes {
    /// Whether a node has the file open.
    OnFile { is_served: bool },
    /// The leases that nodes hold.
    OnServer { leases: Vec<String> },
}

impl Examined {
    /// Whether a node may be at work for which it needs this lease: on a file nobody asks for one.
    #[must_use]
    pub fn is_at_work(&self, lease: &str) -> bool {
        match &self.nodes {
            Nodes::OnFile { is_served } => *is_served,
            Nodes::OnServer { leases } => leases.iter().any(|held| held == lease),
        }
    }
}

/// Looks at the database.
///
/// # Errors
/// Says why the service could not start on it, and what to do.
pub async fn examine(address: &Address) -> Result<Examined, OpenError> {
    match &address.0 {
        Kind::Sqlite(path) => of_sqlite(address, path).await,
        Kind::Postgres { options, .. } => of_postgres(address, options).await,
    }
}

async fn of_sqlite(address: &Address, path: &Path) -> Result<Examined, OpenError> {
    let unreachable = |source| OpenError::Unreachable {
        address: address.to_string(),
        source,
        next: "Name a file in a folder that this user may write",
    };
    let exists = path.try_exists().map_err(|e| unreachable(e.into()))?;
    refuse_unwritable(address, path, exists)?;
    // A file that does not exist yet is examined as an empty one.
    let options = if exists { sqlite::options_to_look(path) } else { SqliteConnectOptions::new() };
    let mut conn = SqliteConnection::connect_with(&options).await.map_err(unreachable)?;
    // The first question reads the file.
    schema::refuse_foreign_of_sqlite(&mut conn).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut conn).await?;
    let is_migrated: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations')")
            .fetch_one(&mut conn)
            .await?;
    let (mut tables, mut key) = (Tables::None, None);
    if is_migrated {
        let made = sqlx::query_as(schema::MADE).fetch_all(&mut conn).await?;
        tables = tables_of(schema::waiting(&schema::SQLITE, &made)?);
        let has_meta: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'meta')")
            .fetch_one(&mut conn)
            .await?;
        if has_meta {
            marks::refuse_moved(&mut conn).await?;
            key = sqlx::query_scalar(KEY).bind(marks::SECRET_KEY).fetch_optional(&mut conn).await?;
        }
    }
    conn.close().await?;
    let nodes = Nodes::OnFile { is_served: Serving::is_taken(path) };
    Ok(Examined { product: format!("SQLite {version}"), tables, key, free_bytes: free_bytes(&folder(path)), nodes })
}

async fn of_postgres(address: &Address, options: &PgConnectOptions) -> Result<Examined, OpenError> {
    let mut conn = postgres::connect(address, &postgres::connect_options(options.clone())).await?;
    let version = postgres::refuse_old(&mut conn).await?;
    marks::refuse_half_restored(&mut conn).await?;
    schema::refuse_foreign_of_postgres(&mut conn).await?;
    let (mut tables, mut key, mut leases) = (Tables::None, None, Vec::new());
    if exists(&mut conn, "_sqlx_migrations").await? {
        let made = sqlx::query_as(schema::MADE).fetch_all(&mut conn).await?;
        tables = tables_of(schema::waiting(&schema::POSTGRES, &made)?);
        if exists(&mut conn, "meta").await? {
            marks::refuse_half_moved(&mut conn).await?;
            key = sqlx::query_scalar(KEY).bind(marks::SECRET_KEY).fetch_optional(&mut conn).await?;
        }
        if exists(&mut conn, "leases").await? {
            let held =
                "SELECT name FROM leases WHERE expires_at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
            leases = sqlx::query_scalar(held).fetch_all(&mut conn).await?;
        }
    }
    refuse_read_only(address, &mut conn, key.is_some()).await?;
    conn.close().await?;
    Ok(Examined {
        product: format!("PostgreSQL {version}"),
        tables,
        key,
        free_bytes: None,
        nodes: Nodes::OnServer { leases },
    })
}

const KEY: &str = "SELECT value FROM meta WHERE name = $1";

const fn tables_of(waiting: usize) -> Tables {
    if waiting == 0 { Tables::Current } else { Tables::Behind(waiting) }
}

async fn exists(conn: &mut PgConnection, table: &str) -> Result<bool, OpenError> {
    Ok(sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(table).fetch_one(conn).await?)
}

async fn refuse_read_only(address: &Address, conn: &mut PgConnection, has_rows: bool) -> Result<(), OpenError> {
    let refused = |cause: String, next| OpenError::NotWritable { address: address.to_string(), cause, next };
    let is_read_only: String = sqlx::query_scalar("SHOW transaction_read_only").fetch_one(&mut *conn).await?;
    if is_read_only == "on" {
        let next = "Name the primary in `database`: this server is a standby, or is set to read only";
        return Err(refused("it takes no change".into(), next));
    }
    let may: bool = if has_rows {
        sqlx::query_scalar("SELECT has_table_privilege('meta', 'UPDATE') AND has_table_privilege('linkings', 'INSERT')")
            .fetch_one(conn)
            .await?
    } else {
        sqlx::query_scalar("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetch_one(conn).await?
    };
    let next = "Let the user in `database` own it: `ALTER DATABASE … OWNER TO …`, or GRANT it the tables";
    if may { Ok(()) } else { Err(refused("its user may not".into(), next)) }
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn refuse_unwritable(address: &Address, path: &Path, exists: bool) -> Result<(), OpenError> {
    let refused = |error: std::io::Error| OpenError::NotWritable {
        address: address.to_string(),
        cause: error.to_string(),
        next: "Let the service's user write the file and its folder, and run this as that user",
    };
    if exists {
        std::fs::OpenOptions::new().write(true).open(path).map_err(refused)?;
    }
    may_write(&folder(path)).map_err(refused)
}

#[cfg(unix)]
fn may_write(folder: &Path) -> std::io::Result<()> {
    use rustix::fs::{Access, access};
    // SQLite makes its journal beside the file.
    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn may_write(folder: &Path) -> std::io::Result<()> {
    folder.metadata().map(drop)
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}

#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}
