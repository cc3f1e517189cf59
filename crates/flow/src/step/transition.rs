//! What all places share: the state on its way from an input to the next state.

use mostik_wire::{Code, Me, Millis, Pages, Problem};

use crate::{
    Attempt, Cause, CauseKind, Effect, Family, IncomingHandOff, Language, Next, Page, PendingRequest, Reply,
    RequestKind, Route, State, Target, Verdict, moscow::moscow_date,
};

/// One call of [`crate::step()`]: the state without its route, and the effects that were decided so far.
pub(super) struct Transition {
    pub(super) state: State,
    pub(super) effects: Vec<Effect>,
    pub(super) now: Millis,
}

impl Transition {
    pub(super) const fn attempt(&mut self) -> Attempt {
        self.state.attempt()
    }

    fn end(mut self, route: Route, verdict: Verdict) -> Next {
        self.state.route = route;
        Next { state: self.state, effects: self.effects, verdict }
    }

    pub(super) fn moved(self, route: Route) -> Next {
        self.end(route, Verdict::Moved)
    }

    pub(super) fn ignored(self, route: Route, why: &'static str) -> Next {
        self.end(route, Verdict::Ignored(why))
    }

    pub(super) fn refused(self, route: Route, why: &'static str) -> Next {
        self.end(route, Verdict::Refused(why))
    }

    pub(super) fn set_language(mut self, route: Route, language: Language) -> Next {
        if self.state.language == language {
            return self.ignored(route, "the language in use");
        }
        self.state.language = language;
        self.effects.push(Effect::UseLanguage(language));
        self.moved(route)
    }

    /// Asks the service who is signed in.
    pub(super) fn read_me(&mut self) -> Attempt {
        let attempt = self.attempt();
        self.effects.push(Effect::ReadMe(attempt));
        attempt
    }

    /// Begins a request: gives its effect out under a new attempt.
    pub(super) fn begin(
        &mut self,
        kind: RequestKind,
        effect: impl FnOnce(Attempt) -> Effect,
    ) -> Option<PendingRequest> {
        let attempt = self.attempt();
        self.effects.push(effect(attempt));
        Some(PendingRequest { attempt, kind })
    }

    pub(super) fn open(&mut self, target: Target) -> Option<PendingRequest> {
        self.begin(RequestKind::Open, |attempt| Effect::Open { attempt, target })
    }

    pub(super) fn open_page(&mut self, pages: &Pages, page: Page) -> Option<PendingRequest> {
        let address = match page {
            Page::Library => &pages.library,
            Page::Portfolio => &pages.portfolio,
            Page::Support => &pages.support,
            Page::GetMax => &pages.get_max,
        };
        self.open(Target::Page(page, address.clone()))
    }

    /// Signs out because the person asks for it: at once here, and at the service when it can be reached.
    pub(super) fn sign_out(mut self) -> Next {
        let attempt = self.attempt();
        self.effects.extend([Effect::Unwatch, Effect::SignOut(attempt)]);
        self.state.conditions.session_only = false;
        self.state.awaited_handle = None;
        self.moved(Route::SignedOut { cause: None, in_wizard: false })
    }

    /// The service ended the session, or has blocked the account.
    pub(super) fn session_ended(mut self, problem: &Problem, in_wizard: bool) -> Next {
        self.effects.push(Effect::Unwatch);
        let cause = self.cause_of(problem);
        self.moved(Route::SignedOut { cause: Some(cause), in_wizard })
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

    /// The cause that a refusal of the service is shown as.
    pub(super) fn cause_of(&self, problem: &Problem) -> Cause {
        let kind = CauseKind::from(problem.code);
        Cause {
            kind,
            tries_left: problem.tries_left,
            retry_at: problem.retry_at.map(|at| self.state.on_device(at)),
            field: problem
                .detail
                .clone()
                .filter(|_| matches!(problem.code, Code::NameMalformed | Code::BirthDateWrong)),
            moved_by: problem.moved_by.clone(),
            support: problem.event.clone().or_else(|| problem.request_id.clone().filter(|_| kind.is_for_support())),
        }
    }

    /// Takes away the strips that the person has read.
    pub(super) fn dismiss_strips(&mut self) {
        self.state.conditions.second_start = false;
        self.state.conditions.store_reset = false;
        self.state.conditions.link_refused = None;
        self.state
            .conditions
            .incoming
            .take_if(|incoming| matches!(incoming, IncomingHandOff::Known { refused: true, .. }));
    }
}

/// The cause that any other reply than the awaited one is shown as.
pub(super) fn failure(transition: &Transition, reply: Reply) -> Cause {
    match reply {
        Reply::Failed(cause) => cause,
        Reply::Refused(problem) => transition.cause_of(&problem),
        // An answer to another question: the service and the app do not understand each other.
        _ => CauseKind::VersionsDiffer.into(),
    }
}

/// Whether a refusal means that nobody is signed in any more.
pub(super) const fn ends_session(code: Code) -> bool {
    matches!(code, Code::Unauthorized | Code::SessionEnded | Code::AccountBlocked | Code::DiarySignInEnded)
}
