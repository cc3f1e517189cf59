use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use mostik_sandbox::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Stand;

type Client = AsyncSmtpTransport<Tokio1Executor>;

const ANYA: &str = "orlova-anya@example.ru";

impl Stand {
    fn tls(&self) -> TlsParameters {
        let authority = Certificate::from_pem(self.sandbox.get("smtp_ca").as_bytes()).expect("PEM");
        let builder = TlsParameters::builder("localhost".to_owned()).certificate_store(CertificateStore::None);
        builder.add_root_certificate(authority).build().expect("the authority of the ready line")
    }

    fn client_with(&self, tls: Tls, password: &str) -> Client {
        let (host, port) = self.sandbox.get("smtp").rsplit_once(':').expect("an address with a port");
        Client::builder_dangerous(host)
            .port(port.parse().expect("a port"))
            .tls(tls)
            .credentials(Credentials::new(self.sandbox.get("smtp_account/user").to_owned(), password.to_owned()))
            .build()
    }

    fn client(&self) -> Client {
        self.client_with(Tls::Required(self.tls()), self.sandbox.get("smtp_account/password"))
    }

    /// A client that takes what it gets: no TLS, no password.
    fn careless(&self) -> Client {
        let (host, port) = self.sandbox.get("smtp").rsplit_once(':').expect("an address with a port");
        Client::builder_dangerous(host).port(port.parse().expect("a port")).build()
    }

    async fn refused(&self, code: u16) {
        let error = self.client().send(letter(ANYA, "код 111111")).await.expect_err("a refusal");
        assert_eq!(status(&error), code, "{error}");
        assert_eq!(error.is_transient(), code < 500, "{error}");
        assert_eq!(self.ask("/api/mail").await, json!([]));
    }

    /// Says all at once and hears everything until the server hangs up.
    async fn raw(&self, said: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.sandbox.get("smtp")).await.expect("a connection");
        stream.write_all(said).await.expect("written");
        let mut heard = Vec::new();
        // A reset is as good an end as a close.
        stream.read_to_end(&mut heard).await.ok();
        String::from_utf8(heard).expect("text")
    }
}

fn status(error: &Error) -> u16 {
    error.status().unwrap_or_else(|| panic!("no answer of the server: {error}")).into()
}

fn draft(to: &str) -> lettre::message::MessageBuilder {
    let to: Mailbox = to.parse().expect("an address");
    Message::builder().from("Мостик <no-reply@mostik.example>".parse().expect("an address")).to(to)
}

fn letter(to: &str, words: &str) -> Message {
    let body =
        MultiPart::alternative_plain_html(format!("Мостик: {words}."), format!("<p>Мостик: <b>{words}</b>.</p>"));
    draft(to).subject(format!("Мостик: {words}")).multipart(body).expect("a letter")
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let stand = Stand::start().await;
    let client = stand.client_with(Tls::Required(stand.tls()), "wrong");
    assert_eq!(status(&client.send(letter(ANYA, "код 111111")).await.expect_err("a refusal")), 535);
}

#[tokio::test]
async fn a_certificate_of_a_stranger_or_for_another_name_is_not_trusted() {
    let stand = Stand::start().await;
    let other = Stand::start().await;
    let client = stand.client_with(Tls::Required(other.tls()), stand.sandbox.get("smtp_account/password"));
    let error = client.send(letter(ANYA, "код 111111")).await.expect_err("another authority");
    assert!(error.status().is_none(), "{error}");
    stand.faults(json!({ "mail": { "wrong_certificate": true } })).await;
    let error = stand.client().send(letter(ANYA, "код 111111")).await.expect_err("another name");
    assert!(error.status().is_none() && format!("{error:?}").contains("NotValidForName"), "{error:?}");
    assert_eq!(stand.ask("/api/mail").await, json!([]));
}

#[tokio::test]
async fn an_old_relay_without_tls_shows_who_falls_back_to_the_clear() {
    let stand = Stand::start().await;
    stand.faults(json!({ "mail": { "no_starttls": true } })).await;
    stand.client().send(letter(ANYA, "код 111111")).await.expect_err("it insists on TLS");
    assert_eq!(stand.ask("/api/mail").await, json!([]));
    stand.careless().send(letter(ANYA, "код 111111")).await.expect("taken");
    let letters = stand.ask("/api/mail").await;
    assert_eq!((&letters[0]["tls"], &letters[0]["authenticated"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn a_full_mailbox_an_unknown_recipient_and_a_busy_server_say_so() {
    let stand = Stand::start().await;
    for (refusal, code) in [("mailbox_full", 552), ("unknown_recipient", 550), ("busy", 421)] {
        stand.faults(json!({ "mail": { "refuse": refusal } })).await;
        stand.refused(code).await;
    }
}

#[tokio::test]
async fn a_greylisted_sender_is_taken_the_second_time() {
    let stand = Stand::start().await;
    stand.faults(json!({ "mail": { "refuse": "greylist" } })).await;
    stand.refused(451).await;
    stand.client().send(letter(ANYA, "код 111111")).await.expect("the same triplet");
    let error = stand.client().send(letter("lev@example.ru", "код 111111")).await.expect_err("another triplet");
    assert_eq!(status(&error), 451);
}

#[tokio::test]
async fn a_server_that_is_switched_off_hangs_up() {
    let stand = Stand::start().await;
    let mut open = TcpStream::connect(stand.sandbox.get("smtp")).await.expect("a connection");
    let mut greeting = [0; 4];
    open.read_exact(&mut greeting).await.expect("a greeting");
    assert_eq!(&greeting, b"220 ");
    stand.faults(json!({ "mail": { "down": true } })).await;
    open.read_to_end(&mut Vec::new()).await.ok();
    assert_eq!(stand.raw(b"").await, "");
}

#[tokio::test]
async fn a_letter_cannot_break_out_into_the_page() {
    let stand = Stand::start().await;
    let evil = "</script><script src=https://evil.example/x.js></script>";
    stand.client().send(letter(ANYA, evil)).await.expect("accepted");
    let page = stand.http.get(stand.at("phone", "/")).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains("evil.example") && !page.contains("<script src=https"), "it is there as data only");
    assert_eq!(page.matches("</script>").count(), 2);
}

#[tokio::test]
async fn what_is_no_smtp_ends_the_session() {
    let stand = Stand::start().await;
    let hello = [0x16, 0x03, 0x01, 0x00, 0xC8, 0x01];
    for garbage in [&hello[..], &[0xFF; 64 << 10], &[b'a'; 64 << 10], "GET /\r\n".repeat(20).as_bytes()] {
        let heard = stand.raw(garbage).await;
        assert!(heard.lines().count() <= 11, "{heard}");
    }
}

#[tokio::test]
async fn words_smuggled_behind_starttls_are_not_heard() {
    let stand = Stand::start().await;
    let heard = stand.raw(b"EHLO c\r\nSTARTTLS\r\nMAIL FROM:<evil@b.example>\r\n").await;
    assert!(heard.lines().last().is_some_and(|line| line.starts_with("220 2.0.0")), "{heard}");
}

#[tokio::test]
async fn a_letter_too_large_is_refused_and_the_session_goes_on() {
    let stand = Stand::start().await;
    stand.faults(json!({ "mail": { "no_starttls": true } })).await;
    let mut script = b"EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n".to_vec();
    script.extend(b"a line of a letter that goes on and on\r\n".repeat(30_000));
    script.extend(b".\r\nNOOP\r\nQUIT\r\n");
    let heard = stand.raw(&script).await;
    let codes: Vec<_> = heard.lines().filter_map(|line| line.get(..3)).collect();
    assert_eq!(codes[codes.len() - 4..], ["354", "552", "250", "221"], "{heard}");
    let error = stand.careless().send(letter(ANYA, &"доска ".repeat(30_000))).await.expect_err("a refusal");
    assert_eq!(status(&error), 552);
}

#[tokio::test]
async fn a_letter_lost_on_purpose_never_arrives_and_the_next_one_does() {
    let stand = Stand::start().await;
    stand.faults(json!({ "mail": { "lose_next": 1 } })).await;
    for words in ["код 111111", "код 222222"] {
        stand.client().send(letter(ANYA, words)).await.expect("accepted");
    }
    let letters = stand.ask(&format!("/api/mail/wait?to={ANYA}&after=0")).await;
    assert_eq!((letters.as_array().map(Vec::len), &letters[0]["code"]), (Some(1), &json!("222222")));
}

#[tokio::test]
async fn a_late_letter_is_accepted_at_once_and_read_later() {
    let stand = Stand::start().await;
    stand.faults(json!({ "mail": { "delay_ms": 300 } })).await;
    let sent_at = Clock::system().now();
    stand.client().send(letter(ANYA, "код 111111")).await.expect("accepted");
    let letters = stand.ask("/api/mail/wait?after=0").await;
    assert!(letters[0]["received_at"].as_i64().is_some_and(|at| at >= sent_at + 300), "{letters}");
}

#[tokio::test]
async fn a_letter_is_read_on_the_phone_with_both_its_bodies() {
    let stand = Stand::start().await;
    stand.client().send(letter(ANYA, "код 481920")).await.expect("accepted");
    let letters = stand.ask(&format!("/api/mail/wait?to={ANYA}&after=0")).await;
    let letter = &letters[0];
    assert_eq!(letter["subject"], "Мостик: код 481920");
    assert_eq!(letter["from"], "Мостик <no-reply@mostik.example>");
    assert_eq!(letter["text"].as_str().map(str::trim), Some("Мостик: код 481920."));
    assert_eq!(
        (&letter["code"], &letter["tls"], &letter["authenticated"], &letter["smtputf8"]),
        (&json!("481920"), &json!(true), &json!(true), &json!(false))
    );
    assert!(letter["headers"]["Date"].is_string());
    let page = stand.http.get(stand.at("phone", &format!("/mail/{}/html", letter["id"]))).send().await.expect("a page");
    let policy = page.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-scripts"));
    assert!(page.text().await.expect("text").contains("<b>код 481920</b>"));
    let log = stand.ask("/api/log").await.to_string();
    assert!(log.contains("доставлено") && !log.contains("481920"), "codes stay out of the log: {log}");
}

#[tokio::test]
async fn one_mailbox_is_found_by_every_spelling_of_its_address() {
    let stand = Stand::start().await;
    stand.client().send(letter("anya@почта.рф", "код 111111")).await.expect("accepted");
    stand.client().send(letter("Anya@xn--80a1acny.xn--p1ai", "код 222222")).await.expect("accepted");
    for spelling in ["anya@почта.рф", "anya@XN--80A1ACNY.xn--p1ai", "ANYA@почта.РФ"] {
        let letters = stand.ask(&format!("/api/mail?to={spelling}")).await;
        assert_eq!(letters.as_array().map(Vec::len), Some(2), "{spelling}");
        assert_eq!(letters[1]["mailbox"], "anya@почта.рф");
    }
    let wrong = stand.http.get(stand.at("phone", "/api/mail?to=anya")).send().await.expect("an answer");
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_local_part_beyond_ascii_comes_with_smtputf8() {
    let stand = Stand::start().await;
    stand.client().send(letter("аня@почта.рф", "код 481920")).await.expect("accepted");
    let letters: Value = stand.ask("/api/mail/wait?to=аня@xn--80a1acny.xn--p1ai&after=0").await;
    assert_eq!((&letters[0]["smtputf8"], &letters[0]["code"]), (&json!(true), &json!("481920")));
}

#[tokio::test]
async fn auth_login_and_lines_of_dots_work_too() {
    let stand = Stand::start().await;
    let (host, port) = stand.sandbox.get("smtp").rsplit_once(':').expect("an address with a port");
    let [user, password] =
        ["user", "password"].map(|name| stand.sandbox.get(&format!("smtp_account/{name}")).to_owned());
    let client = Client::builder_dangerous(host)
        .port(port.parse().expect("a port"))
        .tls(Tls::Required(stand.tls()))
        .credentials(Credentials::new(user, password))
        .authentication(vec![Mechanism::Login])
        .build();
    let body = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(".\r\n..\r\n.код\r\n".to_owned());
    client.send(draft(ANYA).singlepart(body).expect("a letter")).await.expect("accepted");
    let letters = stand.ask("/api/mail").await;
    assert_eq!((&letters[0]["text"], &letters[0]["html"]), (&json!(".\n..\n.код\n"), &Value::Null));
}
