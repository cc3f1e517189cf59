//! The app on a device: the machine's state is stored before its effects run, and an app that is killed goes on from there.

use mostik_engine::ContractCall;
use mostik_flow::{
    Attempt, CauseKind, Effect, Input, KeyringProblem, News, Reply, Screen, State, Target, View, resume, screen_of,
    step, stored,
};
use mostik_wire::Millis;

use crate::{Town, exchange::Reads, history::About, time::SECOND, town::Event};

impl Town {
    pub(crate) fn device_now(&self, device: usize) -> Millis {
        Millis(self.now() + self.devices[device].off_by)
    }

    pub(crate) fn screen(&self, device: usize) -> Option<Screen> {
        self.devices[device].state.as_ref().map(|state| screen_of(state, 1, self.device_now(device)))
    }

    /// Starts the app, or starts it again.
    pub(crate) fn open_app(&mut self, device: usize) {
        let now = self.device_now(device);
        let opened = &mut self.devices[device];
        opened.run += 1;
        opened.tokens = None;
        opened.in_memory = false;
        opened.renewing = None;
        opened.watched = None;
        opened.offset = 0;
        let state = opened.stored.as_deref().map(stored::load);
        let state = match state {
            Some(Ok(state)) => state,
            None => State::fresh(),
            Some(Err(error)) => {
                let family = opened.family;
                return self.violation("what an app has stored it can read", Some(family), &error.to_string());
            }
        };
        self.take_on(device, resume(state, now));
    }

    /// Ends the app as if it were killed.
    pub(crate) fn close_app(&mut self, device: usize) {
        self.devices[device].state = None;
        self.devices[device].run += 1;
        self.devices[device].watched = None;
    }

    /// Something comes in.
    pub(crate) fn input(&mut self, device: usize, input: Input) {
        let now = self.device_now(device);
        let Some(state) = self.devices[device].state.take() else { return };
        self.take_on(device, step(state, input, now));
    }

    pub(crate) fn reply(&mut self, device: usize, run: u64, attempt: Attempt, reply: Reply) {
        if self.devices[device].run == run {
            let rate = self.now_faults.app_killed;
            if self.devices[device].draw.happens(rate) {
                self.faults.apps_killed += 1;
                self.close_app(device);
                let pause = self.devices[device].draw.wait(30 * SECOND);
                return self.look_after(device, pause);
            }
            self.input(device, Input::Reply(attempt, reply));
        }
    }

    // Stores, and only then acts.
    fn take_on(&mut self, device: usize, next: mostik_flow::Next) {
        let family = self.devices[device].family;
        let cause = cause_of(&screen_of(&next.state, 1, self.device_now(device)).view)
            .map_or(String::new(), |kind| format!(", {kind:?}"));
        let line = format!("device {device}: {}{cause}", next.state.name());
        match stored::save(&next.state) {
            Ok(text) => self.devices[device].stored = Some(text),
            Err(error) => return self.violation("every state has a text", Some(family), &error.to_string()),
        }
        self.devices[device].state = Some(next.state);
        self.note(About::Family(family), line);
        for effect in next.effects {
            self.act(device, effect);
        }
    }

    fn soon(&mut self, device: usize, usual: i64, attempt: Attempt, reply: Reply) {
        let run = self.devices[device].run;
        let wait = self.devices[device].draw.wait(usual);
        self.later(wait, move |town| town.reply(device, run, attempt, reply));
    }

    fn act(&mut self, device: usize, effect: Effect) {
        match effect {
            Effect::ReadKeyring(attempt) => {
                let rate = self.now_faults.keyring_fails;
                let read = &mut self.devices[device];
                let reply = if read.draw.happens(rate) {
                    Reply::KeyringFailed(KeyringProblem::Locked)
                } else {
                    read.tokens = read.keyring.clone();
                    Reply::KeyringRead { session: read.tokens.is_some() }
                };
                self.soon(device, 200, attempt, reply);
            }
            Effect::KeepInMemory => self.devices[device].in_memory = true,
            Effect::SignIn(attempt) => {
                self.soon(device, 100, attempt, Reply::BrowserOpened { address: None });
                self.sign_in_in_browser(device, attempt);
            }
            Effect::OpenBrowserAgain(attempt) => {
                self.soon(device, 100, attempt, Reply::BrowserOpened { address: None });
            }
            Effect::CancelSignIn => self.devices[device].sign_in += 1,
            Effect::SignOut(attempt) => self.sign_out(device, attempt),
            Effect::ReadMe(attempt) => self.get(device, attempt, "/v1/me".into(), Reads::Me),
            Effect::ReadSchedule { attempt, pupil, date } => {
                self.get(device, attempt, format!("/v1/pupils/{}/schedule?date={date}", pupil.0), Reads::Schedule);
            }
            Effect::Call { attempt, call } => match ContractCall::of_linking(call) {
                Ok(call) => self.call(device, attempt, call, Reads::Linking),
                Err(error) => self.violation("calls have bodies", None, &error.to_string()),
            },
            Effect::ProfileCall { attempt, pupil, call } => {
                let reads = Reads::of_profile(&call);
                match ContractCall::of_profile(&pupil, call) {
                    Ok(call) => self.call(device, attempt, call, reads),
                    Err(error) => self.violation("calls have bodies", None, &error.to_string()),
                }
            }
            Effect::ReadSecurity { attempt, pupil } => {
                self.get(device, attempt, format!("/v1/pupils/{}/security", pupil.0), Reads::SecurityLog);
            }
            Effect::Watch(watched) => {
                let follows = &mut self.devices[device];
                let same = follows.watched.as_ref().is_some_and(|(known, _)| *known == watched);
                if !same {
                    let since = self.events();
                    self.devices[device].watched = Some((watched, since));
                    self.poll_later(device, since, 0);
                }
            }
            Effect::Unwatch => self.devices[device].watched = None,
            Effect::DetectMax => {
                let run = self.devices[device].run;
                self.later(100, move |town| {
                    if town.devices[device].run == run {
                        town.input(device, Input::News(News::MaxHere(Some(true))));
                    }
                });
            }
            Effect::Open { attempt, target } => {
                if let Target::VkId(url) = &target {
                    let url = url.clone();
                    self.vk_in_browser(device, &url);
                }
                self.soon(device, 200, attempt, Reply::Opened);
            }
            // Nobody here asks for these.
            Effect::CheckHealth(attempt)
            | Effect::CheckRelease(attempt)
            | Effect::EndSessions { attempt, .. }
            | Effect::ClaimLaunch { attempt, .. }
            | Effect::AcceptLaunch { attempt, .. }
            | Effect::MakeHandOff { attempt, .. }
            | Effect::FollowHandOff { attempt, .. }
            | Effect::PreviewHandOff { attempt, .. }
            | Effect::TakeHandOff { attempt, .. } => {
                self.soon(device, 100, attempt, Reply::Failed(CauseKind::Offline.into()));
            }
            Effect::UseLanguage(_) | Effect::RequestNotifyPermission | Effect::Notify(_) => {}
        }
    }

    // As the engine does while the stream of changes does not stand. It asks where somebody waits for something, which is where it matters.
    fn poll_later(&mut self, device: usize, since: u64, asked: u32) {
        // More seldom than the engine does after a while: nothing is seen by what has not changed.
        let shortest = if asked < 5 { 3 * SECOND } else { 15 * SECOND };
        let wait = shortest + self.devices[device].draw.between(0, shortest);
        self.later(wait, move |town| {
            let watched = town.devices[device].watched.clone().filter(|(_, begun)| *begun == since);
            let Some((watched, _)) = watched else { return };
            match town.screen(device).map(|screen| screen.view) {
                Some(View::Max { .. } | View::Code { .. } | View::Recovery { .. }) => town.poll(device, &watched),
                Some(View::Contact { .. } | View::Profile { .. } | View::Password { .. } | View::Details { .. }) => {}
                // Read anew when the person comes back.
                _ => {
                    town.devices[device].watched = None;
                    return;
                }
            }
            town.poll_later(device, since, asked + 1);
        });
    }

    /// The person looks at the device after so long.
    pub(crate) fn look_after(&mut self, device: usize, ms: i64) {
        let at = self.now() + ms.max(1);
        self.devices[device].person.looks_at = Some(at);
        self.after(ms.max(1), Event::Look(device));
    }
}

/// What the window says is wrong.
fn cause_of(view: &View) -> Option<CauseKind> {
    match view {
        View::SignIn { cause, .. }
        | View::Opening { cause }
        | View::Children { cause, .. }
        | View::Diary { cause, .. }
        | View::Security { cause, .. }
        | View::Contact { cause, .. }
        | View::Code { cause, .. }
        | View::Password { cause, .. }
        | View::Details { cause, .. }
        | View::Exists { cause, .. }
        | View::Recovery { cause, .. }
        | View::Profile { cause, .. }
        | View::Max { cause, .. }
        | View::Linked { cause, .. } => cause.as_ref().map(|cause| cause.kind),
        _ => None,
    }
}
