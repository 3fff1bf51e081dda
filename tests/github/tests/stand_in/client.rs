//! A client that asks as the page should.

use github_stand_in::{StandIn, World};
use reqwest::{Method, RequestBuilder, Response, header::HeaderMap};
use serde_json::Value;

/// A stand-in, and who asks it.
pub struct Client {
    pub stand_in: StandIn,
    base: String,
    http: reqwest::Client,
}

/// What came back.
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Client {
    pub async fn of(world: World) -> Self {
        let stand_in = StandIn::start(world).await.unwrap();
        let base = stand_in.address();
        Self { stand_in, base, http: reqwest::Client::new() }
    }

    /// Asks an Enterprise Server.
    pub fn of_enterprise(self) -> Self {
        Self { base: self.stand_in.enterprise_address(), ..self }
    }

    /// Asks an Enterprise Server, which has GraphQL elsewhere.
    pub fn of_enterprise_graphql(self) -> Self {
        Self { base: format!("{}/api", self.stand_in.address()), ..self }
    }

    /// A request without headers.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// A request with all that GitHub wants.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(World::TOKEN).header("accept", "application/vnd.github+json")
    }

    pub async fn get(&self, path: &str) -> Answered {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answered {
        read(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// Nothing was complained about.
    pub fn see_no_complaint(&self) {
        assert_eq!(self.stand_in.complaints(), Vec::<String>::new());
    }
}

/// Reads an answer; text that is not JSON becomes a string.
pub async fn read(response: Response) -> Answered {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answered { status, headers, body }
}

impl Answered {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
