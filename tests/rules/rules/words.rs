//! What the service says to people: letters, the bot, pages.

use mostik_rules::texts;

/// Where its sentences stand.
const SPEAKING: [&str; 6] = [
    "crates/service/src/max/texts.rs",
    "crates/service/src/mail/texts/",
    "crates/service/src/sms_text.rs",
    "crates/service/src/vk/outcome.rs",
    "crates/service/src/launches/",
    "crates/service/src/oauth/callback.rs",
];

/// What no sentence says; the window's own are held to the same in ui/tests/texts.test.ts.
fn unkind_in(sentence: &str) -> Option<&'static str> {
    const UNKIND: [&str; 5] = ["ошибк", "некорректн", "недопустим", "упс", "валидн"];
    let sentence = sentence.to_lowercase();
    UNKIND.into_iter().find(|word| sentence.contains(word))
}

/// Whether a Russian word ends with an exclamation mark.
fn shouts(line: &str) -> bool {
    let signs: Vec<char> = line.chars().collect();
    signs.windows(2).any(|two| matches!(two, [letter, '!'] if letter.is_alphabetic() && !letter.is_ascii()))
}

/// The texts between quotation marks on a line; what a comment says is for engineers.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split("//").next().unwrap_or_default().split('"').skip(1).step_by(2)
}

#[test]
fn no_sentence_of_the_service_speaks_of_errors() {
    assert_eq!(unkind_in("Произошла Ошибка 500"), Some("ошибк"));
    assert!(shouts("Готово! Всё сделано.") && !shouts("matches!(x)"));
    let mut spoken = 0;
    for (path, text) in texts(&[".rs"]) {
        if !SPEAKING.iter().any(|speaking| path.starts_with(speaking)) {
            continue;
        }
        // A sentence may go on over lines, so each line is looked at whole as well.
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            spoken += sentences(line).filter(|sentence| sentence.contains(' ')).count();
            assert_eq!(unkind_in(line), None, "{path}: {line}");
            assert!(!shouts(line), "{path} shouts: {line}");
            // One word alone is a parameter's name.
            let english =
                sentences(line).find(|said| said.contains(' ') && said.split(' ').any(|word| word == "error"));
            assert_eq!(english, None, "{path}");
        }
    }
    assert!(spoken > 60, "only {spoken} sentences were found: have they moved?");
}
