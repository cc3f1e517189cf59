//! `mostik-service write-man-pages`.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap_mangen::{
    Man,
    roff::{Roff, roman},
};

/// Commands of administrators.
const SECTION: &str = "8";

/// What the page of the program says beside its commands.
const FURTHER: &[(&str, &[(&str, &str)])] = &[
    (
        "EXIT STATUS",
        &[
            ("0", "Done; of serve: it was asked to end and has ended."),
            ("1", "It failed; what failed stands on standard error."),
            ("2", "The command line or the settings are wrong; each fault is named with the next step."),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("MOSTIK_…", "Each setting's own variable, named by print-config; it wins over the file."),
            ("MOSTIK_OPERATOR_TOKEN", "The token of the operator who uses support; see operators new-token."),
            ("RUST_LOG", "How much serve logs to standard error: error, warn, info (the default), debug."),
        ],
    ),
    (
        "FILES",
        &[
            ("/etc/mostik-service/mostik-service.toml", "The configuration that the packages' systemd unit reads."),
            ("/var/lib/mostik-service", "Where that unit keeps the database."),
        ],
    ),
];

/// Write the man pages of the program and of each command.
#[derive(clap::Args)]
pub(super) struct WriteManPages {
    /// The folder that they are written into
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

impl WriteManPages {
    pub(super) fn run(self, program: clap::Command) -> ExitCode {
        match write(program, &self.folder) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("write-man-pages: {} cannot be written: {error}", self.folder.display());
                ExitCode::FAILURE
            }
        }
    }
}

fn write(program: clap::Command, folder: &Path) -> io::Result<()> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    pages_below(&program, folder)?;
    let page = page(program);
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    page.render_subcommands_section(&mut text)?;
    for (heading, entries) in FURTHER {
        let mut roff = Roff::new();
        roff.control("SH", [*heading]);
        for (name, meaning) in *entries {
            roff.control("TP", []);
            roff.text([roman(*name)]);
            roff.text([roman(*meaning)]);
        }
        roff.to_writer(&mut text)?;
    }
    std::fs::write(folder.join(page.get_filename()), text)
}

fn pages_below(command: &clap::Command, folder: &Path) -> io::Result<()> {
    for command in command.get_subcommands() {
        page(command.clone()).generate_to(folder)?;
        pages_below(command, folder)?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Man {
    Man::new(command).section(SECTION).source(concat!("mostik-service ", env!("CARGO_PKG_VERSION"))).manual("Mostik")
}
