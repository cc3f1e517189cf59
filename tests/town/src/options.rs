//! What a run is made of. A seed names all of it; each value can be set by itself.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::random::Stream;

/// How often something goes wrong: of a thousand occasions, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// A request is lost on its way to the service.
    pub request_lost: u32,
    /// A request arrives twice, some time apart.
    pub request_doubled: u32,
    /// An answer is lost on its way to the app.
    pub answer_lost: u32,
    /// Something on the way answers with a page in the service's place.
    pub portal: u32,
    /// Work of a node stands still at a question or a change, while everything else goes on.
    pub pause: u32,
    /// A node ends at a question or a change. Of a million.
    pub node_killed: u32,
    /// The database takes nothing at a question or a change.
    pub database_refuses: u32,
    /// How far nodes' clocks may be apart, in milliseconds.
    pub clocks_apart_ms: i64,
    /// How often a node's clock is set anew in a day.
    pub clock_set: u32,
    /// The database is restored from a backup on these days, counted from zero.
    pub restores: Vec<u32>,
    /// An SMS never arrives although it was taken.
    pub sms_lost: u32,
    /// An SMS arrives after minutes.
    pub sms_late: u32,
    /// The centre says no.
    pub sms_refused: u32,
    /// The connection breaks before or after the centre has it.
    pub sms_cut: u32,
    /// A receipt comes twice, before its answer, or says «not delivered».
    pub receipt_odd: u32,
    /// The mail server takes nothing for now.
    pub mail_refused: u32,
    /// The mail server has it, and its answer is lost.
    pub mail_cut: u32,
    /// MAX takes nothing for now.
    pub max_refused: u32,
    /// MAX has it, and its answer is lost.
    pub max_cut: u32,
    /// An update of MAX is brought twice.
    pub update_doubled: u32,
    /// An update of MAX is brought minutes late.
    pub update_late: u32,
    /// The diary does not answer.
    pub diary_refuses: u32,
    /// VK ID does not answer.
    pub vk_refuses: u32,
    /// The app is killed instead of an answer being heard.
    pub app_killed: u32,
    /// The keyring gives nothing.
    pub keyring_fails: u32,
    /// How far devices' clocks may be off, in minutes.
    pub devices_off_min: i64,
}

/// How people behave, of a thousand occasions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Habits {
    /// Presses twice.
    pub double_press: u32,
    /// Mistypes a code.
    pub wrong_code: u32,
    /// Types the code of the message before the last one.
    pub older_code: u32,
    /// Reads a message only when its code may be over.
    pub reads_late: u32,
    /// Mistypes a number.
    pub wrong_number: u32,
    /// Closes the app in the middle and comes back later.
    pub leaves: u32,
    /// Goes back and takes another way.
    pub changes_mind: u32,
    /// Two devices at the same child.
    pub two_devices: u32,
    /// Somebody else photographs the QR code, and is faster.
    pub photographed: u32,
    /// Unlinks later, and most link anew.
    pub unlinks: u32,
    /// Has the profile deleted.
    pub deletes: u32,
}

/// What is changed in the database behind everybody's back at the end of the days with faults: whether the town sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tampering {
    /// A linking goes back by a version.
    VersionBack,
    /// A profile is bound to an account in MAX that nobody knows.
    StrangersAccount,
    /// A link is not there any more.
    LinkRemoved,
}

/// All options of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// What all randomness comes from.
    pub seed: u64,
    /// Families in the town.
    pub families: u32,
    /// Those that are there; `None`: all of them. Leaving one out changes none of the others.
    pub only: Option<Vec<u32>>,
    /// Attackers.
    pub attackers: u32,
    /// Days with faults; after them everything works, and who keeps trying must come to an end within `calm_days`.
    pub days: u32,
    /// Days without faults at the end.
    pub calm_days: u32,
    /// Nodes of the service.
    pub nodes: u32,
    /// What goes wrong.
    pub faults: Faults,
    /// How people behave.
    pub habits: Habits,
    /// What is tampered with.
    #[serde(default)]
    pub tampering: Option<Tampering>,
}

impl Options {
    /// All that a seed says: a town of its own size is given, everything else is drawn.
    #[must_use]
    pub fn of_seed(seed: u64, families: u32, days: u32) -> Self {
        let draw = &mut Stream::of(seed, "options", 0);
        // Half of the faults sleep in each run: what comes together with everything hides as much as it shows.
        let mut rate = |most: i64| {
            let awake = draw.happens(500);
            u32::try_from(if awake { draw.between(1, most) } else { 0 }).unwrap_or_default()
        };
        let faults = Faults {
            request_lost: rate(60),
            request_doubled: rate(60),
            answer_lost: rate(80),
            portal: rate(10),
            pause: rate(60),
            node_killed: rate(1_000),
            database_refuses: rate(10),
            clocks_apart_ms: i64::from(rate(2_000)),
            clock_set: rate(4),
            restores: if rate(1) == 1 { vec![days / 2] } else { Vec::new() },
            sms_lost: rate(60),
            sms_late: rate(80),
            sms_refused: rate(60),
            sms_cut: rate(40),
            receipt_odd: rate(100),
            mail_refused: rate(80),
            mail_cut: rate(20),
            max_refused: rate(80),
            max_cut: rate(20),
            update_doubled: rate(100),
            update_late: rate(80),
            diary_refuses: rate(60),
            vk_refuses: rate(60),
            app_killed: rate(30),
            keyring_fails: rate(30),
            devices_off_min: i64::from(rate(2_000)),
        };
        let habits = Habits {
            double_press: rate(100),
            wrong_code: rate(120),
            older_code: rate(200),
            reads_late: rate(100),
            wrong_number: rate(100),
            leaves: rate(80),
            changes_mind: rate(60),
            two_devices: rate(300),
            photographed: rate(200),
            unlinks: rate(300),
            deletes: rate(100),
        };
        let attackers = rate(6);
        let nodes = u32::try_from(draw.between(1, 3)).unwrap_or(1);
        Self { seed, families, only: None, attackers, days, calm_days: 3, nodes, faults, habits, tampering: None }
    }

    /// A town in which nothing goes wrong and nobody errs.
    #[must_use]
    pub fn calm(seed: u64, families: u32, days: u32) -> Self {
        let (faults, habits) = Default::default();
        Self { seed, families, only: None, attackers: 0, days, calm_days: 1, nodes: 2, faults, habits, tampering: None }
    }

    /// Whether this family is there.
    #[must_use]
    pub fn holds(&self, family: u32) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&family))
    }
}

/// As a line of JSON that a run can be given again.
impl Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}
