//! `pg_dump` and `pg_restore`: found, told where the database is, and run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use percent_encoding::percent_decode_str;
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use tokio::process::Command;

use super::error::BackupError;

/// Where systems keep the programs of each version, below which there is one folder a version.
const ABOVE: [&str; 2] = ["/usr/lib/postgresql", "/usr"];

/// How much of what a program says is repeated.
const MOST_SAID: usize = 2_000;

/// What they call themselves towards the server.
pub(super) const APPLICATION: &str = "mostik-service backup";

/// A program of PostgreSQL.
pub(super) struct Tool {
    name: &'static str,
    path: PathBuf,
    /// Its major version.
    pub(super) version: i32,
}

impl Tool {
    /// The major version of a server, and so of what it needs at least.
    pub(super) async fn version_of(server: &mut PgConnection) -> Result<i32, sqlx::Error> {
        let version: String = sqlx::query_scalar("SHOW server_version_num").fetch_one(server).await?;
        Ok(version.parse::<i32>().unwrap_or_default() / 10_000)
    }

    /// Finds it on the path and where systems keep it: of that major version or the next newer one.
    pub(super) async fn find(name: &'static str, wanted: i32) -> Result<Self, BackupError> {
        let on_path = env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&on_path).collect();
        for above in ABOVE {
            let below = fs::read_dir(above).into_iter().flatten().flatten().map(|entry| entry.path());
            // Debian: 17/bin; Fedora and PostgreSQL's own packages: pgsql-17/bin.
            folders.extend(below.filter(|path| above != "/usr" || named_pgsql(path)).map(|path| path.join("bin")));
        }
        Self::find_in(name, wanted, &folders).await
    }

    async fn find_in(name: &'static str, wanted: i32, folders: &[PathBuf]) -> Result<Self, BackupError> {
        let mut found: Option<Self> = None;
        for path in folders.iter().map(|folder| folder.join(name)).filter(|path| path.is_file()) {
            let Ok(told) = Command::new(&path).arg("--version").stdin(Stdio::null()).output().await else { continue };
            let Some(version) = major(&String::from_utf8_lossy(&told.stdout)) else { continue };
            if version >= wanted && found.as_ref().is_none_or(|known| version < known.version) {
                found = Some(Self { name, path, version });
            }
        }
        found.ok_or(BackupError::NoProgram { program: name, wanted })
    }

    /// Runs it at a database, whose password is in its environment: only this user and root can read that.
    pub(super) async fn run(
        &self,
        options: &PgConnectOptions,
        give: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<(), BackupError> {
        let mut command = Command::new(&self.path);
        for (name, value) in environment(options) {
            command.env(name, value);
        }
        let failed = |said: String| BackupError::Program { program: self.name, said };
        give(&mut command).args(["--no-password", "--dbname"]).arg(options.get_database().unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let ended = command.output().await.map_err(|e| failed(e.to_string()))?;
        if ended.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
        Err(failed(said.chars().take(MOST_SAID).collect()))
    }
}

fn named_pgsql(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgsql-"))
}

/// The major version in what a program says of itself: "pg_dump (PostgreSQL) 17.2 (Debian 17.2-1)".
fn major(said: &str) -> Option<i32> {
    let version = said.split_once("(PostgreSQL)")?.1.trim_start();
    version.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// Where the database is, as libpq reads it from the environment.
fn environment(options: &PgConnectOptions) -> Vec<(&'static str, String)> {
    let url = options.to_url_lossy();
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
    let mut all = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGAPPNAME", APPLICATION.to_owned()),
    ];
    if let Some(password) = url.password() {
        all.push(("PGPASSWORD", percent_decode_str(password).decode_utf8_lossy().into_owned()));
    }
    for (name, variable) in
        [("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY")]
    {
        if let Some((_, value)) = url.query_pairs().find(|(key, _)| key == name) {
            // sqlx puts a word of its own before a file's name.
            all.push((variable, value.strip_prefix("file: ").unwrap_or(&value).to_owned()));
        }
    }
    all
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(folder: &Path, says: &str) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join("pg_dump");
        fs::write(&path, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        folder.to_owned()
    }

    #[tokio::test]
    async fn the_program_that_is_just_new_enough_is_taken_and_its_absence_names_the_package() {
        let dir = tempfile::tempdir().unwrap();
        let of =
            |version: &str| program(&dir.path().join(version), &format!("pg_dump (PostgreSQL) {version} (Debian)"));
        let folders = [of("15.9"), of("18.1"), of("17.2"), program(&dir.path().join("else"), "no PostgreSQL")];
        assert_eq!(Tool::find_in("pg_dump", 16, &folders).await.unwrap().version, 17);
        assert_eq!(Tool::find_in("pg_dump", 18, &folders).await.unwrap().version, 18);
        let error = Tool::find_in("pg_dump", 19, &folders).await.err().unwrap().to_string();
        assert!(error.contains("apt install postgresql-client-19"), "{error}");
    }

    #[test]
    fn what_libpq_needs_is_told_without_the_command_line() {
        let options: PgConnectOptions =
            "postgres://mostik:p%40ss%2F%D1%8F@db.test:5433/mostik?sslmode=verify-full&sslrootcert=/etc/ca.pem"
                .parse()
                .unwrap();
        let told = environment(&options);
        for (name, value) in [
            ("PGHOST", "db.test"),
            ("PGPORT", "5433"),
            ("PGUSER", "mostik"),
            ("PGPASSWORD", "p@ss/я"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/etc/ca.pem"),
        ] {
            assert!(told.contains(&(name, value.to_owned())), "{name}");
        }
    }
}
