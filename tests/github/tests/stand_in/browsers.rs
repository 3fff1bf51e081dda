//! What browsers are told when a page asks from another origin.

use github_stand_in::World;
use reqwest::Method;

use crate::client::{Answered, Client, read};

async fn preflight(client: &Client, method: &str, headers: &str) -> Answered {
    let request = client.bare(Method::OPTIONS, "/agents/tasks").header("origin", "http://page.example");
    let request = request.header("access-control-request-method", method);
    read(request.header("access-control-request-headers", headers).send().await.unwrap()).await
}

#[tokio::test]
async fn a_page_may_ask_as_github_lets_it() {
    let client = Client::of(World::new()).await;
    let answered = preflight(&client, "POST", "authorization,content-type,if-none-match,x-github-api-version").await;
    assert_eq!((answered.status, answered.header("access-control-allow-origin")), (204, "*"));
    assert_eq!(answered.header("access-control-max-age"), "86400");
    assert_eq!(answered.headers.get("access-control-allow-credentials"), None);
    let answered = client.get("/user").await;
    assert_eq!(answered.header("access-control-allow-origin"), "*");
    assert!(answered.header("access-control-expose-headers").contains("ETag, Link"));
    assert_eq!((client.stand_in.preflights(), client.stand_in.requests().len()), (1, 1));
    client.see_no_complaint();
}

#[tokio::test]
async fn a_page_may_not_ask_otherwise() {
    for header in ["idempotency-key", "last-event-id", "cache-control", "x-anything"] {
        let client = Client::of(World::new()).await;
        let answered = preflight(&client, "GET", &format!("authorization,{header}")).await;
        assert!(!answered.header("access-control-allow-headers").to_lowercase().contains(header));
        assert_eq!(client.stand_in.complaints().len(), 1, "{header}");
    }
    let client = Client::of(World::new()).await;
    preflight(&client, "PROPFIND", "authorization").await;
    assert_eq!(client.stand_in.complaints().len(), 1);
}
