//! Rows of a table on their way: columns are texts and numbers, as everywhere here.

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{
    Connection, PgConnection, Postgres, Row, SqliteConnection, postgres::PgRow, query::Query, sqlite::SqliteRow,
};

use crate::marks::MOVING;

/// A table whose rows go over, or are compared.
pub(crate) struct Table {
    name: &'static str,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    is_number: bool,
}

/// What a table holds, whatever the order of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checksum {
    pub rows: u64,
    sum: u128,
}

/// A value of a column.
enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
}

impl Checksum {
    // The sum of a hash of each row.
    fn add(&mut self, cells: &[Cell]) {
        let mut hash = Sha256::new();
        for cell in cells {
            match cell {
                Cell::Text(None) | Cell::Number(None) => hash.update([0]),
                Cell::Text(Some(text)) => {
                    hash.update([1]);
                    hash.update(text.len().to_le_bytes());
                    hash.update(text);
                }
                Cell::Number(Some(number)) => {
                    hash.update([2]);
                    hash.update(number.to_le_bytes());
                }
            }
        }
        let hash = hash.finalize();
        let (half, _) = hash.split_first_chunk::<16>().expect("a hash of 32 bytes");
        self.sum = self.sum.wrapping_add(u128::from_le_bytes(*half));
        self.rows += 1;
    }

    /// As text.
    pub(crate) fn hex(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

impl Table {
    /// A table as the file has it.
    pub(crate) async fn of(file: &mut SqliteConnection, name: &'static str) -> Result<Self, sqlx::Error> {
        let columns: Vec<(String, String)> =
            sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY name")
                .bind(name)
                .fetch_all(file)
                .await?;
        let columns =
            columns.into_iter().map(|(name, kind)| Column { name, is_number: kind.contains("INT") }).collect();
        Ok(Self { name, columns })
    }

    /// A table as PostgreSQL has it.
    pub(crate) async fn of_database(database: &mut PgConnection, name: &'static str) -> Result<Self, sqlx::Error> {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name::text COLLATE \"C\"",
        )
        .bind(name)
        .fetch_all(database)
        .await?;
        let columns = columns.into_iter().map(|(name, kind)| Column { name, is_number: kind == "bigint" }).collect();
        Ok(Self { name, columns })
    }

    /// Whether there is no such table.
    pub(crate) fn is_missing(&self) -> bool {
        self.columns.is_empty()
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Sends what has not gone over yet.
    pub(crate) async fn send(
        &self,
        file: &mut SqliteConnection,
        database: &mut PgConnection,
        batch: u32,
        mut tell: impl FnMut(u64),
    ) -> Result<(), sqlx::Error> {
        let progress = format!("{MOVING} {}", self.name);
        let known: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
            .bind(&progress)
            .fetch_optional(&mut *database)
            .await?;
        let mut known = known
            .as_deref()
            .and_then(|text| text.split_once(' '))
            .map_or((0, 0), |(last, sent)| (last.parse().unwrap_or(0), sent.parse().unwrap_or(0)));
        loop {
            let (rows, last) = self.read(file, known.0, batch).await?;
            if rows.is_empty() {
                return Ok(());
            }
            known = (last, known.1 + rows.len() as u64);
            let mut tx = database.begin().await?;
            self.insert(rows).execute(&mut *tx).await?;
            sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
                .bind(&progress)
                .bind(format!("{} {}", known.0, known.1))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            tell(known.1);
        }
    }

    // The rows behind that one, in the file's own order, with the last one's place.
    async fn read(
        &self,
        file: &mut SqliteConnection,
        after: i64,
        most: u32,
    ) -> Result<(Vec<Vec<Cell>>, i64), sqlx::Error> {
        let sql = format!("SELECT rowid, {} FROM {} WHERE rowid > $1 ORDER BY rowid LIMIT $2", self.names(), self.name);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after).bind(i64::from(most)).fetch_all(file).await?;
        let last = rows.last().map(|row| row.try_get(0)).transpose()?.unwrap_or(after);
        let rows = rows.iter().map(|row| self.cells_of_file(row)).collect::<Result<_, sqlx::Error>>()?;
        Ok((rows, last))
    }

    // One statement for all, a list for each column.
    fn insert(&self, rows: Vec<Vec<Cell>>) -> Query<'static, Postgres, sqlx::postgres::PgArguments> {
        let lists: Vec<String> = self
            .columns
            .iter()
            .zip(1..)
            .map(|(column, nth)| format!("${nth}::{}[]", if column.is_number { "bigint" } else { "text" }))
            .collect();
        let names = self.names();
        let sql = format!("INSERT INTO {} ({names}) SELECT * FROM unnest({})", self.name, lists.join(", "));
        let mut texts: Vec<Vec<Option<String>>> = self.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        let mut numbers: Vec<Vec<Option<i64>>> = self.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            for (cell, at) in row.into_iter().zip(0..) {
                match cell {
                    Cell::Text(text) => texts[at].push(text),
                    Cell::Number(number) => numbers[at].push(number),
                }
            }
        }
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for ((column, texts), numbers) in self.columns.iter().zip(texts).zip(numbers) {
            query = if column.is_number { query.bind(numbers) } else { query.bind(texts) };
        }
        query
    }

    fn cells_of_file(&self, row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
        self.columns
            .iter()
            .map(|column| {
                Ok(if column.is_number {
                    Cell::Number(row.try_get(&*column.name)?)
                } else {
                    // As `sql` would have written it: PostgreSQL has no U+0000.
                    let text: Option<String> = row.try_get(&*column.name)?;
                    Cell::Text(text.map(|text| if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }))
                })
            })
            .collect()
    }

    fn cells_of_database(&self, row: &PgRow) -> Result<Vec<Cell>, sqlx::Error> {
        let cell = |column: &Column| {
            let name = &*column.name;
            Ok(if column.is_number { Cell::Number(row.try_get(name)?) } else { Cell::Text(row.try_get(name)?) })
        };
        self.columns.iter().map(cell).collect()
    }

    pub(crate) async fn checksum_of_file(
        &self,
        file: &mut SqliteConnection,
        batch: u32,
    ) -> Result<Checksum, sqlx::Error> {
        let (mut checksum, mut after) = (Checksum::default(), 0);
        loop {
            let (rows, last) = self.read(file, after, batch).await?;
            if rows.is_empty() {
                // By another way than the one by which rows are read to be sent: it must not leave one out here and there alike.
                let counted = format!("SELECT COUNT(*) FROM {}", self.name);
                let counted: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(counted)).fetch_one(file).await?;
                checksum.rows = u64::try_from(counted).unwrap_or_default();
                return Ok(checksum);
            }
            rows.iter().for_each(|row| checksum.add(row));
            after = last;
        }
    }

    pub(crate) async fn checksum_of_database(&self, database: &mut PgConnection) -> Result<Checksum, sqlx::Error> {
        let sql = format!("SELECT {} FROM {}", self.names(), self.name);
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(database);
        let mut checksum = Checksum::default();
        while let Some(row) = rows.try_next().await? {
            checksum.add(&self.cells_of_database(&row)?);
        }
        Ok(checksum)
    }
}
