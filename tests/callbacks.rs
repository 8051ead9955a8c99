//! Where people come back to from the sign-in page.

use crate::world::World;

#[tokio::test]
async fn signed_out_people_come_back_to_where_they_wanted() {
    let w = World::new().await;
    w.owner_of("acme").await;
    let visitor = w.visitor();
    let page = visitor.get("/app/acme/projects?q=a%20b&after=x").await;
    let expected = "/auth/signin?callbackUrl=/app/acme/projects%3Fq%3Da%2520b%26after%3Dx";
    assert_eq!((page.status.as_u16(), page.location()), (302, expected));

    let page = visitor.get(page.location()).await;
    assert!(
        page.body
            .contains(r#"value="/app/acme/projects?q=a%20b&amp;after=x""#),
        "the form carries it on"
    );
    let sent = visitor
        .form(
            "/auth/signin",
            "/_fn/sign_in",
            &[
                ("email", "owner@acme.test"),
                ("password", crate::world::PASSWORD),
                ("callback_url", "/app/acme/projects?q=a%20b&after=x"),
            ],
        )
        .await;
    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, "/app/acme/projects?q=a%20b&after=x")
    );
}

#[tokio::test]
async fn nobody_is_sent_off_the_site() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    for url in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let page = w
            .visitor()
            .get(&format!("/auth/signin?callbackUrl={url}"))
            .await;
        assert!(
            page.body.contains(r#"name="callback_url" value=""#),
            "{url}"
        );
        assert!(!page.body.contains("evil.example"), "{url}");
        let fields = [
            ("email", "ada@example.com"),
            ("password", crate::world::PASSWORD),
            ("callback_url", url),
        ];
        let sent = w
            .visitor()
            .form("/auth/signin", "/_fn/sign_in", &fields)
            .await;
        assert_eq!(sent.location(), "/app", "{url}");
    }
}
