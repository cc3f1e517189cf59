//! Makes «Отчёт для поддержки» out of a state.

use mostik_wire::{Messengers, Millis, Role, Step, VkStep, VkTrouble};

use crate::{Cause, Family, FromMax, Home, MaxTroubleKind, Next, Report, Route, Security, State, Verdict, Wizard};

/// The report of a state. `now` is the device's clock.
#[must_use]
pub fn report_of(state: &State, now: Millis) -> Report {
    let conditions = &state.conditions;
    let seen = Seen::of(&state.route);
    let cause = conditions.outgoing.as_ref().and_then(|outgoing| outgoing.cause.as_ref()).or(seen.cause);
    Report {
        at: state.on_service(now),
        device: conditions.device.clone(),
        service: conditions.service.clone(),
        language: state.language,
        route: state.name(),
        role: seen.role,
        cause: cause.map(|cause| cause.kind),
        support: cause.and_then(|cause| cause.support.clone()).filter(|code| is_support_code(code)),
        max: seen.max,
        vk: seen.vk,
        keyring: match &state.route {
            Route::Keyring { problem, .. } => Some(*problem),
            _ => None,
        },
        link: conditions.link_refused,
        offline: conditions.offline,
        confirmed_at: seen.confirmed_at.map(|at| state.on_service(at)),
        clock_off_ms: -conditions.offset_ms,
        session_only: conditions.session_only,
        store_reset: conditions.store_reset,
        messengers: seen.messengers,
        page: seen.page,
    }
}

/// The report is asked for, wherever the person is: nothing else changes by it, and what goes on beneath does not change it.
pub(super) fn ask(mut state: State, now: Millis) -> Next {
    state.conditions.report = Some(Box::new(report_of(&state, now)));
    Next { state, effects: Vec::new(), verdict: Verdict::Moved }
}

/// Closes it.
pub(super) fn close(mut state: State) -> Next {
    let verdict = match state.conditions.report.take() {
        Some(_) => Verdict::Moved,
        None => Verdict::Ignored("no report is open"),
    };
    Next { state, effects: Vec::new(), verdict }
}

/// The form of the codes that the service gives to what broke, and to requests.
fn is_support_code(code: &str) -> bool {
    let parts: Vec<&str> = code.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let sign = |sign: u8| sign.is_ascii_digit() || sign.is_ascii_uppercase();
    let has_form = lengths == [4, 4, 4] || (lengths == [1, 4, 2] && parts[0] == "M");
    has_form && parts.iter().all(|part| part.bytes().all(sign))
}

/// What a place holds of interest.
#[derive(Default)]
struct Seen<'a> {
    cause: Option<&'a Cause>,
    role: Option<Role>,
    max: Option<MaxTroubleKind>,
    vk: Option<VkTrouble>,
    confirmed_at: Option<Millis>,
    messengers: Option<Messengers>,
    page: bool,
}

impl<'a> Seen<'a> {
    fn of(route: &'a Route) -> Self {
        match route {
            Route::Starting { .. } | Route::Keyring { .. } | Route::SigningIn { .. } => Self::default(),
            Route::SignedOut { cause, .. } | Route::Opening { cause, .. } => {
                Self { cause: cause.as_ref(), ..Self::default() }
            }
            Route::NoPupil { account } => Self { role: Some(account.role), ..Self::default() },
            Route::Family(Family { account, messengers, confirmed_at, cause, .. }) => Self {
                cause: cause.as_ref(),
                role: Some(account.role),
                confirmed_at: Some(*confirmed_at),
                messengers: Some(*messengers),
                page: true,
                ..Self::default()
            },
            Route::Diary(diary) => Self { cause: diary.cause.as_ref(), ..Self::at(&diary.home) },
            Route::Security(Security { home, cause, .. }) => Self { cause: cause.as_ref(), ..Self::at(home) },
            Route::Wizard(Wizard { home, linking, cause, .. }) => {
                let (max, vk) = match &linking.step {
                    Step::Max(step) => (step.trouble.as_ref().map(MaxTroubleKind::from), step.vk.as_ref()),
                    Step::Linked(step) => (None, step.vk.as_ref()),
                    _ => (None, None),
                };
                let vk = match vk {
                    Some(VkStep::Offered { trouble }) => *trouble,
                    _ => None,
                };
                Self { cause: cause.as_ref(), max, vk, ..Self::at(home) }
            }
            // The question answers for itself; what lies beneath says the rest.
            Route::FromMax(FromMax { beneath, cause, .. }) => {
                let beneath = Self::of(beneath);
                Self { cause: cause.as_ref().or(beneath.cause), page: false, ..beneath }
            }
        }
    }

    fn at(home: &Home) -> Self {
        Self {
            role: Some(home.account.role),
            confirmed_at: Some(home.confirmed_at),
            messengers: Some(home.messengers),
            page: true,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_support_code;

    #[test]
    fn only_a_code_of_the_services_form_is_taken_for_one() {
        assert!(is_support_code("M-7F3K-21") && is_support_code("7F3K-9QWX-2TBM"));
        for other in [
            "",
            "M-7F3K",
            "M-7F3K-211",
            "m-7f3k-21",
            "M-ОРЛ1-21",
            "X-7F3K-21",
            "7F3K-9QWX",
            "7f3k-9qwx-2tbm",
            "7F3K-9QWX-2TBM-7F3K",
            "ОР-ОР-ОР",
            "Орлов",
            "+79000001242",
        ] {
            assert!(!is_support_code(other), "{other}");
        }
    }
}
