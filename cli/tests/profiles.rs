//! Tests profiles of the config file, variables of the environment, and sources of credentials.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use support::{KEY, SECRET, Venue, example, file, private_file, words};
use venuekit_test_support::{LONG, ScriptedResponse, Server};

/// Returns the path of a config file with this text.
fn config(name: &str, text: &str) -> String {
    file(name, text).display().to_string()
}

fn ticker(line: &str) -> Venue {
    words("call btse-spot get-ticker --symbol BTC-USD").with(line.split_whitespace())
}

#[tokio::test]
async fn a_flag_comes_before_a_variable_a_variable_before_the_profile_and_the_profile_before_the_default() {
    let servers = [(); 3].map(|()| ScriptedResponse::new(200, example("btse-spot", "getTicker")));
    let [flag, variable, profile] = servers.map(Server::start);
    let (flag, variable, profile) = (flag.await, variable.await, profile.await);
    let url = |server: &Server| format!("{}/spot", server.url());
    let config = config(
        "precedence.toml",
        &format!(
            "[profiles.paper]\noutput = \"yaml\"\n[profiles.paper.venues.btse-spot]\nbase-url = \"{}\"\n",
            url(&profile)
        ),
    );
    let call = |line: &str| ticker(line).within(LONG).env("VENUE_CONFIG", &config);
    let asked = || [&flag, &variable, &profile].map(|server| server.take_requests().len());

    let ran = call("--profile paper").ran().await.exits(0);
    assert_eq!(asked(), [0, 0, 1]);
    assert!(ran.stdout.contains("price: "), "{}", ran.stdout);
    let ran =
        call("--profile paper").env("VENUE_BASE_URL", url(&variable)).env("VENUE_OUTPUT", "csv").ran().await.exits(0);
    assert_eq!(asked(), [0, 1, 0]);
    assert!(ran.stdout.lines().count() == 2 && ran.stdout.contains("price,"), "{}", ran.stdout);
    let line = format!("-o json --base-url {}", url(&flag));
    let ran =
        call(&line).env("VENUE_PROFILE", "paper").env("VENUE_BASE_URL", url(&variable)).env("VENUE_OUTPUT", "csv");
    let ran = ran.ran().await.exits(0);
    assert_eq!(asked(), [1, 0, 0]);
    assert!(ran.stdout.starts_with('{'), "{}", ran.stdout);
    // Another venue does not get the URL of this one.
    let dry = words("call jex-spot get-depth --symbol X --dry-run --profile paper").env("VENUE_CONFIG", &config);
    let dry = dry.ran().await.exits(0).stdout;
    assert!(dry.starts_with("GET https://") && !dry.contains("127.0.0.1"), "{dry}");
}

#[test]
fn a_profile_names_the_environment_and_a_flag_overrides_it() {
    let config =
        config("environments.toml", "profile = \"paper\"\n[profiles.paper]\nenv = \"test\"\n[profiles.real]\n");
    let host = |line: &str, variable: &str| {
        let ran =
            ticker("--dry-run").with(line.split_whitespace()).env("VENUE_CONFIG", &config).env("VENUE_ENV", variable);
        ran.run().exits(0).stdout.lines().next().unwrap().to_owned()
    };
    let test = host("--env test", "");
    let production = host("--env production", "");
    assert_ne!(test, production);
    assert_eq!(host("", ""), test);
    assert_eq!(host("--profile real", ""), production);
    assert_eq!(host("", "production"), production);
    assert_eq!(host("--env test", "production"), test);
}

#[test]
fn a_config_file_or_variable_that_cannot_be_used_is_refused_with_its_place() {
    for (text, reason) in [
        (
            "[profiles.a.venues.btse-spot]\nsecret = \"s3cret-marked-7f1e9c\"",
            "/refused.toml: line 2: `profiles.a.venues.btse-spot.secret` would be a secret",
        ),
        ("[profiles.a]\ntimeout = 0", "/refused.toml: line 2: `profiles.a.timeout`: expected a duration above 0"),
        ("[profiles.b]", "--profile: there is no profile `a` (help: the profiles are: b)"),
        ("", "there is no profile `a` (help: the config file has no profiles)"),
        ("[profiles", "/refused.toml: line 1: "),
    ] {
        let path = config("refused.toml", text);
        ticker("--dry-run --profile a").env("VENUE_CONFIG", path).run().exits(2).says(reason);
    }
    let path = config("default-profile.toml", "\nprofile = \"a\"\n[profiles.b]\n");
    let missing = "/default-profile.toml: line 2: `profile`: there is no profile `a` (help: the profiles are: b)";
    ticker("--dry-run").env("VENUE_CONFIG", path).run().exits(2).says(missing);
    ticker("--dry-run").env("VENUE_CONFIG", "/no/such/file").run().exits(2).says("/no/such/file cannot be read");
    ticker("--dry-run --profile a").run().exits(2).says("there is no config file");
    for (name, value, reason) in [
        ("VENUE_ENV", "moon", "VENUE_ENV: not a known value (expected production or test)"),
        ("VENUE_OUTPUT", "xml", "VENUE_OUTPUT: not a known value (expected one of json, pretty, table, csv, yaml)"),
        ("VENUE_TIMEOUT", "0", "VENUE_TIMEOUT: expected a duration"),
        ("VENUE_RETRIES", "many", "VENUE_RETRIES: expected a number of retries"),
    ] {
        ticker("--dry-run").env(name, value).run().exits(2).says(reason);
    }
    let error = ticker("--sync-clock").env("VENUE_OUTPUT", "json").run().exits(2).error();
    assert_eq!(error["kind"], "usage");
}

#[test]
#[cfg(unix)]
fn a_config_file_that_every_user_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = file("writable.toml", "[profiles.a]\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let call = ticker("--dry-run --profile a").env("VENUE_CONFIG", path.display().to_string());
    call.run().exits(2).says("every user of this machine can write it (help: chmod o-w ");
}

#[tokio::test]
#[cfg(unix)]
async fn credentials_come_from_files_or_from_a_command_of_the_profile() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getAccount"))).await;
    let (key, secret) = (private_file("profile.key", KEY), private_file("profile.secret", SECRET));
    let both = private_file("profile.both", &format!("{KEY}\n{SECRET}\n"));
    let files = format!("key-file = \"{}\"\nsecret-file = \"{}\"\n", key.display(), secret.display());
    let command = format!("credential-command = [\"cat\", \"{}\"]\n", both.display());
    let account = |text: &str, name: &str| {
        let path = config(name, &format!("profile = \"a\"\n[profiles.a.venues.btse-spot]\n{text}"));
        let url = format!("{}/spot", server.url());
        words("call btse-spot get-account --base-url").with([url]).within(LONG).env("VENUE_CONFIG", path)
    };
    for (text, name) in [(&files, "files.toml"), (&command, "command.toml")] {
        account(text, name).with(["-v", "--explain"]).env("PATH", "/usr/bin:/bin").ran().await.exits(0);
        assert_eq!(server.take_request().header("btse-api"), Some(KEY), "{name}");
    }
    // Variables of the environment come first, and are not mixed with the profile.
    let other = account(&files, "files.toml").env("BTSE_SPOT_KEY", "another-key");
    other.ran().await.exits(3).says("BTSE_SPOT_KEY is set without a secret");
    // The output and the arguments of the command may be secrets. They are not shown if it fails.
    let says = format!("echo {SECRET}; echo {SECRET} >&2; exit 3");
    let text = format!("credential-command = [\"sh\", \"-c\", \"{says}\"]\n");
    let failed = account(&text, "failing.toml").env("PATH", "/usr/bin:/bin").ran().await.exits(3);
    let failed = failed.says("the credential command `sh` of the profile `a` (credential-command in line 3 of ");
    failed.says("/failing.toml) failed: exit status: 3");
    let text = "credential-command = [\"no-such-program\"]\n";
    account(text, "missing.toml").ran().await.exits(3).says("the credential command `no-such-program` of the profile");
    let text = "credential-command = [\"true\"]\n";
    let silent = account(text, "silent.toml").env("PATH", "/usr/bin:/bin").ran().await.exits(3);
    silent.says("printed no key");
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
#[cfg(unix)]
async fn a_credential_command_that_cannot_be_used_is_named_with_the_reason_and_never_its_output() {
    let server = Server::start(ScriptedResponse::new(200, example("btse-spot", "getAccount"))).await;
    for (index, (script, more, reason)) in [
        (format!("echo {KEY}"), "", "printed a key without a secret"),
        (format!("echo; echo {SECRET}"), "", "printed no key"),
        (
            format!("echo error: {SECRET}; echo; echo locked"),
            "",
            "printed 3 lines (expected two: the key and the secret)",
        ),
        (format!("echo '{KEY} '; echo {SECRET}"), "", "printed credentials that cannot be used: "),
        (r"printf '\377'".to_owned(), "", "printed bytes that are not text"),
        (format!("while :; do echo {SECRET}; done"), "", "printed more than 65536 bytes"),
        (format!("echo {SECRET}; exec sleep 600"), "credential-timeout = 0.2\n", "did not end within 0.2 s"),
        ("kill -9 $$".to_owned(), "", "failed: signal: 9"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = file(&format!("unusable-{index}.sh"), &script);
        let text = format!(
            "profile = \"a\"\n[profiles.a.venues.btse-spot]\ncredential-command = [\"sh\", \"{}\"]\n{more}",
            path.display()
        );
        let account = words("call btse-spot get-account --base-url").with([format!("{}/spot", server.url())]);
        let account = account.within(LONG).env("VENUE_CONFIG", config(&format!("unusable-{index}.toml"), &text));
        for output in ["json", "pretty"] {
            let ran = account.clone().with(["-o", output]).env("PATH", "/usr/bin:/bin").ran().await.exits(3);
            assert!(!ran.stderr.contains("BTSE_SPOT_KEY") && !ran.stderr.contains(KEY), "{script}: {}", ran.stderr);
            let ran = ran.says("the credential command `sh` of the profile `a` (credential-command in line 3 of ");
            ran.says(&format!(".toml) {reason}"));
        }
    }
    assert!(server.take_requests().is_empty());
}

#[test]
#[cfg(unix)]
fn a_file_of_credentials_without_an_end_is_refused() {
    let call = words("call btse-spot get-account").env("BTSE_SPOT_KEY", KEY).env("BTSE_SPOT_SECRET_FILE", "/dev/zero");
    call.run()
        .exits(3)
        .says("/dev/zero, which BTSE_SPOT_SECRET_FILE names, cannot be read: it has more than 65536 bytes");
}

#[tokio::test]
async fn files_of_a_profile_that_are_incomplete_are_named_as_such() {
    let (key, secret) = (private_file("half.key", KEY), private_file("half.secret", SECRET));
    for (text, reason) in [
        (format!("key-file = \"{}\"\n", key.display()), "/half.toml) names a key-file without a secret-file"),
        (format!("secret-file = \"{}\"\n", secret.display()), "/half.toml) names a secret without a key-file"),
    ] {
        let path = config("half.toml", &format!("profile = \"a\"\n[profiles.a.venues.btse-spot]\n{text}"));
        let ran = words("call btse-spot get-account").env("VENUE_CONFIG", path).ran().await.exits(3);
        assert!(!ran.stderr.contains("BTSE_SPOT"), "{}", ran.stderr);
        ran.says("the profile `a` (venues in line 2 of ").says(reason);
    }
    let text = "profile = \"a\"\n[profiles.a.venues.btse-spot]\nkey-file = \"/no/such\"\n";
    let ran = words("call btse-spot get-account").env("VENUE_CONFIG", config("no-file.toml", text));
    let reason = "/no/such, which the profile `a` (key-file in line 3 of ";
    ran.ran().await.exits(3).says(reason);
}

#[test]
#[cfg(unix)]
fn a_shell_fills_in_the_credentials_of_a_profile() {
    let both = private_file("curl.both", &format!("{KEY}\n{SECRET}\n"));
    let text = format!("[profiles.a.venues.btse-spot]\ncredential-command = [\"cat\", \"{}\"]\n", both.display());
    let call = words("call btse-spot get-account --curl --profile a").env("VENUE_CONFIG", config("curl.toml", &text));
    let line = call.env("PATH", "/usr/bin:/bin").run().exits(0).stdout;
    assert!(!line.contains(KEY) && line.contains("sed -n 1p"), "{line}");
    let echoed = line.replacen("curl", "echo", 1);
    let output = std::process::Command::new("sh").args(["-c", &echoed]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains(KEY), "{line}");
}
