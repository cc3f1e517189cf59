//! What people do at each step, and how they err.

use mostik_flow::{Cause, CauseKind, CompareField, CompareRow, Intent, ProtectedAction, SferumButton, VkCard};
use mostik_wire::{MaxTrouble, Phone, Secret};

use crate::{
    Town,
    family::{Child, Way},
    person::{Does, End, Later},
    time::{HOUR, MINUTE, SECOND},
};

impl Town {
    pub(crate) fn at_diary_of_child(
        &mut self,
        device: usize,
        button: SferumButton,
        dialog: bool,
        cause: Option<Cause>,
        deletes: bool,
    ) -> Does {
        if dialog {
            return Does::Presses(Intent::Begin);
        }
        if let Some(cause) = cause {
            let again = if cause.retry_at.is_some() { Intent::Retry } else { Intent::Refresh };
            return self.after_cause(device, &cause, again);
        }
        let doing = self.devices[device].person.doing_now();
        match (button, doing) {
            (SferumButton::Offline, _) => self.wait_or(device, "the service", MINUTE, Intent::Refresh),
            (SferumButton::Linked | SferumButton::LinkedWithoutMessenger, Some(Later::Deletes)) if deletes => {
                Does::Is(End::Deleted)
            }
            (SferumButton::Linked | SferumButton::LinkedWithoutMessenger, Some(Later::Unlinks | Later::Deletes)) => {
                Does::Presses(Intent::OpenSecurity)
            }
            (SferumButton::Linked, _) => Does::Is(End::Linked),
            (SferumButton::LinkedWithoutMessenger, _) => {
                let skips = self.child_at(device).skips_max;
                if skips { Does::Is(End::Linked) } else { Does::Presses(Intent::PressSferum) }
            }
            (_, Some(Later::Unlinks)) => Does::Is(End::Unlinked),
            (_, Some(Later::Deletes)) => Does::Is(End::Deleted),
            _ => Does::Presses(Intent::PressSferum),
        }
    }

    pub(crate) fn at_security(
        &mut self,
        device: usize,
        read: bool,
        linked: bool,
        action: Option<ProtectedAction>,
        cause: Option<Cause>,
        deletes: bool,
    ) -> Does {
        let doing = self.devices[device].person.doing_now();
        let wanted = match doing {
            Some(Later::Unlinks) if linked => ProtectedAction::Unlink,
            Some(Later::Deletes) if linked && !deletes => ProtectedAction::Delete,
            _ => return Does::Presses(Intent::BackToDiary),
        };
        if let Some(cause) = &cause
            && cause.retry_at.is_some()
        {
            return self.after_cause(device, cause, Intent::Dismiss);
        }
        if !read {
            return self.wait_or(device, "the profile", MINUTE, Intent::Refresh);
        }
        if action != Some(wanted) {
            return Does::Presses(Intent::BeginProof { action: wanted });
        }
        match self.read_code(device, true) {
            Some(code) => {
                let at = self.devices[device].person.at;
                self.devices[device].person.undid.insert(at);
                Does::Presses(Intent::ProveByCode { code: Secret::new(code) })
            }
            None => self.wait_or(device, "an owner's code", 90 * SECOND, Intent::SendOwnerCode),
        }
    }

    pub(crate) fn at_contact(
        &mut self,
        device: usize,
        cause: Option<Cause>,
        suggested: bool,
        former: bool,
        can_go_back: bool,
        email_possible: bool,
    ) -> Does {
        let child = self.child_at(device);
        let at = self.devices[device].person.at;
        let way = self.devices[device].person.ways.get(&at).copied().unwrap_or(child.way);
        if let Some(cause) = &cause {
            match cause.kind {
                CauseKind::SendsUsedUp
                | CauseKind::ContactBlocked
                | CauseKind::CodesPaused
                | CauseKind::ContactsUsedUp
                | CauseKind::NetworkContactsUsedUp => {
                    // There is always another way.
                    self.devices[device].person.ways.insert(at, Way::Max);
                    return Does::Presses(Intent::ProveByMax);
                }
                CauseKind::MaxUnavailable => {
                    self.devices[device].person.ways.insert(at, Way::Sms);
                }
                CauseKind::AlreadyLinked => return Does::Presses(Intent::BackToDiary),
                CauseKind::EmailNotHere => {
                    self.devices[device].person.ways.insert(at, Way::Sms);
                }
                CauseKind::MovedOn => {}
                _ if cause.retry_at.is_some() => return self.after_cause(device, cause, Intent::Dismiss),
                CauseKind::Offline
                | CauseKind::Timeout
                | CauseKind::ServiceBroken
                | CauseKind::ServiceBusy
                | CauseKind::CaptivePortal
                | CauseKind::AnswerUnreadable => {
                    return self.after_cause(device, cause, Intent::Retry);
                }
                _ => {}
            }
        }
        if former && self.devices[device].draw.happens(400) {
            return Does::Presses(Intent::SignInToFormer);
        }
        if can_go_back && self.devices[device].draw.happens(200) {
            return Does::Presses(Intent::BackToCode);
        }
        let wrong = self.options.habits.wrong_number;
        let person = &mut self.devices[device];
        match way {
            Way::Max => Does::Presses(Intent::ProveByMax),
            Way::Mail if email_possible => Does::Presses(Intent::SubmitContact { text: child.email.clone() }),
            Way::Mail | Way::Sms => {
                let mut digits = child.phone.clone();
                if !suggested && !person.person.last_days && person.draw.happens(wrong) {
                    // Somebody else's number, or nobody's.
                    let last = digits.pop().and_then(|last| last.to_digit(10)).unwrap_or_default();
                    digits.push_str(&((last + 1) % 10).to_string());
                }
                Does::Presses(Intent::SubmitContact { text: digits })
            }
        }
    }

    pub(crate) fn at_code(
        &mut self,
        device: usize,
        contact: &str,
        resend_at: i64,
        tries_left: u32,
        cause: Option<Cause>,
    ) -> Does {
        let now = self.now();
        let child = self.child_at(device);
        let at = self.devices[device].person.at;
        let shown: String = contact.chars().filter(char::is_ascii_digit).collect();
        let own = shown == child.phone || contact.contains('@') || contact.contains('•');
        if let Some(cause) = &cause {
            match cause.kind {
                CauseKind::SendsUsedUp | CauseKind::ContactBlocked | CauseKind::CodesPaused => {
                    self.devices[device].person.ways.insert(at, Way::Max);
                    return Does::Presses(Intent::ChangeContact);
                }
                CauseKind::Offline
                | CauseKind::Timeout
                | CauseKind::ServiceBroken
                | CauseKind::ServiceBusy
                | CauseKind::CaptivePortal
                | CauseKind::AnswerUnreadable => {
                    return self.after_cause(device, cause, Intent::Dismiss);
                }
                _ => {}
            }
        }
        let habits = &self.options.habits;
        let (wrong, older, late) = (habits.wrong_code, habits.older_code, habits.reads_late);
        if tries_left > 0
            && own
            && let Some(mut code) = self.read_code(device, false)
        {
            let former = self.former_code(device);
            let person = &mut self.devices[device];
            let errs = !person.person.last_days;
            if errs && person.draw.happens(late) {
                // A code lives for ten minutes, and whoever sends it counts from a moment before.
                let wait = person.draw.between(9 * MINUTE, 13 * MINUTE);
                self.unread_code(device, false);
                return Does::Waits(wait);
            }
            if errs
                && let Some(former) = former
                && person.draw.happens(older)
            {
                code = former;
                self.unread_code(device, false);
            } else if errs && person.draw.happens(wrong) {
                // Two signs the wrong way round; the right ones are still at hand.
                let mut signs: Vec<char> = code.chars().collect();
                signs.swap(0, 1);
                code = signs.into_iter().collect();
                self.unread_code(device, false);
            }
            self.devices[device].person.waits_since = None;
            return Does::Presses(Intent::SubmitCode { code: Secret::new(code) });
        }
        if !own {
            return self.wait_or(device, "a code that goes elsewhere", 2 * MINUTE, Intent::ChangeContact);
        }
        if self.devices[device].person.asked_again > 3 {
            self.devices[device].person.asked_again = 0;
            self.devices[device].person.ways.insert(at, Way::Max);
            return Does::Presses(Intent::ChangeContact);
        }
        if now < resend_at {
            return Does::Waits((resend_at - now).clamp(SECOND, 20 * SECOND));
        }
        let does = self.wait_or(device, "a code", 70 * SECOND, Intent::Resend);
        if matches!(does, Does::Presses(_)) {
            self.devices[device].person.asked_again += 1;
        }
        does
    }

    pub(crate) fn at_taken(&mut self, device: usize) -> Does {
        let family = &self.families[&self.devices[device].family];
        let shares = family.one_number;
        let at = self.devices[device].person.at;
        if shares && self.devices[device].person.ways.get(&at) == Some(&Way::Max) {
            return Does::Is(End::Taken);
        }
        if shares {
            // One number for two children: who reads it tries MAX, where the same number is.
            self.devices[device].person.ways.insert(at, Way::Max);
            return Does::Presses(Intent::ChangeContact);
        }
        Does::Presses(Intent::ChangeContact)
    }

    #[expect(clippy::too_many_arguments, reason = "what stands on one screen")]
    pub(crate) fn at_max(
        &mut self,
        device: usize,
        url: &str,
        code: &str,
        expires_at: i64,
        opened: bool,
        trouble: Option<MaxTrouble>,
        skippable: bool,
        vk: Option<VkCard>,
    ) -> Does {
        let now = self.now();
        let child = self.child_at(device);
        if now >= expires_at {
            return Does::Presses(Intent::RenewMaxLink);
        }
        match trouble {
            Some(MaxTrouble::MaxAccountTaken) => {
                let shares = self.families[&self.devices[device].family].one_number;
                if shares {
                    return Does::Is(End::Taken);
                }
            }
            Some(MaxTrouble::NumberDiffers { usable: true, phone_masked })
                if self.is_of_family(device, &phone_masked) && self.devices[device].draw.happens(500) =>
            {
                return Does::Presses(Intent::TakeMaxNumber);
            }
            Some(MaxTrouble::ToConfirm { phone_masked, .. }) => {
                let own = self.is_of_family(device, &phone_masked);
                return Does::Presses(if own { Intent::TakeMaxNumber } else { Intent::RenewMaxLink });
            }
            _ => {}
        }
        if child.wants_vk
            && matches!(vk, Some(VkCard::Offered { trouble: None }))
            && self.devices[device].draw.happens(700)
        {
            return Does::Presses(Intent::ConnectVk);
        }
        if skippable && child.skips_max {
            return Does::Presses(Intent::SkipMax);
        }
        let person = &mut self.devices[device];
        match person.person.waits_since {
            Some(("MAX", since)) if now - since < 3 * MINUTE => return Does::Waits(8 * SECOND),
            _ => person.person.waits_since = Some(("MAX", now)),
        }
        person.person.opened_max += 1;
        // Somebody else was faster, or MAX has lost a word: a new link.
        if opened && person.person.opened_max > 2 {
            person.person.opened_max = 0;
            person.person.waits_since = None;
            return Does::Presses(Intent::RenewMaxLink);
        }
        let by_digits = person.draw.happens(150);
        let of_parent = person.draw.happens(60) && !person.person.last_days;
        self.photographed(device, url);
        let family = &self.families[&self.devices[device].family];
        let (user, digits) = if of_parent {
            (family.parent_max, family.parent_phone.clone())
        } else {
            (child.max_user, child.phone.clone())
        };
        if by_digits {
            self.phones.willing.insert(user, digits);
            self.write_to_bot(user, code);
        } else {
            self.open_in_max(user, &digits, url);
        }
        Does::Waits(8 * SECOND)
    }

    /// Somebody photographs the QR code, and opens it first.
    pub(crate) fn photographed(&mut self, device: usize, url: &str) {
        let rate = self.options.habits.photographed;
        if self.devices[device].draw.happens(rate) {
            let stranger = 900_000_000 + i64::from(self.devices[device].family);
            self.ledger.note_stranger(stranger);
            self.open_in_max(stranger, "79990000000", url);
        }
    }

    // People read the number that the window shows.
    pub(crate) fn is_of_family(&self, device: usize, masked: &str) -> bool {
        let family = &self.families[&self.devices[device].family];
        let mut own = family.children.iter().map(|child| &child.phone).chain([&family.parent_phone]);
        own.any(|digits| Phone::parse(digits).is_ok_and(|phone| phone.masked() == masked))
    }

    pub(crate) fn shows_own_contact(&self, device: usize, rows: &[CompareRow]) -> bool {
        let contact = rows.iter().find(|row| row.field == CompareField::Contact);
        let shown = contact.and_then(|row| row.profile.as_ref().or(row.diary.as_ref()));
        shown.is_none_or(|masked| self.is_of_family(device, masked))
    }

    // The newest code that came for the child, once.
    pub(crate) fn read_code(&mut self, device: usize, of_owner: bool) -> Option<String> {
        let child = self.child_at(device);
        let now = self.now();
        let newest = [&child.phone, &child.email].into_iter().filter_map(|to| {
            let inbox = self.phones.inboxes.get(to)?;
            let found = inbox.iter().rposition(|received| received.of_owner == of_owner && received.code.is_some())?;
            (!inbox[found].used && now - inbox[found].at < 15 * MINUTE).then(|| (inbox[found].at, to.clone(), found))
        });
        let (_, to, found) = newest.max()?;
        let received = self.phones.inboxes.get_mut(&to)?.get_mut(found)?;
        received.used = true;
        received.code.clone()
    }

    // The code that came before the newest one, to the same contact.
    fn former_code(&self, device: usize) -> Option<String> {
        let child = self.child_at(device);
        [&child.phone, &child.email].into_iter().find_map(|to| {
            let codes = self.phones.inboxes.get(to)?.iter().filter(|received| !received.of_owner);
            codes.rev().filter_map(|received| received.code.clone()).nth(1)
        })
    }

    pub(crate) fn unread_code(&mut self, device: usize, of_owner: bool) {
        let child = self.child_at(device);
        for to in [&child.phone, &child.email] {
            let inbox = self.phones.inboxes.get_mut(to);
            if let Some(last) = inbox.and_then(|inbox| inbox.iter_mut().rfind(|received| received.of_owner == of_owner))
            {
                last.used = false;
            }
        }
    }

    pub(crate) fn password(&self, device: usize) -> Secret {
        Secret::new(self.devices[device].person.password.clone())
    }

    /// The child whose diary the person means.
    pub(crate) fn child_at(&self, device: usize) -> Child {
        let at = &self.devices[device];
        self.families[&at.family].children[at.person.at].clone()
    }

    pub(crate) fn vk_user_at(&self, device: usize) -> Option<i64> {
        let at = &self.devices[device];
        self.families.get(&at.family)?.children.get(at.person.at).map(|child| child.vk_user)
    }

    // Presses when it has lasted for so long.
    pub(crate) fn wait_or(&mut self, device: usize, what: &'static str, ms: i64, intent: Intent) -> Does {
        let now = self.now();
        let person = &mut self.devices[device].person;
        match person.waits_since {
            Some((known, since)) if known == what && now - since >= ms => {
                person.waits_since = None;
                Does::Presses(intent)
            }
            Some((known, _)) if known == what => Does::Waits(5 * SECOND),
            _ => {
                person.waits_since = Some((what, now));
                Does::Waits(5 * SECOND)
            }
        }
    }

    // Waits as long as the window says, or a moment, and presses.
    pub(crate) fn after_cause(&mut self, device: usize, cause: &Cause, intent: Intent) -> Does {
        let now = self.device_now(device).0;
        let wait = cause.retry_at.map_or(0, |at| at.0 - now);
        if wait > 0 {
            return Does::Waits(wait.min(HOUR));
        }
        self.wait_or(device, "a cause", 10 * SECOND, intent)
    }
}
