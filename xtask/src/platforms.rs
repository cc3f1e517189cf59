//! `cargo xtask check-platforms`: type-checks the app for the systems that it cannot be built for here, on Debian and with no SDK:
//! the standard library is checked from its sources, and what would compile C is a script that does nothing. Types and `cfg`s are
//! all that this shows; nothing is linked, nothing is run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::root;

use crate::{build, console, stamp, ui};

/// Debian's newest Rust for Firefox: the one compiler here whose sources of the standard library come with it.
const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library";

/// The file with one wrong line for each platform.
const PLANTED: &str = "src-tauri/src/planted.rs";

struct Platform {
    triple: &'static str,
    /// What `planted for …` calls it.
    name: &'static str,
    /// A program besides the library, which is all that a phone starts.
    program: bool,
}

const PLATFORMS: [Platform; 4] = [
    Platform { triple: "aarch64-linux-android", name: "android", program: false },
    Platform { triple: "aarch64-apple-ios", name: "ios", program: false },
    Platform { triple: "aarch64-apple-darwin", name: "macos", program: true },
    Platform { triple: "x86_64-pc-windows-msvc", name: "windows", program: true },
];

/// Not a compiler. It lets build scripts that compile C finish, so that the type checker can run; nothing can link after it.
const STUB: &str = "#!/bin/sh\nfor word; do case $word in -out:*|/out:*) : >\"${word#*:}\";; esac; done\n";

/// Type-checks for the named platforms, or all; with `--planted`, sees that the planted errors are reported.
pub fn check(words: &[String]) -> Result<ExitCode> {
    let planted = words.iter().any(|word| word == "--planted");
    let named: Vec<&String> = words.iter().filter(|word| *word != "--planted").collect();
    if let Some(unknown) = named.iter().find(|word| !PLATFORMS.iter().any(|platform| platform.triple == word.as_str()))
    {
        bail!("no platform `{unknown}`; they are: {}", PLATFORMS.map(|platform| platform.triple).join(" "));
    }
    compiler()?;
    ui::ready()?;
    build::fetch()?;
    let library = Path::new(LIBRARY);
    let now = stamp::of(&[library.join("Cargo.lock")])?;
    if !stamp::holds("library-fetch", &now) {
        console::step("fetching the crates of the standard library");
        let mut fetch = debians(CARGO);
        fetch.args(["fetch", "--locked", "--manifest-path"]).arg(library.join("Cargo.toml"));
        build::succeed(&mut fetch)?;
        stamp::keep("library-fetch", &now)?;
    }
    let stubs = stubs()?;
    let chosen =
        PLATFORMS.iter().filter(|platform| named.is_empty() || named.iter().any(|name| *name == platform.triple));
    let mut lines = Vec::new();
    let mut ok = true;
    for platform in chosen {
        console::step(&format!("type-checking for {} (the first time takes minutes)", platform.triple));
        let (verdict, good, took) =
            if planted { see_planted(platform, &stubs)? } else { type_check(platform, &stubs)? };
        ok &= good;
        lines.push(format!("{:<24} {verdict:<48} {:>13}", platform.triple, console::duration(took)));
    }
    console::plain("");
    lines.iter().for_each(|line| console::plain(line));
    console::plain("\nNothing was linked or run for these systems.");
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn type_check(platform: &Platform, stubs: &Path) -> Result<(String, bool, Duration)> {
    let begun = Instant::now();
    let mut command = checker(platform, stubs, "check");
    command.arg("--lib");
    if platform.program {
        command.arg("--bins");
    }
    let good = command.status().context("cannot start cargo")?.success();
    let verdict = if good { "type-checks" } else { "DOES NOT TYPE-CHECK" };
    Ok((verdict.to_owned(), good, begun.elapsed()))
}

/// The planted line of this platform must be the one error.
fn see_planted(platform: &Platform, stubs: &Path) -> Result<(String, bool, Duration)> {
    let text = fs::read_to_string(root().join(PLANTED)).with_context(|| format!("{PLANTED} cannot be read"))?;
    let mark = format!("planted for {}:", platform.name);
    let number = text.lines().position(|line| line.contains(&mark)).context("no line is planted for it")? + 1;
    let begun = Instant::now();
    let mut command = checker(platform, stubs, "rustc");
    // Cargo's word for checking with options for the last crate alone: with flags for all of them all would be checked anew.
    command.args(["--lib", "--profile", "check", "--message-format", "short", "--", "--cfg", "mostik_planted"]);
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().context("cannot start cargo")?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: Vec<&str> = told.lines().filter(|line| line.contains(": error[")).collect();
    errors.iter().for_each(|line| console::detail(line));
    let good =
        !output.status.success() && matches!(errors[..], [one] if one.starts_with(&format!("{PLANTED}:{number}:")));
    if !good {
        console::plain(&told);
    }
    let verdict = if good { "the planted error is reported, and no other" } else { "NOT THE PLANTED ERROR ALONE" };
    Ok((verdict.to_owned(), good, begun.elapsed()))
}

fn checker(platform: &Platform, stubs: &Path, word: &str) -> Command {
    let mut command = debians(CARGO);
    command.args([word, "--package", "mostik", "--locked", "--offline", "--target", platform.triple]);
    command.arg("-Zbuild-std=std,panic_abort,panic_unwind");
    let name = platform.triple.replace('-', "_");
    for tool in ["CC", "CXX", "AR"] {
        command.env(format!("{tool}_{name}"), stubs.join("cstub"));
    }
    // Any folder but the top: with it nobody looks for Apple's SDK.
    command.env("SDKROOT", stubs).env("PATH", with_first(stubs)).current_dir(root());
    command
}

/// Debian's cargo with Debian's compiler, whatever rustup says; unstable for the sake of the standard library.
fn debians(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("CARGO", CARGO).env("RUSTC", RUSTC).env_remove("RUSTUP_TOOLCHAIN").env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_DIR", root().join("target/platforms")).env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

fn with_first(folder: &Path) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

fn stubs() -> Result<PathBuf> {
    let folder = root().join("target/platforms/stubs");
    fs::create_dir_all(&folder)?;
    // The resources of a Windows program are compiled by a program of the second name.
    let names = ["cstub", "llvm-rc"].map(|name| folder.join(name));
    for stub in &names {
        fs::write(stub, STUB)?;
    }
    build::succeed(Command::new("chmod").arg("+x").args(&names))?;
    Ok(folder)
}

/// All three packages, in one version.
fn compiler() -> Result<()> {
    let by_hand = format!(
        "this check needs Debian's {}, in one version: please run\n  \
         sudo apt-get update && sudo apt-get install --no-install-recommends {}",
        PACKAGES.join(", "),
        PACKAGES.join(" ")
    );
    let mut ask = Command::new("dpkg-query");
    ask.args(["--show", "--showformat=${db:Status-Status} ${Version}\n"]).args(PACKAGES).stderr(Stdio::null());
    let output = ask.output().with_context(|| by_hand.clone())?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut versions = told.lines().map(|line| line.strip_prefix("installed "));
    let first = versions.next().flatten();
    ensure!(output.status.success() && first.is_some() && versions.all(|version| version == first), by_hand);
    ensure!(Path::new(LIBRARY).join("Cargo.lock").exists(), "{LIBRARY} is empty; {by_hand}");
    Ok(())
}
