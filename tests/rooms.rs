//! Who may import whom, and what stands where. See `src/lib.rs` for the map.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Slices in the order in which they may know each other.
const SLICES: [&str; 10] = [
    "identity",
    "organizations",
    "team",
    "audit",
    "usage",
    "billing",
    "projects",
    "api_keys",
    "analytics",
    "reference",
];
const WORDS: [&str; 7] = [
    "error", "flash", "id", "paging", "theme", "topic", "validate",
];

fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    found
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The paths below `crate::` that a file names, groups spelled out.
fn imports(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for (at, _) in code
        .match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with('"'))
    {
        spell_out(&code[at + "crate::".len()..], "", &mut found);
    }
    found
}

/// Reads one path, or each of a group in braces, and gives where it ends.
fn spell_out(text: &str, before: &str, found: &mut Vec<String>) -> usize {
    let text_start = text.len() - text.trim_start().len();
    let rest = &text[text_start..];
    if let Some(group) = rest.strip_prefix('{') {
        let mut at = 0;
        while at < group.len() && !group[at..].trim_start().starts_with('}') {
            at += spell_out(&group[at..], before, found);
            at += group[at..]
                .find(|c: char| !c.is_whitespace() && c != ',')
                .unwrap_or(group.len() - at);
        }
        return text_start + 1 + at + group[at..].find('}').map_or(0, |end| end + 1);
    }
    let length = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*')
        .unwrap_or(rest.len());
    let path = format!("{before}{}", &rest[..length]);
    match rest[length..].strip_prefix("::") {
        Some(deeper) => text_start + length + 2 + spell_out(deeper, &format!("{path}::"), found),
        None => {
            found.push(path);
            text_start + length
        }
    }
}

/// Whether a file may import that.
fn may(file: &str, import: &str) -> bool {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let segments: Vec<&str> = path.split('/').collect();
    let (room, part) = (segments[0], segments.get(1).copied().unwrap_or_default());
    let wants: Vec<&str> = import.split("::").collect();
    let (to, of) = (wants[0], wants.get(1).copied().unwrap_or_default());
    // Plans, prices and standings are words; what is paid for them is a slice.
    let is_plan = |of: &str| !matches!(of, "api" | "model" | "server" | "view");
    let is_word = WORDS.contains(&to)
        || (to == "billing" && is_plan(of))
        || (to == "access" && of != "server")
        || import.starts_with("audit::model");
    let slice = SLICES.iter().position(|slice| *slice == room);
    let target = SLICES.iter().position(|slice| *slice == to);
    if to == "sandbox" {
        return room == "sandbox" || file == "src/program/cli.rs";
    }
    match room {
        "lib" | "main" | "program" => true,
        // It stands for somebody else's program.
        "sandbox" => false,
        "id" | "paging" | "validate" | "theme" | "flash" | "error" => is_word,
        "billing" if is_plan(part) && part != "mod" => is_word,
        // Vocabulary that all slices share.
        "audit" if part == "model" => {
            matches!(to, "id" | "paging")
                || (to == "billing" && is_plan(of))
                || (to == "access" && of != "server")
                || import.starts_with("audit::model")
        }
        "access" if part == "server" => is_word || matches!(to, "access" | "entity" | "server"),
        "access" => to == "access",
        "entity" => is_word || to == "entity" || of == "model",
        "server" => is_word || matches!(to, "server" | "entity"),
        "ui" => WORDS.contains(&to) || to == "ui",
        "answer" => is_word || to == "server" || import.starts_with("billing::model"),
        "public_api" => {
            is_word || matches!(to, "access" | "server" | "public_api") || target.is_some()
        }
        "app" => {
            !matches!(to, "server" | "entity" | "program" | "border" | "answer") && of != "server"
        }
        _ => {
            let slice = slice.unwrap_or_else(|| panic!("{file}: no room of that name is known"));
            let earlier = target.is_some_and(|target| target <= slice);
            match part {
                "mod" => true,
                "model" => is_word || (earlier && of == "model"),
                "api" => {
                    is_word
                        || (earlier && of == "model")
                        || matches!(to, "border")
                        || import == "ui::command::Found"
                }
                "view" => is_word || to == "ui" || (earlier && of != "server"),
                "server" => {
                    is_word
                        || matches!(to, "access" | "entity" | "server")
                        || (earlier && matches!(of, "model" | "server" | "self"))
                }
                other => panic!("{file}: {other} is no part of a slice"),
            }
        }
    }
}

#[test]
fn imports_run_one_way() {
    let wrong: Vec<String> = sources("src")
        .iter()
        .flat_map(|(file, source)| {
            imports(source)
                .into_iter()
                .filter(|import| !may(file, import))
                .map(move |import| format!("{file} imports {import}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_reader_of_imports_reads_groups() {
    let source = "use crate::{\n    access::{can, server::{Grant, door}},\n    id::OrgSlug,\n};\nlet x = crate::billing::Limit::Projects;";
    assert_eq!(
        imports(source),
        [
            "access::can",
            "access::server::Grant",
            "access::server::door",
            "id::OrgSlug",
            "billing::Limit::Projects"
        ]
    );
    assert!(!may("src/ui/form.rs", "projects::model::NewProject"));
    assert!(!may("src/identity/view/auth.rs", "organizations::api"));
    assert!(!may("src/projects/view/list.rs", "projects::server"));
    assert!(!may("src/server/outbox.rs", "identity::server::letters"));
}

#[test]
fn the_two_builds_part_in_few_places() {
    let wrong: Vec<String> = sources("src")
        .into_iter()
        .filter(|(file, _)| {
            let is_a_slices_map = file.ends_with("/mod.rs") && file.matches('/').count() == 2;
            let is_known = is_a_slices_map
                || matches!(file.as_str(), "src/lib.rs" | "src/main.rs")
                || file.starts_with("src/id");
            !is_known
        })
        .filter(|(_, source)| {
            source
                .lines()
                .any(|line| line.contains("#[cfg(") && line.contains("feature ="))
        })
        .map(|(file, _)| file)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// Whoever enters a tenant without a grant is named here, and says why.
#[test]
fn few_enter_a_tenant_by_themselves() {
    const KNOWN: [&str; 13] = [
        "src/audit/server/verify.rs",
        "src/billing/server/apply.rs",
        "src/billing/server/compare.rs",
        "src/billing/server/customer.rs",
        "src/organizations/server/founding.rs",
        "src/organizations/server/look.rs",
        "src/organizations/server/owners.rs",
        "src/program/seed.rs",
        "src/server/presence.rs",
        "src/team/server/letters.rs",
        "src/usage/server/calls.rs",
        "src/usage/server/retention.rs",
        "src/usage/server/storage.rs",
    ];
    let found: Vec<String> = sources("src")
        .into_iter()
        .filter(|(file, _)| {
            !file.starts_with("src/access/server/") && !file.starts_with("src/server/database/")
        })
        .filter(|(_, source)| {
            [" Scope::", "(Scope::"]
                .iter()
                .any(|scope| source.contains(scope))
        })
        .map(|(file, _)| file)
        .collect();
    let found: std::collections::BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, KNOWN.into_iter().collect());
}

/// Leptos's own title isn't escaped when the server renders it.
#[test]
fn titles_are_escaped() {
    for (file, source) in sources("src")
        .into_iter()
        .filter(|(file, _)| !matches!(file.as_str(), "src/app.rs" | "src/ui/escape.rs"))
    {
        assert!(
            !source.contains("leptos_meta::Title") && !source.contains("<Title "),
            "{file} has a title of its own"
        );
    }
}

#[test]
fn no_file_holds_two_things() {
    for (file, source) in ["src", "migration", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
    {
        let lines = source.lines().count();
        assert!(lines <= 400, "{file} has {lines} lines");
    }
}
