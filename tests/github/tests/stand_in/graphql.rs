//! GraphQL, by GitHub's own schema.

use github_stand_in::{Access, GRAPHQL, Pull, World};
use serde_json::{Value, json};

use crate::client::Client;

const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Repository { databaseId name nameWithOwner owner { login } }
    ... on User { databaseId login }
    ... on PullRequest { number title url state isDraft merged repository { nameWithOwner }
        commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } }
} }";

async fn client() -> Client {
    let mut world = World::new();
    let mut pull = Pull::new(42, 7, World::HELLO_WORLD, "Mend the gate");
    pull.checks = Some("PENDING".into());
    world.pulls.push(pull);
    Client::of(world).await
}

async fn nodes(client: &Client, ids: &[String]) -> Value {
    client.post("/graphql", &json!({ "query": NODES, "variables": { "ids": ids } })).await.body
}

#[tokio::test]
async fn nodes_are_found_by_both_forms_of_their_ids() {
    let client = client().await;
    let (modern, legacy) = client.stand_in.world(|world| {
        let ids = [world.repositories[0].node_id(), world.users[1].node_id(), world.pulls[0].node_id()];
        (ids.map(|id| id.modern()), ids.map(|id| id.legacy()))
    });
    let found = nodes(&client, &modern).await;
    assert_eq!(found, nodes(&client, &legacy).await);
    let found = &found["data"]["nodes"];
    assert_eq!(
        (&found[0]["nameWithOwner"], &found[0]["owner"]["login"]),
        (&json!("octocat/hello-world"), &json!("octocat"))
    );
    assert_eq!((&found[0]["id"], &found[1]["login"]), (&json!(modern[0]), &json!("monalisa")));
    assert_eq!(
        (&found[2]["number"], &found[2]["isDraft"], &found[2]["state"]),
        (&json!(7), &json!(true), &json!("OPEN"))
    );
    assert_eq!(found[2]["commits"]["nodes"][0]["commit"]["statusCheckRollup"]["state"], "PENDING");
    assert_eq!(found[2]["url"], "https://github.com/octocat/hello-world/pull/7");
    assert_eq!(client.stand_in.count(GRAPHQL), 2);
    client.see_no_complaint();
}

#[tokio::test]
async fn one_node_is_found_too() {
    let client = client().await.of_enterprise_graphql();
    let query = "query ($id: ID!) { node(id: $id) { ... on PullRequest { title } } viewer { login } }";
    let id = client.stand_in.world(|world| world.pulls[0].node_id().modern());
    let found = client.post("/graphql", &json!({ "query": query, "variables": { "id": id } })).await.body;
    assert_eq!(found["data"], json!({ "node": { "title": "Mend the gate" }, "viewer": { "login": "octocat" } }));
    client.see_no_complaint();
}

#[tokio::test]
async fn what_is_not_there_is_null_with_an_error() {
    let client = client().await;
    let id = client.stand_in.world(|world| world.repositories[0].node_id().modern());
    let found = nodes(&client, &["R_nowhere".into(), id]).await;
    assert_eq!((&found["data"]["nodes"][0], &found["errors"][0]["type"]), (&json!(null), &json!("NOT_FOUND")));
    assert_eq!(found["data"]["nodes"][1]["name"], "hello-world");
    client.stand_in.world(|world| world.token_mut(World::TOKEN).pulls = Access::None);
    let pull = client.stand_in.world(|world| world.pulls[0].node_id().modern());
    assert_eq!(nodes(&client, &[pull]).await["errors"][0]["type"], "FORBIDDEN");
    client.see_no_complaint();
}

#[tokio::test]
async fn what_the_schema_does_not_allow_is_told() {
    let hundred_and_one: Vec<String> = (0..101).map(|_| "R_x".to_owned()).collect();
    for body in [
        json!({ "query": "{ nodes(ids: []) { number } }" }),
        json!({ "query": "{ nodes(ids: 1) " }),
        json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }" }),
        json!({ "query": NODES, "variables": { "ids": hundred_and_one } }),
        json!({ "query": "{ viewer { bio } }" }),
        json!({ "query": "{ viewer { login } }", "variable": {} }),
        json!({ "documents": "{ viewer { login } }" }),
    ] {
        let client = client().await;
        let answered = client.post("/graphql", &body).await;
        assert!(
            answered.status == 200 && !answered.body["errors"][0]["message"].is_null(),
            "{body}: {}",
            answered.body
        );
        assert_eq!(client.stand_in.complaints().len(), 1, "{body}: {:?}", client.stand_in.complaints());
    }
}
