//! The mail server: ESMTP with STARTTLS and AUTH in front, mailboxes behind.

mod address;
mod dialog;
mod letter;
mod papers;
mod postbox;
mod reply;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub(crate) use address::Address;
pub(crate) use papers::Papers;
pub(crate) use postbox::Postbox;

use crate::journal::{Direction, Protocol};
use crate::shared::{Shared, Topic};
use letter::Letter;

/// Accepts sessions until the sandbox stops. While the server is down it hangs up at once.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, papers: Arc<Papers>) {
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
                tokio::spawn(session::run(stream, peer.ip(), Arc::clone(&shared), Arc::clone(&papers)));
            }
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Comes back once the server is down.
async fn switched_off(shared: &Shared) {
    let forever = Duration::from_secs(u64::from(u32::MAX));
    shared.wait_for(forever, |shared| shared.faults().mail.down.then_some(())).await;
}

/// Takes copies of one letter on their way, with the faults of the moment.
fn deliver(shared: &Arc<Shared>, letters: Vec<(Address, Letter)>) {
    let faults = shared.change_faults(|faults| {
        let at_the_time = faults.mail.clone();
        faults.mail.lose_next = faults.mail.lose_next.saturating_sub(1);
        at_the_time
    });
    if faults.lose_next > 0 {
        return shared.log(Protocol::Smtp, Direction::Out, "письмо потеряно: так настроено");
    }
    let put = |shared: &Shared, letters: Vec<(Address, Letter)>| {
        for (address, letter) in letters {
            let line = format!("письмо на {}, доставлено", address.masked());
            shared.postbox().receive(address, Letter { received_at: shared.clock.now(), ..letter });
            shared.log(Protocol::Smtp, Direction::Out, line);
        }
        shared.announce(Topic::Mail);
    };
    if faults.delay_ms == 0 {
        return put(shared, letters);
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(faults.delay_ms)) => put(&shared, letters),
            () = shared.stopped() => {}
        }
    });
}
