//! A copy of the database is taken, and takes its place some hours later: what happened in between is lost, and nothing of it is done twice.

use anyhow::Result;
use mostik_store::{
    backup::{Origin, Restoring, back_up, restore},
    secret_keys::NodeKeys,
    sql,
};
use mostik_wire::Millis;

use crate::{
    Town,
    history::About,
    node,
    time::{DAY, HOUR, SECOND},
    town::Event,
};

const KEY: &[u8] = b"a-secret-of-the-town-0123456789abcdef";

impl Town {
    pub(crate) async fn back_up(&mut self) -> Result<()> {
        // In the middle of something: the night has enough quiet ones.
        let queued: i64 = sql::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = 'queued'")
            .fetch_one(&mut *self.store.reader().await?)
            .await?;
        if queued == 0 && self.waited_for_backup < 2_000 {
            self.waited_for_backup += 1;
            self.after(20 * SECOND, Event::BackUp);
            return Ok(());
        }
        let key = mostik_service::keys::fingerprint(KEY);
        let to = self.folder.path().join(format!("backup-{}", self.now()));
        let origin = Origin { version: "town", key: &key, now: Millis(self.now()) };
        let (folder, _) = back_up(&self.database.as_path().into(), &to, &origin).await?;
        self.note(About::All, "a backup is taken");
        self.backup = Some(folder);
        let later = self.draw_gate.between(HOUR, 8 * HOUR);
        self.after(later, Event::Restore);
        Ok(())
    }

    pub(crate) async fn restore(&mut self) -> Result<()> {
        let Some(folder) = self.backup.take() else { return Ok(()) };
        for node in 0..self.nodes.len() {
            self.nodes[node].running = None;
            self.end_works_of(node).await;
        }
        self.store.close().await;
        let place = self.folder.path().join(format!("restored-{}.sqlite", self.now()));
        let key = mostik_service::keys::fingerprint(KEY);
        let now = Millis(self.now());
        let keys = NodeKeys { writes: &key, reads: None };
        let restoring = Restoring { keys, now, deletions_not_before: now.plus(DAY), end_sessions: false };
        restore(&folder, &place.as_path().into(), &restoring).await?;
        self.store = node::open(&place).await?;
        self.database = place;
        self.ledger.forget();
        self.faults.restores += 1;
        self.note(About::All, "the database is an older one");
        for node in 0..self.nodes.len() {
            self.start(node)?;
        }
        Ok(())
    }
}
