//! A pupil, the facts around, and the steps that a linking can stand at.

use mostik_linking::{
    Account, Action, Aim, AtMax, Budget, Change, CodeCheck, Decision, Effect, Facts, FormerProfile, FoundProfile, Link,
    Linked, LinkedTo, Linking, NewProfile, OwnedBy, PasswordHash, Profile, Proof, Pupil, Randomness, Refusal, Sealed,
    SentCode, Settings, SharedContact, Step, Ticket, Trouble, Visitor, decide,
};
use mostik_wire::{
    BirthDate, CloseReason, Contact, Delivery, DetailsBody, Email, Gender, LinkingId, Messenger, Millis, Phone,
    PupilId, VkTrouble,
};

pub const NOW: Millis = Millis(1_795_512_660_000);
pub const TODAY: &str = "2026-11-24";
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const DAY: i64 = 24 * 60 * MINUTE;
/// The MAX account that has come to the bot.
pub const VISITOR: i64 = 501;
/// Another one.
pub const STRANGER: i64 = 502;
pub const CONSENT: &str = "2026-11-22";

pub fn phone() -> Phone {
    Phone::parse("+79000001242").unwrap()
}

pub fn other_phone() -> Phone {
    Phone::parse("+79000002357").unwrap()
}

pub fn email() -> Email {
    Email::parse("anya@mail.test").unwrap()
}

pub fn by_phone() -> Contact {
    Contact::Sms { phone: phone() }
}

pub fn by_mail() -> Contact {
    Contact::Mail { email: email() }
}

fn sealed(text: &str) -> Sealed {
    Sealed(text.into())
}

pub fn ticket(name: &str) -> Ticket {
    Ticket {
        hash: format!("hash of {name}"),
        sealed: sealed(name),
        digits_hash: format!("hash of {name}'s digits"),
        sealed_digits: sealed("digits"),
        expires_at: NOW.plus(9 * MINUTE),
    }
}

pub fn sent() -> SentCode {
    SentCode {
        nth: 3,
        place: 1,
        expires_at: NOW.plus(9 * MINUTE),
        resend_at: NOW.plus(SECOND),
        tries: 0,
        delivery: Delivery::Sent,
    }
}

pub fn link(contact: Contact) -> Link {
    Link { contact, profile: "p".into(), linked_at: NOW.plus(-DAY), owner_code: Some(sent()), vk_trouble: None }
}

pub fn at_max(aim: Aim) -> AtMax {
    AtMax { aim, ticket: ticket("the ticket"), visitor: None, trouble: None, return_handle: sealed("the handle") }
}

fn visited(aim: Aim) -> AtMax {
    AtMax { visitor: Some(Visitor { user: VISITOR, at: NOW.plus(-MINUTE) }), ..at_max(aim) }
}

fn masked() -> String {
    "+7 900 •••-••-57".into()
}

pub fn join() -> Aim {
    Aim::Join { contact: by_phone(), profile: "p".into(), vk_trouble: None }
}

pub fn offer() -> Aim {
    Aim::Offer { link: link(by_mail()) }
}

/// Every step, with what tells one from the other.
pub fn steps() -> Vec<(&'static str, Step)> {
    let differs = Trouble::NumberDiffers { masked: masked(), number: Some(sealed("+79000002357")) };
    vec![
        ("Contact", Step::Contact),
        ("Code", Step::Code { contact: by_phone(), known: false, sent: sent() }),
        ("Code, by mail", Step::Code { contact: by_mail(), known: false, sent: sent() }),
        ("Taken", Step::Taken { contact: by_phone() }),
        ("Password", Step::Password { email: email() }),
        ("Details", Step::Details { email: email(), password: PasswordHash("$argon2id$".into()) }),
        ("Exists", Step::Exists { email: email(), profile: "p".into() }),
        ("Recovery", Step::Recovery { email: email(), profile: "p".into(), sent: sent() }),
        ("Profile, none yet", Step::Profile { contact: by_phone(), profile: None, proven_in_max: None }),
        ("Profile", Step::Profile { contact: by_phone(), profile: Some("p".into()), proven_in_max: None }),
        (
            "Profile, proven in MAX",
            Step::Profile { contact: by_phone(), profile: Some("p".into()), proven_in_max: Some(VISITOR) },
        ),
        ("Profile, by mail", Step::Profile { contact: by_mail(), profile: Some("p".into()), proven_in_max: None }),
        ("Max, to prove a number", Step::Max(at_max(Aim::Number))),
        ("Max, to prove a number, opened", Step::Max(visited(Aim::Number))),
        ("Max, to join", Step::Max(at_max(join()))),
        ("Max, to join, opened", Step::Max(visited(join()))),
        ("Max, to join, another number there", Step::Max(AtMax { trouble: Some(differs), ..visited(join()) })),
        ("Max, offered", Step::Max(at_max(offer()))),
        ("Max, offered, opened", Step::Max(visited(offer()))),
        (
            "Max, offered, to be confirmed",
            Step::Max(AtMax {
                trouble: Some(Trouble::ToConfirm { masked: masked(), name: "Анна О.".into() }),
                ..visited(offer())
            }),
        ),
        ("Linked", Step::Linked(Linked { link: link(by_phone()), return_handle: Some(sealed("the handle")) })),
        ("Linked, by mail", Step::Linked(Linked { link: link(by_mail()), return_handle: None })),
        ("Closed", Step::Closed { reason: CloseReason::Cancelled }),
    ]
}

pub fn linking(step: Step) -> Linking {
    Linking {
        id: LinkingId("l".into()),
        pupil: PupilId("u".into()),
        version: 7,
        moved_at_version: 5,
        moved_by: None,
        codes: 3,
        step,
    }
}

pub fn details() -> DetailsBody {
    DetailsBody {
        version: 7,
        last_name: "Орлова".into(),
        first_name: "Анна".into(),
        middle_name: Some("Сергеевна".into()),
        birth_date: "2015-03-03".into(),
        gender: Gender::Female,
        consent: Some(CONSENT.into()),
    }
}

/// An Анна under fourteen, her parent asking, a free profile, and nothing spent.
pub fn facts() -> Facts {
    Facts {
        pupil: Pupil {
            first_name: "Анна".into(),
            last_name: "Орлова".into(),
            middle_name: Some("Сергеевна".into()),
            class_name: "5-А".into(),
            birth_date: BirthDate::parse("2015-03-03"),
        },
        today: TODAY.into(),
        profile: None,
        former: None,
        under_contact: None,
        bound_to: None,
        usable_number: None,
        budget: Budget::default(),
        spent: Vec::new(),
        earlier_codes: 0,
        newest_code_expires_at: None,
        asked_by: OwnedBy::Parent,
        vk_under_way: false,
        settings: Settings { vk: true, consent: CONSENT },
        fresh: Randomness {
            profile: "new".into(),
            ticket: ticket("a new ticket"),
            return_handle: sealed("a new handle"),
        },
    }
}

pub fn profile() -> Profile {
    Profile {
        first_name: "Анна".into(),
        last_name: "Орлова".into(),
        phone: Some(phone()),
        linked_to: LinkedTo::Nobody,
        max: None,
        in_vk: false,
        former_max: None,
        deletion_pending: false,
        blocked: false,
    }
}

/// The facts as a store in order would tell them of a linking at this step.
pub fn facts_at(step: &Step) -> Facts {
    let linked_to = if step.link().is_some() { LinkedTo::ThisPupil } else { LinkedTo::Nobody };
    Facts {
        profile: step.profile().map(|_| Profile { linked_to, ..profile() }),
        usable_number: step.at_max().and_then(AtMax::usable_number).map(|_| other_phone()),
        former: Some(FormerProfile { id: "former".into(), contact: by_phone() }),
        ..facts()
    }
}

pub fn own(phone: Phone) -> SharedContact {
    SharedContact::Own { masked: phone.masked(), phone: Some((phone.clone(), sealed(phone.e164()))) }
}

/// Every action, with what tells one from the other.
pub fn actions() -> Vec<(&'static str, Action)> {
    let password = || PasswordHash("$argon2id$new".into());
    let share = |contact| Action::ShareInMax { user: VISITOR, name: "Анна О.".into(), contact };
    let launch = |phone| Action::AcceptLaunch { user: VISITOR, name: "Анна О.".into(), phone };
    vec![
        ("GiveContact(number)", Action::GiveContact { contact: Contact::Sms { phone: other_phone() } }),
        ("GiveContact(address)", Action::GiveContact { contact: by_mail() }),
        ("Resend", Action::Resend),
        ("UseFormer", Action::UseFormer),
        ("SubmitCode(right)", Action::SubmitCode { entered: CodeCheck::Newest }),
        ("SubmitCode(older)", Action::SubmitCode { entered: CodeCheck::Older }),
        ("SubmitCode(wrong)", Action::SubmitCode { entered: CodeCheck::Neither }),
        ("SetPassword", Action::SetPassword { password: password() }),
        ("GiveDetails", Action::GiveDetails(Box::new(details()))),
        ("SignInToProfile", Action::SignInToProfile),
        ("Recover", Action::Recover),
        ("SetNewPassword(right code)", Action::SetNewPassword { entered: CodeCheck::Newest, password: password() }),
        ("SetNewPassword(wrong code)", Action::SetNewPassword { entered: CodeCheck::Neither, password: password() }),
        ("PasswordReplaced", Action::PasswordReplaced),
        ("Confirm", Action::Confirm { accept_other_name: false }),
        ("ProveInMax", Action::ProveInMax),
        ("RenewMaxLink", Action::RenewMaxLink),
        ("TakeMaxNumber", Action::TakeMaxNumber),
        ("SkipMax", Action::SkipMax),
        ("OpenInMax(same person)", Action::OpenInMax { user: VISITOR }),
        ("OpenInMax(another person)", Action::OpenInMax { user: STRANGER }),
        ("ShareInMax(expected number)", share(own(phone()))),
        ("ShareInMax(other number)", share(own(other_phone()))),
        ("ShareInMax(foreign number)", share(SharedContact::Own { masked: "+37•••67".into(), phone: None })),
        ("ShareInMax(somebody else's)", share(SharedContact::Foreign)),
        ("ShareInMax(unproven)", share(SharedContact::Unproven)),
        ("LeaveBot", Action::LeaveBot { user: VISITOR }),
        ("AcceptLaunch(no number)", launch(None)),
        ("AcceptLaunch(expected number)", launch(Some(phone()))),
        ("AcceptLaunch(other number)", launch(Some(other_phone()))),
        ("BeginVk", Action::BeginVk),
        ("NameVkAccount", Action::NameVkAccount { user: 710 }),
        ("FailVk", Action::FailVk { trouble: VkTrouble::Refused }),
        ("BindVk", Action::BindVk { user: 710, name: Some("Анна О.".into()) }),
        ("Cancel", Action::Cancel),
        ("SendOwnerCode", Action::SendOwnerCode),
        ("Export(password)", Action::Export { proof: Proof::Password }),
        ("Export(wrong code)", Action::Export { proof: Proof::Code(CodeCheck::Neither) }),
        ("Unlink(right code)", Action::Unlink { proof: Proof::Code(CodeCheck::Newest) }),
        ("LeaveMessenger(MAX)", Action::LeaveMessenger { messenger: Messenger::Max, proof: Proof::Password }),
        ("AskDeletion(password)", Action::AskDeletion { proof: Proof::Password }),
        ("KeepProfile", Action::KeepProfile),
        ("NoteDelivery", Action::NoteDelivery { nth: 3, delivery: Delivery::Delivered }),
        ("ProfileErased", Action::ProfileErased),
        ("Expire", Action::Expire),
    ]
}

/// An effect's name, with what tells one from the other.
pub fn effect_name(effect: &Effect) -> String {
    match effect {
        Effect::SendCode { purpose, to, .. } => format!("SendCode({purpose:?}, {:?})", to.channel()),
        Effect::MakeProfile(new) => match **new {
            NewProfile::ByPhone { .. } => "MakeProfile(by phone)".into(),
            NewProfile::ByMail { .. } => "MakeProfile(by mail)".into(),
        },
        Effect::CountFailure { purpose, .. } => format!("CountFailure({purpose:?})"),
        Effect::Bind { account: Account { messenger, .. }, .. } => format!("Bind({messenger:?})"),
        Effect::Unbind { messenger, .. } => format!("Unbind({messenger:?})"),
        Effect::SetDeletion { due, .. } => format!("SetDeletion({})", if due.is_some() { "due" } else { "none" }),
        Effect::Note(kind) => format!("Note({kind:?})"),
        Effect::Tell { news, .. } => format!("Tell({})", variant(news)),
        Effect::SayInMax { text, .. } => format!("SayInMax({})", variant(text)),
        other => variant(other),
    }
}

/// The name of an enum's variant, without what it bears.
pub fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

/// What a decision comes to, in short.
pub fn summary(decision: &Decision) -> String {
    let change = match decision.change {
        Change::None => "nothing changes",
        Change::Known => "known",
        Change::Moved => "moved",
    };
    let refused = decision.refused.as_ref().map(|refusal| format!(", refused: {:?}", refusal.code)).unwrap_or_default();
    format!("{} ({change}{refused})", step_name(&decision.step))
}

pub fn step_name(step: &Step) -> String {
    match step {
        Step::Max(at_max) => format!("Max/{}{}", variant(&at_max.aim), trouble(at_max)),
        Step::Closed { reason } => format!("Closed/{reason:?}"),
        step => variant(step),
    }
}

fn trouble(at_max: &AtMax) -> String {
    let opened = if at_max.visitor.is_some() { ", opened" } else { "" };
    let trouble = at_max.trouble.as_ref().map(|trouble| format!(", {}", variant(trouble))).unwrap_or_default();
    format!("{opened}{trouble}")
}

pub fn found(is_linked: bool) -> Option<FoundProfile> {
    Some(FoundProfile { id: "p".into(), is_linked, blocked: false })
}

pub fn step_named(name: &str) -> Step {
    steps().into_iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name}")).1
}

pub fn done(name: &str, action: Action, facts: impl FnOnce(&mut Facts)) -> Result<Decision, Refusal> {
    let step = step_named(name);
    let mut known = facts_at(&step);
    facts(&mut known);
    decide(&linking(step), action, &known, NOW)
}

pub fn refused(name: &str, action: Action, facts: impl FnOnce(&mut Facts)) -> Refusal {
    done(name, action, facts).expect_err(name)
}

pub fn names(decision: &Decision) -> Vec<String> {
    decision.effects.iter().map(effect_name).collect()
}
