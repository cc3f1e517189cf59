//! With what the window is worked in this run.

/// With what the window is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputMethod {
    /// The mouse points, the keyboard types.
    Mouse,
    /// The keyboard does everything.
    Keys,
}

impl InputMethod {
    /// The one that this run was asked for.
    #[must_use]
    pub fn of_this_run() -> Self {
        if std::env::var_os("MOSTIK_HAND").is_some_and(|input_method| input_method == "keys") {
            Self::Keys
        } else {
            Self::Mouse
        }
    }
}
