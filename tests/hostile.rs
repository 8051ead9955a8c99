//! Bad input: a clear 4xx, or shown as the text that it is; never a 5xx.

use atrium::{
    error::AppError,
    projects::{api::CreateProject, model::NewProject},
};
use reqwest::multipart::{Form, Part};

use crate::world::{
    Browser, PASSWORD, World,
    functions::{FUNCTIONS, Function, Ids},
};

const SCRIPT: &str = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>\"'";

async fn signed_in(w: &World) -> Browser {
    let owner = w.visitor();
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    owner
}

fn argument_names(function: &Function) -> Vec<&'static str> {
    function
        .arguments
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Bodies that put something hostile into one field and leave the others.
fn hostile_bodies(function: &Function, project: &str) -> Vec<Vec<u8>> {
    let ids = Ids {
        project: project.to_owned(),
        ..Ids::none("acme")
    };
    let harmless = ids.fill(function.arguments);
    let values: [&[u8]; 8] = [
        b"",
        b"%00",
        b"a%00b",
        b"%FF%FE%80",
        b"\xff\xfe",
        b"%E2%80%AE%0D%0A",
        b"%",
        b"%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ];
    let mut bodies = vec![
        b"".to_vec(),
        b"&&&===".to_vec(),
        b"{\"json\":true}".to_vec(),
        harmless.replace('=', "[x][y]=").into_bytes(),
    ];
    for name in argument_names(function) {
        for value in values {
            let others = harmless
                .split('&')
                .filter(|pair| !pair.starts_with(&format!("{name}=")));
            let mut body = others.collect::<Vec<_>>().join("&").into_bytes();
            body.extend_from_slice(format!("&{name}=").as_bytes());
            body.extend_from_slice(value);
            bodies.push(body);
        }
        bodies.push(format!("{harmless}&{name}[deep][deeper]=1").into_bytes());
    }
    bodies
}

#[tokio::test]
async fn no_input_of_a_server_function_is_a_fault_of_ours() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    let new = NewProject {
        name: "Storefront".into(),
        description: String::new(),
    };
    let project = owner
        .call(CreateProject {
            org: "acme".to_owned().into(),
            new,
        })
        .await
        .unwrap()
        .id
        .to_string();
    for function in FUNCTIONS {
        let who = signed_in(&w).await;
        for body in hostile_bodies(function, &project) {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let page = who
                .post(
                    &format!("/_fn/{}", function.name),
                    body.clone(),
                    "application/json",
                )
                .await;
            assert!(
                page.status.as_u16() < 500,
                "{} with {shown:?}: {page:?}",
                function.name
            );
            let page = who
                .post(&format!("/_fn/{}", function.name), body, "text/html")
                .await;
            assert_eq!(
                page.status.as_u16(),
                303,
                "{} with {shown:?}: {page:?}",
                function.name
            );
        }
    }
}

#[tokio::test]
async fn a_field_of_a_mebibyte_is_refused() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let large = "a".repeat(1 << 20);
    for function in FUNCTIONS {
        let who = signed_in(&w).await;
        for name in argument_names(function) {
            let body = format!("{name}={large}");
            let page = who
                .post(&format!("/_fn/{}", function.name), body, "application/json")
                .await;
            assert_eq!(page.status.as_u16(), 413, "{} {name}", function.name);
        }
    }
}

#[tokio::test]
async fn another_way_of_writing_is_refused() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    for (content_type, body) in [
        ("application/json", r#"{"org":"acme","new":{"name":"x"}}"#),
        ("text/plain", "org=acme"),
        ("", "org=acme"),
        ("multipart/form-data", "org=acme"),
        ("multipart/form-data; boundary=x", "--x\r\ngarbage"),
    ] {
        let sent = owner
            .raw()
            .post(owner.at("/_fn/create_project"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", content_type)
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(
            (400..500).contains(&sent.status().as_u16()),
            "{content_type}: {}",
            sent.status()
        );
    }
}

#[tokio::test]
async fn what_people_type_is_only_ever_text() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let name: String = SCRIPT.chars().take(64).collect();
    let new = NewProject {
        name: name.clone(),
        description: SCRIPT.into(),
    };
    let id = owner
        .call(CreateProject {
            org: "acme".to_owned().into(),
            new,
        })
        .await
        .unwrap()
        .id;
    for path in [
        "/app/acme".to_owned(),
        "/app/acme/projects".into(),
        format!("/app/acme/projects/{id}"),
    ] {
        let page = owner.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(
            page.body.contains("&lt;script&gt;alert(1)"),
            "{path} shows it"
        );
        assert!(
            !page.body.contains("<script>alert(1)") && !page.body.contains("<img src=x"),
            "{path}"
        );
        let textareas = page.body.matches("</textarea>").count();
        assert_eq!(textareas, page.body.matches("<textarea").count(), "{path}");
    }
    let query: String = SCRIPT.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for path in [
        format!("/app/acme/projects?q={query}"),
        format!("/auth/signin?callbackUrl={query}&__err={query}&__path={query}"),
        format!("/auth/verify?token={query}"),
        format!("/{query}"),
    ] {
        let page = owner.get(&path).await;
        assert!(page.status.as_u16() < 500, "{path}");
        assert!(
            !page.body.contains("<script>alert(1)") && !page.body.contains("<img src=x"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text_after_a_redirect() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let description = format!("{SCRIPT}{}", "x".repeat(500));
    let fields = [
        ("org", "acme"),
        ("new[name]", SCRIPT),
        ("new[description]", &description),
    ];
    let sent = owner
        .form("/app/acme/projects/new", "/_fn/create_project", &fields)
        .await;
    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, "/app/acme/projects/new")
    );
    let page = owner.get("/app/acme/projects/new").await;
    for problem in ["Use at most 64 characters.", "Use at most 500 characters."] {
        assert!(
            page.body.contains(problem),
            "{problem}: {sent:?} {}",
            page.body
        );
    }
    assert!(
        page.body.contains("&lt;script&gt;alert(1)"),
        "it is there again"
    );
    assert!(!page.body.contains("<script>alert(1)") && !page.body.contains("<img src=x"));
    let again = owner.get("/app/acme/projects/new").await;
    assert!(
        !again.body.contains("Use at most"),
        "and is gone on the next page"
    );
}

#[tokio::test]
async fn odd_addresses_are_not_found() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    w.put_on("acme", atrium::billing::Plan::Starter).await;
    for path in [
        "/app/acme/projects/nonsense",
        "/app/acme/projects/prj_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "/app/%00",
        "/app/%FF%FE",
        "/app/..%2F..%2Fetc",
        "/app/acme%00",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/Cargo.toml",
        "/app/acme/image/%00",
        "/fonts/",
        "/images/../../Cargo.toml",
    ] {
        let page = owner.get(path).await;
        assert_eq!(page.status.as_u16(), 404, "{path}");
        assert!(!page.body.contains("[package]"), "{path}");
    }
    for path in [
        "/app/acme/projects?after=nonsense",
        "/app/acme/projects?q=%00%FF",
        "/app/acme/projects?before=prj_1",
        "/app/acme/activity?action=%00&entity=%00&from=-262143-01-01&to=99999-99-99",
        "/app/acme/activity?entity=%FF&actor=%00&after=-9223372036854775808&event=x",
        "/app/acme/activity?before=9223372036854775807",
        "/api/app/acme/audit.csv?action=%00&entity=%00",
        "/api/app/acme/audit.jsonl?from=-262143-01-01&after=x",
    ] {
        assert_eq!(owner.get(path).await.status.as_u16(), 200, "{path}");
    }
}

#[tokio::test]
async fn only_small_images_are_images() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let send = async |bytes: Vec<u8>| {
        let form = Form::new()
            .text("org", "acme")
            .part("image", Part::bytes(bytes).file_name("../../x.png"));
        let request = owner
            .raw()
            .post(owner.at("/_fn/set_organization_image"))
            .header("sec-fetch-site", "same-origin");
        let sent = request.multipart(form).send().await.unwrap();
        (sent.status().as_u16(), sent.text().await.unwrap())
    };
    let png = b"\x89PNG\r\n\x1a\n0000".to_vec();
    assert_eq!(send(b"<svg onload=alert(1)>".to_vec()).await.0, 422);
    assert_eq!(send(Vec::new()).await.0, 422);
    assert_eq!(
        send([png.clone(), vec![0; 520 * 1024]].concat()).await.0,
        422
    );
    assert_eq!(send([png.clone(), vec![0; 5 << 20]].concat()).await.0, 413);
    assert_eq!(send(png.clone()).await.0, 200);

    let page = owner.get("/app/acme/settings").await.body;
    let from = page.find("/app/acme/image/").unwrap();
    let path = &page[from..from + page[from..].find('"').unwrap()];
    let image = owner.get(path).await;
    assert_eq!(
        (image.status.as_u16(), image.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(image.header("x-content-type-options"), "nosniff");
    assert_eq!(w.visitor().get(path).await.status.as_u16(), 401);
    assert_eq!(
        w.person("eve@example.com")
            .await
            .get(path)
            .await
            .status
            .as_u16(),
        404
    );
}

#[tokio::test]
async fn an_error_in_the_address_is_not_believed() {
    let w = World::new().await;
    let err = AppError::WrongCredentials;
    let page = w
        .visitor()
        .get(&format!(
            "/auth/signin?__err={}&__path=/_fn/sign_in",
            err.words()
        ))
        .await;
    assert!(
        !page.body.contains(&err.words().replace('\'', "&#x27;"))
            && !page.body.contains(&err.words())
    );
}
