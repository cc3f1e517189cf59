//! What is true at the moment. [`State`] is the only thing that is kept; everything shown is made from it.

use std::fmt;

use mostik_wire::{
    Account, Launch, Linking, Messengers, Millis, Pages, PasswordProblem, Profile, Pupil, PupilId, Schedule,
    SecurityLog, Strength,
};
use serde::{Deserialize, Serialize};

use crate::{
    About, Attempt, Cause, Device, IncomingHandOff, Installation, KeyringProblem, Language, LinkRefusal, Notices,
    OutgoingHandOff, PendingRequest, ProtectedAction, Report, RequestKind, UnderstoodContact,
};

/// The state of the app: what is stored, and the conditions of this run.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The attempt that was given out last; the next one is greater, across restarts too.
    pub last: Attempt,
    /// The handle that a `mostik://return/…` link may bear now.
    pub awaited_handle: Option<String>,
    /// Handles that came, the newest last, so that a repeated link is called by its name.
    pub used_handles: Vec<String>,
    /// The language of the interface.
    #[serde(default)]
    pub language: Language,
    /// What the system tells while the window is not in front.
    #[serde(default)]
    pub notices: Notices,
    /// Where the person is.
    #[serde(alias = "place")]
    pub route: Route,
    /// What holds for this run of the app only.
    #[serde(skip)]
    pub conditions: Conditions,
}

/// Conditions of this run: never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The service's clock minus the device's, in milliseconds.
    pub offset_ms: i64,
    /// The service is out of reach.
    pub offline: bool,
    /// The session is in memory only.
    pub session_only: bool,
    /// The local database was put aside.
    pub store_reset: bool,
    /// The app was started again.
    pub second_start: bool,
    /// A link was refused.
    pub link_refused: Option<LinkRefusal>,
    /// A link out of MAX that the service is being asked about.
    pub claiming: Option<Attempt>,
    /// Who comes from MAX, claimed under this attempt: asked about as soon as somebody is signed in.
    pub launched: Option<(Attempt, Launch)>,
    /// «Отправить на телефон» is open.
    pub outgoing: Option<Box<OutgoingHandOff>>,
    /// What another device has shown, on its way.
    pub incoming: Option<IncomingHandOff>,
    /// Whether MAX is on this device; `None`: the system does not say.
    pub max_here: Option<bool>,
    /// What the rules say of the password that is being typed; the password itself is nowhere.
    pub typed_password: Option<Result<Strength, PasswordProblem>>,
    /// How the text that is being typed into «Телефон или почта» was understood.
    pub understood: Option<UnderstoodContact>,
    /// The versions of the app, the system and the web view on this device.
    pub device: Device,
    /// The service's version, once it has answered.
    pub service: Option<String>,
    /// «Отчёт для поддержки» is open, as things stood when it was asked for.
    pub report: Option<Box<Report>>,
    /// This copy of the app.
    pub installation: Installation,
    /// «О программе» is open.
    pub about: Option<About>,
    /// The window is not in front.
    pub behind: bool,
    /// Whom the system told of last.
    pub told_of: Option<PupilId>,
}

/// Where the person is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
// The tag is that of the states which were stored already.
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Route {
    /// The keyring is being read.
    Starting {
        /// The read.
        attempt: Attempt,
        /// Where to go on when a session is found.
        after: Option<Box<Self>>,
    },
    /// The keyring cannot be used.
    Keyring {
        /// What is wrong.
        problem: KeyringProblem,
        /// A retry under way.
        pending: Option<Attempt>,
        /// Where to go on when a session is found.
        after: Option<Box<Self>>,
    },
    /// Nobody is signed in.
    SignedOut {
        /// Why, when the person has not signed out themselves.
        cause: Option<Cause>,
        /// A wizard stood open when the session ended: go back to it after the sign-in.
        in_wizard: bool,
    },
    /// The diary's sign-in is open in the browser.
    SigningIn {
        /// The sign-in.
        attempt: Attempt,
        /// To be opened by hand.
        address: Option<String>,
        /// As in `SignedOut`.
        in_wizard: bool,
    },
    /// Signed in; who it is is being read.
    Opening {
        /// The read under way.
        pending: Option<Attempt>,
        /// Why the last reading failed, if it did.
        cause: Option<Cause>,
        /// As in `SignedOut`.
        in_wizard: bool,
    },
    /// The account opens no pupil's diary.
    NoPupil {
        /// Whose account.
        account: Account,
    },
    /// A parent's children, to choose whose diary to open.
    Family(Family),
    /// The diary.
    Diary(Diary),
    /// «Мой паспорт» → «Безопасность».
    Security(Security),
    /// A linking.
    Wizard(Wizard),
    /// Somebody comes from MAX: they are asked with whose diary the MAX account is to be linked.
    FromMax(FromMax),
}

/// The question of whose MAX account goes with whose diary, over what was shown before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromMax {
    /// What was shown, and goes on meanwhile.
    pub beneath: Box<Route>,
    /// The attempt under which the launch was claimed.
    pub claimed: Attempt,
    /// The MAX account that the launch came from.
    pub launch: Launch,
    /// The yes that is being sent.
    pub pending: Option<PendingRequest>,
    /// What went wrong with it.
    pub cause: Option<Cause>,
}

/// A parent's account: each child has an own state and an own wizard, which waits where it was left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// The parent.
    pub account: Account,
    /// The children, in the diary's order.
    pub children: Vec<Pupil>,
    /// Pages that can be opened.
    pub pages: Pages,
    /// The messengers that the operator offers.
    #[serde(default)]
    pub messengers: Messengers,
    /// When the service confirmed this last, on the device's clock.
    pub confirmed_at: Millis,
    /// The weeks of lessons that were read last: see [`Home::weeks`].
    #[serde(default)]
    pub weeks: Vec<Week>,
    /// The reading under way.
    pub pending: Option<PendingRequest>,
    /// Why the last reading failed, if it did.
    pub cause: Option<Cause>,
}

/// Whose diary is open and what it shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Who signed in: the pupil, or a parent.
    pub account: Account,
    /// The pupil whose diary is open.
    pub pupil: Pupil,
    /// All pupils of the account, the open one among them, in the diary's order. What is known of the open one is newer in
    /// `pupil`.
    pub siblings: Vec<Pupil>,
    /// Pages that can be opened from it.
    pub pages: Pages,
    /// The messengers that the operator offers.
    #[serde(default)]
    pub messengers: Messengers,
    /// The day that is shown, `YYYY-MM-DD`.
    pub date: String,
    /// The weeks that were read last, of all children, the newest at the end: what is read without a network.
    #[serde(default)]
    pub weeks: Vec<Week>,
    /// The invitation was folded.
    pub folded: bool,
    /// When the service confirmed this last, on the device's clock.
    pub confirmed_at: Millis,
}

/// A week of lessons, and when it was read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// The pupil.
    pub pupil: PupilId,
    /// The lessons.
    pub schedule: Schedule,
    /// When the service told them, on the device's clock.
    pub read_at: Millis,
}

/// The diary is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diary {
    /// What it shows.
    pub home: Home,
    /// «Учебный профиль Сферум не подключён» is open above it.
    pub dialog: bool,
    /// The request under way.
    pub pending: Option<PendingRequest>,
    /// The lessons that are being read.
    pub reading: Option<Attempt>,
    /// What went wrong last, if anything did.
    pub cause: Option<Cause>,
    /// The request that failed, for «Повторить».
    pub failed: Option<RequestKind>,
}

/// A linking is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wizard {
    /// The diary behind it.
    pub home: Home,
    /// The linking, as the service told it last.
    pub linking: Linking,
    /// «Изменить номер» is open above the step.
    pub editing: bool,
    /// What was typed into «Телефон или почта».
    pub typed: String,
    /// «Возможно, вы имели в виду…», for what was typed.
    pub suggestion: Option<String>,
    /// What was typed may be sent as it stands, too.
    #[serde(default)]
    pub sendable: bool,
    /// Changes arrive by themselves.
    pub live: bool,
    /// The request under way.
    pub pending: Option<PendingRequest>,
    /// What went wrong last, if anything did.
    pub cause: Option<Cause>,
    /// The request that failed, for «Повторить».
    pub failed: Option<RequestKind>,
}

/// «Безопасность» is shown: the profile that the pupil is linked to, and what may be done with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// The diary behind it.
    pub home: Home,
    /// The linked profile, once read.
    pub profile: Option<Profile>,
    /// What the person is about to do: the dialog that asks for a proof is open.
    #[serde(alias = "deed")]
    pub action: Option<ProtectedAction>,
    /// Where the files with the person's data lie, after they were saved.
    pub saved: Option<String>,
    /// What happened, and where the person is signed in, once read.
    pub log: Option<SecurityLog>,
    /// The log that is being read.
    pub reading: Option<Attempt>,
    /// The request under way.
    pub pending: Option<PendingRequest>,
    /// What went wrong last, if anything did.
    pub cause: Option<Cause>,
}

impl State {
    /// The state of an app that was never used.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            last: Attempt(0),
            awaited_handle: None,
            used_handles: Vec::new(),
            language: Language::Ru,
            notices: Notices::default(),
            route: Route::SignedOut { cause: None, in_wizard: false },
            conditions: Conditions::default(),
        }
    }

    /// The name of the route, for logs and `docs/flow.md`; holds nothing of the person.
    #[must_use]
    pub fn name(&self) -> &'static str {
        use mostik_wire::StepName;
        match &self.route {
            Route::Starting { .. } => "Starting",
            Route::Keyring { .. } => "Keyring",
            Route::SignedOut { .. } => "SignedOut",
            Route::SigningIn { .. } => "SigningIn",
            Route::Opening { .. } => "Opening",
            Route::NoPupil { .. } => "NoPupil",
            Route::Family(_) => "Family",
            Route::Diary(_) => "Diary",
            Route::Security(Security { action: Some(_), .. }) => "Security(dialog)",
            Route::Security(_) => "Security",
            Route::FromMax(_) => "FromMax",
            Route::Wizard(Wizard { editing: true, .. }) => "Wizard(editing)",
            Route::Wizard(wizard) => match wizard.linking.step.name() {
                StepName::Contact => "Wizard(contact)",
                StepName::Code => "Wizard(code)",
                StepName::Taken => "Wizard(taken)",
                StepName::Password => "Wizard(password)",
                StepName::Details => "Wizard(details)",
                StepName::Exists => "Wizard(exists)",
                StepName::Recovery => "Wizard(recovery)",
                StepName::Profile => "Wizard(profile)",
                StepName::Max => "Wizard(max)",
                StepName::Linked => "Wizard(linked)",
                StepName::Closed => "Wizard(closed)",
            },
        }
    }

    /// Gives the next attempt out.
    pub(crate) const fn attempt(&mut self) -> Attempt {
        self.last = Attempt(self.last.0 + 1);
        self.last
    }

    /// A moment of the service's clock on the device's.
    #[must_use]
    pub const fn on_device(&self, service: Millis) -> Millis {
        service.plus(-self.conditions.offset_ms)
    }

    /// A moment of the device's clock on the service's.
    #[must_use]
    pub const fn on_service(&self, device: Millis) -> Millis {
        device.plus(self.conditions.offset_ms)
    }
}

// A state holds a number and names: its Debug goes to logs and says the route alone.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
