//! The linking machine, without any I/O: no clock, no network, no disk, no async runtime.
//!
//! Start at [`step()`]: a [`State`] and an [`Input`] make the [`Next`] state and the [`Effect`]s to run. [`screen_of`] turns a
//! state into the [`Screen`] that the window shows, [`stored`] into text and back, [`resume`] goes on after a restart.
//! `docs/flow.md` prints every state with every input; a test keeps it true.

mod about;
mod attempt;
mod cause;
mod device;
mod effect;
mod hand_off;
mod home;
mod input;
mod language;
mod link;
mod moscow;
mod next;
mod notice;
mod pending;
mod report;
mod screen;
mod show;
mod state;
mod step;
pub mod stored;
mod understood;

pub use about::{About, Health, ReleaseFault, Update};
pub use attempt::Attempt;
pub use cause::{Cause, CauseKind};
pub use device::{Device, Installation, KeyringProblem, SafeReason, Source};
pub use effect::{Call, Effect, ProfileCall, Target, Watched};
pub use hand_off::{IncomingHandOff, OutgoingHandOff};
pub use input::{Details, Input, Intent, News, Page, Reply};
pub use language::Language;
pub use link::{Link, LinkRefusal, parse as parse_link};
pub use next::{Next, Verdict};
pub use notice::{Notice, Notices};
pub use pending::{PendingRequest, ProtectedAction, RequestKind};
pub use report::{MaxTroubleKind, Report, service_version};
pub use screen::{
    AboutCard, AccountRow, ChatRow, ChildRow, CodeBusy, CompareField, CompareRow, Day, DayRow, DiaryOwner, LessonRow,
    LogRow, PhoneCode, ProfileCard, ProfilePreview, Screen, SecurityBusy, SendToPhone, SentProofCode, SessionRow,
    SferumButton, StepHead, Strip, View, VkCard,
};
pub use show::screen_of;
pub use state::{Conditions, Diary, Family, FromMax, Home, Route, Security, State, Week, Wizard};
pub use step::{report_of, resume, step};
pub use understood::UnderstoodContact;
