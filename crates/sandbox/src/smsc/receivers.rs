//! Messages on their way to phones, and the sessions that get their receipts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use super::receipt::Receipt;
use crate::journal::{Direction, Protocol, spoken_phone};
use crate::shared::{Shared, Topic};

/// A whole message on its way to a phone.
pub(super) struct OutgoingMessage {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) text: String,
    /// After that moment it is not delivered any more.
    pub(super) ends_at: Option<i64>,
    /// One per part that asked for it.
    pub(super) receipts: Vec<Receipt>,
}

/// The sessions that are bound, by number, and where receipts go: those that only send have no way for them.
#[derive(Default)]
pub(super) struct Receivers {
    next: AtomicU64,
    open: std::sync::Mutex<Vec<(u64, Option<mpsc::UnboundedSender<Receipt>>)>>,
}

impl Receivers {
    /// `None`: it wants to be the only one, and is not.
    pub(super) fn join(&self, sender: Option<mpsc::UnboundedSender<Receipt>>, alone: bool) -> Option<u64> {
        let mut open = self.lock();
        if alone && !open.is_empty() {
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        open.push((id, sender));
        Some(id)
    }

    pub(super) fn leave(&self, id: u64) {
        self.lock().retain(|(other, _)| *other != id);
    }

    /// To the session that sent the message if it can receive, else to any that can.
    pub(super) fn send(&self, mut receipt: Receipt) -> bool {
        let mut open = self.lock();
        open.sort_by_key(|(id, _)| *id != receipt.session);
        for sender in open.iter().filter_map(|(_, sender)| sender.as_ref()) {
            match sender.send(receipt) {
                Ok(()) => return true,
                Err(mpsc::error::SendError(back)) => receipt = back,
            }
        }
        false
    }

    pub(super) fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Option<mpsc::UnboundedSender<Receipt>>)>> {
        self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Takes a whole message on its way, with the faults of the moment.
pub(super) fn dispatch(shared: &Arc<Shared>, receivers: &Arc<Receivers>, message: OutgoingMessage) {
    let faults = shared.change_faults(|faults| {
        let at_the_time = faults.sms.clone();
        faults.sms.lose_next = faults.sms.lose_next.saturating_sub(1);
        if at_the_time.lose_next == 0 {
            faults.sms.repeat_old = false;
        }
        at_the_time
    });
    if faults.lose_next > 0 {
        let line = format!("СМС на {} потеряно: так настроено", spoken_phone(&message.to));
        shared.log(Protocol::Smpp, Direction::Out, line);
        return;
    }
    let (shared, receivers) = (Arc::clone(shared), Arc::clone(receivers));
    let deliver = move |shared: &Shared, receivers: &Receivers| {
        let now = shared.clock.now();
        let in_time = message.ends_at.is_none_or(|end| now < end);
        if in_time {
            shared.inbox().receive(&message.from, &message.to, &message.text, now, faults.repeat_old);
            shared.announce(Topic::Sms);
        }
        let what =
            if in_time { "доставлено" } else { "не доставлено: его время вышло" };
        shared.log(Protocol::Smpp, Direction::Out, format!("СМС на {}, {what}", spoken_phone(&message.to)));
        for mut receipt in message.receipts {
            receipt.done_at = now;
            receipt.delivered = in_time;
            if !receivers.send(receipt) {
                shared.log(Protocol::Smpp, Direction::Out, "отчёт о доставке некому отдать: нет сессии на приём");
            }
        }
    };
    if faults.delay_ms == 0 {
        deliver(&shared, &receivers);
        return;
    }
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(faults.delay_ms)) => deliver(&shared, &receivers),
            () = shared.stopped() => {}
        }
    });
}
