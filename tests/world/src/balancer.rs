//! HAProxy before several nodes.

use std::path::Path;

use anyhow::Result;

use crate::program::Program;

/// Starts it at `listens`, before these addresses; comes back when it listens. Configuration and log go into `folder`.
#[cfg(unix)]
pub(crate) fn start(folder: &Path, listens: &str, servers: &[&str]) -> Result<Program> {
    use std::{fs, os::unix::net::UnixDatagram, process::Command};

    use anyhow::Context;

    let config = folder.join("haproxy.cfg");
    fs::write(&config, configuration(listens, servers))?;
    // It says that it is ready as it says it to systemd. The path of a socket may not be long, and a world's folder may.
    let port = listens.rsplit(':').next().unwrap_or_default();
    let socket = std::env::temp_dir().join(format!("mostik-haproxy-{}-{port}", std::process::id()));
    let ready = UnixDatagram::bind(&socket).with_context(|| format!("cannot make {}", socket.display()))?;
    let mut command = Command::new("haproxy");
    command.args(["-Ws", "-f"]).arg(&config).env("NOTIFY_SOCKET", &socket);
    let started = Program::start("HAProxy", &mut command, &folder.join("haproxy.log"))
        .context("see that HAProxy is installed: `sudo apt-get install haproxy`")
        .and_then(|balancer| wait(balancer, &ready));
    fs::remove_file(&socket)?;
    started
}

#[cfg(unix)]
fn wait(mut balancer: Program, ready: &std::os::unix::net::UnixDatagram) -> Result<Program> {
    use std::time::{Duration, Instant};

    use crate::service::READY_WITHIN;

    // Who ends before says nothing: that is looked for now and then.
    ready.set_read_timeout(Some(Duration::from_millis(100)))?;
    let begun = Instant::now();
    let mut said = [0; 4096];
    while balancer.ended().is_none() && begun.elapsed() < READY_WITHIN {
        if let Ok(length) = ready.recv(&mut said)
            && String::from_utf8_lossy(&said[..length]).lines().any(|line| line == "READY=1")
        {
            return Ok(balancer);
        }
    }
    Err(balancer.is_not_ready())
}

#[cfg(not(unix))]
pub(crate) fn start(_: &Path, _: &str, _: &[&str]) -> Result<Program> {
    anyhow::bail!("several nodes stand behind HAProxy, which this system has not")
}

// What a node has not taken goes to another one; what it has taken and not answered is the client's to repeat, under its key.
#[cfg(unix)]
fn configuration(listens: &str, servers: &[&str]) -> String {
    // Where no node is there, the app is answered as by a node that has too much to do.
    let no_node = r#"{"title":"No node is ready","status":503,"code":"overloaded"}"#;
    let mut text = format!(
        "global
    maxconn 4096
defaults
    mode http
    timeout connect 2s
    timeout client 120s
    timeout server 120s
    timeout check 2s
    retries 3
    option redispatch 1
    retry-on conn-failure
    http-error status 503 content-type application/problem+json string '{no_node}' hdr Retry-After 5
    option httpchk GET /health/ready
    http-check expect status 200
    default-server check inter 300ms fall 1 rise 1
frontend public
    bind {listens}
    option forwardfor
    default_backend nodes
backend nodes
    balance leastconn
"
    );
    for (server, nth) in servers.iter().zip(1..) {
        text.push_str(&format!("    server node-{nth} {server}\n"));
    }
    text
}
