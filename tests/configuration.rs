//! The configuration, from outside.

use std::{
    io::{Read, Write},
    process::Command,
    time::{Duration, Instant},
};

use crate::world::Program;

fn atrium(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_atrium"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

#[test]
fn a_wrong_value_stops_the_start_with_one_clear_line() {
    for (name, value) in [
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("PORT", "many"),
        ("LEPTOS_SITE_ADDR", "localhost"),
        ("APP_URL", "atrium.example"),
        ("APP_URL", "http://atrium.example"),
        ("SMTP_URL", "mail.example"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("MAIL_FROM", "nobody"),
        ("TRUSTED_PROXY_HOPS", "-1"),
        ("RUST_LOG", "loud=very"),
        ("STRIPE_SECRET_KEY", "pk_test_1"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_1,secret"),
        ("STRIPE_PRO_PRICE_ID", "prod_1"),
        ("STRIPE_API_BASE", "localhost:3010"),
    ] {
        let (code, text) = atrium(&["serve"], &[(name, value)]);
        assert_eq!(code, 2, "{name}={value}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{name}={value}: {text}");
        assert!(text.starts_with("atrium: "), "{text}");
    }
}

#[test]
fn a_wrong_value_is_not_repeated_since_it_may_hold_a_password() {
    for (name, value) in [
        ("DATABASE_URL", "mysql://root:hunter2@localhost/x"),
        ("DATABASE_URL", "postgres://u:hunter2/x@h/d"),
        ("SMTP_URL", "http://ada:hunter2@mail.example"),
        ("STRIPE_SECRET_KEY", "hunter2"),
        ("STRIPE_WEBHOOK_SECRET", "hunter2"),
    ] {
        let (code, text) = atrium(&["serve"], &[(name, value)]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(name) && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_line_of_the_file_is_not_repeated_either() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join(".env"),
        "SMTP_URL=smtps://a:hunter2@h x y\n",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_atrium"))
        .current_dir(folder.path())
        .env_clear()
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(".env") && !text.contains("hunter2"), "{text}");
}

#[test]
fn it_serves_from_wherever_it_is_put() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("atrium");
    std::fs::copy(env!("CARGO_BIN_EXE_atrium"), &program).unwrap();
    let site = folder.path().join("site");
    let environment = [("LEPTOS_SITE_ROOT", site.to_str().unwrap())];
    let why = Program::refused(&program, &environment);
    assert!(why.contains("hash.txt"), "{why}");

    std::fs::write(
        folder.path().join("hash.txt"),
        "js: a1\nwasm: b2\ncss: c3\n",
    )
    .unwrap();
    let why = Program::refused(&program, &environment);
    assert!(why.contains("atrium.c3.css"), "{why}");

    std::fs::create_dir_all(site.join("pkg")).unwrap();
    for name in ["atrium.a1.js", "atrium.b2.wasm", "atrium.c3.css"] {
        std::fs::write(site.join("pkg").join(name), name).unwrap();
    }
    let program = Program::run(&program, &environment);
    let page = program.get("/auth/signin");
    for name in ["atrium.a1.js", "atrium.b2.wasm", "atrium.c3.css"] {
        let address = format!("/pkg/{name}");
        assert!(page.contains(&format!("\"{address}\"")), "{name}: {page}");
        assert!(program.get(&address).ends_with(name), "{name}");
    }
}

#[test]
fn an_address_for_others_needs_to_be_known() {
    let environment = [("LEPTOS_SITE_ADDR", "0.0.0.0:0"), ("RUST_LOG", "off")];
    let (code, text) = atrium(&["serve"], &environment);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("set APP_URL"), "{text}");
}

#[test]
fn a_seed_tells_what_it_made_as_json() {
    let (code, text) = atrium(&["seed", "--json"], &[("RUST_LOG", "off")]);
    assert_eq!(code, 0, "{text}");
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["organizations"][0]["slug"], "demo");
    assert_eq!(
        told["organizations"][0]["emails"]["viewer"],
        "viewer@demo.test"
    );
    assert_eq!(
        told["organizations"][1]["emails"]["owner"],
        "owner@rival.test"
    );
    assert!(told["password"].as_str().unwrap().len() >= 8);
}

#[test]
fn leptos_reads_the_same_at_run_time_as_at_build_time() {
    let table = |text: &str| -> Vec<(String, String)> {
        let from = text.find("\n[package.metadata.leptos]").unwrap() + 1;
        let pairs = text[from..]
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with('['));
        pairs
            .filter_map(|line| line.split_once(" = "))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect()
    };
    let built = table(include_str!("../Cargo.toml"));
    let run = table(include_str!("../Leptos.toml"));
    assert!(run.len() >= 6);
    for pair in run {
        assert!(
            built.contains(&pair),
            "{pair:?} is not what Cargo.toml says"
        );
    }
}

#[test]
fn told_to_stop_it_stops_within_ten_seconds() {
    let mut program = Program::start(&[]);
    let mut idle = program.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    idle.read_exact(&mut [0; 15]).unwrap();
    let mut unfinished = program.connect();
    unfinished
        .write_all(b"POST /_fn/sign_in HTTP/1.1\r\nHost: x\r\ncontent-length: 9\r\n\r\n")
        .unwrap();
    let begun = Instant::now();
    let ended = program.stop();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(ended.success(), "{ended}");
}
