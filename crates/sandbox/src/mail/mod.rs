//! The mail server: ESMTP with STARTTLS and AUTH in front, mailboxes behind.

mod address;
mod certificates;
mod deliver;
mod dialog;
mod letter;
mod postbox;
mod reply;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub(crate) use address::Address;
pub(crate) use certificates::Certificates;
pub(crate) use postbox::Postbox;

use crate::journal::{Direction, Protocol};
use crate::shared::Shared;

/// Accepts sessions until the sandbox stops. While the server is down it hangs up at once.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, certificates: Arc<Certificates>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stopped() => return,
        };
        match accepted {
            Ok((stream, _)) if shared.faults().mail.down => {
                drop(stream);
                shared.log(Protocol::Smtp, Direction::Out, "соединение сброшено: почта выключена");
            }
            Ok((stream, peer)) => {
                // Small answers go out at once; a failure costs only latency.
                stream.set_nodelay(true).ok();
                tokio::spawn(session::run(stream, peer.ip(), Arc::clone(&shared), Arc::clone(&certificates)));
            }
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
