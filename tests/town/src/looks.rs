//! People look at a device and press, wait, or leave.

use mostik_flow::{CauseKind, CodeBusy, Details, Intent, Screen, SecurityBusy, StepHead, View, VkCard};
use mostik_wire::{Channel, Gender, Secret};

use crate::{
    Town,
    history::About,
    person::{Does, End, Later},
    time::{HOUR, MINUTE, SECOND},
    town::THINKING,
};

impl Town {
    /// A person looks at a device.
    pub(crate) fn look(&mut self, device: usize) {
        let now = self.now();
        // Another look was meant.
        if self.devices[device].person.looks_at != Some(now) {
            return;
        }
        self.devices[device].person.looks_at = None;
        if self.devices[device].state.is_none() {
            self.open_app(device);
            return self.look_after(device, 2 * SECOND);
        }
        if let Some(attacker) = self.attacker_at(device) {
            return self.attack(attacker);
        }
        let leaves = self.options.habits.leaves / 10;
        let person = &mut self.devices[device];
        if !person.person.last_days && person.draw.happens(leaves) {
            let away = person.draw.wait(2 * HOUR);
            self.close_app(device);
            return self.look_after(device, away);
        }
        let Some(screen) = self.screen(device) else { return };
        match self.decide(device, screen) {
            Does::Presses(intent) => {
                let double = self.options.habits.double_press;
                let again = self.devices[device].draw.happens(double).then(|| twice(&intent)).flatten();
                self.input(device, mostik_flow::Input::Intent(intent));
                if let Some(again) = again {
                    self.input(device, mostik_flow::Input::Intent(again));
                }
                let thinks = self.devices[device].draw.wait(THINKING);
                self.look_after(device, thinks);
            }
            Does::Waits(ms) => self.look_after(device, ms),
            Does::Is(end) => self.child_ends(device, end),
        }
    }

    // The next child, or home.
    fn child_ends(&mut self, device: usize, end: End) {
        let (family, at) = (self.devices[device].family, self.devices[device].person.at);
        self.note(About::Family(family), format!("device {device}: child {at} ends with {end:?}"));
        let person = &mut self.devices[device].person;
        person.ends.insert(at, end);
        if person.doing_now().is_some() {
            person.later.remove(0);
        }
        if let Some(next) = person.children.iter().copied().find(|child| !person.ends.contains_key(child)) {
            person.at = next;
            (person.asked_again, person.opened_max, person.waits_since) = (0, 0, None);
            return self.look_after(device, SECOND);
        }
        // Comes back for what was meant to be done later.
        let now = self.now();
        let person = &mut self.devices[device].person;
        if person.later.is_empty() {
            return self.close_app(device);
        }
        let (at, later, child) = person.later.remove(0);
        person.at = child;
        if later != Later::Looks || person.ends.get(&child) == Some(&End::Unlinked) {
            person.ends.remove(&child);
        }
        let wait = (at - now).max(MINUTE);
        self.close_app(device);
        self.devices[device].person.waits_since = None;
        self.devices[device].person.doing(later);
        self.look_after(device, wait);
    }

    fn decide(&mut self, device: usize, screen: Screen) -> Does {
        let now = self.now();
        // Somebody else's steps, left open.
        if head_of(&screen.view).is_some_and(|head| head.who.first_name != self.child_at(device).first_name) {
            return Does::Presses(Intent::BackToDiary);
        }
        match screen.view {
            View::Starting | View::Opening { cause: None } => Does::Waits(SECOND),
            View::SigningIn { .. } => self.wait_or(device, "signing in", 5 * MINUTE, Intent::CancelSignIn),
            View::Opening { cause: Some(cause) } => self.after_cause(device, &cause, Intent::Retry),
            View::Keyring { busy: true, .. } => Does::Waits(SECOND),
            View::Keyring { .. } => Does::Presses(Intent::RetryKeyring),
            View::SignIn { .. } => Does::Presses(Intent::SignIn),
            View::NoPupil { .. } => Does::Is(End::Read(CauseKind::PupilGone)),
            View::FromMax { .. } => Does::Presses(Intent::DeclineLaunch),
            View::Children { busy: true, .. } => Does::Waits(SECOND),
            View::Children { cause: Some(cause), .. } => self.after_cause(device, &cause, Intent::Refresh),
            View::Children { children, .. } => {
                let at = self.devices[device].person.at;
                match children.get(at) {
                    Some(row) => Does::Presses(Intent::ChooseChild { pupil: row.pupil.clone() }),
                    None => Does::Is(End::Read(CauseKind::PupilGone)),
                }
            }
            View::Diary { busy: true, .. } => Does::Waits(SECOND),
            View::Diary { who, button, dialog, cause, deletes_at, .. } => {
                let child = self.child_at(device);
                if who.first_name != child.first_name && self.devices[device].person.children.len() > 1 {
                    return Does::Presses(Intent::ChangeChild);
                }
                self.at_diary_of_child(device, button, dialog, cause, deletes_at.is_some())
            }
            View::Security { profile, linked, action, busy, cause, .. } => {
                if busy != SecurityBusy::No {
                    return Does::Waits(SECOND);
                }
                self.at_security(
                    device,
                    profile.is_some(),
                    linked,
                    action,
                    cause,
                    profile.is_some_and(|p| p.deletes_at.is_some()),
                )
            }
            View::Contact { busy: true, .. } => Does::Waits(SECOND),
            View::Contact { cause, suggestion, former, can_go_back_to_code, email_possible, .. } => self.at_contact(
                device,
                cause,
                suggestion.is_some(),
                former.is_some(),
                can_go_back_to_code,
                email_possible,
            ),
            View::Code { busy: CodeBusy::Checking | CodeBusy::Resending, .. } => Does::Waits(SECOND),
            View::Code { contact, resend_at, tries_left, cause, .. } => {
                self.at_code(device, &contact, resend_at.0 - self.devices[device].off_by, tries_left, cause)
            }
            View::Taken { .. } => self.at_taken(device),
            View::Password { busy: true, .. } | View::Details { busy: true, .. } | View::Exists { busy: true, .. } => {
                Does::Waits(SECOND)
            }
            View::Password { .. } => Does::Presses(Intent::SubmitPassword { password: self.password(device) }),
            View::Details { last_name, first_name, middle_name, consent, can_agree, .. } => {
                if !can_agree {
                    return Does::Presses(Intent::ChangeContact);
                }
                let child = self.child_at(device);
                Does::Presses(Intent::SubmitDetails(Details {
                    last_name,
                    first_name,
                    middle_name,
                    birth_date: child.birth_date.clone(),
                    gender: if child.girl { Gender::Female } else { Gender::Male },
                    consent: Some(consent.version),
                }))
            }
            View::Exists { cause: None, .. } => {
                Does::Presses(Intent::SignInToProfile { password: self.password(device) })
            }
            View::Exists { .. } => Does::Presses(Intent::RecoverPassword),
            View::Recovery { busy: CodeBusy::Checking | CodeBusy::Resending, .. } => Does::Waits(SECOND),
            View::Recovery { resend_at, .. } => {
                let resend_at = resend_at.0 - self.devices[device].off_by;
                match self.read_code(device, false) {
                    Some(code) => Does::Presses(Intent::SubmitRecovery {
                        code: Secret::new(code),
                        password: self.password(device),
                    }),
                    None if now > resend_at + MINUTE => Does::Presses(Intent::RecoverPassword),
                    None => Does::Waits(10 * SECOND),
                }
            }
            View::Profile { busy: true, .. } => Does::Waits(SECOND),
            View::Profile { cause: Some(cause), .. } if cause.retry_at.is_some() => {
                self.after_cause(device, &cause, Intent::Dismiss)
            }
            View::Profile { rows, channel: Channel::Sms, .. } if !self.shows_own_contact(device, &rows) => {
                Does::Presses(Intent::RejectProfile)
            }
            View::Profile { other_name, .. } => {
                let rate = self.options.habits.changes_mind;
                let person = &mut self.devices[device];
                if !person.person.last_days && person.draw.happens(rate) {
                    Does::Presses(Intent::RejectProfile)
                } else {
                    Does::Presses(Intent::ConfirmProfile { accept_other_name: other_name })
                }
            }
            View::Max { busy: true, .. } => Does::Waits(SECOND),
            View::Max { url, code, expires_at, opened, trouble, skippable, vk, .. } => {
                let expires_at = expires_at.0 - self.devices[device].off_by;
                self.at_max(device, &url, &code, expires_at, opened, trouble, skippable, vk)
            }
            View::Linked { in_max: false, vk, .. }
                if !self.child_at(device).skips_max && !matches!(vk, Some(VkCard::Bound { .. })) =>
            {
                Does::Presses(Intent::RenewMaxLink)
            }
            View::Linked { .. } => Does::Presses(Intent::BackToDiary),
        }
    }
}

/// Whose step it is.
const fn head_of(view: &View) -> Option<&StepHead> {
    match view {
        View::Contact { head, .. }
        | View::Code { head, .. }
        | View::Taken { head, .. }
        | View::Password { head, .. }
        | View::Details { head, .. }
        | View::Exists { head, .. }
        | View::Recovery { head, .. }
        | View::Profile { head, .. }
        | View::Max { head, .. }
        | View::Linked { head, .. } => Some(head),
        _ => None,
    }
}

/// The same once more, of what bears no secret.
fn twice(intent: &Intent) -> Option<Intent> {
    match intent {
        Intent::Begin => Some(Intent::Begin),
        Intent::Resend => Some(Intent::Resend),
        Intent::PressSferum => Some(Intent::PressSferum),
        Intent::ProveByMax => Some(Intent::ProveByMax),
        Intent::RenewMaxLink => Some(Intent::RenewMaxLink),
        Intent::SignIn => Some(Intent::SignIn),
        Intent::SubmitContact { text } => Some(Intent::SubmitContact { text: text.clone() }),
        Intent::ConfirmProfile { accept_other_name } => {
            Some(Intent::ConfirmProfile { accept_other_name: *accept_other_name })
        }
        _ => None,
    }
}
