use super::*;

#[derive(Default)]
struct TestPolicy {
    no_tls: bool,
    busy: bool,
}

impl MailPolicy for TestPolicy {
    fn knows(&self, user: &str, password: &str) -> bool {
        (user, password) == ("mostik", "planks")
    }

    fn offers_tls(&self) -> bool {
        !self.no_tls
    }

    fn is_busy(&self) -> bool {
        self.busy
    }

    fn takes(&self, _from: &str, to: &Address) -> Result<(), Reply> {
        if to.spoken().starts_with("nobody@") { Err(Reply::new(550, "5.1.1", "no such mailbox")) } else { Ok(()) }
    }
}

/// The codes that a script of lines is answered with.
fn answers(dialog: &mut Dialog, policy: &TestPolicy, script: &str) -> String {
    let code = |line: &str| match dialog.hear(format!("{line}\r\n").as_bytes(), policy) {
        Step::Say(reply) => reply.short(),
        Step::StartTls(reply) => format!("tls {}", reply.short()),
        Step::Text(reply, _) => format!("text {}", reply.short()),
        Step::Close(reply) => format!("close {}", reply.short()),
    };
    script.lines().map(code).collect::<Vec<_>>().join(", ")
}

fn signed_in() -> Dialog {
    let mut dialog = Dialog::secured();
    let said = answers(&mut dialog, &TestPolicy::default(), "EHLO client\nAUTH PLAIN AG1vc3RpawBwbGFua3M=");
    assert_eq!(said, "250, 235 2.7.0");
    dialog
}

#[test]
fn nothing_goes_in_the_wrong_order() {
    let policy = TestPolicy::default();
    let said = answers(&mut Dialog::default(), &policy, "MAIL FROM:<a@b.example>\nSTARTTLS\nAUTH PLAIN\nDATA");
    assert_eq!(said, "503 5.5.1, 503 5.5.1, 503 5.5.1, 503 5.5.1");
    let said =
        answers(&mut signed_in(), &policy, "RCPT TO:<a@b.example>\nAUTH PLAIN\nSTARTTLS\nMAIL FROM:<a@b.example>");
    assert_eq!(said, "503 5.5.1, 503 5.5.1, 503 5.5.1, 250 2.1.0");
    let mut dialog = signed_in();
    let script = "MAIL FROM:<a@b.example>\nDATA\nMAIL FROM:<a@b.example>\nRSET\nDATA";
    assert_eq!(answers(&mut dialog, &policy, script), "250 2.1.0, 554 5.5.1, 503 5.5.1, 250 2.0.0, 503 5.5.1");
}

#[test]
fn passwords_are_not_taken_in_the_clear_and_letters_not_without_one() {
    let policy = TestPolicy::default();
    let script = "EHLO c\nAUTH PLAIN AG1vc3RpawBwbGFua3M=\nMAIL FROM:<a@b.example>\nSTARTTLS";
    assert_eq!(answers(&mut Dialog::default(), &policy, script), "250, 538 5.7.11, 530 5.7.0, tls 220 2.0.0");
    assert_eq!(answers(&mut Dialog::secured(), &policy, "EHLO c\nMAIL FROM:<a@b.example>"), "250, 530 5.7.0");
}

#[test]
fn wrong_passwords_are_refused_and_the_third_ends_it() {
    let script = "EHLO c\nAUTH CRAM-MD5\nAUTH PLAIN !!\nAUTH PLAIN\n*\nAUTH LOGIN\nbW9zdGlr\nd3Jvbmc=\n\
                  AUTH PLAIN AG1vc3RpawB4\nAUTH PLAIN AG1vc3RpawB4";
    let said = answers(&mut Dialog::secured(), &TestPolicy::default(), script);
    let expected = "250, 504 5.5.4, 501 5.5.2, 334, 501 5.5.2, 334, 334, 535 5.7.8, 535 5.7.8, close 535 5.7.8";
    assert_eq!(said, expected);
}

#[test]
fn garbage_is_answered_and_then_hung_up_on() {
    let said = answers(&mut Dialog::default(), &TestPolicy::default(), &"POST / HTTP/1.1\n".repeat(10));
    assert!(said.starts_with("500 5.5.2, ") && said.ends_with("close 421 4.7.0"), "{said}");
}

#[test]
fn letters_that_cannot_be_are_refused_at_the_door() {
    let policy = TestPolicy::default();
    let script = "MAIL FROM:<a@b.example> SIZE=99999999\nMAIL FROM:<аня@b.example>\nMAIL FROM:<a@b.example> COLOUR=1\n\
                  MAIL FROM:<a@b.example>\nRCPT TO:<nobody@b.example>\nRCPT TO:<аня@b.example>\nRCPT TO:<anya>";
    let said = answers(&mut signed_in(), &policy, script);
    let expected = "552 5.3.4, 553 5.6.7, 555 5.5.4, 250 2.1.0, 550 5.1.1, 553 5.6.7, 553 5.1.3";
    assert_eq!(said, expected);
    let script = format!("MAIL FROM:<>\n{}", "RCPT TO:<a@b.example>\n".repeat(MOST_RECIPIENTS + 1));
    assert!(answers(&mut signed_in(), &policy, &script).ends_with("452 4.5.3"));
}

#[test]
fn a_busy_house_answers_nothing_else() {
    let policy = TestPolicy { busy: true, ..TestPolicy::default() };
    assert_eq!(answers(&mut signed_in(), &policy, "NOOP"), "close 421 4.3.2");
}

#[test]
fn an_old_relay_takes_letters_in_the_clear() {
    let policy = TestPolicy { no_tls: true, ..TestPolicy::default() };
    let mut dialog = Dialog::default();
    let Step::Say(hello) = dialog.hear(b"EHLO c\r\n", &policy) else { panic!("a greeting") };
    assert!(!String::from_utf8_lossy(&hello.octets()).contains("STARTTLS"));
    let script = "STARTTLS\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA";
    assert_eq!(answers(&mut dialog, &policy, script), "502 5.5.1, 250 2.1.0, 250 2.1.5, text 354");
}

#[test]
fn a_letter_is_taken_with_everything_in_order() {
    let policy = TestPolicy::default();
    let mut dialog = Dialog::secured();
    let said = answers(&mut dialog, &policy, "EHLO c\nAUTH LOGIN bW9zdGlr\ncGxhbmtz\nNOOP\nVRFY anya\nHELP");
    assert_eq!(said, "250, 334, 235 2.7.0, 250 2.0.0, 252 2.5.2, 214");
    let script = "MAIL FROM:<no-reply@mostik.example> BODY=8BITMIME SIZE=400 SMTPUTF8\nRCPT TO:<аня@почта.рф>";
    assert_eq!(answers(&mut dialog, &policy, script), "250 2.1.0, 250 2.1.5");
    let Step::Text(_, envelope) = dialog.hear(b"DATA\r\n", &policy) else { panic!("it takes the letter") };
    assert_eq!((envelope.from.as_str(), envelope.smtputf8), ("no-reply@mostik.example", true));
    assert_eq!(envelope.to[0].1, Address::parse("аня@xn--80a1acny.xn--p1ai").expect("an address"));
    assert_eq!(answers(&mut dialog, &policy, "DATA\nQUIT"), "503 5.5.1, close 221 2.0.0");
}
