//! A machine of `docs/operating.md`: a folder that stands for its root, and what stands in for the commands that change a system.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

/// Folders of a system that the page names.
const FOLDERS: [&str; 4] = ["/etc/", "/var/", "/usr/", "/srv/"];

pub struct Machine {
    pub root: PathBuf,
    /// What is put in place of what the page says: addresses, ports, accounts.
    pub instead: Vec<(String, String)>,
    environment: Vec<(String, String)>,
}

impl Machine {
    /// An empty one in `root`; its commands see the variables.
    pub fn new(root: PathBuf, environment: &[(String, String)]) -> Result<Self> {
        for folder in ["home", "run", "etc/postgresql", "usr/lib/systemd/system", "bin"] {
            fs::create_dir_all(root.join(folder))?;
        }
        let machine = Self { root, instead: Vec::new(), environment: environment.to_vec() };
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_systemctl"), machine.root.join("bin/systemctl"))?;
        // Root is what runs the page; here whoever runs the tests is enough.
        machine.command("sudo", r#"while [ "${1#-}" != "$1" ]; do [ "$1" != -u ] || shift; shift; done; exec "$@""#)?;
        machine.command(
            "chown",
            r#"shift; for file; do [ -e "$file" ] || { echo "chown: $file: no such file" >&2; exit 1; }; done"#,
        )?;
        machine.command(
            "install",
            r#"skip=; for word; do shift; case $word in
                -o | -g) skip=yes ;;
                *) if [ -n "$skip" ]; then skip=; else set -- "$@" "$word"; fi ;;
            esac; done; exec /usr/bin/install "$@""#,
        )?;
        machine.command("journalctl", r#"exec tail -n 100 "$MACHINE_ROOT/run/mostik-service.log""#)?;
        machine.command(
            "apt-get",
            r#"for word; do case $word in
                install | -y) ;;
                *.deb) dpkg-deb --extract "$word" "$MACHINE_ROOT"; new=yes ;;
                postgresql*) command -v pg_dump >/dev/null ;;
                *) command -v "$word" >/dev/null || { echo "apt-get: $word is not installed here" >&2; exit 1; } ;;
            esac; done
            [ -z "${new-}" ] || systemctl try-restart mostik-service"#,
        )?;
        Ok(machine)
    }

    /// Whether it is said what is put in place of this.
    pub fn knows(&self, said: &str) -> bool {
        self.instead.iter().any(|(known, _)| known == said)
    }

    /// Makes what stands in for a command.
    pub fn command(&self, name: &str, script: &str) -> Result<()> {
        self.file(&format!("bin/{name}"), 0o755, &format!("#!/bin/sh\nset -e\n{script}\n"))
    }

    /// Makes a unit of a program that the distribution brings.
    pub fn unit(&self, name: &str, start: &str) -> Result<()> {
        self.file(&format!("usr/lib/systemd/system/{name}.service"), 0o644, &format!("[Service]\nExecStart={start}\n"))
    }

    /// Makes a file below its root.
    pub fn file(&self, place: &str, mode: u32, text: &str) -> Result<()> {
        let path = self.root.join(place);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, text)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(mode))?)
    }

    /// Runs commands of the page, and returns what they print.
    pub fn run(&self, commands: &str) -> Result<String> {
        let mut text = commands.to_owned();
        for (said, here) in &self.instead {
            text = text.replace(said, here);
        }
        for folder in FOLDERS {
            let here = format!("{}{folder}", self.root.display());
            // A folder of the system, and no part of an address.
            for before in [" ", "\"", "'", ">", "\n", "=", ":"] {
                text = text.replace(&format!("{before}{folder}"), &format!("{before}{here}"));
            }
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-euc", &text])
            .env("PATH", format!("{root}/bin:{root}/usr/bin:{path}", root = self.root.display()))
            .env("MACHINE_ROOT", &self.root)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.root.join("home"))
            .output()?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let logs = || {
            let logs = Command::new("sh").args(["-c", "tail -n 20 run/*.log"]).current_dir(&self.root).output();
            logs.map(|logs| said(&logs.stdout)).unwrap_or_default()
        };
        ensure!(
            output.status.success(),
            "they end with {}:\n{text}\n--- what they print:\n{}{}--- logs:\n{}",
            output.status,
            said(&output.stdout),
            said(&output.stderr),
            logs()
        );
        Ok(said(&output.stdout))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for entry in fs::read_dir(self.root.join("run")).into_iter().flatten().flatten() {
            if let Ok(pid) = fs::read_to_string(entry.path())
                && entry.path().extension().is_some_and(|kind| kind == "pid")
            {
                // A process group of its own.
                Command::new("kill").args(["-KILL", "--", &format!("-{}", pid.trim())]).output().ok();
            }
        }
    }
}

/// The package of the service as a file, with the program that the tests have built and the unit as it is shipped.
pub fn package(folder: &Path, program: &Path) -> Result<PathBuf> {
    let tree = folder.join("tree");
    let put = |place: &str, mode: u32, text: &str| -> Result<()> {
        let path = tree.join(place);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, text)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(mode))?)
    };
    put(
        "DEBIAN/control",
        0o644,
        "Package: mostik-service\nVersion: 1.0\nArchitecture: all\nMaintainer: The tests\nDescription: the service\n",
    )?;
    put("usr/bin/mostik-service", 0o755, &format!("#!/bin/sh\nexec {:?} \"$@\"\n", program.display().to_string()))?;
    let unit = fs::read_to_string(root().join("packaging/service/mostik-service.service"))?;
    put("usr/lib/systemd/system/mostik-service.service", 0o644, &unit)?;
    fs::create_dir_all(tree.join("etc/mostik-service"))?;
    let file = folder.join("mostik-service_1.0_all.deb");
    let made = Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&file).output()?;
    ensure!(made.status.success(), "dpkg-deb: {}", String::from_utf8_lossy(&made.stderr));
    Ok(file)
}
