//! The SMS centre: SMPP 3.4 over TCP in front, the phones' inboxes behind.

mod inbox;
mod receipt;
mod receivers;
mod session;
mod text;
mod validity;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub(crate) use inbox::Inbox;

use crate::journal::{Direction, Protocol};
use crate::shared::Shared;
use receivers::Receivers;

/// Accepts sessions until the sandbox stops. While the centre is down it hangs up at once.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let receivers = Arc::new(Receivers::default());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stopped() => return,
        };
        match accepted {
            Ok((stream, _)) if shared.faults().sms.down => {
                drop(stream);
                shared.log(Protocol::Smpp, Direction::Out, "соединение сброшено: центр выключен");
            }
            Ok((stream, _)) => {
                stream.set_nodelay(true).ok();
                tokio::spawn(session::run(stream, Arc::clone(&shared), Arc::clone(&receivers)));
            }
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
