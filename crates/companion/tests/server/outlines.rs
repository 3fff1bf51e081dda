//! Outlines.

use agent_tasks::{OutlineWindow, paths};
use axum::body::Body;

use crate::{
    harness::Server,
    ready_made::{ReadyMade, begin},
};

#[tokio::test]
async fn an_outline_that_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), 1).await;
    let log = ReadyMade::start(&server, folder.path()).await;
    let last = log.write(vec![begin()]).await;
    let window: OutlineWindow = server.get(&paths::outline(&log.id)).await;
    assert_eq!(window.last_seq, last);
    let own = paths::outline(&log.id);
    for (path, status) in [
        (paths::outline(&agent_tasks::TaskId("0193".into())), 404),
        (format!("{own}?limit=0"), 422),
        (format!("{own}?limit=501"), 422),
        (format!("{own}?first=-1"), 422),
        (format!("{own}?first=1&seq=1"), 422),
        (format!("{own}?first=99999&map=true"), 200),
    ] {
        let response = server.send(server.request("GET", &format!("/api{path}")).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{path}");
    }
}
