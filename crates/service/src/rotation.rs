//! While `secret_key` is changed: this node says which keys it has, and what lasts is sealed and hashed anew. See ADR 22.

use std::time::Duration;

use mostik_linking::{Sealed, Step};
use mostik_store::{
    max,
    secret_keys::{self, KeyNumbers},
};

use crate::{
    app::App,
    clock::DAY,
    keys::{Keys, number_of},
    refusal::Refusal,
};

/// How often a node says again which keys it has.
const SAY_EVERY: Duration = Duration::from_secs(3);
/// Rows that are sealed anew in one transaction.
const BATCH: i64 = 100;
/// For how long a word of MAX may still be late.
const LATE: i64 = 7 * DAY;

/// Says again and again which keys this node has, until the service ends.
pub(crate) async fn keep_held(app: App) {
    let mut stopping = app.stopping.clone();
    loop {
        tokio::select! {
            () = tokio::time::sleep(SAY_EVERY) => {}
            _ = stopping.changed() => return,
        }
        let numbers = app.live().keys.numbers();
        let said = async {
            let mut tx = app.store.write().await?;
            secret_keys::hold(&mut tx, &app.node, numbers).await?;
            tx.commit().await
        };
        if let Err(error) = said.await {
            tracing::warn!(%error, "the other nodes cannot be told which secret_key this one has");
        }
    }
}

/// Says that this node ends.
pub(crate) async fn let_go(app: &App) {
    let said = async {
        let mut tx = app.store.write().await?;
        secret_keys::let_go(&mut tx, &app.node).await?;
        tx.commit().await
    };
    if let Err(error) = said.await {
        tracing::info!(%error, "the other nodes were not told that this one ends: they see it in some seconds");
    }
}

/// Seals and hashes anew what lasts and was made with the key that is only read: the diary's tokens, linkings, and who has stopped the bot.
/// All else is over by itself. Does nothing before every node writes with the new key.
pub async fn renew(app: &App) -> Result<(), Refusal> {
    let live = app.live();
    let KeyNumbers { writes, reads: Some(old) } = live.keys.numbers() else { return Ok(()) };
    if !secret_keys::all_write_with(&mut *app.store.reader().await?, writes).await? {
        return Ok(());
    }
    let accounts = accounts(app, &live.keys, old).await?;
    let linkings = linkings(app, &live.keys, old).await?;
    dialogs(app, &live.keys, old).await?;
    if accounts + linkings > 0 {
        tracing::info!(accounts, linkings, "sealed anew with the new secret_key");
    }
    Ok(())
}

async fn accounts(app: &App, keys: &Keys, old: i64) -> Result<usize, Refusal> {
    let (mut count, mut after) = (0, String::new());
    loop {
        let rows = secret_keys::accounts_under(&mut *app.store.reader().await?, old, &after, BATCH).await?;
        let Some((last, _)) = rows.last() else { return Ok(count) };
        after.clone_from(last);
        count += rows.len();
        let mut tx = app.store.write().await?;
        for (id, read) in &rows {
            let sealed = keys.seal(&*app.entropy, &keys.open(read)?);
            secret_keys::reseal_account(&mut tx, id, read, &sealed).await?;
        }
        tx.commit().await?;
    }
}

async fn linkings(app: &App, keys: &Keys, old: i64) -> Result<usize, Refusal> {
    let (mut count, mut after) = (0, String::new());
    loop {
        let rows =
            secret_keys::linkings_under(&mut *app.store.reader().await?, old, keys.number(), &after, BATCH).await?;
        let Some((last, _)) = rows.last() else { return Ok(count) };
        after.clone_from(last);
        count += rows.len();
        let mut tx = app.store.write().await?;
        for (id, read) in &rows {
            let mut step: Step = serde_json::from_str(read).map_err(|e| Refusal::internal(&e))?;
            renew_step(app, keys, &mut step)?;
            let state = serde_json::to_string(&step).map_err(|e| Refusal::internal(&e))?;
            let ticket = step.at_max().map(|at_max| (&*at_max.ticket.hash, &*at_max.ticket.digits_hash));
            secret_keys::reseal_linking(&mut tx, id, read, &state, ticket).await?;
        }
        tx.commit().await?;
    }
}

fn renew_step(app: &App, keys: &Keys, step: &mut Step) -> Result<(), Refusal> {
    if let Some(ticket) = step.ticket_mut() {
        ticket.hash = keys.token_hash("ticket", &keys.open(&ticket.sealed.0)?);
        ticket.digits_hash = keys.token_hash("digits", &keys.open(&ticket.sealed_digits.0)?);
    }
    for sealed in step.sealed_mut() {
        if number_of(&sealed.0) != keys.number() {
            *sealed = Sealed(keys.seal(&*app.entropy, &keys.open(&sealed.0)?));
        }
    }
    Ok(())
}

async fn dialogs(app: &App, keys: &Keys, old: i64) -> Result<(), Refusal> {
    if !max::has_dialogs_under(&mut *app.store.reader().await?, old).await? {
        return Ok(());
    }
    let mut after = i64::MIN;
    loop {
        let users = max::known_users(&mut *app.store.reader().await?, after, BATCH).await?;
        let Some(last) = users.last() else { break };
        after = *last;
        let mut tx = app.store.write().await?;
        for user in users {
            max::rekey_dialog(&mut tx, &keys.keyed(|key| key.max_user(user))).await?;
        }
        tx.commit().await?;
    }
    // Nothing here leads to whoever these are about: nothing can be said to them before they write again.
    let mut tx = app.store.write().await?;
    max::forget_dialogs_under(&mut tx, old, app.now().plus(-LATE)).await?;
    Ok(tx.commit().await?)
}
