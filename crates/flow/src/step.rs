//! `(state, input, now) -> next`: total, pure, never panics. [`step`] reads by place; each place has its file.

mod contact;
mod diary;
mod entry;
mod family;
mod from_max;
mod hand_off;
mod news;
mod security;
mod typed;
mod vk;
mod wizard;

use mostik_wire::{Code, LinkSummary, Me, Millis, Pages, Problem, Role};
use time::{OffsetDateTime, UtcOffset};

use crate::{
    Arriving, Attempt, Cause, CauseKind, Effect, Family, Home, Input, Intent, Language, News, Next, Page, Pending,
    Place, State, Target, Verdict, Watched, Wish, about, notice, report,
};
pub use from_max::{family as family_of, likeliest};

/// Decides what follows from an input. `now` is the device's clock.
#[must_use]
pub fn step(state: State, input: Input, now: Millis) -> Next {
    let before = notice::Before::of(&state);
    let mut next = decide(state, input, now);
    before.tell(&mut next, now);
    next
}

fn decide(mut state: State, input: Input, now: Millis) -> Next {
    // What lies above every place, and changes none.
    match input {
        Input::Intent(Intent::AskReport) => return report::ask(state, now),
        Input::Intent(Intent::CloseReport) => return report::close(state),
        Input::Intent(Intent::OpenAbout) => return about::open(state),
        Input::Intent(Intent::CloseAbout) => return about::close(state),
        Input::Intent(Intent::CheckHealth) => return about::check_health(state),
        Input::Intent(Intent::CheckRelease) => return about::check_release(state),
        Input::Intent(Intent::SetNotices { on }) => return notice::switch(state, on),
        Input::Reply(attempt, reply) if about::awaits(&state, attempt) => return about::answer(state, attempt, reply),
        _ => {}
    }
    let place = std::mem::replace(&mut state.place, Place::SignedOut { cause: None, in_wizard: false });
    let turn = Turn { state, effects: Vec::new(), now };
    match (place, input) {
        (place, Input::Reply(attempt, reply)) if turn.state.conditions.claiming == Some(attempt) => {
            from_max::claimed(turn, place, attempt, reply)
        }
        (place, Input::Reply(attempt, reply)) if hand_off::awaits(&turn.state, attempt) => {
            hand_off::answer(turn, place, attempt, reply)
        }
        (place, Input::Intent(Intent::SendToPhone)) => hand_off::send(turn, place),
        (place, Input::Intent(Intent::CloseSendToPhone)) => hand_off::close(turn, place),
        (Place::FromMax(from_max), input)
            if !matches!(input, Input::News(News::Link(_)) | Input::Intent(Intent::SetLanguage { .. })) =>
        {
            from_max::step_over(turn, from_max, input)
        }
        (place, Input::Intent(Intent::StopWaiting)) => news::stop_waiting(turn, place),
        (place, Input::News(news)) => news::step(turn, place, news),
        (place, Input::Intent(Intent::SetLanguage { language })) => turn.set_language(place, language),

        // ── Nobody is known yet ──
        (Place::Starting { attempt, after }, input) => entry::starting(turn, attempt, after, input),
        (Place::Keyring { problem, pending, after }, input) => entry::keyring(turn, problem, pending, after, input),
        (Place::SignedOut { cause, in_wizard }, input) => entry::signed_out(turn, cause, in_wizard, input),
        (Place::SigningIn { attempt, address, in_wizard }, input) => {
            entry::signing_in(turn, attempt, address, in_wizard, input)
        }

        // ── Signed in ──
        (Place::Opening { pending, cause, in_wizard }, input) => entry::opening(turn, pending, cause, in_wizard, input),
        (Place::NoPupil { account }, input) => entry::no_pupil(turn, account, input),
        (Place::Family(family), Input::Intent(intent)) => family::wish(turn, family, intent),
        (Place::Family(family), Input::Reply(attempt, reply)) => family::answer(turn, family, attempt, reply),
        (Place::Diary(diary), Input::Intent(intent)) => diary::wish(turn, diary, intent),
        (Place::Diary(diary), Input::Reply(attempt, reply)) => diary::answer(turn, diary, attempt, reply),
        (Place::Security(security), Input::Intent(intent)) => security::wish(turn, security, intent),
        (Place::Security(security), Input::Reply(attempt, reply)) => security::answer(turn, security, attempt, reply),
        (Place::Wizard(wizard), Input::Intent(intent)) => wizard::wish(turn, wizard, intent),
        (Place::Wizard(wizard), Input::Reply(attempt, reply)) => wizard::answer(turn, wizard, attempt, reply),
        (Place::FromMax(from_max), input) => from_max::step_over(turn, from_max, input),
    }
}

/// What to do after a restart: the keyring first, then on from where the person stood. Nothing is sent twice: what was
/// under way is read from the service, never repeated.
#[must_use]
pub fn resume(mut state: State, now: Millis) -> Next {
    let place = std::mem::replace(&mut state.place, Place::SignedOut { cause: None, in_wizard: false });
    let mut turn = Turn { state, effects: Vec::new(), now };
    let after = match place {
        Place::Starting { after, .. } | Place::Keyring { after, .. } => after,
        // What proves that this app has claimed it was not kept: the person presses the button in MAX once more.
        Place::FromMax(from_max) => Some(from_max.beneath),
        place @ (Place::Family(_) | Place::Diary(_) | Place::Security(_) | Place::Wizard(_)) => Some(Box::new(place)),
        Place::SignedOut { .. } | Place::SigningIn { .. } | Place::Opening { .. } | Place::NoPupil { .. } => None,
    };
    let attempt = turn.attempt();
    turn.effects.extend([Effect::UseLanguage(turn.state.language), Effect::ReadKeyring(attempt)]);
    turn.moved(Place::Starting { attempt, after })
}

/// One call of [`step`]: the state without its place, and what it decides on the way.
struct Turn {
    state: State,
    effects: Vec<Effect>,
    now: Millis,
}

impl Turn {
    const fn attempt(&mut self) -> Attempt {
        self.state.attempt()
    }

    fn end(mut self, place: Place, verdict: Verdict) -> Next {
        let place = from_max::lay_over(&mut self, place);
        hand_off::keep_up(&mut self, &place);
        self.state.place = place;
        Next { state: self.state, effects: self.effects, verdict }
    }

    fn moved(self, place: Place) -> Next {
        self.end(place, Verdict::Moved)
    }

    fn ignored(self, place: Place, why: &'static str) -> Next {
        self.end(place, Verdict::Ignored(why))
    }

    fn refused(self, place: Place, why: &'static str) -> Next {
        self.end(place, Verdict::Refused(why))
    }

    fn set_language(mut self, place: Place, language: Language) -> Next {
        if self.state.language == language {
            return self.ignored(place, "the language in use");
        }
        self.state.language = language;
        self.effects.push(Effect::UseLanguage(language));
        self.moved(place)
    }

    /// Asks the service who is signed in.
    fn read_me(&mut self) -> Attempt {
        let attempt = self.attempt();
        self.effects.push(Effect::ReadMe(attempt));
        attempt
    }

    /// A wish that is sent off now.
    fn pending(&mut self, wish: Wish, effect: impl FnOnce(Attempt) -> Effect) -> Option<Pending> {
        let attempt = self.attempt();
        self.effects.push(effect(attempt));
        Some(Pending { attempt, wish })
    }

    fn open(&mut self, target: Target) -> Option<Pending> {
        self.pending(Wish::Open, |attempt| Effect::Open { attempt, target })
    }

    fn open_page(&mut self, pages: &Pages, page: Page) -> Option<Pending> {
        let address = match page {
            Page::Library => &pages.library,
            Page::Portfolio => &pages.portfolio,
            Page::Support => &pages.support,
            Page::GetMax => &pages.get_max,
        };
        self.open(Target::Page(page, address.clone()))
    }

    /// Signs out by the person's wish: at once here, and at the service when it can be reached.
    fn sign_out(mut self) -> Next {
        let attempt = self.attempt();
        self.effects.extend([Effect::Unwatch, Effect::SignOut(attempt)]);
        self.state.conditions.session_only = false;
        self.state.awaited_handle = None;
        self.moved(Place::SignedOut { cause: None, in_wizard: false })
    }

    /// The service ended the session.
    fn session_ended(mut self, in_wizard: bool) -> Next {
        self.effects.push(Effect::Unwatch);
        self.moved(Place::SignedOut { cause: Some(CauseKind::SessionEnded.into()), in_wizard })
    }

    /// Who signed in, as the service has just said.
    fn family(&self, me: Me) -> Family {
        let Me { account, pupils, pages, messengers } = me;
        Family {
            account,
            children: pupils,
            pages,
            messengers,
            confirmed_at: self.now,
            weeks: Vec::new(),
            pending: None,
            cause: None,
        }
    }

    /// Where an account leads: a pupil to their own diary, a parent to the children, anyone else nowhere.
    /// A wizard that stood open when a pupil's session ended is gone on with.
    fn open_account(mut self, family: Family, in_wizard: bool) -> Next {
        if let Some(handed) = hand_off::destination(&mut self.state)
            && let Some(home) = Home::of(&family, &handed.pupil, self.today())
        {
            return hand_off::open(self, home, handed);
        }
        let place = match (family.account.role, family.children.first()) {
            (Role::Pupil, Some(pupil)) => match Home::of(&family, &pupil.id, self.today()) {
                Some(home) => {
                    let mut diary = family::open(&mut self, home);
                    if in_wizard && matches!(diary.home.pupil.link, LinkSummary::InProgress { .. }) {
                        diary::enter(&mut self, &mut diary, Wish::Enter);
                    }
                    Place::Diary(diary)
                }
                None => Place::NoPupil { account: family.account },
            },
            (Role::Parent, Some(_)) => {
                self.effects.push(Effect::Watch(Watched::Account));
                Place::Family(family)
            }
            (Role::Pupil | Role::Parent | Role::Other, _) => Place::NoPupil { account: family.account },
        };
        self.moved(place)
    }

    /// Today in Europe/Moscow, by the service's clock.
    fn today(&self) -> String {
        moscow_date(self.state.on_service(self.now))
    }

    /// A refusal of the service as a person reads it.
    fn cause_of(&self, problem: &Problem) -> Cause {
        Cause {
            kind: problem.code.into(),
            tries_left: problem.tries_left,
            retry_at: problem.retry_at.map(|at| self.state.on_device(at)),
            field: problem
                .detail
                .clone()
                .filter(|_| matches!(problem.code, Code::NameMalformed | Code::BirthDateWrong)),
            moved_by: problem.moved_by.clone(),
            support: problem.event.clone(),
        }
    }

    /// What the person has read is taken away.
    fn dismiss_strips(&mut self) {
        self.state.conditions.second_start = false;
        self.state.conditions.store_reset = false;
        self.state.conditions.link_refused = None;
        self.state.conditions.arriving.take_if(|arriving| matches!(arriving, Arriving::Known { refused: true, .. }));
    }
}

/// Whether a refusal means that the person must sign in anew.
const fn ends_session(code: Code) -> bool {
    matches!(code, Code::Unauthorized | Code::SessionEnded | Code::DiarySignInEnded)
}

/// The calendar date in Europe/Moscow: UTC+3 all year since 2014-10-26.
pub fn moscow_date(at: Millis) -> String {
    moscow(at).date().to_string()
}

/// The wall clock in Europe/Moscow; moments no calendar knows read as the epoch.
pub fn moscow(at: Millis) -> OffsetDateTime {
    let moscow = UtcOffset::from_hms(3, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(moscow)
}
