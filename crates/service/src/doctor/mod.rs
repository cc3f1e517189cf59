//! `mostik-service doctor`: whether all that the service needs is as it needs it. Nothing is changed anywhere: no message is sent, no
//! table made, no session of a node ended.

mod clocks;
mod database;
mod diary;
mod finding;
mod http;
mod mail;
mod max;
mod own;
mod sms;
mod vk;

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

pub use finding::{Finding, State};

use crate::{
    app,
    clock::{Clock, Entropy},
    config::{CentreConfig, Config},
};

/// How long all checks of one party may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks at everything side by side; comes back within a minute. In the order in which a reader mends it: what is the machine's own first.
pub async fn examine(config: &Config, clock: &dyn Clock, entropy: &dyn Entropy) -> Vec<Finding> {
    let http = match app::http_client(config) {
        Ok(http) => http,
        Err(error) => {
            return vec![Finding::wrong(
                "tls",
                format!("the client for the diary cannot be made: {error}"),
                "See that the system has its list of authorities (the package ca-certificates)",
            )];
        }
    };
    let (many, single): (Vec<_>, Vec<_>) = config.sms.centres.iter().partition(|centre| !centre.one_session);
    let machine = async {
        let (findings, found) =
            within("database", database::examine(config, clock)).await.unwrap_or_else(|late| (vec![late], None));
        // Whether a node has the one session of a centre is written in the database.
        let single = join_all(single.iter().map(|centre| async {
            let taken =
                found.as_ref().map(|found| found.is_at_work(&crate::work::Work::SmsSession(&centre.name).name()));
            centre_of(centre, taken).await
        }));
        (findings, single.await)
    };
    let many = join_all(many.iter().map(|centre| centre_of(centre, Some(false))));
    let mail = within("mail", mail::examine(&config.mail));
    let max = within("max", max::examine(config));
    let vk = within("vk", vk::examine(config, &http, clock, entropy));
    let diary = within("diary", diary::examine(config, &http, clock, entropy));
    let ((mut findings, single), many, mail, max, vk, diary) = tokio::join!(machine, many, mail, max, vk, diary);
    let (vk, vk_dates) = vk.unwrap_or_else(|late| (vec![late], Vec::new()));
    let (diary, dates) = diary.unwrap_or_else(|late| (vec![late], Vec::new()));
    findings.extend(clocks::compare(&[dates, vk_dates].concat()));
    findings.extend(own::examine(config, clock.now()));
    for centre in &config.sms.centres {
        findings
            .extend(many.iter().chain(&single).filter(|(name, _)| *name == centre.name).flat_map(|(_, f)| f.clone()));
    }
    findings.extend(mail.unwrap_or_else(|late| vec![late]));
    findings.extend(max.unwrap_or_else(|late| vec![late]));
    findings.extend(vk);
    findings.extend(diary);
    findings
}

async fn centre_of(centre: &CentreConfig, taken: Option<bool>) -> (&str, Vec<Finding>) {
    let check = format!("sms.{}.smpp", centre.name);
    (&centre.name, within(&check, sms::examine(centre, taken)).await.unwrap_or_else(|late| vec![late]))
}

async fn within<T>(check: &str, examined: impl Future<Output = T>) -> Result<T, Finding> {
    timeout(PATIENCE, examined).await.map_err(|_| {
        let found = format!("no answer for {} s", PATIENCE.as_secs());
        Finding::wrong(check, found, "See that it runs, and that a firewall does not swallow what is sent to it")
    })
}
