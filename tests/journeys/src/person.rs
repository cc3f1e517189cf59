//! Invented people of the sandbox, with what they would type.

/// A pupil, or a parent.
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
    /// The address.
    pub mail: &'static str,
    /// In MAX.
    pub max_user: i64,
    /// At VK ID.
    pub vk_user: i64,
}

/// 8-Б. His number in the diary is the one he has in MAX.
pub const MISHA: Person = Person {
    login: "misha",
    first_name: "Михаил",
    types: "8 (900) 000-12-42",
    spoken: "+7 900 000-12-42",
    number: "79000001242",
    mail: "misha.orlov@school.example",
    max_user: 501_001,
    vk_user: 710_001,
};

/// 9-А.
pub const LIZA: Person = Person {
    login: "liza",
    first_name: "Елизавета",
    types: "+7 900 000 23 57",
    spoken: "+7 900 000-23-57",
    number: "79000002357",
    mail: "liza.kim@school.example",
    max_user: 501_002,
    vk_user: 710_002,
};

/// 8-Б, with the same number as Misha: a brother's or a friend's, as it happens.
pub const TIMUR: Person = Person { login: "timur", first_name: "Тимур", vk_user: 710_003, ..MISHA };

/// The mother of Misha, Anya and Lev.
pub const OLGA: Person = Person {
    login: "olga",
    first_name: "Ольга",
    types: "8 900 000-44-17",
    spoken: "+7 900 000-44-17",
    number: "79000004417",
    mail: "olga.orlova@mail.example",
    max_user: 501_003,
    vk_user: 710_004,
};

/// 5-А, eleven years old. She has an address, and her mother's phone with MAX.
pub const ANYA: Person = Person { login: "anya", first_name: "Анна", mail: "orlova-anya@example.ru", ..OLGA };

/// 2-В, eight years old, without a login of his own; his sister's address serves him too.
pub const LEV: Person = Person { login: "lev", first_name: "Лев", ..ANYA };
