//! Copies each example out of the repository, as `README.md` says, and runs the copies against mock
//! venues.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use venuekit_mock::MockVenue;

const EXAMPLES: [&str; 5] = ["books", "collector", "first", "quoter", "rebalancer"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Runs the commands of the README for an example. `home` is the home directory of the user.
fn copy(name: &str, home: &Path) -> PathBuf {
    let readme = fs::read_to_string(repository().join("examples/README.md")).unwrap();
    for start in ["cp -r ", "sed -i.bak "] {
        let command = readme.lines().find(|line| line.starts_with(start)).unwrap().replace("quoter", name);
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(repository()).env("HOME", home);
        assert!(shell.status().unwrap().success(), "{command}");
    }
    home.join(name)
}

#[test]
fn each_example_is_a_whole_package_outside_of_the_repository() {
    let home = tempfile::tempdir().unwrap();
    let folders = fs::read_dir(repository().join("examples")).unwrap().map(|entry| entry.unwrap());
    let packages = folders.filter(|folder| folder.path().join("Cargo.toml").exists());
    let mut names: Vec<String> = packages.map(|folder| folder.file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, EXAMPLES);
    for name in names {
        let folder = copy(&name, home.path());
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("../") && !manifest.contains("workspace"), "{manifest}");
        // With the versions of the repository, everything is on this machine.
        fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let mut tree = Command::new(env!("CARGO"));
        tree.args(["tree", "--offline", "--edges", "normal,dev"]).current_dir(&folder);
        let output = tree.output().unwrap();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success() && stdout.starts_with(&format!("{name} v")), "{name}: {stdout}{stderr}");
    }
}

/// The programs of the copied examples.
struct Programs {
    folder: PathBuf,
    /// Another run of this test waits for the end of this one.
    _lock: File,
}

impl Programs {
    /// Copies the examples, and builds them in one build. Their workspace has the locked versions
    /// and the settings of this repository, so that cargo uses the dependencies that are built
    /// already. `first` gets the URL of its venue, because it is part of the program.
    ///
    /// The folder is always the same one. Otherwise each run would leave its programs behind.
    #[expect(clippy::incompatible_msrv, reason = "tests run with the pinned toolchain")]
    fn build(url_of_first: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copied");
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        for name in EXAMPLES {
            if folder.join(name).exists() {
                fs::remove_dir_all(folder.join(name)).unwrap();
            }
            copy(name, &folder);
        }
        let main = folder.join("first/src/main.rs");
        let code = fs::read_to_string(&main).unwrap();
        let url = "http://127.0.0.1:8700/btse-spot/spot";
        assert!(code.contains(url), "{code}");
        fs::write(main, code.replace(url, url_of_first)).unwrap();
        let manifest =
            format!("[workspace]\nresolver = \"3\"\nmembers = {EXAMPLES:?}\n\n[profile.dev]\ndebug = false\n");
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--offline", "--color=never"]).current_dir(&folder);
        // The programs are put elsewhere, because those of the repository have the same names.
        build.env("CARGO_TARGET_DIR", folder.join("target"));
        build.env("CARGO_BUILD_BUILD_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap());
        let output = build.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        Self { folder, _lock: lock }
    }

    fn program(&self, name: &str) -> Command {
        Command::new(self.folder.join("target/debug").join(name))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs a program to its end. Returns whether it succeeded, stdout and stderr.
async fn run(mut program: Command) -> (bool, String, String) {
    let output: Output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().unwrap();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

/// Sets the credentials of a mock in the environment of a program.
fn with_credentials(program: &mut Command, prefix: &str, mock: &MockVenue) {
    program.env(format!("{prefix}_KEY"), mock.key()).env(format!("{prefix}_SECRET"), mock.secret());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_copied_example_runs_against_a_mock() {
    let start = async |name: &str| MockVenue::start(name).await.unwrap();
    let mock = start("btse-spot").await;
    let url = mock.url().to_owned();
    let programs = tokio::task::spawn_blocking(move || Programs::build(&url)).await.unwrap();

    let (is_done, stdout, stderr) = run(programs.program("first")).await;
    assert!(is_done, "{stdout}{stderr}");
    assert!(stdout.contains("best ask: Some(9524.5)") && stdout.contains("the venue gave it the id "), "{stdout}");
    let placed = mock.orders();
    assert!(placed.iter().any(|order| order.amount == "0.02" && stdout.contains(&order.id)), "{stdout}{placed:?}");

    let mock = start("excore-ws").await;
    let mut books = programs.program("books");
    books.args([mock.url(), "BTC_USDT"]).stdout(Stdio::piped());
    let lines = tokio::task::spawn_blocking(move || {
        let mut child = books.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(3).map(Result::unwrap);
        let lines: Vec<String> = lines.collect();
        child.kill().unwrap();
        child.wait().unwrap();
        lines
    });
    let lines = lines.await.unwrap();
    assert!(lines.len() == 3 && lines.iter().skip(1).all(|line| line.contains(",BTC_USDT,")), "{lines:?}");

    let mock = start("jex-spot").await;
    let mut collector = programs.program("collector");
    collector.args([mock.url(), "JEXBTC"]);
    let (is_done, stdout, stderr) = run(collector).await;
    assert!(is_done, "{stdout}{stderr}");
    assert_eq!(stdout.lines().filter(|line| line.starts_with("JEXBTC,")).count(), 3, "{stdout}");

    let mock = start("btse-spot").await;
    let mut quoter = programs.program("quoter");
    quoter.arg(mock.url());
    with_credentials(&mut quoter, "BTSE_SPOT", &mock);
    let (is_done, stdout, stderr) = run(quoter).await;
    assert!(is_done && stdout.contains("placed: 6"), "{stdout}{stderr}");
    assert!(mock.orders().len() == 6 && mock.orders().iter().all(|order| !order.is_open), "{:?}", mock.orders());

    let (btse, altmarket) = (start("btse-spot").await, start("altmarket").await);
    // Each mock has an open order, which the program names until the user allows it.
    let mut known: Vec<String> = Vec::new();
    let stdout = loop {
        let mut rebalancer = programs.program("rebalancer");
        rebalancer.args([btse.url(), altmarket.url()]).args(&known);
        with_credentials(&mut rebalancer, "BTSE_SPOT", &btse);
        with_credentials(&mut rebalancer, "ALTMARKET", &altmarket);
        let (is_done, stdout, stderr) = run(rebalancer).await;
        if is_done {
            break stdout;
        }
        assert!(stderr.contains("OpenOrders"), "{stdout}{stderr}");
        let order = stderr.split('"').nth(1).unwrap_or_else(|| panic!("{stderr}")).to_owned();
        assert!(!known.contains(&order), "{stderr}");
        known.push(order);
    };
    assert!(stdout.starts_with("Placed {"), "{stdout}");
}
