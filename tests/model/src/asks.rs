//! What is asked of the service, and what it answers.

use mostik_wire::{Code, Linking, Me, Problem, Profile};

use crate::{
    kept::Kept,
    people::{ContactName, LinkingNo, ProfileNo, PupilNo},
};

/// A code that nobody was sent.
pub(crate) const WRONG_CODE: u32 = 999_999;

/// The digits of a linking's code: no two codes are the same.
pub(crate) fn code_number(linking: LinkingNo, nth: u32) -> u32 {
    (u32::from(linking) + 1) * 100 + nth
}

/// A request of the app's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ask {
    /// `POST /v1/linkings`.
    Create { pupil: PupilNo },
    /// `GET /v1/linkings/{id}`.
    Read { linking: LinkingNo },
    /// `GET /v1/me`.
    Me,
    /// `POST /v1/linkings/{id}/…`.
    Move { linking: LinkingNo, version: u64, what: Move },
    /// `GET /v1/pupils/{id}/profile`.
    Profile { pupil: PupilNo },
    /// `POST /v1/pupils/{id}/profile/…`.
    Own { pupil: PupilNo, profile: ProfileNo, what: Own },
}

/// What a linking is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Move {
    Contact(ContactName),
    MaxProof,
    MaxNumber,
    Former,
    Code(u32),
    Resend,
    SignIn(u8),
    Recover,
    Recovery(u32, u8),
    SkipMax,
    Confirm,
    RenewMaxLink,
    Cancel,
}

/// What the owner of a linked profile asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Own {
    SendCode,
    Export(u32),
    Unlink(u32),
}

impl Ask {
    /// Whether it bears no key.
    pub(crate) const fn only_reads(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Me | Self::Profile { .. })
    }

    /// The code that was typed.
    pub(crate) const fn typed(&self) -> Option<u32> {
        match self {
            Self::Move { what: Move::Code(code) | Move::Recovery(code, _), .. }
            | Self::Own { what: Own::Export(code) | Own::Unlink(code), .. } => Some(*code),
            _ => None,
        }
    }
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Linking(Kept<Linking>),
    Me(Kept<Me>),
    Profile(Kept<Profile>),
    Exported,
    Unlinked,
    Refused(Kept<Problem>),
}

impl Answer {
    pub(crate) fn refused(code: Code) -> Self {
        Self::Refused(Kept::new(Problem::new(code)))
    }

    /// The linking in it.
    pub(crate) fn linking(&self) -> Option<&Linking> {
        match self {
            Self::Linking(linking) => Some(linking),
            Self::Refused(problem) => problem.linking.as_deref(),
            _ => None,
        }
    }
}
