//! Real-shaped inputs, by verdict. The phones are invented, the shapes are those of contact books, messengers and letters.

use mostik_wire::{Contact, ContactError, EmailError};

const PHONE: &str = "+7 900 222-33-44";
const MAIL: &str = "anya@example.ru";

/// One number, whatever stands around.
const NUMBERS: &[&str] = &[
    // As typed.
    "+79002223344",
    "89002223344",
    "79002223344",
    "9002223344",
    "+7 900 222-33-44",
    "8 (900) 222-33-44",
    "8(900)222-33-44",
    "+7(900)2223344",
    "8-900-222-33-44",
    "+7-900-222-33-44",
    "8.900.222.33.44",
    "8 900 222 33 44",
    "8900 222-33-44",
    "+7900 222 3344",
    "8 90 02 22 33 44",
    "8/900/222/33/44",
    "8_900_222_33_44",
    "8 - 900 - 222 - 33 - 44",
    "(900) 222-33-44",
    "900-222-33-44",
    "+7 (900) 222 - 33 - 44",
    "8-10-7-900-222-33-44",
    "8 10 7 900 222 33 44",
    "00 7 900 222-33-44",
    "0079002223344",
    "+ 7 900 222 33 44",
    "+8 900 222-33-44",
    "(8-900) 222-33-44",
    // Signs of keyboards, word processors and bidirectional text.
    "7 900 222-33-44;",
    " 8 900 222–33–44, ",
    "8 900 222—33—44",
    "8 900 222‑33‑44",
    "8 900 222−33−44",
    "8\u{a0}900\u{a0}222\u{202f}33\u{2009}44",
    "\u{202a}+7 900 222-33-44\u{202c}",
    "\u{200e}+7 900 222-33-44",
    "\u{feff}89002223344",
    "8900\u{ad}222\u{200b}33\u{2060}44",
    "８９００２２２３３４４",
    "＋７（９００）２２２－３３－４４",
    "٨٩٠٠٢٢٢٣٣٤٤",
    "۸۹۰۰۲۲۲۳۳۴۴",
    "8️⃣9️⃣0️⃣0️⃣2️⃣2️⃣2️⃣3️⃣3️⃣4️⃣4️⃣",
    "8 900\t222\t33\t44",
    "8 900 222\n33-44",
    "+7 900 222-33-44.",
    "+7 900 222-33-44!",
    "«+7 900 222-33-44»",
    "\"+7 900 222-33-44\"",
    "'89002223344'",
    "[+7 900 222-33-44]",
    "<+79002223344>",
    "*+7 900 222-33-44*",
    "_89002223344_",
    "`89002223344`",
    "• 8 900 222-33-44",
    "* 8 900 222-33-44\n* 8(900)222-33-44",
    "— 8 900 222-33-44",
    "1) 8 900 222-33-44",
    "1. 8 900 222-33-44",
    "📞 8 900 222-33-44",
    // Labels and words.
    "тел. 8 900 222-33-44",
    "тел.8 900 222-33-44",
    "тел.: 8-900-222-33-44",
    "Тел:89002223344",
    "т. 8 900 222-33-44",
    "т.89002223344",
    "м.т. 8(900)2223344",
    "моб.: +7 900 222-33-44",
    "моб. тел. (дочь): 8 900 222 33 44",
    "моб/тел: 89002223344",
    "сот. 8 900 222-33-44",
    "Мобильный +7 (900) 222-33-44",
    "Phone: +7 900 222-33-44",
    "mob. +7 900 222 33 44",
    "cell 89002223344",
    "WhatsApp/Telegram: +7 900 222-33-44",
    "номер 89002223344",
    "мой номер – 8 900 222-33-44",
    "№ 8 900 222-33-44",
    "+7 900 222 33 44 (мама)",
    "+7 900 222 33 44 мама",
    "мама 89002223344",
    "мама89002223344",
    "89002223344мама",
    "Аня (дочь) 8 900 222-33-44, звонить после 18",
    "Здравствуйте, это Анна Орлова. Мой номер 8 900 222-33-44, спасибо.",
    "8 900 222-33-44 это мой, не мамин",
    "Мой телефон восемь... нет, вот: 89002223344",
    // Schemes and links.
    "tel:+79002223344",
    "tel:+7-900-222-33-44",
    "TEL:89002223344",
    "tel://89002223344",
    "tel:%2B79002223344",
    "tel:9002223344;phone-context=+7",
    "sms:+79002223344",
    "sms:+79002223344?body=%D0%9A%D0%BE%D0%B4%20123456",
    "sms:+79002223344&body=Код 123456",
    "SMSTO:+79002223344:привет",
    "callto:+79002223344",
    "skype:+79002223344?call",
    "facetime:+79002223344",
    "https://wa.me/79002223344",
    "wa.me/79002223344",
    "https://wa.me/79002223344?text=Привет%2015",
    "https://api.whatsapp.com/send?phone=79002223344&text=1",
    "whatsapp://send?phone=+79002223344",
    "https://t.me/+79002223344",
    "viber://chat?number=%2B79002223344",
    "tg://resolve?phone=79002223344",
    "<a href=\"tel:+79002223344\">+7 900 222-33-44</a>",
    "[+7 900 222-33-44](tel:+79002223344)",
    "https://vk.com/id79005556677 моб. 8 900 222-33-44",
    "https://example.ru/item/89005556677?a=1 +7 900 222-33-44",
    // Contact cards.
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:;Anya;;;\r\nTEL;CELL:+79002223344\r\nEND:VCARD\r\n",
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9E=D1=80=D0=BB=D0=BE=D0=B2=D0=B0;=\n=D0=90=D0=BD=D0=BD=D0=B0;;;\nTEL;CELL;PREF:8 900 222-33-44\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:2.1\nTEL;CELL;ENCODING=QUOTED-PRINTABLE:=2B7=20900=20222-33-44\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Анна Орлова\nTEL;TYPE=CELL,VOICE:+7 (900) 222-33-44\nREV:2024-05-12T10:11:12Z\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Анна\nitem1.TEL;waid=79002223344:+7 900 222-33-44\nitem1.X-ABLabel:Мобильный\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:4.0\nFN:Анна\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+7-900-222-33-44\nEND:VCARD",
    "begin:vcard\nversion:3.0\ntel:89002223344\nend:vcard",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Анна\nTEL;TYPE=WORK:+7 495 123-45-67\nTEL;TYPE=CELL:+7 900 222-33-44\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:3.0\nTEL:+79002223344\nTEL:8 (900) 222-33-44\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:3.0\nFN:+7 900 222-33-44\nTEL:+79002223344\nUID:89005556677\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ89005556677\n 89005556677AQSk\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:3.0\nTEL;TYPE=CELL:+7900\n 2223344\nEND:VCARD",
    "BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nTEL;TYPE=cell:79002223344\\r\\nEND:VCARD\\r\\n",
    "Держи контакт:\nBEGIN:VCARD\nVERSION:3.0\nN:Орлова;Анна\nTEL:+79002223344\nEND:VCARD\nОтправлено из MAX",
    "TEL;TYPE=CELL;waid=79002223344:+7 900 222-33-44",
    "BEGIN:VCARD VERSION:3.0 N:Орлова;Анна;;; TEL;TYPE=CELL:+7 900 222-33-44 END:VCARD",
    "MECARD:N:Орлова,Анна;TEL:+79002223344;;",
    // Forwarded messages and signatures.
    "Анна Орлова\n+7 900 222-33-44",
    "[12.05.2024, 14:30] Анна: 8 900 222-33-44",
    "Анна Орлова, [12.05.2024 14:30]\n+7 900 222-33-44",
    "[14:30, 12.05.2024] +7 900 222-33-44: Добрый день",
    "Анна, [12.05.24 9:15]:\n8 900 222-33-44",
    "Переслано от: Анна\nКонтакт: Анна Орлова\nТелефон: +7 900 222-33-44",
    "--\nС уважением, Анна Орлова\nмоб. +7 900 222-33-44\nг. Москва, ул. Мира, д. 5, кв. 12",
    "тел.: +7 495 123-45-67, моб.: +7 900 222-33-44",
    "+7 495 123-45-67 доб. 12, моб. +7 900 222-33-44",
    "раб. 8 495 123-45-67 / моб. 8 900 222-33-44",
    // The same number twice.
    "+7 900 222-33-44, 89002223344",
    "+7 900 222-33-44 (8 900 222-33-44)",
    "89002223344 9002223344",
    // Other digits around.
    "5Б класс, 8 900 222-33-44",
    "5Б 8 900 222-33-44",
    "7 «Б» класс: 8 900 222-33-44",
    "8 класс 900 222-33-44",
    "8 900 222-33-44 5Б",
    "8 900 222-33-44 5 «Б»",
    "8 900 222-33-44, 5Б класс",
    "кв. 12 8 900 222-33-44",
    "д. 5 кв. 12 +7 900 222-33-44",
    "ул. Мира, 5-12, 8 900 222-33-44",
    "школа 179 8 900 222-33-44",
    "Школа № 179, тел. 8 900 222-33-44",
    "Аня, 11 лет, 8 900 222-33-44",
    "8 900 222-33-44 15 мая",
    "8 900 222-33-44 с 9:00 до 18:00",
    "14.03.2016 8 900 222-33-44",
    "2016-03-14 8 900 222-33-44",
    "Аня Орлова 14.03.2016 г.р. 89002223344",
    "звонить в 18:30 8 900 222-33-44",
    "паспорт 4510 123456, тел. 8 900 222-33-44",
    "СНИЛС 123-456-789 01, тел. 8 900 222-33-44",
    "ИНН 770123456789, 8 900 222-33-44",
    "ИНН 9701234567 тел. 8 900 222-33-44",
    "Карта 4276 3800 1234 5678, телефон 8 900 222-33-44",
    "115280 Москва, 8 900 222-33-44",
    "@anya_orlova 8 900 222-33-44",
    "инст @anya.orlova, 8 900 222-33-44",
];

/// One address, whatever stands around.
const ADDRESSES: &[&str] = &[
    "anya@example.ru",
    " anya@example.ru\n",
    "anya@example.ru,",
    "anya@example.ru.",
    "anya@example.ru;",
    "anya@example.ru!",
    "Anya@Example.RU",
    "ANYA@EXAMPLE.RU",
    "<anya@example.ru>",
    "\"anya@example.ru\"",
    "'anya@example.ru'",
    "«anya@example.ru»",
    "„anya@example.ru“",
    "(anya@example.ru)",
    "[anya@example.ru]",
    "*anya@example.ru*",
    "_anya@example.ru_",
    "`anya@example.ru`",
    "- anya@example.ru",
    "📧anya@example.ru",
    "→anya@example.ru",
    "anya @ example.ru",
    "anya@ example.ru",
    "anya @example.ru",
    "anya＠example.ru",
    "anya﹫example.ru",
    "ａｎｙａ＠ｅｘａｍｐｌｅ．ｒｕ",
    "anya@example。ru",
    "anya\u{200b}@example.ru",
    "\u{202a}anya@example.ru\u{202c}",
    "anya@exam\u{ad}ple.ru",
    "\u{feff}anya@example.ru",
    "anya\u{a0}@\u{a0}example.ru",
    "mailto:anya@example.ru",
    "MAILTO:anya@example.ru",
    "mailto:anya@example.ru?subject=%D0%9A%D0%BE%D0%B4&cc=olga@example.ru",
    "mailto:anya%40example.ru",
    "mailto:?to=anya@example.ru",
    "<mailto:anya@example.ru>",
    "<a href=\"mailto:anya@example.ru\">anya@example.ru</a>",
    "[anya@example.ru](mailto:anya@example.ru)",
    "Анна Орлова <anya@example.ru>",
    "\"Орлова, Анна\" <anya@example.ru>",
    "Орлова Анна anya@example.ru",
    "Анна Орлова (anya@example.ru)",
    "почта: anya@example.ru",
    "почта:anya@example.ru",
    "e-mail: anya@example.ru",
    "Email=anya@example.ru",
    "эл. почта – anya@example.ru (Аня)",
    "От: Анна Орлова <anya@example.ru>\nДата: 12.05.2024 14:30",
    "Пишите на anya@example.ru, спасибо",
    "anya@example.ru anya@example.ru",
    "anya@example.ru; ANYA@EXAMPLE.RU",
    "anya@example.ru, 5Б класс, 14.03.2016",
    "anya@example.ru (кв. 12)",
    "anya@example.ru карта 4276 3800 1234 5678",
    "anya@example.ru, дом. 8 495 123-45-67",
    "@anya_orlova anya@example.ru",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Анна\nEMAIL;TYPE=INTERNET:anya@example.ru\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:4.0\nitem1.EMAIL;PREF=1:anya@example.ru\nBDAY:20160314\nEND:VCARD",
    "BEGIN:VCARD\nVERSION:2.1\nEMAIL;ENCODING=QUOTED-PRINTABLE:anya=40example.ru\nEND:VCARD",
    "MATMSG:TO:anya@example.ru;SUB:;BODY:;;",
    "https://example.ru/?a=1 anya@example.ru",
];

/// Addresses as real as any: read as they stand, and not asked about.
const REAL: &[(&str, &str)] = &[
    ("аня@почта.рф", "аня@почта.рф"),
    ("anya@почта.рф", "anya@почта.рф"),
    ("Аня <АНЯ@ПОЧТА.РФ>", "АНЯ@почта.рф"),
    ("аня@школа.дети", "аня@школа.дети"),
    ("anya@xn--80a1acny.xn--p1ai", "anya@почта.рф"),
    ("аня.орлова+дневник@почта.рф", "аня.орлова+дневник@почта.рф"),
    ("сор@почта.рф", "сор@почта.рф"),
    ("anya@пример.com", "anya@пример.com"),
    ("anya@bücher.de", "anya@bücher.de"),
    ("josé@example.es", "josé@example.es"),
    ("аня.orlova@почта.рф", "аня.orlova@почта.рф"),
    ("anya+shkola@mail.ru", "anya+shkola@mail.ru"),
    ("anya.orlova-2016@yandex.ru", "anya.orlova-2016@yandex.ru"),
    ("_anya_@mail.ru", "_anya_@mail.ru"),
    ("o'neil@example.ru", "o'neil@example.ru"),
    ("89002223344@mail.ru", "89002223344@mail.ru"),
    ("почта 79002223344@yandex.ru", "79002223344@yandex.ru"),
    ("anya@school179.mos.ru", "anya@school179.mos.ru"),
    ("anya@edu.mos.ru", "anya@edu.mos.ru"),
    ("anya@ya.ru", "anya@ya.ru"),
    ("anya@bk.ru", "anya@bk.ru"),
];

/// What is asked about, with what is likely meant; `true`: the text as it stands could be sent as well.
const ASKED: &[(&str, &str, bool)] = &[
    // One slip in a common domain.
    ("anya@gmial.com", "anya@gmail.com", true),
    ("anya@mial.ru", "anya@mail.ru", true),
    ("anya@mail.ry", "anya@mail.ru", true),
    ("anya@gmail.con", "anya@gmail.com", true),
    ("anya@yandx.ru", "anya@yandex.ru", true),
    ("anya@mai1.ru", "anya@mail.ru", true),
    ("anya@mail.r", "anya@mail.ru", true),
    ("anya@mail..ru", "anya@mail.ru", false),
    ("anya@ma_il.ru", "anya@mail.ru", false),
    ("Анна <anya@mial.ru>", "anya@mail.ru", true),
    // Letters of another alphabet.
    ("anya@mаil.ru", "anya@mail.ru", true),
    ("anya@mail.rи", "anya@mail.ru", true),
    ("anya@уandex.ru", "anya@yandex.ru", true),
    ("anya@уа.ru", "anya@ya.ru", true),
    ("anya@gmаil.соm", "anya@gmail.com", true),
    ("anya@mαil.ru", "anya@mail.ru", true),
    ("anya@sсhool179.ru", "anya@school179.ru", true),
    ("anya@ехample.ru", "anya@example.ru", true),
    ("anya@xn--mil-7cd.ru", "anya@mail.ru", true),
    ("аnya@mail.ru", "anya@mail.ru", true),
    ("anyа@example.ru", "anya@example.ru", true),
    ("аnуа.оrlova@mail.ru", "anya.orlova@mail.ru", true),
    ("сор@mail.ru", "cop@mail.ru", true),
    ("а.orlova@example.ru", "a.orlova@example.ru", true),
    ("аня@пoчта.рф", "аня@почта.рф", true),
    ("aня@почта.рф", "аня@почта.рф", true),
    ("anya@mail.ру", "anya@mail.ru", true),
    ("anya@gmail.ком", "anya@gmail.com", true),
    // A comma, a blank or nothing for the dot.
    ("anya@mail,ru", "anya@mail.ru", false),
    ("anya@mail, ru", "anya@mail.ru", false),
    ("anya@mail ru", "anya@mail.ru", false),
    ("anya@mail. ru", "anya@mail.ru", false),
    ("anya@mail .ru", "anya@mail.ru", false),
    ("anya@mail/ru", "anya@mail.ru", false),
    ("anya@mailюru", "anya@mail.ru", false),
    ("anya@mail-ru", "anya@mail.ru", false),
    ("anya@mailru", "anya@mail.ru", false),
    ("anya@mail", "anya@mail.ru", false),
    ("anya@mialru", "anya@mail.ru", false),
    ("anya@yandexru", "anya@yandex.ru", false),
    ("anya@gmailcom", "anya@gmail.com", false),
    ("anya@gmail", "anya@gmail.com", false),
    ("anya@edumosru", "anya@edu.mos.ru", false),
    ("anya@school179ru", "anya@school179.ru", false),
    ("anya@example,ru", "anya@example.ru", false),
    ("аня@почта,рф", "аня@почта.рф", false),
    ("почта: anya@mail,ru, спасибо", "anya@mail.ru", false),
    ("anya@mail.ru.Пишите", "anya@mail.ru", true),
    // Another key, or words, for the @.
    ("anya\"mail.ru", "anya@mail.ru", false),
    ("anya2mail.ru", "anya@mail.ru", false),
    ("фтнф\"ьфшдюкг", "anya@mail.ru", false),
    ("anya(собака)mail.ru", "anya@mail.ru", false),
    ("anya собака mail.ru", "anya@mail.ru", false),
    ("anya [at] example [dot] ru", "anya@example.ru", false),
    ("anya собака example точка ru", "anya@example.ru", false),
    // Letters for digits.
    ("8 9ОО 222-33-44", PHONE, false),
    ("89oo2223344", PHONE, false),
    ("8 9ОО 222-3З-4б", "+7 900 222-33-46", false),
    ("тел. 8 9OO 222-3З-44", PHONE, false),
];

/// What is refused, by name.
fn refused() -> Vec<(&'static str, ContactError)> {
    use ContactError::{
        Empty, Extension, Foreign, Landline, MixedAlphabets, NothingFound, NumberAndAddress, TooFewDigits,
        TooManyDigits, TwoAddresses, TwoNumbers,
    };
    let groups: &[(ContactError, &[&'static str])] = &[
        (Empty, &["", "   ", "\n\t", "\u{200b}\u{feff}"]),
        (
            NothingFound,
            &[
                "привет",
                "Анна Орлова",
                "+",
                "112",
                "8 916",
                "5Б класс",
                "14.03.2016",
                "14:30",
                "мой номер",
                "https://vk.com/id79002223344",
                "https://t.me/anya_orlova",
                "ИНН 9701234567",
                "anya",
                "+7 900 ***-**-44",
                "BEGIN:VCARD\nVERSION:3.0\nFN:Анна\nEND:VCARD",
            ],
        ),
        (
            TwoNumbers,
            &[
                "8 900 222-33-44, 8 900 555-66-77",
                "8 900 222-33-44 8 900 555-66-77",
                "89002223344 89005556677",
                "9002223344 9005556677",
                "89002223344/89005556677",
                "8 900 222-33-44 / 8 900 555-66-77",
                "89002223344\n89005556677",
                "мама 8 900 222-33-44 папа 8 900 555-66-77",
                "+79002223344+79005556677",
                "+7 900 222-33-44 или +7 900 222-33-45",
                "8 900 222-33-44, +375 29 123-45-67",
                "8 900 222-33-44, 8 900 222-33-4",
                "tel:+79002223344,+79005556677",
                "https://wa.me/79002223344 8 900 555-66-77",
                "BEGIN:VCARD\nVERSION:3.0\nTEL;TYPE=CELL:+79002223344\nTEL;TYPE=CELL:+79005556677\nEND:VCARD",
                "BEGIN:VCARD\nTEL:+79002223344\nEND:VCARD\nBEGIN:VCARD\nTEL:+79005556677\nEND:VCARD",
                "BEGIN:VCARD\nTEL:+79002223344\nNOTE:запасной 8 900 555-66-77\nEND:VCARD",
            ],
        ),
        (
            TwoAddresses,
            &[
                "anya@example.ru, olga@example.ru",
                "anya@example.ru olga@example.ru",
                "anya@example.ru;anya@mail.ru",
                "mailto:anya@example.ru,olga@example.ru",
                "anya@mail,ru olga@mail.ru",
                "Анна <anya@example.ru>, Ольга <olga@example.ru>",
            ],
        ),
        (
            NumberAndAddress,
            &[
                "8 900 222-33-44, anya@example.ru",
                "anya@example.ru +7 900 222-33-44",
                "Анна Орлова\nмоб. +7 900 222-33-44\nanya@example.ru",
                "anya@mail,ru 89002223344",
                "+375 29 123-45-67 anya@example.ru",
                "BEGIN:VCARD\nVERSION:3.0\nTEL:+79002223344\nEMAIL:anya@example.ru\nEND:VCARD",
                "MECARD:N:Орлова,Анна;TEL:+79002223344;EMAIL:anya@example.ru;;",
            ],
        ),
        (
            Extension,
            &[
                "89161234567 доб. 5",
                "8 900 222-33-44 доб. 12",
                "8 900 222-33-44, доб. 12",
                "8 900 222-33-44 (доб. 12)",
                "8 900 222-33-44 доб.12",
                "8 900 222-33-44 добавочный 12",
                "8 900 222-33-44 вн. 12",
                "+7 900 222-33-44 ext. 12",
                "+7 900 222-33-44 x12",
                "+7 900 222-33-44 #12",
                "89002223344,12",
                "89002223344,,12#",
                "89002223344p12",
                "tel:+7-900-222-33-44;ext=12",
                "BEGIN:VCARD\nTEL;VALUE=uri:tel:+7-900-222-33-44;ext=12\nEND:VCARD",
            ],
        ),
        (
            TooManyDigits,
            &[
                "8 900 222-33-445",
                "890022233445",
                "123456789012",
                "4276 3800 1234 5678",
                "4276380012345678",
                "40817810099910004312",
                "40817 81009 99100 04312",
                "8900222334489005556677",
                "8 900 222-33-44 15",
                "8 900 222-33-44-12",
                "8 900 222-33-44 (12)",
                "8 900 222-33-44/45",
                "+7 8 900 222-33-44",
                "44 8 900 222-33-44",
                "тел. 8 900 222-33-44 55 мама",
            ],
        ),
        (
            TooFewDigits,
            &[
                "8 900 222-33-4",
                "900 222-33-4",
                "+7 900 222 33 4",
                "8 916 123",
                "222-33-44",
                "тел. 8 900 222-33-4 (мама)",
                "12345",
            ],
        ),
        (
            Landline,
            &[
                "8 495 123-45-67",
                "+7 (812) 123-45-67",
                "4951234567",
                "8 800 555-35-35",
                "тел. 8 495 123-45-67",
                "Школа: +7 495 123-45-67 доб. 12",
                "tel:+74951234567",
                "BEGIN:VCARD\nTEL;TYPE=HOME:+74951234567\nEND:VCARD",
            ],
        ),
        (
            Foreign,
            &[
                "+375 29 123-45-67",
                "+7 701 123-45-67",
                "8 707 123 45 67",
                "+44 7911 123456",
                "8 10 375 29 123 45 67",
                "375291234567",
                "тел. +375 29 123-45-67 (мама)",
                "tel:+375291234567",
                "wa.me/375291234567",
            ],
        ),
        (MixedAlphabets, &["anyaя@mail.ru", "anya@mailщ.com", "пoчтаz@почта.рф"]),
        (
            EmailError::Shape.into(),
            &["anya@", "@mail.ru", "anya@@mail.ru", "a@b@mail.ru", "anya@mail@ru", "@anya_orlova", "@"],
        ),
        (EmailError::Local.into(), &["misha..orlov@mail.ru"]),
        (
            EmailError::Domain.into(),
            &["anna@почта", "misha@.ru", "misha@school..ru", "misha@127.0.0.1", "misha@scho_ol.ru"],
        ),
    ];
    groups.iter().flat_map(|(error, texts)| texts.iter().map(|text| (*text, error.clone()))).collect()
}

fn shown(read: &Result<Contact, ContactError>) -> String {
    match read {
        Ok(contact) => contact.display(),
        Err(ContactError::LooksLike { likely, as_typed }) => {
            format!("? {} ({})", likely.display(), as_typed.as_ref().map_or("no".into(), Contact::display))
        }
        Err(error) => format!("{error:?}"),
    }
}

fn agree(cases: Vec<(&str, String)>) {
    let wrong: Vec<String> = cases
        .into_iter()
        .map(|(text, expected)| (text, expected, shown(&Contact::read(text))))
        .filter(|(_, expected, read)| expected != read)
        .map(|(text, expected, read)| format!("{text:?}\n    is read as {read}\n    and is      {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_one_contact_is_refused_by_name() {
    agree(refused().into_iter().map(|(text, error)| (text, format!("{error:?}"))).collect());
}

#[test]
fn a_slip_is_asked_about_with_what_is_likely_meant() {
    for (text, likely, sendable) in ASKED {
        let Err(ContactError::LooksLike { likely: read, as_typed }) = Contact::read(text) else {
            panic!("{text:?} is not asked about: {}", shown(&Contact::read(text)));
        };
        assert_eq!((read.display().as_str(), as_typed.is_some()), (*likely, *sendable), "{text:?}");
    }
}

#[test]
fn a_real_address_is_never_doubted() {
    agree(REAL.iter().map(|(text, address)| (*text, (*address).to_owned())).collect());
}

#[test]
fn one_number_is_found_whatever_stands_around() {
    agree(NUMBERS.iter().map(|text| (*text, PHONE.to_owned())).collect());
}

#[test]
fn one_address_is_found_whatever_stands_around() {
    let same = |text: &str| match Contact::read(text) {
        Ok(Contact::Mail { email }) => email.key() == MAIL,
        _ => false,
    };
    let wrong: Vec<String> = ADDRESSES
        .iter()
        .filter(|text| !same(text))
        .map(|text| format!("{text:?}: {}", shown(&Contact::read(text))))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_long_enough_and_says_nothing_twice() {
    let texts = NUMBERS.iter().chain(ADDRESSES).copied();
    let texts = texts.chain(REAL.iter().map(|(text, _)| *text)).chain(ASKED.iter().map(|(text, ..)| *text));
    let texts: Vec<_> = texts.chain(refused().into_iter().map(|(text, _)| text)).collect();
    let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len());
    assert!(texts.len() >= 300, "{}", texts.len());
}
