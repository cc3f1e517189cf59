//! `doctor`: each thing that can be wrong is named with what to do, and looking changes nothing.

use mostik_service::{
    Config,
    clock::{Clock, SystemClock, SystemEntropy},
    doctor::{self, Finding, State},
};
use mostik_store::{Store, sql};
use mostik_wire::Millis;
use mostik_world::postgres;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use crate::{
    commands::run,
    world::{DAY, World},
};

/// The settings of a world in which all is well, with others over them.
fn settings(world: &World, over: &[(&str, &str)]) -> Config {
    let mail = mail_of(world);
    let config = Config::from_parts(&world.config_text(), &|name| {
        let over = over.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        over.or_else(|| mail.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    });
    config.unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The sandbox's mail server, as its account's owner sets it; and VK ID beside MAX.
fn mail_of(world: &World) -> Vec<(String, String)> {
    let authority = world.dir.path().join("authority.pem");
    std::fs::write(&authority, world.sandbox.get("smtp_ca")).unwrap();
    let smtp = world.sandbox.get("smtp");
    let (server, port) = smtp.rsplit_once(':').unwrap();
    [
        ("MOSTIK_MESSENGERS", "max vk".to_owned()),
        ("MOSTIK_MAIL_SERVER", server.to_owned()),
        ("MOSTIK_MAIL_PORT", port.to_owned()),
        ("MOSTIK_MAIL_SECURITY", "starttls".to_owned()),
        ("MOSTIK_MAIL_USER", world.sandbox.get("smtp_account/user").to_owned()),
        ("MOSTIK_MAIL_PASSWORD", world.sandbox.get("smtp_account/password").to_owned()),
        ("MOSTIK_MAIL_CA_FILE", authority.display().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

async fn examine(world: &World, over: &[(&str, &str)]) -> Vec<Finding> {
    doctor::examine(&settings(world, over), &SystemClock, &SystemEntropy).await
}

/// What is wrong, by its check; each says what to do.
fn wrong(findings: &[Finding]) -> Vec<&str> {
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong);
    wrong.inspect(|finding| assert!(finding.next.is_some(), "{finding}")).map(|finding| &*finding.check).collect()
}

fn of<'a>(findings: &'a [Finding], check: &str) -> &'a Finding {
    findings.iter().find(|finding| finding.check == check).unwrap_or_else(|| panic!("no {check} in {findings:#?}"))
}

async fn journal(world: &World, protocol: &str) -> Vec<String> {
    let all: Value = serde_json::from_str(
        &world.http.get(world.phone_page("/api/log?after=0")).send().await.unwrap().text().await.unwrap(),
    )
    .unwrap();
    let of_it = all.as_array().unwrap().iter().filter(|line| line["protocol"] == protocol);
    of_it.map(|line| line["line"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_fault_of_an_outside_party_is_named_with_what_to_do() {
    let world = World::new().await;
    for (faults, check, found) in [
        (json!({ "sms": { "down": true } }), "sms.sandbox.smpp", "cannot be reached"),
        (json!({ "mail": { "down": true } }), "mail.server", "cannot be reached"),
        (json!({ "mail": { "wrong_certificate": true } }), "mail.server", "the certificate of 127.0.0.1"),
        (json!({ "mail": { "no_starttls": true } }), "mail.security", "no STARTTLS"),
        (json!({ "mail": { "refuse": "unknown_recipient" } }), "mail.server", "no letters to other domains (550)"),
        (json!({ "mail": { "refuse": "busy" } }), "mail.server", "(421)"),
        (json!({ "max": { "down": true } }), "max.api_url", "cannot be reached"),
        (json!({ "max": { "status": 503 } }), "max.api_url", "MAX is unwell"),
        (json!({ "max": { "html": true } }), "max.api_url", "is there a proxy on the way?"),
        (json!({ "diary": { "status": 502 } }), "diary.authorize_url", "status 502"),
        (json!({ "diary": { "html": true } }), "diary.token_url", "not how this address answers"),
        (json!({ "vk": { "status": 500 } }), "vk.user_info_url", "status 500"),
        (json!({ "vk": { "html": true } }), "vk.token_url", "not how this address answers"),
    ] {
        world.faults(faults.clone()).await;
        let findings = examine(&world, &[]).await;
        let finding = of(&findings, check);
        assert!(finding.state == State::Wrong && finding.found.contains(found), "{faults}: {finding}");
        // What is well beside it is told as well.
        let party = check.split('.').next().unwrap();
        assert!(wrong(&findings).iter().all(|check| check.starts_with(party)), "{faults}: {findings:#?}");
    }
    world.faults(json!({ "mail": { "refuse": "greylist" } })).await;
    assert!(of(&examine(&world, &[]).await, "mail.server").found.contains("asks to come again"));
}

#[tokio::test]
async fn an_account_that_its_party_does_not_know_is_named_by_its_setting() {
    let world = World::new().await;
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (name, value, checks) in [
        ("MOSTIK_SMS_SANDBOX_PASSWORD", "other", &["sms.sandbox.password"][..]),
        ("MOSTIK_SMS_SANDBOX_SYSTEM_ID", "other", &["sms.sandbox.system_id"]),
        ("MOSTIK_SMS_SANDBOX_SMPP", &unused, &["sms.sandbox.smpp"]),
        ("MOSTIK_MAIL_PASSWORD", "other", &["mail.password"]),
        ("MOSTIK_MAX_TOKEN", "other", &["max.token"]),
        ("MOSTIK_MAX_BOT", "another_bot", &["max.bot"]),
        ("MOSTIK_DIARY_CLIENT_SECRET", "another-secret", &["diary.token_url"]),
        ("MOSTIK_DIARY_CLIENT_ID", "other", &["diary.authorize_url", "diary.token_url"]),
        ("MOSTIK_VK_CLIENT_ID", "99", &["vk.authorize_url", "vk.token_url", "vk.user_info_url", "vk.revoke_url"]),
    ] {
        let findings = examine(&world, &[(name, value)]).await;
        assert_eq!(wrong(&findings), checks, "{name}: {findings:#?}");
        let said: String = findings.iter().map(ToString::to_string).collect();
        assert!(!said.contains("another-secret"), "{said}");
    }
    let findings = examine(&world, &[("MOSTIK_SMS_SANDBOX_PASSWORD", "other")]).await;
    assert!(of(&findings, "sms.sandbox.password").found.contains("ESME_RINVPASWD"));
}

#[tokio::test]
async fn how_updates_arrive_is_compared_with_what_max_was_told() {
    let world = World::new().await;
    let webhook = [
        ("MOSTIK_MAX_MODE", "webhook"),
        ("MOSTIK_MAX_WEBHOOK_SECRET", "s3cret-of-the-webhook"),
        ("MOSTIK_PUBLIC_URL", "http://127.0.0.1:9"),
    ];
    assert_eq!(wrong(&examine(&world, &webhook).await), ["max.mode"]);
    let (api, token) = (world.sandbox.get("max_api"), world.sandbox.get("bot/token"));
    let body = json!({ "url": "http://127.0.0.1:9/max/webhook", "secret": "s3cret-of-the-webhook" });
    let request = world.http.post(format!("{}/subscriptions", api.trim_end_matches('/')));
    let told = request.header("authorization", token).json(&body).send().await.unwrap();
    assert!(told.status().is_success(), "{told:?}");
    assert_eq!(wrong(&examine(&world, &webhook).await), [""; 0]);
    let findings = examine(&world, &[]).await;
    assert_eq!(wrong(&findings), ["max.mode"]);
    assert!(of(&findings, "max.mode").found.contains("gives none to who asks"));
}

#[tokio::test]
async fn the_one_session_of_a_node_is_left_to_it() {
    let centre = |world: &World| format!("{}sessions = \"one\"\n", world.sandbox_centre("sandbox"));
    let mut world = World::with_centres(centre, &[]).await;
    let app = world.sign_in("misha").await;
    world.to_code(&app, "+79000001242").await;
    let findings = examine(&world, &[]).await;
    assert_eq!(wrong(&findings), [""; 0]);
    assert_eq!(of(&findings, "sms.sandbox.smpp").state, State::NotTried);
    assert!(!journal(&world, "smpp").await.iter().any(|line| line.contains("bind Transmitter")));
    world.stop().await;
    assert_eq!(of(&examine(&world, &[]).await, "sms.sandbox.smpp").state, State::Well);
    assert!(journal(&world, "smpp").await.iter().any(|line| line.contains("bind Transmitter")));
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_by_what_others_say() {
    struct Ahead(i64);
    impl Clock for Ahead {
        fn now(&self) -> Millis {
            SystemClock.now().plus(self.0)
        }
    }
    let world = World::new().await;
    let config = settings(&world, &[]);
    for (ahead, is_well) in [(0, true), (120_000, false), (-120_000, false)] {
        let findings = doctor::examine(&config, &Ahead(ahead), &SystemEntropy).await;
        assert_eq!(wrong(&findings).is_empty(), is_well, "{findings:#?}");
        assert!(wrong(&findings).iter().all(|check| *check == "clock"), "{findings:#?}");
    }
}

#[tokio::test]
async fn the_certificate_and_the_proxies_are_those_of_public_url() {
    let world = World::new().await;
    let file = |name: &str| world.dir.path().join(name).display().to_string();
    let key = KeyPair::generate().unwrap();
    std::fs::write(file("key.pem"), key.serialize_pem()).unwrap();
    let write = |days: i64| {
        let mut params = CertificateParams::new(vec!["mostik.example".to_owned()]).unwrap();
        let until = std::time::SystemTime::UNIX_EPOCH
            + std::time::Duration::from_millis(u64::try_from(SystemClock.now().0 + days * DAY + DAY / 2).unwrap());
        params.not_after = until.into();
        std::fs::write(file("certificate.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    };
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    let tls = |url| [("MOSTIK_TLS_CERTIFICATE", &*certificate), ("MOSTIK_TLS_KEY", &*key), ("MOSTIK_PUBLIC_URL", url)];
    for (days, url, found) in [
        (-2, "https://mostik.example", "has expired"),
        (3, "https://mostik.example", "ends in 3 days"),
        (90, "https://other.example", "is not for other.example"),
    ] {
        write(days);
        let findings = examine(&world, &tls(url)).await;
        assert!(of(&findings, "tls.certificate").found.contains(found), "{findings:#?}");
        assert_eq!(of(&findings, "tls.certificate").state, State::Wrong);
    }
    write(90);
    let findings = examine(&world, &tls("https://mostik.example")).await;
    assert_eq!(of(&findings, "tls.certificate").state, State::Well, "{findings:#?}");

    let behind = |trusted| [("MOSTIK_PUBLIC_URL", "https://mostik.example"), ("MOSTIK_PROXY_TRUSTED", trusted)];
    for (trusted, state) in [("", State::Wrong), ("10.0.0.0/8", State::Wrong), ("127.0.0.1", State::Well)] {
        assert_eq!(of(&examine(&world, &behind(trusted)).await, "proxy.trusted").state, state, "{trusted}");
    }
}

#[tokio::test]
async fn a_database_that_the_service_could_not_start_on_is_told() {
    let mut world = World::new().await;
    world.stop().await;
    let of_database = async |world: &World, address: &str| {
        let findings = examine(world, &[("MOSTIK_DATABASE", address)]).await;
        let finding = of(&findings, "database").clone();
        assert_eq!(finding.state, State::Wrong);
        finding.to_string()
    };
    let key = [("MOSTIK_SECRET_KEY", "another-key-of-the-tests-0123456789abcdef")];
    let findings = examine(&world, &key).await;
    assert_eq!(wrong(&findings), ["secret_key"]);
    assert!(of(&findings, "secret_key").next.as_ref().unwrap().contains("previous_secret_key"));

    let store = world.store().await;
    let mut tx = store.write().await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations ORDER BY version DESC LIMIT 1";
    sql::query(newer).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    assert!(of_database(&world, &world.database.clone()).await.contains("newer mostik-service"));
    assert!(of_database(&world, "/no/such/folder/mostik.sqlite").await.contains("cannot be written"));

    let server = postgres::shared();
    let address = server.new_database().unwrap();
    let name = address.rsplit('/').next().unwrap().split('?').next().unwrap();
    assert!(of_database(&world, &address.replace(name, "no_such_database")).await.contains("createdb"));
    server.run(name, "CREATE TABLE orders (id int)").unwrap();
    let said = of_database(&world, &address).await;
    assert!(said.contains("orders") && said.contains("Name an empty database"), "{said}");
    server.run("postgres", "CREATE ROLE visitor LOGIN PASSWORD 'visitor'").unwrap();
    // Everybody else is let in without a password here.
    let rules = server.run("postgres", "SHOW hba_file").unwrap();
    let others = std::fs::read_to_string(&rules).unwrap();
    std::fs::write(&rules, format!("host all visitor 127.0.0.1/32 scram-sha-256\n{others}")).unwrap();
    server.run("postgres", "SELECT pg_reload_conf()").unwrap();
    let said = of_database(&world, &as_visitor(&address).replace(":visitor@", ":wrong-password@")).await;
    assert!(said.contains("Set user and password in `database`") && !said.contains("wrong-password"), "{said}");
    let empty = server.new_database().unwrap();
    let said = of_database(&world, &as_visitor(&empty)).await;
    assert!(said.contains("its user may not") && !said.contains(":visitor"), "{said}");
    // An owner with no other rights is enough.
    let name = empty.rsplit('/').next().unwrap();
    server.run("postgres", &format!("ALTER DATABASE {name} OWNER TO visitor")).unwrap();
    let of_owner = as_visitor(&empty);
    for tables in ["no tables yet", "its tables are of this version"] {
        let findings = examine(&world, &[("MOSTIK_DATABASE", &of_owner)]).await;
        assert!(of(&findings, "database").found.contains(tables), "{findings:#?}");
        assert_eq!(of(&findings, "database").state, State::Well);
        Store::open(&of_owner.parse().unwrap()).await.unwrap().close().await;
    }
}

/// The same address with a user who owns nothing.
fn as_visitor(address: &str) -> String {
    let mut url: url::Url = address.parse().unwrap();
    url.set_username("visitor").unwrap();
    url.set_password(Some("visitor")).unwrap();
    url.into()
}

// The program is waited for in one thread while the sandbox answers it in others.
#[tokio::test(flavor = "multi_thread")]
async fn with_all_in_order_the_program_says_so_and_has_changed_nothing() {
    let mut world = World::new().await;
    let findings = examine(&world, &[]).await;
    assert_eq!(wrong(&findings), [""; 0], "{findings:#?}");
    for check in ["database", "secret_key", "clock", "sms.sandbox.smpp", "mail.server", "max.token", "max.mode"] {
        assert_eq!(of(&findings, check).state, State::Well, "{findings:#?}");
    }
    world.stop().await;
    let letters = world.http.get(world.phone_page("/api/mail")).send().await.unwrap().text().await.unwrap();
    assert_eq!(letters, "[]");

    let mut text = world.config_text();
    let mail = text.split("[mail]").nth(1).unwrap().split("[max]").next().unwrap().to_owned();
    let of_sandbox: String = mail_of(&world)
        .iter()
        .filter_map(|(name, value)| {
            name.strip_prefix("MOSTIK_MAIL_").map(|key| format!("{} = {value:?}\n", key.to_lowercase()))
        })
        .collect();
    text = text.replace(&mail, &format!("\nfrom = \"no-reply@school.test\"\n{of_sandbox}"));
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, &text).unwrap();
    let config = file.to_str().unwrap();
    let (status, out, err) = run(&["doctor", "--config", config, "--json"]);
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, said["well"].as_bool(), err.as_str()), (Some(0), Some(true), ""), "{out}");
    let secrets = ["smpp_account/password", "bot/token", "diary_client/secret", "smtp_account/password"];
    let (_, shown, _) = run(&["doctor", "--config", config]);
    assert!(shown.lines().any(|line| line.starts_with("well      database: ")), "{shown}");

    world.faults(json!({ "max": { "status": 503 } })).await;
    let (status, shown_wrong, _) = run(&["doctor", "--config", config]);
    assert_eq!(status, Some(1));
    assert!(shown_wrong.contains("WRONG     max.api_url: MAX is unwell\n          Try again"), "{shown_wrong}");
    for secret in secrets {
        let secret = world.sandbox.get(secret);
        assert!([&out, &shown, &shown_wrong].iter().all(|text| !text.contains(&*secret)), "{secret} is told");
    }
    std::fs::write(&file, text.replace("listen = ", "lissen = ")).unwrap();
    let (status, out, _) = run(&["doctor", "--config", config, "--json"]);
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &said["well"], &said["checks"][0]["check"]), (Some(2), &json!(false), &json!("lissen")));
}
