//! The API, tried by its own description: Schemathesis sends what fits it and
//! what doesn't, and judges the answers.

use std::path::Path;

use atrium::billing::Plan;
use serde_json::json;
use tokio::process::Command;

use crate::world::World;

/// The same requests each time.
const SEED: &str = "20261123";

/// Two organizations, of which neither may hear anything of the other.
fn credentials(own: &str, other: &str) -> String {
    let entry = |name: &str, key: &str| {
        json!({
            "name": name,
            "fixedHeaders": [{ "name": "Authorization", "value": format!("Bearer {key}") }],
        })
    };
    json!({ "auth": [entry("own", own), entry("other", other)] }).to_string()
}

fn settings(credentials: &Path) -> String {
    format!(
        "color = false\n\
         [cache]\nenabled = false\n\
         [auth]\nauto-signup = false\n\
         [auth.wfc]\npath = {credentials:?}\nuser = \"own\"\npeers = [\"own\", \"other\"]\n\
         [analysis.constants]\nenabled = false\n\
         [warnings]\nfail-on = [\"missing_auth\", \"missing_test_data\", \"method_not_allowed\", \
         \"unsupported_regex\", \"unresolvable_reference\", \"rate_limited\"]\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_is_what_its_description_says() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schemathesis");
    assert!(tool.is_dir(), "run `scripts/tools api` first");
    let w = World::new().await;
    let mut keys = Vec::new();
    for slug in ["acme", "rival"] {
        w.owner_of(slug).await;
        w.put_on(slug, Plan::Enterprise).await;
        keys.push(w.program(slug).await.key);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("keys.json"), credentials(&keys[0], &keys[1])).unwrap();
    std::fs::write(file("settings.toml"), settings(&file("keys.json"))).unwrap();
    let run = Command::new("python3")
        .args(["-m", "schemathesis.cli", "--no-color", "--config-file"])
        .arg(file("settings.toml"))
        .args(["run", &format!("{}/api/openapi.json", w.url)])
        .args(["--checks", "all", "--mode", "all", "--max-examples", "20"])
        .args(["--phases", "examples,coverage,fuzzing,stateful"])
        .args(["--seed", SEED, "--workers", "1", "--continue-on-failure"])
        .args(["--generation-database", "none", "--max-redirects", "0"])
        .args(["--request-timeout", "20"])
        .current_dir(folder.path())
        .env("PYTHONPATH", tool)
        .env("HYPOTHESIS_STORAGE_DIRECTORY", file("hypothesis"))
        .env("NO_PROXY", "*")
        .kill_on_drop(true)
        .output();
    let ended = run.await.unwrap();
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{told}");
}
