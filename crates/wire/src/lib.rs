//! The HTTP contract between the app and the linking service, and the value types both speak.
//!
//! Bodies are JSON with `snake_case` names; times are UTC milliseconds ([`Millis`]); every refusal is an
//! `application/problem+json` body ([`Problem`]) with a stable [`Code`].
//!
//! This crate has no I/O and knows neither side.

mod bodies;
mod code;
mod contact;
mod diary;
mod email;
mod hand_off;
mod ids;
mod launch;
mod linking;
mod mailbox;
mod messenger;
mod name;
mod password;
mod person;
mod phone;
mod profile;
mod release;
mod secret;
mod security;
mod signs;
mod time;

pub use bodies::{
    ConfirmBody, ContactBody, CreateLinkingBody, DetailsBody, PasswordBody, RecoveryBody, SubmitCodeBody, VersionBody,
};
pub use code::{Code, Problem};
pub use contact::ContactError;
pub use diary::{
    Account, ClassChat, Lesson, LessonChange, LessonId, LinkSummary, Me, Pages, Pupil, Schedule, SchoolDay,
};
pub use email::{Email, EmailError};
pub use hand_off::{
    HandOff, HandOffBody, HandOffId, HandOffOffer, HandOffPlace, HandOffStage, HandOffStatus, HandOffTokenBody,
    HandedOff,
};
pub use ids::{LinkingId, PupilId};
pub use launch::{AcceptLaunchBody, ClaimLaunchBody, Launch, LaunchPage, MiniAppBody};
pub use linking::{
    Channel, CloseReason, CodeStep, ConsentText, Contact, Delivery, DetailsStep, ExistsStep, FormerProfile,
    FoundProfile, LinkedStep, Linking, MaxStep, MaxTrouble, PasswordStep, ProfileStep, RecoveryStep, Step, StepName,
};
pub use messenger::{Messenger, MessengerAccount, Messengers, VkStep, VkTrouble};
pub use name::{ConfirmedName, FullName, NameError, NamePart, NameTexts, PersonName};
pub use password::{LONGEST_PASSWORD, Password, PasswordProblem, SHORTEST_PASSWORD, Strength};
pub use person::{BirthDate, Gender, Role};
pub use phone::{Phone, PhoneError};
pub use profile::{Export, OwnerCode, Profile, ProfileBody, Proof, ProvenBody, Unlinked};
pub use release::{Release, ReleaseNotes, SignedRelease};
pub use secret::Secret;
pub use security::{EndSessionsBody, LogEvent, LogKind, SecurityLog, SessionsEnded, SignedIn};
pub use signs::digit_of;
pub use time::Millis;
