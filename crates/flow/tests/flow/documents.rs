//! The documents that the machine prints, and the TypeScript of its types. `UPDATE_DOCS=1 cargo test` writes them; without it
//! a difference fails.

use std::{fmt::Write as _, path::PathBuf};

use mostik_flow::*;
use mostik_wire::{
    Channel, Code, ConsentText, Delivery, FormerProfile, Gender, HandOffPlace, HandOffStage, LessonChange, LessonId,
    LinkSummary, LinkingId, LogKind, MaxTrouble, Messengers, Millis, PasswordProblem, Problem, Profile, PupilId, Role,
    Secret, StepName, Strength, VkTrouble,
};
use ts_rs::TS;

use crate::world::{self, *};

pub fn intents() -> Vec<(&'static str, Intent)> {
    vec![
        ("SignIn", Intent::SignIn),
        ("OpenBrowserAgain", Intent::OpenBrowserAgain),
        ("CancelSignIn", Intent::CancelSignIn),
        ("SignOut", Intent::SignOut),
        ("RetryKeyring", Intent::RetryKeyring),
        ("ContinueWithoutKeyring", Intent::ContinueWithoutKeyring),
        ("Refresh", Intent::Refresh),
        ("ShowDay(a date)", Intent::ShowDay { date: "2026-11-25".into() }),
        ("ShowDay(no date)", Intent::ShowDay { date: "<script>".into() }),
        ("ChooseChild(own)", Intent::ChooseChild { pupil: PupilId("p-anya".into()) }),
        ("ChooseChild(another's)", Intent::ChooseChild { pupil: PupilId("p-lev".into()) }),
        ("ChangeChild", Intent::ChangeChild),
        ("FoldInvitation", Intent::FoldInvitation),
        ("PressSferum", Intent::PressSferum),
        ("CloseDialog", Intent::CloseDialog),
        ("Begin", Intent::Begin),
        ("ReadContact", Intent::ReadContact { text: "тел. 8 900 000-12-42".into() }),
        ("SubmitContact(mobile)", Intent::SubmitContact { text: "8 900 000-12-42".into() }),
        ("SubmitContact(landline)", Intent::SubmitContact { text: "8 495 123-45-67".into() }),
        ("SubmitCode(six digits)", Intent::SubmitCode { code: Secret::new(SECRET_CODE) }),
        ("SubmitCode(too short)", Intent::SubmitCode { code: Secret::new("48") }),
        ("ProveByMax", Intent::ProveByMax),
        ("TakeMaxNumber", Intent::TakeMaxNumber),
        ("SignInToFormer", Intent::SignInToFormer),
        ("AcceptLaunch(own)", Intent::AcceptLaunch { pupil: PupilId("p-misha".into()) }),
        ("AcceptLaunch(another's)", Intent::AcceptLaunch { pupil: PupilId("p-lev".into()) }),
        ("DeclineLaunch", Intent::DeclineLaunch),
        ("SendToPhone", Intent::SendToPhone),
        ("CloseSendToPhone", Intent::CloseSendToPhone),
        ("Resend", Intent::Resend),
        ("SubmitContact(address)", Intent::SubmitContact { text: "Орлова@почта.рф".into() }),
        ("SubmitContact(two numbers)", Intent::SubmitContact { text: "8 900 000-12-42, 8 900 000-12-17".into() }),
        ("SubmitContact(address, one slip)", Intent::SubmitContact { text: "orlova@mial.ru".into() }),
        ("WeighPassword", Intent::WeighPassword { password: Secret::new(SECRET_PASSWORD) }),
        ("SubmitPassword(good)", Intent::SubmitPassword { password: Secret::new(SECRET_PASSWORD) }),
        ("SubmitPassword(short)", Intent::SubmitPassword { password: Secret::new("коротко") }),
        ("SubmitDetails", Intent::SubmitDetails(details(Some("2026-11")))),
        ("SubmitDetails(no consent)", Intent::SubmitDetails(details(None))),
        ("SignInToProfile", Intent::SignInToProfile { password: Secret::new(SECRET_PASSWORD) }),
        ("RecoverPassword", Intent::RecoverPassword),
        (
            "SubmitRecovery",
            Intent::SubmitRecovery { code: Secret::new(SECRET_RECOVERY), password: Secret::new(SECRET_PASSWORD) },
        ),
        ("SkipMax", Intent::SkipMax),
        ("SetLanguage(other)", Intent::SetLanguage { language: Language::En }),
        ("ChangeContact", Intent::ChangeContact),
        ("BackToCode", Intent::BackToCode),
        ("ConfirmProfile(no tick)", Intent::ConfirmProfile { accept_other_name: false }),
        ("ConfirmProfile(tick)", Intent::ConfirmProfile { accept_other_name: true }),
        ("RejectProfile", Intent::RejectProfile),
        ("OpenMax", Intent::OpenMax),
        ("RenewMaxLink", Intent::RenewMaxLink),
        ("ConnectVk", Intent::ConnectVk),
        ("OpenVk", Intent::OpenVk),
        ("AddMessenger", Intent::AddMessenger),
        ("BackToDiary", Intent::BackToDiary),
        ("OpenSecurity", Intent::OpenSecurity),
        ("BeginProof(export)", Intent::BeginProof { action: ProtectedAction::Export }),
        ("BeginProof(delete)", Intent::BeginProof { action: ProtectedAction::Delete }),
        ("BeginProof(unlink MAX)", Intent::BeginProof { action: ProtectedAction::UnlinkMax }),
        ("BeginProof(unlink VK)", Intent::BeginProof { action: ProtectedAction::UnlinkVk }),
        ("SendOwnerCode", Intent::SendOwnerCode),
        ("ProveByPassword", Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) }),
        ("ProveByCode", Intent::ProveByCode { code: Secret::new(SECRET_CODE) }),
        ("ProveByCode(too short)", Intent::ProveByCode { code: Secret::new("48") }),
        ("KeepProfile", Intent::KeepProfile),
        ("ShowSaved", Intent::ShowSaved),
        ("EndSession(another)", Intent::EndSession { session: "s-2".into() }),
        ("EndSession(this one)", Intent::EndSession { session: "s-1".into() }),
        ("SignOutEverywhere", Intent::SignOutEverywhere),
        ("CancelLinking", Intent::CancelLinking),
        ("OpenSferum", Intent::OpenSferum),
        ("JoinLesson", Intent::JoinLesson { lesson: LessonId("501".into()) }),
        ("OpenChat", Intent::OpenChat { title: "8 «Б»".into() }),
        ("OpenPage", Intent::OpenPage { page: Page::Support }),
        ("StopWaiting", Intent::StopWaiting),
        ("Retry", Intent::Retry),
        ("Dismiss", Intent::Dismiss),
        ("OpenReport", Intent::OpenReport),
        ("CloseReport", Intent::CloseReport),
        ("OpenAbout", Intent::OpenAbout),
        ("CloseAbout", Intent::CloseAbout),
        ("CheckHealth", Intent::CheckHealth),
        ("CheckRelease", Intent::CheckRelease),
        ("SetNotices(off)", Intent::SetNotices { on: false }),
        ("SetNotices(on)", Intent::SetNotices { on: true }),
    ]
}

pub fn replies(version: u64) -> Vec<(&'static str, Reply)> {
    let refused = |code| Reply::Refused(Box::new(Problem::new(code)));
    let in_progress = LinkSummary::InProgress { linking: LinkingId("l-1".into()), step: StepName::Max };
    vec![
        ("KeyringRead(session)", Reply::KeyringRead { session: true }),
        ("KeyringRead(none)", Reply::KeyringRead { session: false }),
        ("KeyringFailed", Reply::KeyringFailed(KeyringProblem::Locked)),
        ("BrowserOpened", Reply::BrowserOpened { address: None }),
        ("BrowserOpened(by hand)", Reply::BrowserOpened { address: Some("http://127.0.0.1:1/oauth/authorize".into()) }),
        ("SignedIn", Reply::SignedIn { not_kept: None }),
        ("SignedIn(not kept)", Reply::SignedIn { not_kept: Some(KeyringProblem::Dismissed) }),
        ("Me(pupil)", Reply::Me(misha(LinkSummary::NotLinked))),
        ("Me(pupil, in progress)", Reply::Me(misha(in_progress))),
        ("Me(parent)", Reply::Me(olga())),
        ("Me(teacher)", Reply::Me(teacher())),
        ("Schedule", Reply::Schedule(lessons(TODAY))),
        ("Linking(contact)", linking(version, contact_step())),
        ("Linking(code)", linking(version, code_step())),
        ("Linking(code by mail)", linking(version, letter_step())),
        ("Linking(password)", linking(version, password_step())),
        ("Linking(details)", linking(version, details_step())),
        ("Linking(exists)", linking(version, exists_step())),
        ("Linking(recovery)", linking(version, recovery_step())),
        ("Linking(max, may wait)", linking(version, max_later_step())),
        ("Linking(linked, not in MAX)", linking(version, linked_by_mail_step())),
        ("Linking(taken)", linking(version, taken_step())),
        ("Linking(profile)", linking(version, profile_step(own_profile()))),
        ("Linking(profile, other name)", linking(version, profile_step(other_profile()))),
        ("Linking(max)", linking(version, max_step())),
        ("Linking(linked)", linking(version, linked_step())),
        ("Linking(closed)", linking(version, mostik_wire::Step::Closed { reason: mostik_wire::CloseReason::Expired })),
        ("Profile", Reply::Profile(Box::new(own()))),
        ("Saved", Reply::Saved { file: "/downloads/mostik-1.html".into() }),
        ("Unlinked", Reply::Unlinked),
        ("SecurityLog", Reply::SecurityLog(Box::new(log()))),
        ("SessionsEnded", Reply::SessionsEnded),
        ("SignedOut", Reply::SignedOut),
        ("Opened", Reply::Opened),
        ("Launch", launch()),
        ("HandOff", hand_off()),
        ("HandOffStatus(seen)", hand_off_status(HandOffStage::Seen)),
        ("HandOffStatus(taken)", hand_off_status(HandOffStage::Taken)),
        ("HandOffOffer", offer()),
        ("HandedOff(own linking)", handed_off("p-misha", HandOffPlace::Linking, Some(linking_of(version, max_step())))),
        ("HandedOff(a child's diary)", handed_off("p-anya", HandOffPlace::Diary, None)),
        ("Refused(hand-off used)", refused(Code::HandOffUsed)),
        ("Refused(pupil not yours)", refused(Code::PupilNotYours)),
        ("Healthy", Reply::Healthy { took_ms: 12 }),
        ("Release", Reply::Release(Box::new(release("9.0.0")))),
        ("ReleaseRefused(forged)", Reply::ReleaseRefused(ReleaseFault::Forged)),
        ("Linking(contact, linked before)", linking(version, former_step())),
        ("Linking(max, proves the number)", linking(version, proof_step())),
        ("Refused(launch expired)", refused(Code::LaunchExpired)),
        ("Refused(code wrong)", refused(Code::CodeWrong)),
        ("Refused(stale version)", refused(Code::StaleVersion)),
        ("Refused(session ended)", refused(Code::SessionEnded)),
        ("Refused(account blocked)", refused(Code::AccountBlocked)),
        ("Refused(linking not found)", refused(Code::LinkingNotFound)),
        ("Refused(not linked)", refused(Code::NotLinked)),
        ("Refused(deletion pending)", refused(Code::DeletionPending)),
        ("Refused(profile blocked)", refused(Code::ProfileBlocked)),
        ("Refused(password wrong)", refused(Code::PasswordWrong)),
        ("Refused(overloaded)", refused(Code::Overloaded)),
        ("Failed(offline)", Reply::Failed(CauseKind::Offline.into())),
        ("Failed(unreadable)", Reply::Failed(CauseKind::AnswerUnreadable.into())),
    ]
}

pub fn news(version: u64) -> Vec<(&'static str, News)> {
    vec![
        ("Linking(newer)", News::Linking(Box::new(linking_of(version, max_step())))),
        ("Linking(older)", News::Linking(Box::new(linking_of(0, code_step())))),
        ("Live(true)", News::Live(true)),
        ("Live(false)", News::Live(false)),
        ("Reach(false)", News::Reach(false)),
        ("Reach(true)", News::Reach(true)),
        ("ClockOffset", News::ClockOffset(86_400_000)),
        ("LinkingGone", News::LinkingGone(LinkingId("l-1".into()))),
        ("LinkingGone(another)", News::LinkingGone(LinkingId("l-2".into()))),
        ("SessionEnded", News::SessionEnded(Box::new(Problem::new(Code::SessionEnded)))),
        ("SessionEnded(account blocked)", News::SessionEnded(Box::new(Problem::new(Code::AccountBlocked)))),
        ("NotKept", News::NotKept),
        ("StoreReset", News::StoreReset),
        ("SecondStart", News::SecondStart),
        ("Link(awaited form)", News::Link(format!("mostik://return/{HANDLE}"))),
        ("Link(out of MAX)", News::Link(format!("mostik://open/{HANDLE}"))),
        ("Link(of another device)", News::Link(format!("mostik://continue/{HANDLE}"))),
        ("MaxHere", News::MaxHere(Some(true))),
        ("Device", News::Device(device())),
        ("Service", News::Service("0.1.0".into())),
        ("Installed", News::Installed(installation())),
        ("InFront(true)", News::InFront(true)),
        ("InFront(false)", News::InFront(false)),
        ("MayNotify(true)", News::MayNotify(true)),
        ("MayNotify(false)", News::MayNotify(false)),
        ("NoticePressed", News::NoticePressed),
        ("Link(malformed)", News::Link("mostik://steal".into())),
    ]
}

pub fn details(consent: Option<&str>) -> Details {
    Details {
        last_name: "Орлова".into(),
        first_name: "Анна".into(),
        middle_name: Some("Сергеевна".into()),
        birth_date: "2015-03-03".into(),
        gender: mostik_wire::Gender::Female,
        consent: consent.map(str::to_owned),
    }
}

fn places() -> Vec<(&'static str, World)> {
    let mut starting = World::new();
    starting.start();
    let mut keyring = World::new();
    keyring.start().answer(Reply::KeyringFailed(KeyringProblem::Absent));
    let mut signed_out = World::new();
    signed_out.start().answer(Reply::KeyringRead { session: false });
    let mut signing_in = World::new();
    signing_in.start().answer(Reply::KeyringRead { session: false }).intent(Intent::SignIn);
    let mut opening = World::new();
    opening.start().answer(Reply::KeyringRead { session: true });
    let diary = |link| World::signed_in(misha(link));
    let mut dialog = diary(LinkSummary::NotLinked);
    dialog.intent(Intent::PressSferum);
    let mut beginning = diary(LinkSummary::NotLinked);
    beginning.intent(Intent::PressSferum).intent(Intent::Begin);
    let id = || LinkingId("l-1".into());
    let mut child = World::signed_in(olga());
    child.intent(Intent::ChooseChild { pupil: PupilId("p-anya".into()) });
    let mut setting_password = World::for_anya(password_step());
    setting_password.intent(Intent::SubmitPassword { password: Secret::new(SECRET_PASSWORD) });
    let mut unlinking = World::asking(ProtectedAction::Unlink);
    unlinking.intent(Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) });
    let mut accepted = diary(LinkSummary::NotLinked).launched();
    accepted.intent(Intent::AcceptLaunch { pupil: PupilId("p-misha".into()) });
    let mut checking = World::at(code_step());
    checking.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) });
    vec![
        ("Starting", starting),
        ("Keyring", keyring),
        ("SignedOut", signed_out),
        ("SigningIn", signing_in),
        ("Opening", opening),
        ("NoPupil", World::signed_in(teacher())),
        ("Family", World::signed_in(olga())),
        ("Diary of a parent's child", child),
        ("Diary, not linked", diary(LinkSummary::NotLinked)),
        ("Diary, the dialog open", dialog),
        ("Diary, beginning", beginning),
        ("Diary, left midway", diary(LinkSummary::InProgress { linking: id(), step: StepName::Code })),
        ("Diary, linked", diary(linked(true, None))),
        ("Diary, linked, not in MAX", diary(linked(false, None))),
        ("Security, not linked", World::security(LinkSummary::NotLinked)),
        ("Security, being read", World::security(linked(true, None))),
        ("Security", World::with_profile(own())),
        ("Security, the dialog open", World::asking(ProtectedAction::Unlink)),
        ("Security, a deed being done", unlinking),
        (
            "Security, about to be deleted",
            World::with_profile(Profile { deletes_at: Some(NOW.plus(3_600_000)), ..own() }),
        ),
        ("Wizard, contact", World::at(contact_step())),
        ("Wizard, code", World::at(code_step())),
        ("Wizard, code being checked", checking),
        ("Wizard, another number", World::editing()),
        ("Wizard, taken", World::at(taken_step())),
        ("Wizard, own profile", World::at(profile_step(own_profile()))),
        ("Wizard, new profile", World::at(profile_step(None))),
        ("Wizard, profile of another name", World::at(profile_step(other_profile()))),
        ("Wizard, max", World::at(max_step())),
        ("Wizard, linked before", World::at(former_step())),
        ("Wizard, max proves the number", World::at(proof_step())),
        ("Wizard, another number in max", World::at(differing_step())),
        ("From MAX, over a pupil's diary", diary(LinkSummary::NotLinked).launched()),
        ("From MAX, over the children", World::signed_in(olga()).launched()),
        ("From MAX, over a wizard", World::at(max_step()).launched()),
        ("From MAX, accepted", accepted),
        ("Diary, «Отправить на телефон» open", diary(LinkSummary::NotLinked).outgoing()),
        ("Wizard, a code for the phone shown", World::at(max_step()).sent()),
        ("SignedOut, a code of another device read", World::offered()),
        ("Wizard, linked", World::at(linked_step())),
        ("Wizard of a child, contact", World::for_anya(contact_step())),
        ("Wizard of a child, password", World::for_anya(password_step())),
        ("Wizard of a child, password being sent", setting_password),
        ("Wizard of a child, details", World::for_anya(details_step())),
        ("Wizard of a child, profile exists", World::for_anya(exists_step())),
        ("Wizard of a child, recovery", World::for_anya(recovery_step())),
        ("Wizard of a child, max may wait", World::for_anya(max_later_step())),
        ("Wizard of a child, linked, not in MAX", World::for_anya(linked_by_mail_step())),
    ]
}

#[test]
fn every_place_with_every_input_is_decided_and_printed() {
    let mut text = String::from(
        "# The flow: every place with every input\n\n\
         Printed by a test of `crates/flow`; do not edit. A reply bears the attempt that is awaited, unless said otherwise.\n\
         *Ignored* means that nothing changes and nothing is done; *refused*, that the input has no place here.\n",
    );
    for (name, world) in places() {
        write!(text, "\n## {name}\n\n| input | what follows | effects |\n|---|---|---|\n").unwrap();
        // Inputs that lead to the same are one row, where the first of them stands.
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        let mut ignored = Vec::new();
        let mut refused = Vec::new();
        let attempt = world::hand_off_attempt(&world.state).or_else(|| world::pending(&world.state));
        let wishes = intents().into_iter().map(|(name, intent)| (name.to_owned(), Input::Intent(intent)));
        let answers = attempt.into_iter().flat_map(|attempt| {
            replies(50).into_iter().map(move |(name, reply)| (format!("← {name}"), Input::Reply(attempt, reply)))
        });
        let late = [("← a late reply".to_owned(), Input::Reply(Attempt(u64::MAX), Reply::Opened))];
        let events = news(50).into_iter().map(|(name, news)| (format!("· {name}"), Input::News(news)));
        for (input, value) in wishes.chain(answers).chain(late).chain(events) {
            let next = step(world.state.clone(), value, NOW);
            match next.verdict {
                Verdict::Moved => {
                    let effects: Vec<_> = next.effects.iter().map(Effect::name).collect();
                    let outcome = format!("{} | {}", next.state.name(), effects.join(", "));
                    match rows.iter_mut().find(|(known, _)| *known == outcome) {
                        Some((_, inputs)) => inputs.push(input),
                        None => rows.push((outcome, vec![input])),
                    }
                }
                Verdict::Ignored(why) => ignored.push(format!("{input} ({why})")),
                Verdict::Refused(why) => refused.push(format!("{input} ({why})")),
            }
        }
        for (outcome, inputs) in rows {
            writeln!(text, "| {} | {outcome} |", inputs.join("; ")).unwrap();
        }
        for (verdict, list) in [("Ignored", ignored), ("Refused", refused)] {
            if !list.is_empty() {
                writeln!(text, "\n{verdict}: {}.", list.join("; ")).unwrap();
            }
        }
    }
    keep("docs/flow.md", &text);
}

#[test]
fn the_typescript_of_the_screens_is_what_the_window_uses() {
    let config = ts_rs::Config::default();
    let mut text = String::from("// Written by a test of crates/flow from the Rust types; do not edit.\n");
    macro_rules! types {
        ($($kind:ty),+ $(,)?) => {$(
            write!(text, "\nexport {}\n", <$kind as TS>::decl(&config)).unwrap();
        )+};
    }
    types![
        Millis,
        PupilId,
        LessonId,
        LessonChange,
        Role,
        Channel,
        Gender,
        ConsentText,
        FormerProfile,
        Strength,
        PasswordProblem,
        Delivery,
        MaxTrouble,
        Messengers,
        VkTrouble,
        SafeReason,
        Device,
        Installation,
        Source,
        Health,
        Update,
        AboutCard,
        MaxTroubleKind,
        Report,
        HandOffPlace,
        HandOffStage,
        PhoneCode,
        SendToPhone,
        Screen,
        Strip,
        LinkRefusal,
        View,
        UnderstoodContact,
        ChildRow,
        DiaryOwner,
        StepHead,
        ProfilePreview,
        CompareRow,
        CompareField,
        CodeBusy,
        SferumButton,
        ProtectedAction,
        AccountRow,
        VkCard,
        ProfileCard,
        SentProofCode,
        SecurityBusy,
        LogKind,
        LogRow,
        SessionRow,
        Day,
        LessonRow,
        DayRow,
        ChatRow,
        KeyringProblem,
        Cause,
        CauseKind,
        Details,
        Language,
        Intent,
        Page,
    ];
    text.push_str("\nexport const causeKinds: readonly CauseKind[] = [\n");
    for kind in CauseKind::ALL {
        writeln!(text, "  {},", serde_json::to_string(&kind).unwrap()).unwrap();
    }
    text.push_str("];\n");
    text.push_str("\n/** The service's refusals that are said as this cause. */\n");
    text.push_str("export const refusals: Partial<Record<CauseKind, readonly string[]>> = {\n");
    for kind in CauseKind::ALL {
        let codes: Vec<Code> = Code::ALL.into_iter().filter(|code| CauseKind::from(*code) == kind).collect();
        if !codes.is_empty() {
            let name = serde_json::to_value(kind).unwrap();
            let codes = serde_json::to_string(&codes).unwrap().replace(',', ", ");
            writeln!(text, "  {}: {codes},", name.as_str().unwrap()).unwrap();
        }
    }
    text.push_str("};\n");
    keep("ui/src/generated/types.ts", &text);
}

/// Compares a document with what lies in the repository, or writes it when told to.
fn keep(path: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{path} is not what the code says; run: UPDATE_DOCS=1 cargo test -p mostik-flow");
}
