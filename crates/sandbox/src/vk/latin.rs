//! Names in Latin letters, as VK ID gives them to a client that does not ask for Russian.

const RUSSIAN: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";

/// What stands for each of them.
const LATIN: [&str; 33] = [
    "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
    "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
];

/// «Михаил» → `Mikhail`. What is no Russian letter stays.
pub(super) fn latin(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for sign in name.chars() {
        let small = sign.to_lowercase().next().unwrap_or(sign);
        let Some(at) = RUSSIAN.chars().position(|letter| letter == small) else {
            text.push(sign);
            continue;
        };
        let mut letters = LATIN[at].chars();
        if small != sign {
            text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        }
        text.extend(letters);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::latin;

    #[test]
    fn names_keep_their_capitals_and_their_hyphens() {
        assert_eq!(latin("Щукина-Юрьева Алёна"), "Shchukina-Yureva Alena");
        assert_eq!(latin("Жанна d'Arc"), "Zhanna d'Arc");
    }
}
