//! What there is to press in the window.

use mostik_flow::{Intent, ProtectedAction};
use mostik_wire::Secret;

use crate::{asks::WRONG_CODE, people::ContactName};

/// Something to press, with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Press {
    /// «Перейти к подключению».
    Begin,
    /// The Sferum button.
    Sferum,
    /// «Продолжить» under a number or an address.
    Contact(Typed),
    /// «Подтвердить через MAX, без СМС».
    ProveByMax,
    /// «Войти в него».
    Former,
    /// «Продолжить» under a code.
    Code(u32),
    /// «Прислать новый код».
    Resend,
    /// «Изменить номер».
    ChangeContact,
    /// Back from there to the code.
    BackToCode,
    /// «Да, это мой профиль».
    Confirm,
    /// The number that MAX has proven, in place of the expected one.
    TakeMaxNumber,
    /// A new link into MAX.
    RenewMaxLink,
    /// «Подключить MAX позже».
    SkipMax,
    /// «Войти и подключить», by a password.
    SignIn(u8),
    /// «Не помню пароль».
    Recover,
    /// The code of the letter with a new password.
    Recovery(u32, u8),
    /// Give the linking up.
    Cancel,
    /// «Не ждать».
    StopWaiting,
    /// Try again what failed.
    Retry,
    /// «Безопасность».
    Security,
    /// «Прислать код» there.
    OwnerCode,
    /// «Отвязать», and the dialog that asks for a proof.
    BeginUnlink,
    /// «Сохранить себе», and that dialog.
    BeginExport,
    /// The code in that dialog.
    Prove(u32),
}

/// A number or an address that is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Typed(pub(crate) ContactName);

// Digits, as a person types them.
fn code(number: u32, digits: usize) -> Secret {
    Secret::new(format!("{number:0digits$}"))
}

// A password, by the order in which they were set.
fn password(password: u8) -> Secret {
    Secret::new(format!("синий трамвай у моря {password}"))
}

impl Press {
    /// Whether a wrong code is typed.
    pub(crate) const fn is_slip(self) -> bool {
        matches!(self, Self::Code(WRONG_CODE) | Self::Recovery(WRONG_CODE, _) | Self::Prove(WRONG_CODE))
    }

    pub(crate) fn intent(self) -> Intent {
        match self {
            Self::Begin => Intent::Begin,
            Self::Sferum => Intent::PressSferum,
            Self::Contact(Typed(contact)) => Intent::SubmitContact { text: contact.text() },
            Self::ProveByMax => Intent::ProveByMax,
            Self::Former => Intent::SignInToFormer,
            Self::Code(number) => Intent::SubmitCode { code: code(number, 6) },
            Self::Resend => Intent::Resend,
            Self::ChangeContact => Intent::ChangeContact,
            Self::BackToCode => Intent::BackToCode,
            Self::Confirm => Intent::ConfirmProfile { accept_other_name: false },
            Self::TakeMaxNumber => Intent::TakeMaxNumber,
            Self::RenewMaxLink => Intent::RenewMaxLink,
            Self::SkipMax => Intent::SkipMax,
            Self::SignIn(number) => Intent::SignInToProfile { password: password(number) },
            Self::Recover => Intent::RecoverPassword,
            Self::Recovery(number, new) => Intent::SubmitRecovery { code: code(number, 8), password: password(new) },
            Self::Cancel => Intent::CancelLinking,
            Self::StopWaiting => Intent::StopWaiting,
            Self::Retry => Intent::Retry,
            Self::Security => Intent::OpenSecurity,
            Self::OwnerCode => Intent::SendOwnerCode,
            Self::BeginUnlink => Intent::BeginProof { action: ProtectedAction::Unlink },
            Self::BeginExport => Intent::BeginProof { action: ProtectedAction::Export },
            Self::Prove(number) => Intent::ProveByCode { code: code(number, 6) },
        }
    }
}
