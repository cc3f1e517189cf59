// What is true of a letter, whoever it goes to and whatever a name in it is made of: `kind¦language¦at¦from¦to¦name¦device`. Shared by the
// fuzz target and the tests of `mostik-service`.

use mail_parser::{Address, MessageParser};
use mostik_service::{
    language::Language,
    mail::{Event, Letter, News, write},
};
use mostik_wire::{Email, Messenger, Millis};

/// The headers of every letter.
const HEADERS: [&str; 9] = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
];
/// The markup that is ours.
const TAGS: [&str; 13] = [
    "!doctype html",
    "html lang=\"en\"",
    "html lang=\"ru\"",
    "head",
    "meta charset=\"utf-8\"",
    "title",
    "/title",
    "/head",
    "/body",
    "/html",
    "/p",
    "p",
    "body",
];
const ID: &str = "Zm9-row_1";

/// Whether both addresses are some, so that there is a letter. Panics when it bears more than its headers, reaches others, or says
/// something else.
pub fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = text.split('¦');
    let [kind, language, at, from, to, name, device] = [(); 7].map(|()| fields.next().unwrap_or_default());
    let (Ok(from), Ok(to)) = (Email::parse(from), Email::parse(to)) else { return false };
    // No clock of a service says more than a header's date can.
    let at = Millis(at.parse().unwrap_or(0_i64).clamp(0, 253_402_300_799_999));
    let language = Language::from_tag(language);
    let about = |name: &str, device: &str| {
        let device = (!device.is_empty()).then(|| device.to_owned());
        let (news, code) = news(kind, name, Event { at, device });
        (Letter { language, news }, code)
    };
    let (letter, code) = about(name, device);
    let Ok(message) = write(&from, &to, ID, at, &letter) else {
        // Whoever runs the service has an address of letters and digits.
        let odd = |sign: char| !sign.is_ascii() && !sign.is_alphanumeric();
        assert!(from.address().contains(odd), "what was read as an address can be written to: {:?}", to.address());
        return false;
    };
    assert_eq!(message.envelope().to().iter().map(ToString::to_string).collect::<Vec<_>>(), [to.address()]);
    assert_eq!(message.envelope().from().map(ToString::to_string), Some(from.address()));
    let octets = message.formatted();
    lines(&octets, from.needs_smtputf8() || to.needs_smtputf8());

    let read = MessageParser::default().parse(&octets).expect("a letter");
    let mut names: Vec<_> = read.headers().iter().map(|header| header.name()).collect();
    names.sort_unstable();
    assert_eq!(names, HEADERS);
    let sender = if language == Language::Ru { "Мостик" } else { "Mostik" };
    // As it is: the parser decodes what no address has encoded.
    let reached: String = read.header_raw("To").unwrap_or_default().split_whitespace().collect();
    assert_eq!(reached, to.address());
    let sent_by = from.address();
    if !sent_by.contains("=?") {
        assert_eq!(mailboxes(read.from()), [(Some(sender.to_owned()), Some(sent_by.clone()))]);
    }
    let domain = sent_by.rsplit('@').next().unwrap_or_default();
    assert_eq!(read.message_id(), Some(&*format!("{ID}@{domain}")));
    assert_eq!(read.date().map(mail_parser::DateTime::to_timestamp), Some(at.0 / 1000));
    let subject = read.subject().unwrap_or_default();
    assert!(subject.starts_with(&format!("{sender}: ")), "{subject:?}");
    if let Some(code) = &code {
        assert!(subject.contains(code.as_str()), "{subject:?} without {code:?}");
    } else {
        // Shown where the screen is locked: the same whoever it is about.
        let other = write(&from, &to, ID, at, &about("Х", "").0).expect("another letter").formatted();
        let other = MessageParser::default().parse(&other).and_then(|other| other.subject().map(str::to_owned));
        assert_eq!(other.as_deref(), Some(subject));
    }

    assert_eq!([read.text_body_count(), read.html_body_count(), read.attachment_count()], [1, 1, 0]);
    let said = letter.as_message();
    // The code stands by itself behind the first paragraph.
    let said = match (&code, said.split_once("\n\n")) {
        (Some(code), Some((first, rest))) => format!("{first}\n\n    {code}\n\n{rest}\n"),
        _ => format!("{said}\n"),
    };
    assert_eq!(in_lines(&read.body_text(0).unwrap_or_default()), in_lines(&said));
    markup(&read.body_html(0).unwrap_or_default(), name);
    true
}

/// What a letter is about, and its code.
fn news(kind: &str, name: &str, event: Event) -> (News, Option<String>) {
    let (due, code) = (event.at, || name.chars().filter(char::is_ascii_digit).collect::<String>());
    let name = name.to_owned();
    let news = match kind {
        "code" => return (News::Code { code: code() }, Some(code())),
        "recovery_code" => return (News::RecoveryCode { code: code() }, Some(code())),
        "owner_code" => return (News::OwnerCode { code: code() }, Some(code())),
        "vk_linked" => News::VkLinked { account: name.clone(), name, event },
        "max_unlinked" => News::MessengerUnlinked { name, messenger: Messenger::Max, event },
        "vk_unlinked" => News::MessengerUnlinked { name, messenger: Messenger::Vk, event },
        "password_changed" => News::PasswordChanged { name, event },
        "unlinked" => News::Unlinked { name, event },
        "exported" => News::Exported { name, event },
        "deletion_asked" => News::DeletionAsked { name, event, due },
        "deletion_called_off" => News::DeletionCalledOff { name, event },
        "deleted" => News::Deleted { name, due },
        _ => News::Linked { name, event },
    };
    (news, None)
}

/// RFC 5322, 2.1.1 and 2.3: whole lines of at most 998 octets, and letters of ASCII where the server was promised nothing else.
fn lines(octets: &[u8], in_utf8: bool) {
    let text = std::str::from_utf8(octets).expect("no letter has other octets");
    assert!(in_utf8 || text.is_ascii(), "octets beyond ASCII");
    let lines: Vec<_> = text.split("\r\n").collect();
    for line in lines {
        assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{line:?}");
    }
}

fn mailboxes(address: Option<&Address<'_>>) -> Vec<(Option<String>, Option<String>)> {
    let all = address.into_iter().flat_map(|address| address.iter());
    all.map(|one| (one.name().map(str::to_owned), one.address().map(str::to_owned))).collect()
}

/// With one kind of line break.
fn in_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Names are texts: there is no tag but ours.
fn markup(html: &str, name: &str) {
    for tag in html.split('<').skip(1) {
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        let styled = tag
            .split_once(" style=\"")
            .filter(|(_, style)| style.strip_suffix('"').is_some_and(|style| !style.contains('"')));
        let tag = styled.map_or(tag, |(tag, _)| tag);
        assert!(TAGS.contains(&tag), "<{tag}> by {name:?}");
    }
    for entity in html.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| entity.starts_with(known));
        assert!(known, "&{entity} by {name:?}");
    }
}
