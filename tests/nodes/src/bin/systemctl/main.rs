//! What stands in for systemd where `docs/operating.md` is tried: it starts, asks and ends what the real unit files name, below
//! `MACHINE_ROOT`. Of the file it knows `Type`, `ExecStart`, `ExecReload` and the two timeouts; users and hardening are tried where the
//! package is installed.

#[cfg(target_os = "linux")]
mod units;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    units::run(std::env::args().skip(1).collect())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    panic!("units are systemd's, which is on Linux alone");
}
