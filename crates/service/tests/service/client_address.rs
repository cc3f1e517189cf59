//! The client's address, through a real connection: what handlers and limits are given.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, middleware, routing::get};
use mostik_service::{
    client::{Client, Origin, note},
    config::{ConnectionsConfig, Networks},
    serving::{Limits, serve},
};
use tokio::sync::watch;

/// Answers whom a request is counted for; `trusted` proxies are believed.
async fn echo(trusted: &str) -> SocketAddr {
    let proxies = Arc::new(Networks::read(trusted).unwrap_or_else(|word| panic!("{word}")));
    let origin = Origin { trusted: Arc::clone(&proxies), tls: false };
    let router = Router::new()
        .route("/", get(|client: Client| async move { format!("{} {}", client.address(), client.https()) }))
        .layer(middleware::from_fn_with_state(origin, note));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ten = Duration::from_secs(10);
    let connections =
        ConnectionsConfig { most: 9, of_one_address: 9, head_within: ten, body_within: ten, idle: ten, unread: ten };
    let (end, stopping) = watch::channel(false);
    tokio::spawn(async move {
        serve(listener, None, router, Limits { connections, proxies }, stopping).await;
        drop(end);
    });
    address
}

async fn counted_for(trusted: &str, headers: &[(&str, &str)]) -> String {
    let mut request =
        reqwest::Client::builder().no_proxy().build().unwrap().get(format!("http://{}/", echo(trusted).await));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn headers_of_a_stranger_change_nothing() {
    let forged = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")];
    assert_eq!(counted_for("", &forged).await, "127.0.0.1 false");
    assert_eq!(counted_for("10.0.0.0/8", &[("forwarded", "for=203.0.113.9;proto=https")]).await, "127.0.0.1 false");
}

#[tokio::test]
async fn a_trusted_proxy_names_its_client() {
    let told = [("x-forwarded-for", "1.1.1.1, 203.0.113.9"), ("x-forwarded-proto", "https")];
    assert_eq!(counted_for("127.0.0.0/8", &told).await, "203.0.113.9 true");
    let told = [("forwarded", "for=\"[2001:db8::17]:4711\";proto=https;by=_ours, for=127.0.0.1")];
    assert_eq!(counted_for("127.0.0.1", &told).await, "2001:db8::17 true");
}
