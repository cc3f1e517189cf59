//! What all places share: the state on its way from an input to the next state.

use mostik_wire::{Code, Me, Millis, Pages, Problem};

use crate::{
    Arriving, Attempt, Cause, CauseKind, Effect, Family, Language, Next, Page, Pending, Place, Reply, State, Target,
    Verdict, Wish, moscow::moscow_date,
};

/// One call of [`step`]: the state without its place, and what it decides on the way.
pub(super) struct Turn {
    pub(super) state: State,
    pub(super) effects: Vec<Effect>,
    pub(super) now: Millis,
}

impl Turn {
    pub(super) const fn attempt(&mut self) -> Attempt {
        self.state.attempt()
    }

    fn end(mut self, place: Place, verdict: Verdict) -> Next {
        self.state.place = place;
        Next { state: self.state, effects: self.effects, verdict }
    }

    pub(super) fn moved(self, place: Place) -> Next {
        self.end(place, Verdict::Moved)
    }

    pub(super) fn ignored(self, place: Place, why: &'static str) -> Next {
        self.end(place, Verdict::Ignored(why))
    }

    pub(super) fn refused(self, place: Place, why: &'static str) -> Next {
        self.end(place, Verdict::Refused(why))
    }

    pub(super) fn set_language(mut self, place: Place, language: Language) -> Next {
        if self.state.language == language {
            return self.ignored(place, "the language in use");
        }
        self.state.language = language;
        self.effects.push(Effect::UseLanguage(language));
        self.moved(place)
    }

    /// Asks the service who is signed in.
    pub(super) fn read_me(&mut self) -> Attempt {
        let attempt = self.attempt();
        self.effects.push(Effect::ReadMe(attempt));
        attempt
    }

    /// A wish that is sent off now.
    pub(super) fn pending(&mut self, wish: Wish, effect: impl FnOnce(Attempt) -> Effect) -> Option<Pending> {
        let attempt = self.attempt();
        self.effects.push(effect(attempt));
        Some(Pending { attempt, wish })
    }

    pub(super) fn open(&mut self, target: Target) -> Option<Pending> {
        self.pending(Wish::Open, |attempt| Effect::Open { attempt, target })
    }

    pub(super) fn open_page(&mut self, pages: &Pages, page: Page) -> Option<Pending> {
        let address = match page {
            Page::Library => &pages.library,
            Page::Portfolio => &pages.portfolio,
            Page::Support => &pages.support,
            Page::GetMax => &pages.get_max,
        };
        self.open(Target::Page(page, address.clone()))
    }

    /// Signs out by the person's wish: at once here, and at the service when it can be reached.
    pub(super) fn sign_out(mut self) -> Next {
        let attempt = self.attempt();
        self.effects.extend([Effect::Unwatch, Effect::SignOut(attempt)]);
        self.state.conditions.session_only = false;
        self.state.awaited_handle = None;
        self.moved(Place::SignedOut { cause: None, in_wizard: false })
    }

    /// The service ended the session.
    pub(super) fn session_ended(mut self, in_wizard: bool) -> Next {
        self.effects.push(Effect::Unwatch);
        self.moved(Place::SignedOut { cause: Some(CauseKind::SessionEnded.into()), in_wizard })
    }

    /// Who signed in, as the service has just said.
    pub(super) fn family(&self, me: Me) -> Family {
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

    /// Today in Europe/Moscow, by the service's clock.
    pub(super) fn today(&self) -> String {
        moscow_date(self.state.on_service(self.now))
    }

    /// A refusal of the service as a person reads it.
    pub(super) fn cause_of(&self, problem: &Problem) -> Cause {
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
    pub(super) fn dismiss_strips(&mut self) {
        self.state.conditions.second_start = false;
        self.state.conditions.store_reset = false;
        self.state.conditions.link_refused = None;
        self.state.conditions.arriving.take_if(|arriving| matches!(arriving, Arriving::Known { refused: true, .. }));
    }
}

/// What a reply that is not the awaited one means to a person.
pub(super) fn failure(turn: &Turn, reply: Reply) -> Cause {
    match reply {
        Reply::Failed(cause) => cause,
        Reply::Refused(problem) => turn.cause_of(&problem),
        // An answer to another question: the service and the app do not understand each other.
        _ => CauseKind::VersionsDiffer.into(),
    }
}

/// Whether a refusal means that the person must sign in anew.
pub(super) const fn ends_session(code: Code) -> bool {
    matches!(code, Code::Unauthorized | Code::SessionEnded | Code::DiarySignInEnded)
}
