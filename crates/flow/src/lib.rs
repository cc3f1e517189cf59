//! The linking machine, without any I/O: no clock, no network, no disk, no async runtime.
//!
//! Start at [`step()`]: a [`State`] and an [`Input`] make the [`Next`] state and the [`Effect`]s to run. [`screen_of`] turns a
//! state into the [`Screen`] that the window shows, [`stored`] into text and back, [`resume`] goes on after a restart.
//! `docs/flow.md` prints every state with every input; a test keeps it true.

mod about;
mod cause;
mod effect;
mod hand_off;
mod home;
mod input;
mod link;
mod notice;
mod report;
mod screen;
mod show;
mod state;
mod step;
pub mod stored;
mod understood;

pub use about::{About, AboutCard, Health, Installation, ReleaseFault, Source, Update};
pub use cause::{Cause, CauseKind};
pub use effect::{Call, Effect, OwnCall, Target, Watched};
pub use hand_off::{Arriving, PhoneCode, SendToPhone, Sending};
pub use input::{Attempt, Details, Input, Intent, Language, News, Next, Page, Reply, Verdict};
pub use link::{Link, parse as parse_link};
pub use notice::{Notice, Notices};
pub use report::{Device, Report, SafeReason, Snag, report_of, service_version};
pub use screen::{
    AccountRow, Bank, ChatRow, ChildRow, CodeBusy, CompareField, CompareRow, Day, DayRow, Head, KeyringProblem,
    LessonRow, LinkRefusal, LogRow, OwnCode, ProfileCard, Screen, SecurityBusy, SessionRow, SferumButton, Strip, View,
    VkCard, Who,
};
pub use show::screen_of;
pub use state::{Conditions, Deed, Diary, Family, FromMax, Home, Pending, Place, Security, State, Week, Wish, Wizard};
pub use step::{resume, step};
pub use understood::Understood;
