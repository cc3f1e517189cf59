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

/// 9-А, fifteen years old, with one name and no other.
pub const BUDI: Person = Person {
    login: "budi",
    first_name: "Сугиарто",
    types: "8 900 000-55-11",
    spoken: "+7 900 000-55-11",
    number: "79000005511",
    max_user: 501_004,
    ..MISHA
};

/// The mother of Charles.
pub const CONSTANCE: Person = Person { login: "constance", first_name: "Констанция", ..OLGA };

/// 5-А: an apostrophe in the surname, and no patronymic.
pub const CHARLES: Person = Person { login: "charles", first_name: "Шарль", mail: "constance@example.ru", ..OLGA };

/// The father of Ын.
pub const HUNG: Person = Person { login: "hung", first_name: "Хунг", ..OLGA };

/// 2-В: two letters are a first name.
pub const YN: Person = Person { login: "yn", first_name: "Ын", mail: "yn@example.ru", ..OLGA };

/// The father of Соня.
pub const GASAN: Person = Person { login: "gasan", first_name: "Гасан", ..OLGA };

/// 2-В: a digit and brackets in the surname, a dash for a patronymic.
pub const SONYA: Person = Person { login: "sonya", first_name: "Соня", mail: "sonya@example.ru", ..OLGA };

/// The mother of Alexandrina.
pub const VICTORIA: Person = Person { login: "victoria", first_name: "Виктория", ..OLGA };

/// 5-А: a surname of sixty letters.
pub const ALEXANDRINA: Person =
    Person {
        login: "alexandrina", first_name: "Александрина-Виктория-Екатерина", mail: "victoria@example.ru", ..OLGA
    };

/// The mother of Omar.
pub const LAYLA: Person = Person { login: "layla", first_name: "ليلى", ..OLGA };

/// 5-А: written from right to left.
pub const OMAR: Person = Person { login: "omar", first_name: "عمر", mail: "layla@example.ru", ..OLGA };

/// The mother of Путри.
pub const DEWI: Person = Person { login: "dewi", first_name: "Деви", ..OLGA };

/// 5-А: one name and no surname.
pub const PUTRI: Person = Person { login: "putri", first_name: "Путри", mail: "dewi@example.ru", ..OLGA };
