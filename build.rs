//! Builds the page from `web/` with Node.js, so that the library can embed it.
//!
//! Only the `ui` feature needs this. The built page lies in a folder whose path the library's macros
//! read from the variable `SEGMENTA_WEB_DIST`. Who sets that variable before the build brings a page
//! built elsewhere, and needs no Node.js.
//!
//! Nothing is written outside Cargo's own output folder: the page's sources are copied there first.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where the built page lies: read from the environment, and set for the library.
const WEB_DIST: &str = "SEGMENTA_WEB_DIST";

/// What decides which packages are installed.
const MANIFESTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// What the page is built from, beside the manifests; `public` need not exist.
const SOURCES: [&str; 4] = ["vite.config.js", "index.html", "src", "public"];

/// How to do without what is missing.
const OTHER_WAYS: &str = "without the page: `cargo build --release --no-default-features \
                          --features api-docs`; with a page built elsewhere: name its folder in \
                          SEGMENTA_WEB_DIST";

/// A sentence for the person who builds.
type Problem = String;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_UI").is_none() {
        return;
    }
    println!("cargo::rerun-if-env-changed={WEB_DIST}");
    match page() {
        Ok(folder) => println!("cargo::rustc-env={WEB_DIST}={}", folder.display()),
        // Cargo shows these lines and stops; a failing exit code would add everything printed here.
        Err(problem) => {
            for line in problem.lines() {
                println!("cargo::error={line}");
            }
        }
    }
}

/// The folder of the built page: the one given, or one built now.
fn page() -> Result<PathBuf, Problem> {
    match env::var_os(WEB_DIST) {
        Some(folder) if !folder.is_empty() => given_page(Path::new(&folder)),
        _ => built_page(),
    }
}

/// A page built elsewhere. A relative path is taken from the package's folder.
fn given_page(folder: &Path) -> Result<PathBuf, Problem> {
    let folder = std::path::absolute(folder).map_err(|error| cannot("find", folder, &error))?;
    if !folder.join("index.html").is_file() {
        return Err(format!("{WEB_DIST} names {}, which holds no index.html", folder.display()));
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(folder)
}

/// Builds the page in Cargo's output folder.
fn built_page() -> Result<PathBuf, Problem> {
    let web = required_folder("CARGO_MANIFEST_DIR")?.join("web");
    let out = required_folder("OUT_DIR")?;
    let (workshop, page) = (out.join("web"), out.join("page"));
    watch(&web);
    check_node()?;
    copy_inputs(&web, &workshop)?;
    install_packages(&workshop)?;
    run_vite(&workshop, &page)?;
    Ok(page)
}

/// A folder that Cargo names in the environment of every build script.
fn required_folder(variable: &str) -> Result<PathBuf, Problem> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("Cargo has not set {variable}"))
}

/// Asks Cargo to come back when an input of the page changes, and only then.
fn watch(web: &Path) {
    for path in MANIFESTS.iter().chain(&SOURCES).map(|name| web.join(name)) {
        // A path that is not there would count as changed on every build.
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
}

/// Refuses a Node.js that Vite does not run on.
fn check_node() -> Result<(), Problem> {
    let needed = "the page is built with Node.js 20.19 or later, or 22.12 or later";
    let version = match Command::new("node").arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => return Err(format!("{needed}, and no `node` was found ({OTHER_WAYS})")),
    };
    let good = matches!(major_and_minor(&version), Some((20, 19..) | (22, 12..) | (23.., _)));
    if good {
        Ok(())
    } else {
        Err(format!("{needed}, and `node --version` says \"{version}\" ({OTHER_WAYS})"))
    }
}

/// The first two numbers of a version such as `v22.12.0`.
fn major_and_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Copies the page's inputs, and forgets those of an earlier build. Installed packages stay.
fn copy_inputs(web: &Path, workshop: &Path) -> Result<(), Problem> {
    fs::create_dir_all(workshop).map_err(|error| cannot("make", workshop, &error))?;
    for name in MANIFESTS.iter().chain(&SOURCES) {
        let (from, to) = (web.join(name), workshop.join(name));
        remove(&to).map_err(|error| cannot("remove", &to, &error))?;
        if from.exists() {
            copy(&from, &to).map_err(|error| cannot("copy", &from, &error))?;
        }
    }
    // Tailwind CSS looks for class names in files that git does not ignore, and Cargo's output folder
    // is ignored. The top of another repository is where it stops looking for such rules.
    let top = workshop.join(".git");
    fs::create_dir_all(&top).map_err(|error| cannot("make", &top, &error))
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Removes a file or a folder, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Installs the packages of the lock file, unless these are the ones that are installed.
fn install_packages(workshop: &Path) -> Result<(), Problem> {
    let wanted = manifests(workshop)?;
    // Beside the folder, not in it: Tailwind CSS would look for class names in this file as well.
    let stamp = workshop.with_file_name("installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    remove(&stamp).map_err(|error| cannot("remove", &stamp, &error))?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments =
        ["--ignore-scripts", "--omit=dev", "--fetch-retries=1", "--no-audit", "--no-fund"];
    let mut command = Command::new(npm);
    command.args(["ci", "--loglevel=error"]).args(arguments).current_dir(workshop);
    run("npm ci", &mut command).map_err(|problem| format!("{problem}\n{OTHER_WAYS}"))?;
    fs::write(&stamp, wanted).map_err(|error| cannot("write", &stamp, &error))
}

/// The contents of all manifests, one after the other.
fn manifests(workshop: &Path) -> Result<Vec<u8>, Problem> {
    let mut contents = Vec::new();
    for path in MANIFESTS.map(|name| workshop.join(name)) {
        contents.extend(fs::read(&path).map_err(|error| cannot("read", &path, &error))?);
    }
    Ok(contents)
}

/// Builds the page from the copied inputs.
fn run_vite(workshop: &Path, page: &Path) -> Result<(), Problem> {
    let vite = Path::new("node_modules").join("vite").join("bin").join("vite.js");
    let mut command = Command::new("node");
    command.arg(vite).args(["build", "--logLevel=error", "--emptyOutDir", "--outDir"]).arg(page);
    command.current_dir(workshop);
    run("vite build", &mut command)?;
    if page.join("index.html").is_file() {
        Ok(())
    } else {
        Err(format!("vite build left no index.html in {}", page.display()))
    }
}

/// Runs a tool to its end; where it fails, the problem holds what it complained of.
fn run(name: &str, command: &mut Command) -> Result<(), Problem> {
    // Cargo tells build scripts of debug symbols in DEBUG, which these tools take for a wish to talk.
    command.env_remove("DEBUG").env_remove("FORCE_COLOR");
    command.env("NO_COLOR", "1").env("NODE_ENV", "production");
    let output = command.output().map_err(|error| {
        let program = command.get_program().display();
        format!("{name} needs `{program}`, which cannot be started: {error}")
    })?;
    if output.status.success() {
        Ok(())
    } else {
        let status = output.status;
        Err(format!("{name} failed for the page in web/ ({status})\n{}", complaint(&output)))
    }
}

/// What a tool said when it failed: the beginning, where the cause is, without stack traces.
fn complaint(output: &Output) -> String {
    const SHOWN: usize = 12;
    let said = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    let said = String::from_utf8_lossy(said);
    let lines = said.lines().map(str::trim_end);
    let telling = lines.filter(|line| !line.is_empty() && !line.contains("    at "));
    telling.take(SHOWN).collect::<Vec<_>>().join("\n")
}

/// What could not be done with a path, and why.
fn cannot(what: &str, path: &Path, error: &io::Error) -> Problem {
    format!("cannot {what} {}: {error}", path.display())
}
