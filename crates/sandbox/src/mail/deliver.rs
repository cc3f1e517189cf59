//! Letters on their way into mailboxes.

use std::sync::Arc;
use std::time::Duration;

use super::address::Address;
use super::letter::Letter;
use crate::journal::{Direction, Protocol};
use crate::shared::{Shared, Topic};

/// Comes back once the server is down.
pub(super) async fn switched_off(shared: &Shared) {
    let forever = Duration::from_secs(u64::from(u32::MAX));
    shared.wait_for(forever, |shared| shared.faults().mail.down.then_some(())).await;
}

/// Takes copies of one letter on their way, with the faults of the moment.
pub(super) fn deliver(shared: &Arc<Shared>, letters: Vec<(Address, Letter)>) {
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
