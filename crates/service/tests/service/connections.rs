//! Connections that are not used as connections should be, on real sockets.

use std::{net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use mostik_wire::Step;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

use crate::world::World;

/// A hang is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// What «at once» means on a machine that has much else to do.
const AT_ONCE: Duration = Duration::from_secs(8);
const HEALTH: &str = "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";
const HALF_A_BODY: &str = "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
    content-length: 100\r\n\r\ngrant_type";
/// A second for each.
pub const SHORT: [(&str, &str); 4] = [
    ("MOSTIK_CONNECTIONS_HEAD_WITHIN", "1"),
    ("MOSTIK_CONNECTIONS_BODY_WITHIN", "1"),
    ("MOSTIK_CONNECTIONS_IDLE", "1"),
    ("MOSTIK_CONNECTIONS_UNREAD", "1"),
];

/// Both ends of many connections are in this process.
pub fn allow_many_files() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        setrlimit(Resource::Nofile, limit).unwrap();
    }
}

fn address(world: &World) -> SocketAddr {
    world.url().split_once("://").unwrap().1.parse().unwrap()
}

/// A connection from another address of this machine.
async fn from(world: &World, own: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{own}:0").parse().unwrap()).unwrap();
    socket.connect(address(world)).await.unwrap()
}

/// All that comes until the other side ends it, whichever way.
pub async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    assert!(ended.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&all).into_owned()
}

/// The answer to a request on a connection that goes on; empty where it has ended.
async fn ask(stream: &mut TcpStream, request: &str) -> String {
    // It may be closed already.
    drop(stream.write_all(request.as_bytes()).await);
    let mut all = Vec::new();
    while !all.ends_with(b"}") {
        let mut part = [0; 4096];
        match timeout(PATIENCE, stream.read(&mut part)).await.expect("an answer or an end") {
            Ok(0) | Err(_) => break,
            Ok(read) => all.extend_from_slice(&part[..read]),
        }
    }
    String::from_utf8(all).unwrap()
}

fn is_well(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 200 OK\r\n")
}

#[tokio::test]
async fn half_sent_requests_are_ended_and_health_answers_meanwhile() {
    allow_many_files();
    let world = World::with(&[&SHORT[..], &[("MOSTIK_CONNECTIONS_OF_ONE_ADDRESS", "900")]].concat()).await;
    let kinds = ["", "GET /health/live HTTP/1.1\r\nhost: x", "G", HALF_A_BODY];
    // All at the same moment.
    let opened = join_all((0..800).map(async |nth| {
        let mut stream = TcpStream::connect(address(&world)).await.unwrap();
        stream.write_all(kinds[nth % kinds.len()].as_bytes()).await.unwrap();
        stream
    }))
    .await;
    let begun = Instant::now();
    assert_eq!(world.http.get(format!("{}/health/ready", world.url())).send().await.unwrap().status(), 200);
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    let ended = join_all(opened.into_iter().map(async |mut stream| rest(&mut stream).await)).await;
    for (nth, said) in ended.iter().enumerate() {
        let refused = said.starts_with("HTTP/1.1 400 ");
        assert!(if nth % kinds.len() == 3 { refused } else { said.is_empty() }, "{nth}: {said}");
    }
}

#[tokio::test]
async fn a_head_has_its_time_as_a_whole_however_it_drips() {
    let world = World::with(&SHORT).await;
    let mut stream = TcpStream::connect(address(&world)).await.unwrap();
    let begun = Instant::now();
    let mut every = tokio::time::interval(Duration::from_millis(100));
    // One more byte each tenth of a second: it is never silent for long.
    while stream.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it goes on and on");
        every.tick().await;
    }
    assert!(begun.elapsed() > Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_connection_serves_several_requests_and_ends_when_none_comes() {
    let world = World::with(&SHORT).await;
    let mut stream = TcpStream::connect(address(&world)).await.unwrap();
    for _ in 0..3 {
        let answer = ask(&mut stream, HEALTH).await;
        assert!(is_well(&answer), "{answer}");
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_stream_of_events_stays_open_longer_than_any_of_the_times() {
    let world = World::with(&SHORT).await;
    let misha = world.sign_in("misha").await;
    let begun = world.begin(&misha).await;
    let mut idle = TcpStream::connect(address(&world)).await.unwrap();
    let mut events = world.events(&misha, &begun.id.0).await;
    assert_eq!(events.next().await.unwrap().version, begun.version);
    for _ in 0..2 {
        assert_eq!(rest(&mut idle).await, "");
        idle = TcpStream::connect(address(&world)).await.unwrap();
    }
    world.act(&misha, &begun, "contact", json!({ "contact": "+79000001242" })).await.linking();
    assert!(matches!(events.next().await.unwrap().step, Step::Code(_)));
}

#[tokio::test]
async fn one_address_has_its_number_and_others_are_served() {
    let world = World::with(&[("MOSTIK_CONNECTIONS_OF_ONE_ADDRESS", "3")]).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut stream = from(&world, "127.0.0.2").await;
        assert!(is_well(&ask(&mut stream, HEALTH).await));
        open.push(stream);
    }
    let begun = Instant::now();
    assert_eq!(ask(&mut from(&world, "127.0.0.2").await, HEALTH).await, "");
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert!(is_well(&ask(&mut from(&world, "127.0.0.3").await, HEALTH).await));
    for stream in &mut open {
        assert!(is_well(&ask(stream, HEALTH).await), "who was there before goes on");
    }
    open.pop();
    // Until the service has seen that it went.
    while !is_well(&ask(&mut from(&world, "127.0.0.2").await, HEALTH).await) {}
}

#[tokio::test]
async fn all_together_have_their_number_and_a_trusted_proxy_no_other() {
    let world = World::with(&[
        ("MOSTIK_CONNECTIONS_OF_ONE_ADDRESS", "2"),
        ("MOSTIK_CONNECTIONS_MOST", "5"),
        ("MOSTIK_PROXY_TRUSTED", "127.0.0.9"),
    ])
    .await;
    let mut open = Vec::new();
    for own in ["127.0.0.9", "127.0.0.9", "127.0.0.9", "127.0.0.9", "127.0.0.2"] {
        let mut stream = from(&world, own).await;
        assert!(is_well(&ask(&mut stream, HEALTH).await), "{own}");
        open.push(stream);
    }
    for own in ["127.0.0.9", "127.0.0.3"] {
        assert_eq!(ask(&mut from(&world, own).await, HEALTH).await, "", "{own}");
    }
}

#[tokio::test]
async fn who_does_not_read_the_answers_is_left() {
    let world = World::with(&[&SHORT[..], &[("MOSTIK_CONNECTIONS_OF_ONE_ADDRESS", "1")]].concat()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut reader = socket.connect(address(&world)).await.unwrap();
    // More than the system keeps for both ends.
    let asked = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    reader.write_all(asked.as_bytes()).await.unwrap();
    assert_eq!(ask(&mut from(&world, "127.0.0.2").await, HEALTH).await, "", "it has the only place");
    while !is_well(&ask(&mut from(&world, "127.0.0.2").await, HEALTH).await) {}
}

#[tokio::test]
async fn the_end_of_the_service_waits_for_answers_and_for_nobody_who_asks_nothing() {
    let mut world = World::new().await;
    let mut silent = TcpStream::connect(address(&world)).await.unwrap();
    let mut kept = TcpStream::connect(address(&world)).await.unwrap();
    assert!(is_well(&ask(&mut kept, HEALTH).await));
    let begun = Instant::now();
    world.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!((rest(&mut silent).await, rest(&mut kept).await), (String::new(), String::new()));
}
