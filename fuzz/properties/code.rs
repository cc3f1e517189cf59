// What is true of the field for a code, whatever is typed or pasted into it: the window's machine sends digits alone or names what is
// missing, and the service takes what it sends. Shared by the fuzz target and the tests of `mostik-service`.

use mostik_flow::{
    Attempt, Call, CauseKind, Effect, Input, Intent, ProfileCall, ProtectedAction, Reply, Route, Security, State,
    Wizard, resume, screen_of, step, stored,
};
use mostik_linking::Purpose;
use mostik_service::linkings::well_formed;
use mostik_wire::{
    Account, Channel, CodeStep, Delivery, LinkSummary, Linking, LinkingId, Me, Messengers, Millis, Pages, Profile,
    Proof, ProvenBody, Pupil, PupilId, RecoveryStep, Role, Secret, Step,
};

const NOW: Millis = Millis(1_795_512_660_000);
const VERSION: u64 = 7;
const PASSWORD: &str = "синий трамвай у моря";

thread_local! {
    static WIZARD: State = wizard();
    static RECOVERY: State = with_step(WIZARD.with(State::clone), recovery());
    static OWNER: State = owner(WIZARD.with(State::clone));
}

/// Whether it is a code of six digits. Panics when the machine sends something else than them, or the service would not take it.
pub fn holds(bytes: &[u8]) -> bool {
    let text = &*String::from_utf8_lossy(bytes);
    let digits: String = text.chars().filter_map(digit).collect();
    let is_code = digits.len() == 6;
    let code = || Secret::new(text);
    let mut sent = WIZARD.with(|state| sent(state, Intent::SubmitCode { code: code() }, &digits, 6));
    taken(text, sent.as_ref(), Purpose::Contact);
    let proof = OWNER.with(|state| self::sent(state, Intent::ProveByCode { code: code() }, &digits, 6));
    assert_eq!(proof, sent, "{text:?} is read in two ways");
    // A new password is weighed with each of these: that takes its time.
    if digits.len() == 8 || digits.len() % 8 == bytes.len() % 64 {
        let intent = Intent::SubmitRecovery { code: code(), password: Secret::new(PASSWORD) };
        let recovery = RECOVERY.with(|state| self::sent(state, intent, &digits, 8));
        taken(text, recovery.as_ref(), Purpose::Recovery);
        sent = sent.or(recovery);
    }
    // What is sent is read as itself, and whatever stands between the digits.
    if let Some(digits) = sent.filter(|_| is_code) {
        let apart = format!(" {}-{}\u{a0}.", &digits[..3], &digits[3..]);
        for again in [&digits, &apart] {
            let intent = Intent::SubmitCode { code: Secret::new(again.as_str()) };
            let read = WIZARD.with(|state| self::sent(state, intent, &digits, 6));
            assert_eq!(read.as_ref(), Some(&digits), "{again:?}");
        }
    }
    is_code
}

/// The ASCII digit that a sign means: of ASCII, Arabic, Persian and full-width ones.
fn digit(sign: char) -> Option<char> {
    const ALL: &str = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９";
    let at = ALL.chars().position(|digit| digit == sign)?;
    char::from_digit(u32::try_from(at % 10).ok()?, 10)
}

/// The code that leaves for the service, which is these digits if they are as many as wanted.
fn sent(state: &State, intent: Intent, digits: &str, wanted: usize) -> Option<String> {
    let next = step(state.clone(), Input::Intent(intent), NOW);
    let [code] = &next.effects.iter().filter_map(code_of).collect::<Vec<_>>()[..] else {
        assert!(digits.len() != wanted && next.effects.is_empty(), "{digits:?} is not sent: {:?}", next.effects);
        let cause = match &next.state.route {
            Route::Wizard(Wizard { cause, .. }) | Route::Security(Security { cause, .. }) => cause.as_ref(),
            _ => None,
        };
        assert_eq!(cause.map(|cause| cause.kind), Some(CauseKind::CodeIncomplete));
        return None;
    };
    assert_eq!(**code, *digits);
    // It lives in the request alone.
    let shown =
        |state: &State| format!("{:?} {}", screen_of(state, 1, NOW), stored::save(state).expect("it is stored"));
    assert!(!shown(&next.state).contains(digits) || shown(state).contains(digits), "{digits:?} is kept");
    Some((*code).to_owned())
}

fn code_of(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Call { call: Call::Code { version: VERSION, code, .. }, .. }
        | Effect::Call { call: Call::Recovery { version: VERSION, code, .. }, .. }
        | Effect::ProfileCall { call: ProfileCall::Unlink(ProvenBody { proof: Proof::Code { code }, .. }), .. } => {
            Some(code.expose())
        }
        _ => None,
    }
}

/// The service takes what the machine sends; and what it takes of what people type, the machine sends as it is.
fn taken(text: &str, sent: Option<&String>, purpose: Purpose) {
    let takes = |code: &str| well_formed(&Secret::new(code), purpose).is_ok();
    if let Some(sent) = sent {
        assert!(takes(sent), "the service does not take {sent:?}");
    }
    if takes(text) {
        assert_eq!(sent.map(String::as_str), Some(text), "the machine does not send what the service takes");
    }
}

fn go(state: State, input: Input) -> State {
    step(state, input, NOW).state
}

fn wizard() -> State {
    let mut state = resume(State::fresh(), NOW).state;
    let answer = |state: State, reply: Reply| {
        let attempt = state.last;
        go(state, Input::Reply(attempt, reply))
    };
    state = answer(state, Reply::KeyringRead { session: true });
    state = answer(state, Reply::Me(me()));
    for intent in [Intent::PressSferum, Intent::Begin] {
        state = go(state, Input::Intent(intent));
    }
    let linking = Linking {
        id: LinkingId("l-1".into()),
        pupil: PupilId("p-misha".into()),
        version: VERSION,
        step: Step::Code(CodeStep {
            channel: Channel::Sms,
            contact: "+7 900 000-12-42".into(),
            expires_at: NOW.plus(600_000),
            resend_at: NOW.plus(60_000),
            tries_left: 5,
            nth: 1,
            delivery: Delivery::Sent,
        }),
        server_time: NOW,
    };
    state = answer(state, Reply::Linking(Box::new(linking)));
    assert!(matches!(&state.route, Route::Wizard(wizard) if wizard.pending.is_none()), "{}", state.name());
    state
}

fn me() -> Me {
    let name = || ("Михаил".to_owned(), "Орлов".to_owned());
    let ((first_name, last_name), (pupil_first, pupil_last)) = (name(), name());
    let page = || "https://page.example/".to_owned();
    Me {
        account: Account { first_name, last_name, role: Role::Pupil },
        pupils: vec![Pupil {
            id: PupilId("p-misha".into()),
            first_name: pupil_first,
            last_name: pupil_last,
            class_name: "8-Б".into(),
            school: None,
            under_14: false,
            link: LinkSummary::NotLinked,
            chats: Vec::new(),
        }],
        pages: Pages { library: page(), portfolio: page(), support: page(), get_max: page() },
        messengers: Messengers { max: true, vk: true },
    }
}

fn with_step(mut state: State, step: Step) -> State {
    let Route::Wizard(wizard) = &mut state.route else { panic!("left the wizard") };
    wizard.linking.step = step;
    state
}

fn recovery() -> Step {
    Step::Recovery(RecoveryStep {
        contact_masked: "о•••@почта.рф".into(),
        shortest: 10,
        expires_at: NOW.plus(600_000),
        resend_at: NOW.plus(60_000),
        tries_left: 5,
        nth: 1,
        delivery: Delivery::Sent,
    })
}

/// The dialog that asks whose profile it is.
fn owner(mut state: State) -> State {
    let Route::Wizard(wizard) = &state.route else { panic!("left the wizard") };
    let profile = Profile {
        id: "4815162342".into(),
        name_masked: "Михаил О.".into(),
        channel: Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
        max: None,
        vk: None,
        linked_at: NOW,
        has_password: false,
        code: None,
        resend_at: None,
        deletes_at: None,
        server_time: NOW,
    };
    state.route = Route::Security(Security {
        home: wizard.home.clone(),
        profile: Some(profile),
        action: Some(ProtectedAction::Unlink),
        saved: None,
        log: None,
        reading: None::<Attempt>,
        pending: None,
        cause: None,
    });
    state
}
