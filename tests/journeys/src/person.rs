//! Invented pupils of the sandbox, with what they would type.

/// A pupil.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// At the diary.
    pub login: &'static str,
    /// As the window says it.
    pub first_name: &'static str,
    /// The number as this pupil types it.
    pub types: &'static str,
    /// The number as the window says it.
    pub spoken: &'static str,
    /// The number as networks say it.
    pub number: &'static str,
    /// In MAX.
    pub max_user: i64,
}

/// 8-Б. His number in the diary is the one he has in MAX.
pub const MISHA: Person = Person {
    login: "misha",
    first_name: "Михаил",
    types: "8 (900) 000-12-42",
    spoken: "+7 900 000-12-42",
    number: "79000001242",
    max_user: 501_001,
};

/// 9-А.
pub const LIZA: Person = Person {
    login: "liza",
    first_name: "Елизавета",
    types: "+7 900 000 23 57",
    spoken: "+7 900 000-23-57",
    number: "79000002357",
    max_user: 501_002,
};

/// 8-Б, with the same number as Misha: a brother's or a friend's, as it happens.
pub const TIMUR: Person = Person { login: "timur", first_name: "Тимур", ..MISHA };
