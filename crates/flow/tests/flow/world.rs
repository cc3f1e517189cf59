//! A small world around the machine: people, a service that answers, and drives to the interesting places.

mod hand_off;

use mostik_flow::{
    Attempt, Device, Effect, Input, Installation, Intent, News, Next, ProtectedAction, Reply, Route, Screen, Source,
    State, Verdict, View, resume, step,
};
use mostik_wire::{
    Account, Channel, ClassChat, CodeStep, ConsentText, Delivery, DetailsStep, ExistsStep, FormerProfile, FoundProfile,
    Gender, Launch, Lesson, LessonId, LinkSummary, LinkedStep, Linking, LinkingId, LogEvent, LogKind, MaxStep,
    MaxTrouble, Me, MessengerAccount, Messengers, Millis, Pages, PasswordStep, Profile, ProfileStep, Pupil, PupilId,
    RecoveryStep, Release, ReleaseNotes, Role, Schedule, SchoolDay, SecurityLog, SignedIn, Step, VkStep,
};

pub use hand_off::*;

/// 2026-11-24T09:31:00Z, a Tuesday: 12:31 in Moscow.
pub const NOW: Millis = Millis(1_795_512_660_000);
pub const TODAY: &str = "2026-11-24";
/// What a person would type; no output of the machine may hold it.
pub const SECRET_CODE: &str = "481902";
pub const SECRET_PASSWORD: &str = "синий трамвай у моря";
pub const SECRET_RECOVERY: &str = "48190277";
pub const HANDLE: &str = "AbCdEfGhIjKlMnOpQrStU-";

/// The app as the engine runs it: keeps the state, remembers the effects.
pub struct World {
    pub state: State,
    pub effects: Vec<Effect>,
    pub verdict: Verdict,
    pub now: Millis,
}

impl World {
    pub fn new() -> Self {
        Self { state: State::fresh(), effects: Vec::new(), verdict: Verdict::Ignored("not begun"), now: NOW }
    }

    fn take(&mut self, next: Next) -> &mut Self {
        self.state = next.state;
        self.effects = next.effects;
        self.verdict = next.verdict;
        self
    }

    pub fn start(&mut self) -> &mut Self {
        let next = resume(self.state.clone(), self.now);
        self.take(next)
    }

    pub fn input(&mut self, input: Input) -> &mut Self {
        let next = step(self.state.clone(), input, self.now);
        self.take(next)
    }

    pub fn intent(&mut self, intent: Intent) -> &mut Self {
        self.input(Input::Intent(intent))
    }

    pub fn news(&mut self, news: News) -> &mut Self {
        self.input(Input::News(news))
    }

    /// Answers the wish under way.
    pub fn answer(&mut self, reply: Reply) -> &mut Self {
        let attempt = pending(&self.state).unwrap_or_else(|| panic!("nothing is under way at {:?}", self.state));
        self.input(Input::Reply(attempt, reply))
    }

    /// Answers the reading of the log under «Безопасность».
    pub fn answer_reading(&mut self, reply: Reply) -> &mut Self {
        let Route::Security(security) = &self.state.route else { panic!("not under «Безопасность»") };
        let attempt = security.reading.expect("the log is being read");
        self.input(Input::Reply(attempt, reply))
    }

    /// As after `kill -9`: what was stored is read back, and the keyring still holds the session.
    pub fn restart(&mut self) -> &mut Self {
        let text = mostik_flow::stored::save(&self.state).unwrap();
        self.state = mostik_flow::stored::load(&text).unwrap();
        self.start().answer(Reply::KeyringRead { session: true })
    }

    pub fn screen(&self) -> Screen {
        mostik_flow::screen_of(&self.state, 1, self.now)
    }

    pub fn view(&self) -> View {
        self.screen().view
    }

    /// The kind of cause on the screen, as its name on the wire.
    pub fn cause(&self) -> Option<String> {
        let screen = serde_json::to_value(self.screen()).unwrap();
        screen["cause"]["kind"].as_str().map(str::to_owned)
    }

    pub fn did(&self, name: &str) -> bool {
        self.effects.iter().any(|effect| effect.name() == name)
    }

    // ── drives ──

    pub fn signed_in(me: Me) -> Self {
        let mut world = Self::new();
        world.start().answer(Reply::KeyringRead { session: false }).intent(Intent::SignIn);
        world.answer(Reply::SignedIn { not_kept: None }).answer(Reply::Me(me));
        world
    }

    pub fn at(step: Step) -> Self {
        let mut world = Self::signed_in(misha(LinkSummary::NotLinked));
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, contact_step()));
        if step != contact_step() {
            world.news(News::Linking(Box::new(linking_of(2, step))));
        }
        world
    }

    /// A parent's wizard for a child under 14.
    pub fn for_anya(step: Step) -> Self {
        let mut world = Self::signed_in(olga());
        world.intent(Intent::ChooseChild { pupil: PupilId("p-anya".into()) });
        world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, contact_step()));
        if step != contact_step() {
            world.news(News::Linking(Box::new(linking_of(2, step))));
        }
        world
    }

    /// «Безопасность» of Миша, before anything is answered.
    pub fn security(link: LinkSummary) -> Self {
        let mut world = Self::signed_in(misha(link));
        world.intent(Intent::OpenSecurity);
        world
    }

    /// The same, once the profile is read.
    pub fn with_profile(profile: Profile) -> Self {
        let mut world = Self::security(linked(true, None));
        world.answer(Reply::Profile(Box::new(profile)));
        world.answer_reading(Reply::SecurityLog(Box::new(log())));
        world
    }

    /// The same, with the dialog open that asks for a proof.
    pub fn asking(action: ProtectedAction) -> Self {
        let mut world = Self::with_profile(own());
        world.intent(Intent::BeginProof { action });
        world
    }

    /// The question that a link out of MAX lays over this.
    pub fn launched(mut self) -> Self {
        self.news(News::Link(format!("mostik://open/{HANDLE}")));
        let claiming = self.state.conditions.claiming.expect("the service is asked");
        self.input(Input::Reply(claiming, launch()));
        self
    }

    pub fn editing() -> Self {
        let mut world = Self::at(code_step());
        world.intent(Intent::ChangeContact);
        world
    }
}

pub fn linked(in_max: bool, deletes_at: Option<Millis>) -> LinkSummary {
    LinkSummary::Linked { linking: LinkingId("l-1".into()), since: NOW, in_max, in_vk: false, deletes_at }
}

/// A linked profile with a password.
pub fn own() -> Profile {
    Profile {
        id: "4815162342".into(),
        name_masked: "Михаил О.".into(),
        channel: Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
        max: Some(MessengerAccount { name_masked: Some("Миша О.".into()), since: NOW }),
        vk: None,
        linked_at: NOW,
        has_password: true,
        code: None,
        resend_at: None,
        deletes_at: None,
        server_time: NOW,
    }
}

/// Two devices, and what was done with the first.
pub fn log() -> SecurityLog {
    let session = |id: &str, present| SignedIn {
        id: id.into(),
        device: Some("Мостик, Windows".into()),
        signed_in_at: NOW.plus(-86_400_000),
        seen_at: NOW,
        present,
    };
    SecurityLog {
        events: vec![LogEvent {
            kind: LogKind::Linked, at: NOW, device: Some("Мостик, Windows".into()), by: None
        }],
        sessions: vec![session("s-1", true), session("s-2", false)],
        server_time: NOW,
    }
}

/// What the shell says of itself.
pub fn device() -> Device {
    Device {
        app: "0.1.0".into(),
        system: "linux x86_64".into(),
        webview: "2.50.4".into(),
        drawn_safely: None,
        page_crashes: 0,
    }
}

/// What the shell says of this copy.
pub fn installation() -> Installation {
    Installation {
        commit: None,
        service: "https://mostik.example/".into(),
        data: "/home/m/.local/share/app.mostik".into(),
        settings: "/home/m/.config/app.mostik".into(),
        downloads: "/home/m/Downloads".into(),
        log: Some("/home/m/.local/share/app.mostik/logs".into()),
        source: Source::Deb,
    }
}

/// A release of the operator's.
pub fn release(version: &str) -> Release {
    let notes = ReleaseNotes { ru: "Уведомления.".into(), en: "Notices.".into() };
    Release { version: version.into(), released: "2026-12-01".into(), notes }
}

/// The attempt whose reply is awaited, if one is.
pub fn pending(state: &State) -> Option<Attempt> {
    match &state.route {
        Route::Starting { attempt, .. } | Route::SigningIn { attempt, .. } => Some(*attempt),
        Route::Keyring { pending, .. } | Route::Opening { pending, .. } => *pending,
        Route::SignedOut { .. } | Route::NoPupil { .. } => None,
        Route::Family(family) => family.pending.as_ref().map(|pending| pending.attempt),
        Route::Diary(diary) => diary.pending.as_ref().map(|pending| pending.attempt),
        Route::Security(security) => security.pending.as_ref().map(|pending| pending.attempt),
        Route::Wizard(wizard) => wizard.pending.as_ref().map(|pending| pending.attempt),
        Route::FromMax(from_max) => from_max.pending.as_ref().map(|pending| pending.attempt),
    }
}

pub fn misha(link: LinkSummary) -> Me {
    Me {
        account: Account { first_name: "Михаил".into(), last_name: "Орлов".into(), role: Role::Pupil },
        pupils: vec![Pupil {
            id: PupilId("p-misha".into()),
            first_name: "Михаил".into(),
            last_name: "Орлов".into(),
            class_name: "8-Б".into(),
            school: Some("Школа № 1".into()),
            under_14: false,
            link,
            chats: vec![ClassChat { title: "8 «Б»".into(), url: None }],
        }],
        pages: Pages {
            library: "https://library.example/".into(),
            portfolio: "https://portfolio.example/".into(),
            support: "https://prof.sferum.ru/support".into(),
            get_max: "https://max.ru/".into(),
        },
        messengers: Messengers { max: true, vk: true },
    }
}

pub fn olga() -> Me {
    olga_with(LinkSummary::NotLinked, LinkSummary::NotLinked)
}

/// A mother of two: Миша and Аня, who is under 14.
pub fn olga_with(misha_link: LinkSummary, anya_link: LinkSummary) -> Me {
    let mut me = misha(misha_link);
    me.account = Account { first_name: "Ольга".into(), last_name: "Орлова".into(), role: Role::Parent };
    me.pupils.push(Pupil {
        id: PupilId("p-anya".into()),
        first_name: "Анна".into(),
        last_name: "Орлова".into(),
        class_name: "5-А".into(),
        school: None,
        under_14: true,
        link: anya_link,
        chats: vec![ClassChat { title: "8 «Б»".into(), url: None }],
    });
    me
}

/// A teacher: neither pupil nor parent.
pub fn teacher() -> Me {
    let mut me = misha(LinkSummary::NotLinked);
    me.account.role = Role::Other;
    me.pupils.clear();
    me
}

pub fn lessons(date: &str) -> Schedule {
    let biology = Lesson {
        id: LessonId("501".into()),
        begins_at: NOW.plus(9 * 60_000),
        ends_at: NOW.plus(54 * 60_000),
        subject: "Биология".into(),
        room: None,
        homework: None,
        mark: None,
        change: None,
        remote: true,
        join_url: Some("https://max.ru/call/501".into()),
    };
    Schedule { days: vec![SchoolDay { date: date.into(), lessons: vec![biology] }] }
}

pub fn linking_of(version: u64, step: Step) -> Linking {
    Linking { id: LinkingId("l-1".into()), pupil: PupilId("p-misha".into()), version, step, server_time: NOW }
}

pub fn linking(version: u64, step: Step) -> Reply {
    Reply::Linking(Box::new(linking_of(version, step)))
}

pub fn contact_step() -> Step {
    Step::Contact { former: None }
}

/// The pupil was linked to a profile before.
pub fn former_step() -> Step {
    Step::Contact {
        former: Some(FormerProfile {
            name_masked: "Михаил О.".into(),
            channel: Channel::Sms,
            contact_masked: "+7 900 •••-••-42".into(),
        }),
    }
}

/// MAX proves the number in place of an SMS.
pub fn proof_step() -> Step {
    let Step::Max(step) = max_step() else { unreachable!() };
    Step::Max(MaxStep { phone_masked: None, profile_name: None, vk: None, ..step })
}

/// Another number than the proven one is in MAX.
pub fn differing_step() -> Step {
    let Step::Max(step) = max_step() else { unreachable!() };
    let trouble = MaxTrouble::NumberDiffers { phone_masked: "+7 900 •••-••-17".into(), usable: true };
    Step::Max(MaxStep { opened: true, trouble: Some(trouble), ..step })
}

/// Михаил, whose number MAX has proven.
pub fn launch() -> Reply {
    Reply::Launch(Box::new(Launch {
        max_name: "Михаил О.".into(),
        phone_masked: Some("+7 900 •••-••-42".into()),
        expires_at: NOW.plus(900_000),
        server_time: NOW,
    }))
}

pub fn code_step() -> Step {
    Step::Code(CodeStep {
        channel: Channel::Sms,
        contact: "+7 900 000-12-42".into(),
        expires_at: NOW.plus(600_000),
        resend_at: NOW.plus(60_000),
        tries_left: 5,
        nth: 1,
        delivery: Delivery::Sent,
    })
}

pub fn taken_step() -> Step {
    Step::Taken { channel: Channel::Sms, contact_masked: "+7 900 •••-••-42".into() }
}

pub fn profile_step(found: Option<FoundProfile>) -> Step {
    Step::Profile(ProfileStep { channel: Channel::Sms, contact_masked: "+7 900 •••-••-42".into(), found })
}

pub fn own_profile() -> Option<FoundProfile> {
    Some(FoundProfile {
        name_masked: "Михаил О.".into(),
        role: Role::Pupil,
        class_name: Some("8-Б".into()),
        same_name: true,
    })
}

pub fn other_profile() -> Option<FoundProfile> {
    Some(FoundProfile { name_masked: "Ольга О.".into(), role: Role::Parent, class_name: None, same_name: false })
}

pub fn max_step() -> Step {
    Step::Max(MaxStep {
        url: "https://max.ru/mostik_bot?start=AbCdEfGhIjKlMnOpQrStUv".into(),
        code: "482177350".into(),
        expires_at: NOW.plus(600_000),
        phone_masked: Some("+7 900 •••-••-42".into()),
        skippable: false,
        opened: false,
        trouble: None,
        return_handle: HANDLE.into(),
        profile_name: Some("Михаил О.".into()),
        channel: Channel::Sms,
        vk: Some(VkStep::Offered { trouble: None }),
    })
}

pub fn linked_step() -> Step {
    Step::Linked(LinkedStep {
        profile: "id204417".into(),
        profile_name: "Михаил О.".into(),
        channel: Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
        in_max: true,
        linked_at: NOW,
        sferum_url: "https://max.ru/sferum?profile=id204417".into(),
        vk: None,
        deletes_at: None,
    })
}

const ADDRESS: &str = "о•••@почта.рф";

pub fn letter_step() -> Step {
    let Step::Code(step) = code_step() else { unreachable!() };
    Step::Code(CodeStep { channel: Channel::Mail, contact: "орлова@почта.рф".into(), ..step })
}

pub fn password_step() -> Step {
    Step::Password(PasswordStep { contact_masked: ADDRESS.into(), shortest: 10 })
}

pub fn details_step() -> Step {
    Step::Details(DetailsStep {
        contact_masked: ADDRESS.into(),
        last_name: "Орлова".into(),
        first_name: "Анна".into(),
        middle_name: Some("Сергеевна".into()),
        birth_date: mostik_wire::BirthDate::parse("2015-03-03"),
        gender: Some(Gender::Female),
        consent: ConsentText { version: "2026-11".into(), text: "Согласие.".into() },
    })
}

pub fn exists_step() -> Step {
    Step::Exists(ExistsStep { contact_masked: ADDRESS.into(), profile_name: "Анна О.".into(), shortest: 10 })
}

pub fn recovery_step() -> Step {
    Step::Recovery(RecoveryStep {
        contact_masked: ADDRESS.into(),
        shortest: 10,
        expires_at: NOW.plus(600_000),
        resend_at: NOW.plus(60_000),
        tries_left: 5,
        nth: 1,
        delivery: Delivery::Sent,
    })
}

pub fn max_later_step() -> Step {
    let Step::Max(step) = max_step() else { unreachable!() };
    Step::Max(MaxStep { phone_masked: None, skippable: true, channel: Channel::Mail, ..step })
}

pub fn linked_by_mail_step() -> Step {
    let Step::Linked(step) = linked_step() else { unreachable!() };
    Step::Linked(LinkedStep { channel: Channel::Mail, contact_masked: ADDRESS.into(), in_max: false, ..step })
}
