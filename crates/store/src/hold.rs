//! What a change holds until it ends.
//!
//! The rules weigh facts that they have read, and then something is written. On SQLite a change is alone from its first
//! statement on. On PostgreSQL two nodes could both read and then both write; so what is read in order to be changed is locked:
//! a row by itself, and what has no row yet by a name. See ADR 18.

use crate::{Conn, Error, sql};

/// What is held by its name, since there may be no row of it.
#[derive(Clone, Copy)]
pub(crate) enum Name<'a> {
    /// An account's key of a request.
    Request { account: &'a str, key: &'a str },
    /// The order of the messages to a person.
    Dialog { kind: &'a str, recipient: &'a str },
    /// What is kept under one of two keyed hashes while the key changes: neither row may be there.
    Hashed { what: &'a str, hash: &'a str },
    /// A message by its id at an SMS centre: its answer and its receipt come in any order.
    Receipt { centre: &'a str, provider_key: &'a str },
}

/// Holds a name until the change ends; whoever else wants it waits. Whoever holds several takes them in one order.
pub(crate) async fn name(conn: &mut Conn, name: Name<'_>) -> Result<(), Error> {
    if !conn.is_shared_writer() {
        return Ok(());
    }
    let (kind, first, second) = match name {
        Name::Request { account, key } => ("request", account, key),
        Name::Dialog { kind, recipient } => ("dialog", kind, recipient),
        Name::Hashed { what, hash } => ("hashed", what, hash),
        Name::Receipt { centre, provider_key } => ("receipt", centre, provider_key),
    };
    // 64 bits of a hash: two names that share them wait for each other once in a blue moon, and nothing worse.
    sql::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(format!("{kind} {first} {second}"))
        .execute(conn)
        .await?;
    Ok(())
}

/// A row that is held by its key.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    Account(&'a str),
    HandOff(&'a str),
    Launch(&'a str),
    Linking(&'a str),
    Profile(&'a str),
    Session(&'a str),
}

/// Holds a row until the change ends, if there is one; whoever reads it to change it waits, and then reads what was made of it.
pub(crate) async fn row(conn: &mut Conn, row: Row<'_>) -> Result<(), Error> {
    if !conn.is_shared_writer() {
        return Ok(());
    }
    // FOR NO KEY UPDATE: rows that only point to it can be written meanwhile.
    let (sql, key) = match row {
        Row::Account(id) => ("SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE", id),
        Row::HandOff(id) => ("SELECT 1 FROM hand_offs WHERE id = $1 FOR NO KEY UPDATE", id),
        Row::Launch(page) => ("SELECT 1 FROM launches WHERE page_hash = $1 FOR NO KEY UPDATE", page),
        Row::Linking(id) => ("SELECT 1 FROM linkings WHERE id = $1 FOR NO KEY UPDATE", id),
        Row::Profile(id) => ("SELECT 1 FROM profiles WHERE id = $1 FOR NO KEY UPDATE", id),
        Row::Session(id) => ("SELECT 1 FROM sessions WHERE id = $1 FOR NO KEY UPDATE", id),
    };
    sql::query(sql).bind(key).execute(conn).await?;
    Ok(())
}
