//! One centre: connected, bound, and made anew when that breaks.

use std::time::Duration;

use futures_util::Stream;
use rusmpp::{CommandStatus, pdus::BindTransceiver, values::InterfaceVersion};
use rusmppc::{Client, ConnectionBuilder, Event, error::Error};
use url::Url;

use super::{
    account::account_changed,
    centres::Link,
    connection,
    pdu_stream::{LONGEST_PDU, PduStream},
    session,
    submit::field,
};
use crate::{app::App, config::CentreConfig, lease::Lease, outbox::pause_after, work::Work};

/// How long a connection and its bind may take.
const CONNECT: Duration = Duration::from_secs(10);
/// After this long the centres behind it do not wait for its first attempt any more.
const GRACE: Duration = Duration::from_secs(2);
/// The pauses between attempts grow up to that of this many: half a minute where it said no, eight seconds where it is not there.
const NO: i64 = 6;
const NOT_THERE: i64 = 4;

/// How often a node looks whether the one session of a centre is free.
const LEASE_LOOK: Duration = Duration::from_secs(2);

/// Why there is no session.
enum Trouble {
    NotThere(String),
    No(CommandStatus),
}

/// Keeps a session with the centre until the service ends; with one that takes a single session, while no other node has it.
pub(super) async fn run(app: App, at: usize) {
    let (mut failures, mut turn) = (0, 0);
    while !*app.stopping.borrow() {
        let (live, mut settings) = (app.live(), app.present.changes());
        let centre = &live.config.sms.centres[at];
        let mut lease = None;
        if centre.one_session {
            lease = Lease::take(&app, Work::SmsSession(&centre.name)).await;
            if lease.is_none() {
                app.sms.link(at, Link::Elsewhere);
                pause(&app, LEASE_LOOK).await;
                continue;
            }
        }
        let tried = tokio::select! {
            tried = session(&app, at, centre, turn) => tried,
            () = lost(lease.as_mut()) => {
                tracing::warn!(centre = centre.name, "another node may speak with this centre: the session is ended");
                Ok(())
            }
        };
        app.sms.link(at, Link::Down);
        // Another node may have more luck.
        give_back(lease).await;
        let longest = match tried {
            Ok(()) => {
                (failures, turn) = (0, 0);
                NOT_THERE
            }
            Err(trouble) => {
                report(&centre.name, &trouble);
                turn += 1;
                if matches!(trouble, Trouble::No(_)) { NO } else { NOT_THERE }
            }
        };
        failures = (failures + 1).min(longest);
        let rest = Duration::from_millis(u64::try_from(pause_after(&app, failures)).unwrap_or_default());
        tokio::select! {
            () = pause(&app, rest) => {}
            // With another password it may go better at once.
            () = account_changed(&mut settings, at, centre) => failures = 0,
        }
    }
}

// A session from its connection to its end.
async fn session(app: &App, at: usize, centre: &CentreConfig, turn: usize) -> Result<(), Trouble> {
    let attempt = async {
        let attempt = open(centre, &centre.smpp[turn % centre.smpp.len()]);
        tokio::pin!(attempt);
        match tokio::time::timeout(GRACE, &mut attempt).await {
            Ok(done) => done,
            Err(_) => {
                app.sms.link(at, Link::Down);
                attempt.await
            }
        }
    };
    let mut stopping = app.stopping.clone();
    let (client, events) = tokio::select! {
        opened = attempt => opened?,
        _ = stopping.changed() => return Ok(()),
    };
    tracing::info!(centre = centre.name, "bound to the SMS centre");
    app.sms.link(at, Link::Bound);
    session::run(app, at, centre, client, events).await;
    Ok(())
}

async fn pause(app: &App, pause: Duration) {
    let mut stopping = app.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        _ = stopping.changed() => {}
    }
}

async fn lost(lease: Option<&mut Lease>) {
    match lease {
        Some(lease) => lease.lost().await,
        None => std::future::pending().await,
    }
}

async fn give_back(lease: Option<Lease>) {
    if let Some(lease) = lease {
        lease.give_back().await;
    }
}

fn report(centre: &str, trouble: &Trouble) {
    match trouble {
        Trouble::NotThere(error) => tracing::warn!(centre, error, "the SMS centre cannot be reached"),
        Trouble::No(status @ (CommandStatus::EsmeRinvpaswd | CommandStatus::EsmeRinvsysid)) => {
            tracing::error!(centre, ?status, "the SMS centre does not know this account: check system_id and password");
        }
        Trouble::No(CommandStatus::EsmeRalybnd) => {
            tracing::warn!(
                centre,
                "the SMS centre has a session of this account already: another node, or a broken one that it will end"
            );
        }
        Trouble::No(status) => tracing::error!(centre, ?status, "the SMS centre refused the bind"),
    }
}

async fn open(
    centre: &CentreConfig,
    address: &Url,
) -> Result<(Client, impl Stream<Item = Event> + Unpin + use<>), Trouble> {
    let silence = || Trouble::NotThere("no answer".into());
    tokio::time::timeout(CONNECT, connect(centre, address)).await.map_err(|_| silence())?.map_err(|error| match error {
        Error::UnexpectedResponse { response } => Trouble::No(response.status()),
        other => Trouble::NotThere(other.to_string()),
    })
}

async fn connect(
    centre: &CentreConfig,
    address: &Url,
) -> Result<(Client, impl Stream<Item = Event> + Unpin + use<>), Error> {
    let stream = connection::connect(centre, address).await.map_err(Error::Connect)?;
    let (client, events) = ConnectionBuilder::new()
        .max_command_length(LONGEST_PDU)
        .enquire_link_interval(Duration::from_secs(20))
        .enquire_link_response_timeout(Duration::from_secs(5))
        .response_timeout(CONNECT)
        // The crate speaks 5.0 by itself; SMS centres here speak 3.4, and of 5.0 we use nothing.
        .disable_interface_version_check()
        .connected(PduStream::new(stream));
    let bind = BindTransceiver::builder()
        .system_id(field(&centre.system_id))
        .password(field(&centre.password))
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    client.bind_transceiver(bind).await?;
    Ok((client, events))
}
