use proptest::prelude::*;

use super::*;

fn typed(text: &str) -> Result<String, NameError> {
    PersonName::parse(text).map(|name| name.0)
}

fn same(a: &str, b: &str) -> bool {
    FullName::new(a, "").is_same(&FullName::new(b, ""))
}

fn texts<'a>(last_name: &'a str, first_name: &'a str, middle_name: Option<&'a str>) -> NameTexts<'a> {
    NameTexts { last_name, first_name, middle_name }
}

#[test]
fn what_hurts_somebody_is_refused_with_its_reason() {
    for text in ["", "  ", "\u{a0}\u{2003}", "\t\n"] {
        assert_eq!(typed(text), Err(NameError::Empty), "{text:?}");
    }
    for text in [
        // Digits, also of other scripts, and numbers that pass for letters.
        "Орлова2",
        "Анна ٣",
        "Анна ３",
        "Людовик Ⅳ",
        "Анна²",
        "Ⓐнна",
        // Markup and what could become it.
        "<b>Аня</b>",
        "Аня!",
        "Аня*",
        "_Аня_",
        "[Аня](x)",
        "Анна (Аня)",
        "Анна; Оля",
        "Анна, Оля",
        "Анна/Оля",
        "А&я",
        "\"Аня\"",
        "«Аня»",
        "anya@mail.ru",
        "Аня🙂",
        "№",
        // Control signs and what cannot be seen.
        "Ан\nна",
        "Ан\r\nBcc: x",
        "Ан\u{0}на",
        "Ан\u{1b}на",
        "Ан\u{ad}на",
        "Ан\u{200b}на",
        "Ан\u{200d}на",
        "Ан\u{202e}на",
        "Ан\u{2066}на",
        "Ан\u{feff}на",
        "Ан\u{fe0f}на",
        "Ан\u{34f}на",
        "\u{3164}",
        "Ан\u{2028}на",
        "Ан\u{e0041}на",
        // No letter at all, or marks without one, or too many on one.
        "-",
        "—",
        ".",
        "' '",
        "\u{301}Анна",
        "Анна \u{301}",
        "А\u{301}\u{302}\u{303}\u{304}\u{305}",
        "А\u{20dd}",
    ] {
        assert_eq!(typed(text), Err(NameError::Sign), "{text:?}");
    }
    assert_eq!(typed(&"а".repeat(61)), Err(NameError::Long));
    assert_eq!(typed(&format!("а{}", ".".repeat(300))), Err(NameError::Long));
}

#[test]
fn names_as_people_have_them_are_kept_as_typed() {
    for text in [
        "О",
        "Ын",
        "Ё",
        "Орлова",
        "Д'Артаньян",
        "Римский-Корсаков",
        "Нгуен Тхи",
        "Кхань Линь",
        "Чен Ын",
        "Гасан Али кызы",
        "Мамед Рашид оглы",
        "Салтыкова-Щедрина-Невская",
        "де ла Крус Мартинес",
        "А. Б.",
        "Ст. Клер",
        "фон дер Ляйен",
        "аль-Фаиз",
        "О'Генри",
        "'т Хоофт",
        "ван 'т Хофф",
        "Наргиз'",
        "Łukasz",
        "Nguyễn Thị Minh Khai",
        "Zoë",
        "İbrahim",
        "ßeta",
        "Ойуунускай",
        "Ғалымжан",
        "Қасым-Жомарт",
        "Ҷамшед",
        "Ӧньӧ",
        "محمد",
        "عبد الله",
        "דָּוִד",
        "ก้อง",
        "चन्द्रिका",
        "李",
        "山田花子",
        "김민준",
        "ᏣᎳᎩ",
        "ကြွှော",
        "ნინო",
        "Անի",
    ] {
        assert_eq!(typed(text).as_deref(), Ok(text), "{text:?}");
    }
    let sixty = format!("{}-{}", "а".repeat(30), "б".repeat(30));
    assert_eq!(typed(&sixty), Ok(sixty.clone()));
    // Sixty letters of three code points each are sixty letters.
    assert!(typed(&"ệ\u{323}".repeat(60)).is_ok());
}

#[test]
fn kinds_of_hyphen_apostrophe_and_blank_become_one_and_letters_are_composed() {
    for hyphen in "‐‑‒–—―−⁃﹘﹣－֊־".chars() {
        assert_eq!(typed(&format!(" Римский{hyphen}Корсаков ")).as_deref(), Ok("Римский-Корсаков"), "{hyphen:?}");
    }
    for apostrophe in "'’‘‛ʼʻʽʾʿ`´′ʹ՚׳＇ꞌ".chars() {
        assert_eq!(typed(&format!("Д{apostrophe}Артаньян")).as_deref(), Ok("Д'Артаньян"), "{apostrophe:?}");
    }
    for blank in "\u{a0}\u{2009}\u{202f}\u{3000}".chars() {
        assert_eq!(typed(&format!("Чен{blank} {blank}Ын")).as_deref(), Ok("Чен Ын"), "{blank:?}");
    }
    assert_eq!(typed("Андреи\u{306}").as_deref(), Ok("Андрей"));
    assert_eq!(typed("Семе\u{308}н").as_deref(), Ok("Семён"));
}

#[test]
fn what_the_diary_tells_is_confirmed_as_it_is_whatever_it_is_made_of() {
    for told in [
        "Орлова-2",
        "Анна (Аня)",
        "«Рыжая» Соня",
        "-",
        "—",
        "  Анна ",
        "нет",
        "X Æ A-12",
        "Ан\u{200d}на",
        "Анна\t",
        "А<b>",
        "🙂",
        &"долгий ".repeat(40),
    ] {
        let read = ConfirmedName::read(texts(told, told, Some(told)), texts(told, told, Some(told))).unwrap();
        assert_eq!((read.last_name.as_str(), read.first_name.as_str()), (told, told));
        assert_eq!(read.middle_name.unwrap().as_str(), told);
    }
    // A field of one line drops what breaks it.
    let told = texts("Орлова\r\n2", "Анна", None);
    let read = ConfirmedName::read(texts("Орлова2", "Анна", None), told).unwrap();
    assert_eq!(read.last_name.as_str(), "Орлова\r\n2");
    // Once it is changed, it is typed; and the diary's word for one part is none for another.
    assert_eq!(ConfirmedName::read(texts("Орлова3", "Анна", None), told), Err((NamePart::LastName, NameError::Sign)));
    let swapped = texts("Анна", "Орлова2", Some("-"));
    let told = texts("Орлова2", "Анна", None);
    assert_eq!(ConfirmedName::read(swapped, told), Err((NamePart::FirstName, NameError::Sign)));
    let dash = texts("Орлова2", "Анна", Some("-"));
    assert_eq!(ConfirmedName::read(dash, told), Err((NamePart::MiddleName, NameError::Sign)));
}

#[test]
fn one_name_is_enough_where_the_diary_has_one() {
    for (last, first) in [("Сугиарто", ""), ("", "Сугиарто"), (" ", "Сугиарто")] {
        assert!(ConfirmedName::read(texts(last, first, None), texts(last, first, None)).is_ok());
    }
    let nobody = texts("", " ", None);
    assert_eq!(ConfirmedName::read(nobody, nobody), Err((NamePart::LastName, NameError::Empty)));
    let told = texts("Орлова", "Анна", Some("Сергеевна"));
    for (typed, part) in [
        (texts("", "Анна", None), NamePart::LastName),
        (texts("Орлова", "", None), NamePart::FirstName),
        (texts("Орлова", "Анна", Some(" ")), NamePart::MiddleName),
    ] {
        assert_eq!(ConfirmedName::read(typed, told), Err((part, NameError::Empty)));
    }
    assert_eq!(ConfirmedName::read(texts("Орлова", "Анна", None), told).unwrap().middle_name, None);
}

#[test]
fn spellings_of_one_name_are_the_same() {
    for (a, b) in [
        ("Семён", "СЕМЕН"),
        ("Андреи\u{306}", "андрей"),
        ("Семе\u{308}н", "Семен"),
        ("Римский–Корсаков", "римский корсаков"),
        ("Римский - Корсаков", "РИМСКИЙ-КОРСАКОВ"),
        ("Д’Артаньян", "д`артаньян"),
        ("Дʼартаньян", "Д'Артаньян"),
        ("Нгуен\u{a0}Тхи  Кхань", "Нгуен-Тхи-Кхань"),
        (" Анна\u{200b}", "Анна"),
        ("Ан\u{ad}на", "АННА"),
        // Latin letters among Cyrillic ones, in either case.
        ("Орловa", "Орлова"),
        ("OРЛОBА", "орлова"),
        ("Tатьяна", "Татьяна"),
        ("tатьяна", "Татьяна"),
        ("Алëна", "Алена"),
        ("Мiхась", "Міхась"),
        ("Ким-Opлoвa", "Ким Орлова"),
        // And the other way round.
        ("Jоhn", "John"),
        ("SМIТHSОN", "Smithson"),
        ("Weiß", "WEISS"),
        ("İbrahim", "ibrahim"),
        ("Νίκος", "ΝΊΚΟΣ"),
        ("ＡＮＮＡ", "Anna"),
        ("ﻣﺤﻤﺪ", "محمد"),
    ] {
        assert!(same(a, b), "{a:?} {b:?}");
    }
    // Where a name is divided differs from register to register.
    assert!(FullName::new("Нгуен Тхи", "Кхань Линь").is_same(&FullName::new("Нгуен", "Тхи Кхань Линь")));
    assert!(FullName::new("", "Сугиарто").is_same(&FullName::new("Сугиарто", "")));
    assert!(FullName::new("-", "Сугиарто").is_same(&FullName::new("Сугиарто", "")));
}

#[test]
fn different_names_stay_different() {
    let names = [
        "Орлов",
        "Орлова",
        "Орлово",
        "Андрей",
        "Андреи",
        "Михаил",
        "Мишаил",
        "Семен",
        "Симен",
        "Рак",
        "Pak",
        "Сосо",
        "Coco",
        "Вера",
        "Bepa",
        "Д'Артаньян",
        "Дартаньян",
        "Нгуен Тхи",
        "Нгуенхи",
        "НгуенТхи",
        "Тхи Нгуен",
        "Ким",
        "Кім",
        "Кым",
        "Анна",
        "Алина",
        "Ана",
        "Инна",
        "Мария",
        "Марія",
        "Наталья",
        "Наталия",
        "Софья",
        "София",
        "Геннадий",
        "Генадий",
        "Юлия",
        "Юлія",
        "Зоя",
        "Зося",
        "Ольга",
        "Олга",
        "Гоголь",
        "Гоголв",
        "Гоголъ",
        "Шишкин",
        "Щишкин",
        "Чен",
        "Чён1",
        "Anna",
        "Ahha",
        "Nina",
        "Нина",
        "А. Б.",
        "А Б",
        "محمد",
        "محمود",
        "李",
        "季",
        "",
        "О",
        "O",
        "Ө",
        "Ғали",
        "Гали",
        "Қасым",
        "Касым",
        "Іван",
        "Йван",
    ];
    for (at, a) in names.iter().enumerate() {
        for b in &names[..at] {
            assert!(!same(a, b), "{a:?} {b:?}");
        }
    }
    let name = |first, last| FullName::new(first, last);
    assert!(!name("Анна", "Мария").is_same(&name("Мария", "Анна")));
    assert!(!name("Пётр", "Королёв").is_same(&name("Пётр", "Королева")));
    assert!(!name("", "").is_same(&name("", "")) && !name("-", " ").is_same(&name("", "")));
}

#[test]
fn a_masked_name_keeps_the_surnames_first_letter_alone() {
    for (first, last, masked, initials) in [
        ("Михаил", "Орлов", "Михаил О.", "МО"),
        ("Кхань Линь", "Нгуен Тхи", "Кхань Линь Н.", "КН"),
        ("Шарль", "д'Артаньян", "Шарль д.", "Шд"),
        ("Ян", "'т Хоофт", "Ян т.", "Ят"),
        ("Ын", "О", "Ын О.", "ЫО"),
        ("Михаил", "", "Михаил", "М"),
        ("", "Сугиарто", "С.", "С"),
        ("Анна", "-", "Анна", "А"),
        ("Анна", "И\u{306}он", "Анна И\u{306}.", "АИ\u{306}"),
        ("Анна", "(Орлова)", "Анна О.", "АО"),
        ("  Анна\r\n", "\tОрлова", "Анна О.", "АО"),
        ("Аня\u{202e}", "Ким", "Аня К.", "АК"),
        ("👩🏽\u{200d}🚀", "Ким", "👩🏽\u{200d}🚀 К.", "К"),
        ("", "👩🏽\u{200d}🚀🙂", "👩🏽\u{200d}🚀", ""),
        ("محمد", "الفارسي", "\u{2068}محمد ا.\u{2069}", "م\u{200c}ا"),
        ("", "", "", ""),
    ] {
        let name = FullName::new(first, last);
        assert_eq!((name.masked().as_str(), name.initials().as_str()), (masked, initials), "{first:?} {last:?}");
    }
}

#[test]
fn a_shown_name_fits_into_a_sentence() {
    assert_eq!(FullName::new("Михаил", "Орлов").whole(), "Михаил Орлов");
    assert_eq!(FullName::new("", " Сугиарто ").whole(), "Сугиарто");
    assert_eq!(FullName::new("", "Сугиарто").called(), "Сугиарто");
    assert_eq!(FullName::new("Анна", "Орлова").called(), "Анна");
    assert_eq!(FullName::new("Ан\r\nна", "Ор\u{2028}лова\u{0}").whole(), "Ан  на Ор лова");
    assert_eq!(FullName::new("דוד", "Ким").whole(), "\u{2068}דוד Ким\u{2069}");
    assert_eq!(FullName::new("\u{202e}Анна\u{2066}", "").whole(), "Анна");
    assert_eq!(format!("{:?}", PersonName::parse("Анна").unwrap()), "PersonName");
}

fn cyrillic() -> impl Strategy<Value = String> {
    "[А-ЯЁа-яё]{1,8}([- '][А-ЯЁа-яё]{1,8}){0,2}"
}

proptest! {
    #[test]
    fn reading_and_comparing_never_panic(a in any::<String>(), b in any::<String>()) {
        let (one, two) = (FullName::new(&a, &b), FullName::new(&b, &a));
        prop_assert!(![one.whole(), one.masked(), one.called(), one.initials()].iter().any(|text| text.chars().any(sign::breaks_line)));
        prop_assert_eq!(one.is_same(&two), two.is_same(&one));
        if let Ok(name) = PersonName::parse(&a) {
            prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name.clone()), "typed once more");
            prop_assert!(same(&a, name.as_str()));
        }
        let told = texts(&a, &b, Some(&b));
        prop_assert!(ConfirmedName::read(told, told).is_ok() || one.whole().is_empty());
    }

    #[test]
    fn case_hyphens_and_look_alikes_do_not_part_a_name_from_itself(name in cyrillic(), latin in any::<u64>()) {
        prop_assert!(same(&name, &name.to_uppercase()) && same(&name, &name.to_lowercase()));
        let (long, joined) = (name.replace('-', "\u{2014}"), name.replace(' ', "-"));
        prop_assert!(same(&name, &long) && same(&name, &joined));
        // Some of its letters in Latin, as long as each word keeps a Cyrillic one.
        let mut bits = latin;
        let mixed: String = name.chars().map(|c| {
            bits = bits.rotate_right(1);
            let pairs = [('а', 'a'), ('е', 'e'), ('о', 'o'), ('р', 'p'), ('с', 'c'), ('х', 'x'), ('А', 'A'), ('В', 'B'), ('Н', 'H'), ('К', 'K')];
            pairs.iter().find(|(from, _)| *from == c && bits & 1 == 1).map_or(c, |(_, to)| *to)
        }).collect();
        let is_mixed = |word: &str| word.chars().any(|c| crate::signs::script(c) == icu_properties::props::Script::Cyrillic);
        if mixed.split(['-', ' ']).all(is_mixed) {
            prop_assert!(same(&name, &mixed), "{} {}", name, mixed);
        }
    }

    #[test]
    fn names_of_other_letters_are_other_names(a in "[А-Я][а-я]{1,10}", b in "[А-Я][а-я]{1,10}") {
        let letters = |name: &str| name.to_lowercase();
        prop_assert_eq!(same(&a, &b), letters(&a) == letters(&b));
    }

    #[test]
    fn a_latin_name_is_no_cyrillic_one(latin in "[A-Za-z]{1,10}", cyrillic in "[А-Яа-я]{1,10}") {
        prop_assert!(!same(&latin, &cyrillic));
    }
}
