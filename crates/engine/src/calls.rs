//! What the machine's calls ask of the service: the engine sends it, and so does whoever runs the machine without an engine.

use mostik_flow::{Call, ProfileCall};
use mostik_wire::{
    ConfirmBody, ContactBody, CreateLinkingBody, LinkingId, Messenger, PasswordBody, ProfileBody, PupilId,
    RecoveryBody, SubmitCodeBody, VersionBody,
};
use serde::Serialize;

/// A request without what goes with each: address, session, key.
pub struct ContractCall {
    /// The segments of the path, whatever characters they hold.
    pub path: Vec<String>,
    /// JSON for a POST; `None`: a GET.
    pub body: Option<Vec<u8>>,
}

impl ContractCall {
    fn get(path: &[&str]) -> Self {
        Self { path: owned(path), body: None }
    }

    fn post(path: &[&str], body: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self { path: owned(path), body: Some(serde_json::to_vec(body)?) })
    }

    fn move_on(linking: &LinkingId, action: &str, body: &impl Serialize) -> Result<Self, serde_json::Error> {
        Self::post(&["v1", "linkings", &linking.0, action], body)
    }

    /// A call about one linking; answered with the linking.
    ///
    /// # Errors
    /// Never in practice: bodies are plain.
    pub fn of_linking(call: Call) -> Result<Self, serde_json::Error> {
        match call {
            Call::Read(LinkingId(id)) => Ok(Self::get(&["v1", "linkings", &id])),
            Call::Create(pupil) => Self::post(&["v1", "linkings"], &CreateLinkingBody { pupil }),
            Call::Contact { linking, version, contact } => {
                Self::move_on(&linking, "contact", &ContactBody { version, contact })
            }
            Call::MaxProof { linking, version } => Self::move_on(&linking, "max-proof", &VersionBody { version }),
            Call::MaxNumber { linking, version } => Self::move_on(&linking, "max-number", &VersionBody { version }),
            Call::Former { linking, version } => Self::move_on(&linking, "former", &VersionBody { version }),
            Call::Code { linking, version, code } => Self::move_on(&linking, "code", &SubmitCodeBody { version, code }),
            Call::Resend { linking, version } => Self::move_on(&linking, "resend", &VersionBody { version }),
            Call::Password { linking, version, password } => {
                Self::move_on(&linking, "password", &PasswordBody { version, password })
            }
            Call::Details { linking, body } => Self::move_on(&linking, "details", &body),
            Call::ProfileSignIn { linking, version, password } => {
                Self::move_on(&linking, "profile-sign-in", &PasswordBody { version, password })
            }
            Call::Recover { linking, version } => Self::move_on(&linking, "recover", &VersionBody { version }),
            Call::Recovery { linking, version, code, password } => {
                Self::move_on(&linking, "recovery", &RecoveryBody { version, code, password })
            }
            Call::Confirm { linking, version, accept_other_name } => {
                Self::move_on(&linking, "confirm", &ConfirmBody { version, accept_other_name })
            }
            Call::RenewMaxLink { linking, version } => Self::move_on(&linking, "max-link", &VersionBody { version }),
            Call::Vk { linking, version } => Self::move_on(&linking, "vk", &VersionBody { version }),
            Call::SkipMax { linking, version } => Self::move_on(&linking, "skip-max", &VersionBody { version }),
            Call::Cancel { linking, version } => Self::move_on(&linking, "cancel", &VersionBody { version }),
        }
    }

    /// A call about the profile that a pupil is linked to. An export is answered with the data and an unlinking with its moment, all
    /// others with the profile.
    ///
    /// # Errors
    /// Never in practice: bodies are plain.
    pub fn of_profile(pupil: &PupilId, call: ProfileCall) -> Result<Self, serde_json::Error> {
        let on = |action: &'static str| ["v1", "pupils", pupil.0.as_str(), "profile", action];
        match call {
            ProfileCall::Read => Ok(Self::get(&["v1", "pupils", &pupil.0, "profile"])),
            ProfileCall::Code(profile) => Self::post(&on("code"), &ProfileBody { profile }),
            ProfileCall::Keep(profile) => Self::post(&on("keep"), &ProfileBody { profile }),
            ProfileCall::Delete(body) => Self::post(&on("deletion"), &body),
            ProfileCall::Unlink(body) => Self::post(&on("unlink"), &body),
            ProfileCall::UnlinkMessenger(Messenger::Max, body) => Self::post(&on("unlink-max"), &body),
            ProfileCall::UnlinkMessenger(Messenger::Vk, body) => Self::post(&on("unlink-vk"), &body),
            ProfileCall::Export(body) => Self::post(&on("export"), &body),
        }
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|&segment| segment.to_owned()).collect()
}
