//! A session that is begun and ended at once, to see whether a centre lets us in.

use std::time::Duration;

use rusmpp::{CommandStatus, pdus::BindTransmitter, values::InterfaceVersion};
use rusmppc::{ConnectionBuilder, error::Error};
use url::Url;

use super::{
    connection,
    pdu_stream::{LONGEST_PDU, PduStream},
    submit::field,
};
use crate::config::CentreConfig;

/// How long the bind may take, and the goodbye.
const ANSWER: Duration = Duration::from_secs(10);

/// Why there was no session.
pub(crate) enum NoBind {
    /// No connection, or no answer; for people.
    NotThere(String),
    /// The centre said no.
    Refused(CommandStatus),
}

/// Connects, with TLS where the address says so, and says nothing.
pub(crate) async fn reach(centre: &CentreConfig, address: &Url) -> Result<(), NoBind> {
    connection::connect(centre, address).await.map(drop).map_err(|error| NoBind::NotThere(error.to_string()))
}

/// Connects, binds and unbinds. As a transmitter: to another session the centre could give receipts that the service waits for.
pub(crate) async fn try_bind(centre: &CentreConfig, address: &Url) -> Result<(), NoBind> {
    let stream = connection::connect(centre, address).await.map_err(|error| NoBind::NotThere(error.to_string()))?;
    let (client, _events) = ConnectionBuilder::new()
        .max_command_length(LONGEST_PDU)
        .response_timeout(ANSWER)
        .disable_interface_version_check()
        .connected(PduStream::new(stream));
    let bind = BindTransmitter::builder()
        .system_id(field(&centre.system_id))
        .password(field(&centre.password))
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    let bound = client.bind_transmitter(bind).await.map(drop).map_err(|error| match error {
        Error::UnexpectedResponse { response } => NoBind::Refused(response.status()),
        other => NoBind::NotThere(other.to_string()),
    });
    if bound.is_ok() {
        // The end of the connection ends the session as well.
        drop(client.unbind().await);
    }
    drop(client.close().await);
    bound
}
