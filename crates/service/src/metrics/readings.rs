//! What lasts, read when somebody asks: a function for each source, and one line for it in [`Readings::take`].

use mostik_store::{measures, outbox::Kind};
use prometheus_client::registry::Registry;

use super::{
    counted::{CallOutcome, Provider, kind_name},
    described,
    families::Gauges,
};
use crate::{app::App, sms};

/// The gauges of one reading.
pub(super) struct Readings(Registry);

impl Readings {
    /// Reads everything. What cannot be read at this moment is left out.
    pub(super) async fn take(app: &App) -> Self {
        let mut registry = Registry::default();
        let to = &mut registry;
        let database_answers = outbox(app, to).await && sms_centres(app, to).await;
        Gauges::new(to, described::DATABASE_UP).set(&[], f64::from(u8::from(database_answers)));
        providers(app, to);
        passwords(app, to);
        connections(app, to);
        leases(app, to);
        Self(registry)
    }

    pub(super) const fn registry(&self) -> &Registry {
        &self.0
    }
}

/// Answers whether the database did.
async fn outbox(app: &App, to: &mut Registry) -> bool {
    let read = async { measures::waiting(&mut *app.store.reader().await?).await };
    let waiting = match read.await {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::warn!(%error, "the outbox cannot be measured");
            return false;
        }
    };
    let (messages, oldest) = (Gauges::new(to, described::OUTBOX_MESSAGES), Gauges::new(to, described::OUTBOX_OLDEST));
    for kind in [Kind::Sms, Kind::Mail, Kind::Max] {
        let of_kind = waiting.iter().find(|waiting| waiting.kind == kind);
        let age = of_kind.map_or(0, |waiting| app.now().since(waiting.oldest_at).max(0));
        messages.set(&[kind_name(kind)], number(of_kind.map_or(0, |waiting| waiting.messages)));
        oldest.set(&[kind_name(kind)], number(age) / 1000.0);
    }
    true
}

/// Answers whether the database did: it knows which centres send no receipts.
async fn sms_centres(app: &App, to: &mut Registry) -> bool {
    let Ok(present) = sms::states(app).await else { return false };
    let states = Gauges::new(to, described::CENTRE_STATE);
    for (centre, present) in present {
        for state in sms::STATES {
            states.set(&[&centre, state], f64::from(u8::from(state == present)));
        }
    }
    true
}

fn providers(app: &App, to: &mut Registry) {
    let up = Gauges::new(to, described::PROVIDER_UP);
    for provider in Provider::ALL {
        let is_up = match provider {
            // Known without a message: there is a session, or there is none.
            Provider::Sms => app.sms.bound(app.now()).map(|bound| !bound.is_empty()),
            _ => app.metrics.last_call(provider).map(|last| last != CallOutcome::Failed),
        };
        if let Some(is_up) = is_up {
            up.set(&[provider.name()], f64::from(u8::from(is_up)));
        }
    }
}

fn passwords(app: &App, to: &mut Registry) {
    let load = app.hasher.load();
    for (of, now) in [
        (described::PASSWORDS_PLACES, load.places),
        (described::PASSWORDS_HASHING, load.hashing),
        (described::PASSWORDS_WAITING, load.waiting),
    ] {
        Gauges::new(to, of).set(&[], f64::from(now));
    }
}

fn connections(app: &App, to: &mut Registry) {
    let open = app.store.connections();
    let states = Gauges::new(to, described::DATABASE_CONNECTIONS);
    states.set(&["taken"], f64::from(open.taken));
    states.set(&["idle"], f64::from(open.idle));
    Gauges::new(to, described::DATABASE_CONNECTIONS_MOST).set(&[], f64::from(open.most));
}

fn leases(app: &App, to: &mut Registry) {
    let held = Gauges::new(to, described::LEASE_HELD);
    for (work, count) in app.leases.held() {
        held.set(&[work], f64::from(count));
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, and no outbox and no age comes near that")]
fn number(of: i64) -> f64 {
    of as f64
}
