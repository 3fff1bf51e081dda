//! The verbs and the ears of the stories themselves: a page that does what it should, and one that complains.

use e2e::Page;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const POLITE: &str = r#"<!doctype html><title>t</title><link rel="icon" href="data:,">
<label>Prompt <textarea id="p"></textarea></label>
<label>Agent <select id="a"><option value="1">One</option><option value="2">Rehearsal (no model)</option></select></label>
<button id="b" disabled>Start task</button><section role="log" aria-label="Session log">quiet</section>
<script>
p.oninput = () => { b.disabled = !p.value };
b.onclick = () => { document.querySelector('section').innerText = a.value + ': ' + p.value };
</script>"#;

const RUDE: &str = r#"<!doctype html><title>t</title><link rel="icon" href="data:,"><body><script>
console.warn('careful'); setTimeout(() => { throw new Error('oops') }); fetch('/missing');
</script>"#;

/// Serves `html` at `/` and refuses everything else.
async fn serve(html: &'static str) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let length = stream.read(&mut request).await.unwrap_or(0);
                let (status, body) =
                    if request[..length].starts_with(b"GET / ") { ("200 OK", html) } else { ("404 Not Found", "") };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            });
        }
    });
    Ok(address)
}

#[tokio::test(flavor = "multi_thread")]
async fn verbs_find_things_by_role_and_name() -> anyhow::Result<()> {
    let page = Page::blank().await?;
    page.open(&serve(POLITE).await?).await?;
    page.choose("Agent", "Rehearsal").await?;
    page.type_into("Prompt", "Grüße\nan alle").await?;
    page.click_role("button", "Start task").await?;
    page.see("2: Grüße").await?;
    page.see_no("quiet").await?;
    assert_eq!(page.text_of("log", "Session log").await?, "2: Grüße\nan alle");
    assert_eq!(page.value_of("textbox", "Prompt").await?, "Grüße\nan alle");
    assert!(page.screenshot("harness").await?.exists());
    assert_eq!(page.complaints(), Vec::<String>::new());
    page.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn complaints_are_heard() -> anyhow::Result<()> {
    let page = Page::blank().await?;
    let address = serve(RUDE).await?;
    page.open(&address).await?;
    for word in ["careful", "oops", "404 for"] {
        e2e::until(&format!("a complaint about {word}"), async || {
            Ok(page.complaints().iter().any(|complaint| complaint.contains(word)).then_some(()))
        })
        .await?;
    }
    page.close().await
}
