//! The letters in English.

use mostik_wire::Messenger;

use super::news::{Event, News, Words};
use crate::{dates, names};

const SECRET: &str =
    "The code works for 10 minutes. Tell it to nobody: it belongs only in the window where you asked for it.";
const RECOVER: &str = "type this address in Mostik and press “Forgot the password”";

pub(super) fn words(news: &News) -> Words {
    match news {
        News::Code { code } => Words::code(
            format!("Mostik: code {code}"),
            [
                "To confirm this address, type this code in Mostik:",
                SECRET,
                "If you asked for nothing, delete this letter: without the code nothing will happen.",
            ],
            code,
        ),
        News::RecoveryCode { code } => Words::code(
            format!("Mostik: code {code} for a new password"),
            [
                "To set a new password of the learning profile, type this code in Mostik:",
                "The code works for 10 minutes. Tell it to nobody: it can change the password.",
                "If it is not you who is changing it, forward the code to nobody. The old password still works.",
            ],
            code,
        ),
        News::OwnerCode { code } => Words::code(
            format!("Mostik: code {code} to confirm what you are doing"),
            [
                "To confirm that the learning profile is yours, type this code in Mostik:",
                "The code works for 10 minutes. Tell it to nobody: it can unlink or delete the profile.",
                "If you asked for nothing, delete this letter: without the code nothing will happen.",
            ],
            code,
        ),
        News::Linked { name, event } => Words::news(
            "Mostik: the learning profile was linked to the diary",
            [
                format!("The learning profile ({name}) was linked to the school diary."),
                told(event),
                format!(
                    "If this was not you, change the profile's password: {RECOVER}. Then tell the school, so that the link is \
                     removed."
                ),
            ],
        ),
        News::VkLinked { name, account, event } => Words::news(
            "Mostik: VK Messenger was connected to the learning profile",
            [
                format!("VK Messenger was connected to the learning profile ({name}). The VK account: {}", names::ending(account)),
                told(event),
                "If this was not you, open “My passport” → “Security” in Mostik and unlink VK. And tell the school.".into(),
            ],
        ),
        News::MessengerUnlinked { name, messenger, event } => {
            let (subject, what) = match messenger {
                Messenger::Max => ("Mostik: MAX was unlinked from the learning profile", "MAX was unlinked"),
                Messenger::Vk => {
                    ("Mostik: VK Messenger was unlinked from the learning profile", "VK Messenger was unlinked")
                }
            };
            Words::news(
                subject,
                [
                    format!("{what} from the learning profile ({name}). The profile is still linked to the school diary."),
                    told(event),
                    "If this was not you, connect it again in Mostik: “My passport” → “Security”. And tell the school."
                        .into(),
                ],
            )
        }
        News::PasswordChanged { name, event } => Words::news(
            "Mostik: the learning profile's password was changed",
            [
                format!("A new password was set for the learning profile ({name}). The old one no longer works."),
                told(event),
                format!(
                    "If this was not you, set a new password at once: {RECOVER}. Change the password of your mailbox too."
                ),
            ],
        ),
        News::Unlinked { name, event } => Words::news(
            "Mostik: the learning profile was unlinked from the diary",
            [
                format!(
                    "The learning profile ({name}) was unlinked from the school diary. The profile itself and its chats stay."
                ),
                told(event),
                "If this was not you, link them again: sign in to the diary with Mostik and press “Sferum”. And tell the school."
                    .into(),
            ],
        ),
        News::Exported { name, event } => Words::news(
            "Mostik: what is held about the learning profile was saved",
            [
                format!("Somebody saved all that Mostik holds about the learning profile ({name})."),
                told(event),
                "If this was not you, tell the school: somebody is signed in to the diary and knows the profile's password or \
                 code."
                    .into(),
            ],
        ),
        News::DeletionAsked { name, event, due } => Words::news(
            "Mostik: the learning profile will be deleted",
            [
                format!(
                    "The learning profile ({name}) will be deleted on {}, Moscow time, with all that Mostik holds about it. \
                     Until then nothing is lost.",
                    dates::in_moscow(*due)
                ),
                told(event),
                "Changed your mind, or it is not you? Sign in to the diary with Mostik, open “My passport” → “Security” and \
                 press “Keep the profile”."
                    .into(),
            ],
        ),
        News::DeletionCalledOff { name, event } => Words::news(
            "Mostik: the learning profile stays",
            [
                format!("The deletion was called off: the learning profile ({name}) stays and nothing is lost."),
                told(event),
                "If this was not you, open “My passport” → “Security” in Mostik and see how things stand.".into(),
            ],
        ),
        News::Deleted { name, due } => Words::news(
            "Mostik: the learning profile was deleted",
            [
                format!(
                    "The learning profile ({name}) was deleted as you asked. It was due on {}, Moscow time.",
                    dates::in_moscow(*due)
                ),
                "All that Mostik held about it is erased, and this is the last message about it.".into(),
                "A new profile can be made any day: sign in to the diary with Mostik and press “Sferum”.".into(),
            ],
        ),
    }
}

fn told(event: &Event) -> String {
    let at = dates::in_moscow(event.at);
    match &event.device {
        Some(device) => format!("When: {at}, Moscow time. Device: {device}."),
        None => format!("When: {at}, Moscow time."),
    }
}
