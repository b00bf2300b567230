//! The interface with a real engine behind it, asked over HTTP.
//!
//! All tests share one engine, because a process can have no second one; each uses a database of its own. The engine's
//! library is found by the normal search, so the first run on a machine fetches it.

mod answers;
mod confined;
mod inserts;
mod outside;
mod sessions;
mod statements;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use reqwest::{Client, RequestBuilder, Response};

use super::{Access, Options, Server, User};
use crate::engine::testing::{SharedEngine, shared_engine};

const LIMIT: Duration = Duration::from_secs(60);

/// A server for one test.
struct Under {
    shared: Arc<SharedEngine>,
    address: SocketAddr,
    client: Client,
}

/// An answer, read whole.
struct Answered {
    status: u16,
    code: Option<u32>,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

/// A multipart form.
#[derive(Default)]
struct Form(String);

impl Form {
    const BOUNDARY: &str = "form-boundary";

    fn new() -> Self {
        Self::default()
    }

    fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value)
    }

    fn file(self, name: &str, file_name: &str, data: &str) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"{file_name}\""), data)
    }

    fn part(self, disposition: &str, data: &str) -> Self {
        let Self(before) = self;
        let boundary = Self::BOUNDARY;
        Self(format!(
            "{before}--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{data}\r\n"
        ))
    }

    fn on(self, request: RequestBuilder) -> RequestBuilder {
        let boundary = Self::BOUNDARY;
        request
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={boundary}"),
            )
            .body(format!("{}--{boundary}--\r\n", self.0))
    }
}

/// Runs `test` against a server of its own.
fn with_server<F: Future<Output = ()>>(test: impl FnOnce(Under) -> F) {
    let shared = shared_engine();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let users = vec![
            User {
                name: "default".to_owned(),
                password: None,
                access: Access::Full,
            },
            User {
                name: "bi".to_owned(),
                password: Some("secret".to_owned()),
                access: Access::ReadDatabase("quarterday".to_owned()),
            },
        ];
        let options = Options {
            users,
            sessions: 4,
            ..Options::default()
        };
        let server = Server::start(shared.engine.clone(), listener, options).unwrap();
        let client = Client::builder().timeout(LIMIT).build().unwrap();
        let under = Under {
            shared: Arc::clone(&shared),
            address: server.address(),
            client,
        };
        tokio::time::timeout(LIMIT, test(under))
            .await
            .expect("the test took too long");
        server.shutdown().await;
    });
}

impl Under {
    fn post(&self, query: &[(&str, &str)]) -> RequestBuilder {
        self.client.post(format!("http://{}/", self.address)).query(query)
    }

    /// A statement as the user `default`.
    async fn ask(&self, sql: &str) -> Answered {
        answered(self.post(&[]).body(sql.to_owned())).await
    }

    /// The text that a statement gives; it must succeed.
    async fn text(&self, sql: &str) -> String {
        let answer = self.ask(sql).await;
        assert_eq!(answer.status, 200, "{sql}: {}", answer.text());
        answer.text()
    }

    /// Statements that must succeed.
    async fn all(&self, statements: &[&str]) {
        for sql in statements {
            self.text(sql).await;
        }
    }

    /// The code that a statement fails with.
    async fn code(&self, sql: &str) -> Option<u32> {
        self.ask(sql).await.code
    }

    /// Sends bytes as they are, closing behind them if they are `cut`, and reads until the server closes.
    fn raw(&self, bytes: &[u8], cut: bool) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.write_all(bytes).unwrap();
        if cut {
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }
}

impl Answered {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// One value of the summary.
    fn summary(&self, name: &str) -> String {
        let summary: serde_json::Value = serde_json::from_str(self.header("x-clickhouse-summary")).unwrap();
        summary[name].as_str().unwrap().to_owned()
    }
}

async fn answered(request: RequestBuilder) -> Answered {
    let response: Response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let code = headers
        .get("x-clickhouse-exception-code")
        .map(|code| code.to_str().unwrap().parse().unwrap());
    let body = response.bytes().await.unwrap().to_vec();
    Answered {
        status,
        code,
        headers,
        body,
    }
}
