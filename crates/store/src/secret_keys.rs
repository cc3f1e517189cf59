//! Which `secret_key` has made what: the keys of the database by their numbers, the nodes that hold them, and what is left under one that
//! is going to be dropped. See ADR 22.

use mostik_wire::Millis;

use crate::{Conn, Error, OpenError, Store, leases::now_of, marks, sql};

/// For how long a node that was killed counts as holding its keys; a node that runs says more often that it does.
pub const HELD_FOR_MS: i64 = 10_000;

/// The keys of a node, by their fingerprints.
#[derive(Clone, Copy, Debug)]
pub struct NodeKeys<'a> {
    /// What it writes with, and reads.
    pub writes: &'a str,
    /// What it reads besides.
    pub reads: Option<&'a str>,
}

/// The same by their numbers in this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyNumbers {
    /// That of the key that is written with.
    pub writes: i64,
    /// That of the one that is read besides.
    pub reads: Option<i64>,
}

/// What is left under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What it is, in plain words.
    pub what: &'static str,
    /// How many.
    pub count: i64,
}

/// Who comes with keys.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// A node that is going to serve, by what it is called among those that run.
    Node(&'a str),
    /// A command: it drops no key, and writes down nothing about itself.
    Command,
}

/// What is asked of the nodes that run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Reads(i64),
    DoesNotWrite(i64),
}

impl Store {
    /// Sees to it that all that is hashed and sealed here is read by whoever writes here. The first node that comes makes its key the
    /// first one; another key is added when it comes together with one that is in use, and dropped when a node comes without it and
    /// nothing needs it any more.
    ///
    /// # Errors
    /// [`OpenError::OtherKey`] where neither of the two is in use; [`OpenError::KeyNotEverywhere`] where another node could not read
    /// what this one would write; [`OpenError::KeyStillUsed`] where a key that does not come any more is needed. Then nothing was written.
    pub async fn bind_to_keys(
        &self,
        keys: NodeKeys<'_>,
        holder: Holder<'_>,
        now: Millis,
    ) -> Result<KeyNumbers, OpenError> {
        let mut tx = self.write().await?;
        let bound = bind(&mut tx, keys, holder, now).await;
        match bound {
            Ok(numbers) => tx.commit().await.map(|()| numbers).map_err(Into::into),
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }
}

async fn bind(tx: &mut Conn, keys: NodeKeys<'_>, holder: Holder<'_>, now: Millis) -> Result<KeyNumbers, OpenError> {
    sql::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(marks::SECRET_KEY)
        .bind(keys.writes)
        .execute(tx)
        .await?;
    // One node at a time, from here to the commit.
    sql::query("UPDATE meta SET value = value WHERE name = $1").bind(marks::SECRET_KEY).execute(tx).await?;
    let mark: String =
        sql::query_scalar("SELECT value FROM meta WHERE name = $1").bind(marks::SECRET_KEY).fetch_one(tx).await?;
    sql::query(
        "INSERT INTO secret_keys (number, fingerprint, in_use) SELECT 1, $1, 1
         WHERE NOT EXISTS (SELECT 1 FROM secret_keys)",
    )
    .bind(&mark)
    .execute(tx)
    .await?;
    let known: Vec<(i64, String, i64)> =
        sql::query_as("SELECT number, fingerprint, in_use FROM secret_keys ORDER BY number").fetch_all(tx).await?;
    let comes = |fingerprint: &str| fingerprint == keys.writes || Some(fingerprint) == keys.reads;
    if !known.iter().any(|(_, fingerprint, in_use)| *in_use == 1 && comes(fingerprint)) {
        return Err(OpenError::OtherKey);
    }
    let writes = number_of(tx, keys.writes).await?;
    let reads = match keys.reads.filter(|reads| *reads != keys.writes) {
        Some(reads) => Some(number_of(tx, reads).await?),
        None => None,
    };
    let numbers = KeyNumbers { writes, reads };
    if holders(tx, holder, Need::Reads(writes)).await? > 0 {
        return Err(OpenError::KeyNotEverywhere);
    }
    if let Holder::Node(_) = holder {
        for (number, ..) in known.iter().filter(|(_, fingerprint, in_use)| *in_use == 1 && !comes(fingerprint)) {
            drop_key(tx, *number, writes, holder, now).await?;
        }
    }
    let newest = known.iter().filter(|(_, f, _)| *f == mark).map(|(number, ..)| *number).max().unwrap_or_default();
    if writes > newest {
        sql::query("UPDATE meta SET value = $2 WHERE name = $1")
            .bind(marks::SECRET_KEY)
            .bind(keys.writes)
            .execute(tx)
            .await?;
    }
    if let Holder::Node(node) = holder {
        hold(tx, node, numbers).await?;
    }
    Ok(numbers)
}

async fn number_of(tx: &mut Conn, fingerprint: &str) -> Result<i64, OpenError> {
    Ok(sql::query_scalar(
        "INSERT INTO secret_keys (number, fingerprint, in_use) SELECT COALESCE(MAX(number), 0) + 1, $1, 1 FROM secret_keys WHERE 1 = 1
         ON CONFLICT (fingerprint) DO UPDATE SET in_use = 1 RETURNING number",
    )
    .bind(fingerprint)
    .fetch_one(tx)
    .await?)
}

async fn drop_key(tx: &mut Conn, number: i64, stays: i64, holder: Holder<'_>, now: Millis) -> Result<(), OpenError> {
    let mut what: Vec<String> = Vec::new();
    let at_work = holders(tx, holder, Need::DoesNotWrite(number)).await?;
    if at_work > 0 {
        what.push(format!("running nodes that write with it: {at_work}"));
    }
    let left = left(tx, number, stays, now).await?;
    what.extend(left.iter().filter(|left| left.count > 0).map(|left| format!("{}: {}", left.what, left.count)));
    if !what.is_empty() {
        return Err(OpenError::KeyStillUsed(what.join(", ")));
    }
    sql::query("UPDATE secret_keys SET in_use = 0 WHERE number = $1").bind(number).execute(tx).await?;
    Ok(())
}

// How many other nodes that run are not as it is asked of them.
async fn holders(conn: &mut Conn, but: Holder<'_>, need: Need) -> Result<i64, Error> {
    // A file has one node, and it is this one.
    if !conn.is_postgres() {
        return Ok(0);
    }
    let but = match but {
        Holder::Node(node) => node,
        Holder::Command => "",
    };
    let (condition, number) = match need {
        Need::Reads(number) => ("writes_with <> $2 AND COALESCE(reads_with, 0) <> $2", number),
        Need::DoesNotWrite(number) => ("writes_with = $2", number),
    };
    let now = now_of(conn);
    let sql = format!("SELECT COUNT(*) FROM key_holders WHERE node <> $1 AND {condition} AND expires_at > {now}");
    Ok(sql::query_scalar(sqlx::AssertSqlSafe(sql)).bind(but).bind(number).fetch_one(conn).await?)
}

/// Whether every node that runs writes with this key.
pub async fn all_write_with(conn: &mut Conn, number: i64) -> Result<bool, Error> {
    let now = now_of(conn);
    let sql = format!("SELECT COUNT(*) FROM key_holders WHERE writes_with <> $1 AND expires_at > {now}");
    let others: i64 = sql::query_scalar(sqlx::AssertSqlSafe(sql)).bind(number).fetch_one(conn).await?;
    Ok(others == 0)
}

/// Says again that a node holds these keys, for [`HELD_FOR_MS`] from now on. On a file nobody asks.
pub async fn hold(conn: &mut Conn, node: &str, numbers: KeyNumbers) -> Result<(), Error> {
    if !conn.is_postgres() {
        return Ok(());
    }
    let now = now_of(conn);
    let sql = format!(
        "INSERT INTO key_holders (node, writes_with, reads_with, expires_at) VALUES ($1, $2, $3, $4 + {now})
         ON CONFLICT (node) DO UPDATE SET writes_with = $2, reads_with = $3, expires_at = $4 + {now}"
    );
    sql::query(sqlx::AssertSqlSafe(sql))
        .bind(node)
        .bind(numbers.writes)
        .bind(numbers.reads)
        .bind(HELD_FOR_MS)
        .execute(conn)
        .await?;
    let sql = format!("DELETE FROM key_holders WHERE expires_at <= {now}");
    sql::query(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
    Ok(())
}

/// Says that a node has ended.
pub async fn let_go(conn: &mut Conn, node: &str) -> Result<(), Error> {
    sql::query("DELETE FROM key_holders WHERE node = $1").bind(node).execute(conn).await?;
    Ok(())
}

/// The number of a key in this database, in use or dropped; `None`: it was never here.
pub async fn number(conn: &mut Conn, fingerprint: &str) -> Result<Option<i64>, Error> {
    Ok(sql::query_scalar("SELECT number FROM secret_keys WHERE fingerprint = $1")
        .bind(fingerprint)
        .fetch_optional(conn)
        .await?)
}

// What a key may be needed for: in words, the table, its columns, and which of its rows can still be asked for at the moment $1.
const KEPT: &[(&str, &str, &[&str], &str)] = &[
    (
        "sessions",
        "refresh_tokens",
        &["token_hash"],
        "expires_at > $1 AND rotated_at IS NULL AND session_id IN (SELECT id FROM sessions WHERE ended_at IS NULL)",
    ),
    ("access tokens", "access_tokens", &["token_hash"], "expires_at > $1"),
    // Where one has ended that was begun with a key, others that nobody knows of may be under way.
    ("sign-ins of the last half hour", "sign_ins", &["state_hash"], "expires_at > $1"),
    ("codes of sign-ins", "auth_codes", &["code_hash"], "expires_at > $1 AND used_at IS NULL"),
    ("tokens of the diary", "accounts", &["sealed_diary_tokens"], "$1 > 0"),
    ("links into MAX", "linkings", &["ticket_hash", "ticket_digits_hash"], "$1 > 0"),
    ("codes of linkings", "codes", &["code_hash"], "expires_at > $1"),
    ("counted sends and failures", "contact_events", &["contact"], "happened_at > $1 - 86400000"),
    ("messages", "outbox", &["sealed_payload", "recipient_key"], "expires_at > $1"),
    // As long as the support is told their way.
    ("ways of messages", "messages", &["recipient_hash"], "queued_at > $1 - 3024000000"),
    ("receipts", "receipts", &["recipient_keys"], "received_at > $1 - 86400000"),
    ("updates of MAX", "max_updates", &["update_key"], "seen_at > $1 - 604800000"),
    ("stopped dialogs in MAX", "max_dialogs", &["user_hash"], "running = 0 OR changed_at > $1 - 604800000"),
    ("answers to repeated requests", "idempotency", &["body_hash", "sealed_answer"], "expires_at > $1"),
    ("sign-ins at VK ID", "vk_sign_ins", &["state_hash", "sealed_state", "answer_hash"], "expires_at > $1"),
    (
        "launches from MAX",
        "launches",
        &["page_hash", "handle_hash", "grant_hash", "sealed_person"],
        "page_expires_at > $1 OR grant_expires_at > $1",
    ),
    ("hand-offs", "hand_offs", &["token_hash"], "expires_at > $1 OR seen_until > $1"),
    ("audit entries without a place", "audit_waiting w JOIN audit_entries e ON e.id = w.entry_id", &["mac"], "$1 > 0"),
    (
        "the newest place of the audit log",
        "audit_chain",
        &["link"],
        "place = (SELECT MAX(place) FROM audit_chain) AND $1 > 0",
    ),
];

/// The fields of a linking's state that are sealed.
const SEALED_IN_STATE: [&str; 4] = ["sealed", "sealed_digits", "return_handle", "number"];

/// Whether what stands in a column was made with a key, as a condition.
pub(crate) fn is_under(column: &str, number: i64) -> String {
    if number == 1 { format!("{column} NOT LIKE '%.%'") } else { format!("{column} LIKE '{number}.%'") }
}

fn state_is_under(number: i64, stays: i64) -> String {
    let of = |field: &str| match number {
        // A sealed text of the first key bears no mark.
        1 => format!("(state LIKE '%\"{field}\":\"_%' AND state NOT LIKE '%\"{field}\":\"{stays}.%')"),
        _ => format!("state LIKE '%\"{field}\":\"{number}.%'"),
    };
    SEALED_IN_STATE.map(of).join(" OR ")
}

/// What is left under a key, where another one stays: all kinds, those of which nothing is left included. The audit log's end counts
/// only where it cannot go on under the one that stays.
pub async fn left(conn: &mut Conn, number: i64, stays: i64, now: Millis) -> Result<Vec<Left>, Error> {
    let mut found = Vec::new();
    for (what, table, columns, alive) in KEPT {
        // The log goes on under a newer key from any end, and under an older one from none.
        if *table == "audit_chain" && number < stays {
            continue;
        }
        let under: Vec<String> = columns.iter().map(|column| is_under(column, number)).collect();
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE ({}) AND ({alive})", under.join(" OR "));
        let count = sql::query_scalar(sqlx::AssertSqlSafe(sql)).bind(now.0).fetch_one(conn).await?;
        found.push(Left { what, count });
    }
    let sql = format!("SELECT COUNT(*) FROM linkings WHERE {}", state_is_under(number, stays));
    let count = sql::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await?;
    found.push(Left { what: "linkings", count });
    Ok(found)
}

/// A sealed text to be sealed anew: the row's key, and the text.
pub type SealedRow = (String, String);

/// Accounts whose diary tokens are sealed with this key, behind that id.
pub async fn accounts_under(conn: &mut Conn, number: i64, after: &str, most: i64) -> Result<Vec<SealedRow>, Error> {
    let sql = format!(
        "SELECT id, sealed_diary_tokens FROM accounts WHERE {} AND id > $1 ORDER BY id LIMIT $2",
        is_under("sealed_diary_tokens", number)
    );
    Ok(sql::query_as(sqlx::AssertSqlSafe(sql)).bind(after).bind(most).fetch_all(conn).await?)
}

/// Puts an account's diary tokens in the place of those that were read, unless they have changed since.
pub async fn reseal_account(conn: &mut Conn, id: &str, read: &str, sealed: &str) -> Result<(), Error> {
    sql::query("UPDATE accounts SET sealed_diary_tokens = $3 WHERE id = $1 AND sealed_diary_tokens = $2")
        .bind(id)
        .bind(read)
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// Linkings in whose state something is sealed with this key, behind that id.
pub async fn linkings_under(
    conn: &mut Conn,
    number: i64,
    stays: i64,
    after: &str,
    most: i64,
) -> Result<Vec<SealedRow>, Error> {
    let sql = format!(
        "SELECT id, state FROM linkings WHERE ({}) AND id > $1 ORDER BY id LIMIT $2",
        state_is_under(number, stays)
    );
    Ok(sql::query_as(sqlx::AssertSqlSafe(sql)).bind(after).bind(most).fetch_all(conn).await?)
}

/// Puts a linking's state, and what it is found by in MAX, in the place of the one that was read, unless it has moved since.
pub async fn reseal_linking(
    conn: &mut Conn,
    id: &str,
    read: &str,
    state: &str,
    ticket: Option<(&str, &str)>,
) -> Result<(), Error> {
    sql::query(
        "UPDATE linkings SET state = $3, ticket_hash = $4, ticket_digits_hash = $5 WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(read)
    .bind(state)
    .bind(ticket.map(|(hash, _)| hash))
    .bind(ticket.map(|(_, digits)| digits))
    .execute(conn)
    .await?;
    Ok(())
}
