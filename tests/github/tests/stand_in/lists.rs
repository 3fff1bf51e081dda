//! Lists: filters, order, pages, and answers that hold only what is new.

use std::collections::HashSet;

use github_stand_in::World;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answered, Client, read};

/// The address of a link of the answer, without the host.
fn link(answered: &Answered, rel: &str) -> Option<String> {
    let links = answered.header("link").to_owned();
    let found = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{rel}\"")))?;
    let address = found.strip_prefix('<')?.split('>').next()?.to_owned();
    address.split_once("/agents").map(|(_, rest)| format!("/agents{rest}"))
}

fn ids(answered: &Answered) -> Vec<String> {
    let tasks = answered.body["tasks"].as_array().unwrap();
    tasks.iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn two_thousand_tasks_are_on_twenty_pages() {
    let mut world = World::with_tasks(2_000);
    world.tasks.iter_mut().for_each(|task| task.archived_at = None);
    let client = Client::of(world).await;
    let (mut seen, mut pages) = (HashSet::new(), 0);
    let mut next = Some("/agents/tasks?per_page=100".to_owned());
    while let Some(path) = next {
        let answered = client.get(&path).await;
        assert_eq!(answered.body["total_active_count"], 2_000);
        assert!(link(&answered, "first").is_some());
        assert_eq!(link(&answered, "last").is_some(), pages == 19);
        seen.extend(ids(&answered));
        pages += 1;
        next = link(&answered, "next");
    }
    assert_eq!((seen.len(), pages), (2_000, 20));
    client.see_no_complaint();
}

#[tokio::test]
async fn tasks_are_filtered_and_sorted() {
    let world = World::with_tasks(100);
    assert_eq!(
        world,
        World { limits_reset_at: world.limits_reset_at, ..World::with_tasks(100) },
        "it is always the same"
    );
    let (newest, oldest) = (world.tasks[0].clone(), world.tasks[98].clone());
    let client = Client::of(world).await;
    let list = async |query: &str| client.get(&format!("/agents/tasks?per_page=100&{query}")).await;
    let all = list("").await;
    assert_eq!((ids(&all).len(), &all.body["total_archived_count"]), (96, &json!(4)));
    assert_eq!((ids(&all).first(), ids(&all).last()), (Some(&newest.id), Some(&oldest.id)));
    assert_eq!(ids(&list("is_archived=true").await).len(), 4);
    assert_eq!(ids(&list("direction=asc&sort=created_at").await).first(), Some(&oldest.id));
    assert_eq!(ids(&list(&format!("since={}", newest.updated_at)).await), [newest.id]);
    let active = list("state=queued,in_progress").await;
    let is_active = |task: &Value| task["state"] == "queued" || task["state"] == "in_progress";
    assert!(active.body["tasks"].as_array().unwrap().iter().all(is_active) && !ids(&active).is_empty());
    let path = "/agents/repos/octocat/hello-world/tasks?creator_id=2&creator_id=3";
    assert_eq!(ids(&client.get(path).await), Vec::<String>::new());
    client.see_no_complaint();
}

#[tokio::test]
async fn what_is_known_already_costs_nothing() {
    let client = Client::of(World::with_tasks(3)).await;
    let first = client.get("/agents/tasks").await;
    let ask = async || {
        let request = client.request(Method::GET, "/agents/tasks").header("if-none-match", first.header("etag"));
        read(request.send().await.unwrap()).await
    };
    let same = ask().await;
    assert_eq!((same.status, &same.body), (304, &json!("")));
    assert_eq!(same.header("cache-control"), "private, max-age=60, s-maxage=60");
    assert_eq!(client.get("/agents/tasks/none").await.header("cache-control"), "");
    assert_eq!(same.header("x-ratelimit-remaining"), first.header("x-ratelimit-remaining"));
    let id = first.body["tasks"][0]["id"].as_str().unwrap().to_owned();
    client.stand_in.world(|world| world.task_mut(&id).become_state("cancelled"));
    let other = ask().await;
    assert_eq!((other.status, other.header("x-ratelimit-used")), (200, "3"));
    assert_eq!(client.stand_in.requests().iter().filter(|request| request.is_conditional).count(), 2);
    client.see_no_complaint();
}

#[tokio::test]
async fn limits_end_and_are_told() {
    let client = Client::of(World::new()).await;
    client.stand_in.world(|world| (world.core_remaining, world.poll_interval_seconds) = (1, Some(60)));
    let last = client.get("/user").await;
    assert_eq!((last.status, last.header("x-ratelimit-remaining"), last.header("x-poll-interval")), (200, "0", "60"));
    let refused = client.get("/user").await;
    assert_eq!((refused.status, refused.header("x-ratelimit-resource")), (403, "core"));
    assert!(refused.body["message"].as_str().unwrap().starts_with("API rate limit exceeded"));
    let graphql = client.post("/graphql", &json!({ "query": "{ viewer { login } }" })).await;
    assert_eq!((graphql.status, graphql.header("x-ratelimit-remaining")), (200, "4999"));
    client.see_no_complaint();
}
