//! Statements that run on either database: `$1`, text and whole numbers, and what both understand.
//!
//! For the operations of this crate, and for tests that look into the tables. Parameters are texts and 64-bit numbers, present or
//! not: the tables know no others. A sign that PostgreSQL takes in no text, U+0000, goes in as U+FFFD, on both alike.

use std::marker::PhantomData;

use sqlx::{
    Arguments as _, Decode, FromRow, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Type,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    conn::{Conn, Driver},
    deadline::in_time,
};

/// A parameter.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Text(Option<String>),
    /// A number.
    Number(Option<i64>),
}

/// What can be a parameter.
pub trait Bind {
    /// As a parameter.
    fn value(self) -> Value;
}

impl Bind for &str {
    fn value(self) -> Value {
        Value::Text(Some(self.replace('\0', "\u{fffd}")))
    }
}

impl Bind for String {
    fn value(self) -> Value {
        if self.contains('\0') { self.as_str().value() } else { Value::Text(Some(self)) }
    }
}

impl Bind for &String {
    fn value(self) -> Value {
        self.as_str().value()
    }
}

impl Bind for Option<&str> {
    fn value(self) -> Value {
        self.map_or(Value::Text(None), Bind::value)
    }
}

impl Bind for Option<String> {
    fn value(self) -> Value {
        self.map_or(Value::Text(None), Bind::value)
    }
}

impl Bind for Option<&String> {
    fn value(self) -> Value {
        self.map(String::as_str).value()
    }
}

impl Bind for &Option<String> {
    fn value(self) -> Value {
        self.as_deref().value()
    }
}

impl Bind for i64 {
    fn value(self) -> Value {
        Value::Number(Some(self))
    }
}

impl Bind for Option<i64> {
    fn value(self) -> Value {
        Value::Number(self)
    }
}

/// What both databases read a type from.
pub trait FromEither: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> FromEither for T {}

/// What a column of either is read as.
pub trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin
{
}

/// A row, whose columns are read by name.
pub enum DbRow {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl DbRow {
    /// A column.
    ///
    /// # Errors
    /// When there is none of that name, or it holds something else.
    pub fn try_get<T: Column>(&self, column: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}

/// A statement with its parameters; `A` says what its rows are read as.
pub struct Query<A> {
    sql: SqlStr,
    values: Vec<Value>,
    rows: PhantomData<fn() -> A>,
}

/// Rows are read column by column, or there are none.
pub struct Rows;
/// Each row is read as a `T`.
pub struct Typed<T>(PhantomData<T>);
/// Each row's first column is read as a `T`.
pub struct Scalar<T>(PhantomData<T>);

fn new<A>(sql: impl SqlSafeStr) -> Query<A> {
    Query { sql: sql.into_sql_str(), values: Vec::new(), rows: PhantomData }
}

/// A statement whose rows are read column by column, or that has none.
pub fn query(sql: impl SqlSafeStr) -> Query<Rows> {
    new(sql)
}

/// A statement whose rows are read as a `T`.
pub fn query_as<T: FromEither>(sql: impl SqlSafeStr) -> Query<Typed<T>> {
    new(sql)
}

/// A statement whose rows have one column.
pub fn query_scalar<T: Column>(sql: impl SqlSafeStr) -> Query<Scalar<T>> {
    new(sql)
}

// The statement on whichever driver, and the note that it has failed.
macro_rules! run {
    ($query:expr, $conn:expr, $make:path, $method:ident, $sqlite:expr, $postgres:expr) => {{
        let Query { sql, values, .. } = $query;
        let done = match $conn.driver() {
            Driver::Sqlite(driver) => $make(sql, sqlite(values)).$method(driver).await.map($sqlite),
            Driver::Postgres(driver) => in_time($make(sql, postgres(values)).$method(driver)).await.map($postgres),
        };
        if done.is_err() {
            $conn.note_failure();
        }
        done
    }};
}

impl<A> Query<A> {
    /// The next parameter.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Runs it for what it does.
    ///
    /// # Errors
    /// When the database does not answer, or does not take it.
    pub async fn execute(self, conn: &mut Conn) -> Result<Done, sqlx::Error> {
        run!(self, conn, sqlx::query_with, execute, |done| Done(done.rows_affected()), |done| Done(
            done.rows_affected()
        ))
    }
}

fn sqlite(values: Vec<Value>) -> SqliteArguments {
    let mut all = SqliteArguments::default();
    for value in values {
        // Texts and numbers cannot fail to be encoded.
        drop(match value {
            Value::Text(text) => sqlx::Arguments::add(&mut all, text),
            Value::Number(number) => sqlx::Arguments::add(&mut all, number),
        });
    }
    all
}

fn postgres(values: Vec<Value>) -> PgArguments {
    let mut all = PgArguments::default();
    for value in values {
        drop(match value {
            Value::Text(text) => all.add(text),
            Value::Number(number) => all.add(number),
        });
    }
    all
}

/// What a statement has done that answers no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done(u64);

impl Done {
    /// How many rows it has written or deleted.
    #[must_use]
    pub const fn rows_affected(self) -> u64 {
        self.0
    }
}

impl Query<Rows> {
    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database does not answer, or does not take the statement.
    pub async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<DbRow>, sqlx::Error> {
        run!(self, conn, sqlx::query_with, fetch_optional, |row| row.map(DbRow::Sqlite), |row| row.map(DbRow::Postgres))
    }
}

macro_rules! fetches {
    ($rows:ident, $bound:ident, $make:path) => {
        impl<T: $bound> Query<$rows<T>> {
            /// The one row that there is.
            ///
            /// # Errors
            /// When the database does not answer, there is no row, or it holds something else.
            pub async fn fetch_one(self, conn: &mut Conn) -> Result<T, sqlx::Error> {
                run!(self, conn, $make, fetch_one, |row| row, |row| row)
            }

            /// The first row, if there is one.
            ///
            /// # Errors
            /// When the database does not answer, or the row holds something else.
            pub async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<T>, sqlx::Error> {
                run!(self, conn, $make, fetch_optional, |row| row, |row| row)
            }

            /// All rows.
            ///
            /// # Errors
            /// When the database does not answer, or a row holds something else.
            pub async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>, sqlx::Error> {
                run!(self, conn, $make, fetch_all, |rows| rows, |rows| rows)
            }
        }
    };
}

fetches!(Typed, FromEither, sqlx::query_as_with);
fetches!(Scalar, Column, sqlx::query_scalar_with);
