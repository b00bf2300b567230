//! Takes a request apart, hands it to a thread of the engine and answers it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{Method, Response, StatusCode, request::Parts},
};
use tokio::sync::oneshot;

use super::{
    auth, body, failure,
    form::{self, Form},
    job::Job,
    listener::ConnectionInfo,
    options::User,
    origin,
    parameters::Parameters,
    reply::{Answer, Reply},
    server::Shared,
};
use crate::engine::{Error, Failure};
use crate::http::Access;

/// Answers one HTTP request.
pub(super) async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<ConnectionInfo>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let answer = Answer {
        engine: &shared.engine,
        query_id: "",
    };
    if let Some(objection) = origin::objection(&parts.headers, &parts.uri, shared.address) {
        return answer.text(StatusCode::FORBIDDEN, format!("Forbidden: {objection}\n"));
    }
    match (parts.uri.path(), &parts.method) {
        (_, method) if ![Method::GET, Method::HEAD, Method::POST].contains(method) => {
            answer.text(StatusCode::METHOD_NOT_ALLOWED, "Use GET or POST\n".to_owned())
        }
        ("/ping" | "/replicas_status", _) => answer.text(StatusCode::OK, "Ok.\n".to_owned()),
        ("/", _) => query(shared, connection, parts, body).await,
        _ => answer.text(
            StatusCode::NOT_FOUND,
            "There is nothing here; queries go to /\n".to_owned(),
        ),
    }
}

/// A request's parts as far as they are known before its body is read.
struct Asked {
    user: User,
    parameters: Parameters,
    form: Form,
    body: Body,
}

async fn query(shared: Arc<Shared>, connection: ConnectionInfo, parts: Parts, body: Body) -> Response<Body> {
    let nothing = Answer {
        engine: &shared.engine,
        query_id: "",
    };
    let asked = match ask(&shared, &parts, body).await {
        Ok(asked) => asked,
        Err(failure) => return nothing.failure(&failure),
    };
    if parts.method != Method::POST && asked.parameters.query.is_empty() {
        return nothing.text(StatusCode::OK, "Ok.\n".to_owned());
    }
    let query_id = asked.parameters.query_id.clone();
    let answer = Answer {
        engine: &shared.engine,
        query_id: &query_id,
    };
    let ticket = match shared.under_way.enter(&shared.engine, &query_id) {
        Ok(ticket) => ticket,
        Err(failure) => return answer.failure(&failure),
    };
    let (pump, pipe) = body::pipe(asked.body, shared.options.body_timeout);
    let (sender, receiver) = oneshot::channel();
    let job = form::tables(asked.form.files, &asked.parameters).map(|tables| Job {
        engine: shared.engine.clone(),
        sessions: Arc::clone(&shared.sessions),
        user: asked.user,
        parameters: asked.parameters,
        tables,
        read_only: parts.method != Method::POST,
        stoppable: ticket.stoppable(),
    });
    let submitted = match job {
        Ok(job) => shared
            .engine
            .submit(move || job.run(pipe, sender))
            .await
            .map_err(|error| unavailable(&error)),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = submitted {
        return answer.failure(&failure);
    }
    let (reply, ()) = tokio::join!(receiver, pump.run());
    let reply =
        reply.unwrap_or_else(|_| Reply::Failure(failure::internal("The request ended without an answer")));
    answer.reply(reply, ticket, connection.flushed)
}

/// Reads parameters and form, and finds the user.
async fn ask(shared: &Shared, parts: &Parts, body: Body) -> Result<Asked, Failure> {
    let mut pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let find = |pairs: &[(String, String)], wanted: &str| {
        pairs
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
    };
    let (name, password) = (find(&pairs, "user"), find(&pairs, "password"));
    let user = auth::authenticate(
        &shared.options.users,
        &parts.headers,
        (name.as_deref(), password.as_deref()),
    )?
    .clone();
    let boundary = form::boundary(&parts.headers);
    let multipart = boundary.is_some();
    let (form, body) = match boundary {
        Some(boundary) => {
            let limit = match user.access {
                Access::Full => form::LARGEST,
                Access::ReadDatabase(_) => form::LARGEST_OF_READERS,
            };
            let read = tokio::time::timeout(shared.options.body_timeout, form::read(body, boundary, limit));
            let read = read
                .await
                .map_err(|_| failure::bad_arguments("The multipart form did not end in time"))?;
            (read?, Body::empty())
        }
        None => (Form::default(), body),
    };
    pairs.extend(form.fields.iter().cloned());
    let parameters = Parameters::parse(pairs, &parts.headers, multipart)?;
    if multipart && (parameters.encoding.is_some() || parameters.decompress) {
        return Err(failure::not_implemented("A multipart form cannot be compressed"));
    }
    Ok(Asked {
        user,
        parameters,
        form,
        body,
    })
}

fn unavailable(error: &Error) -> Failure {
    match error {
        Error::Busy { .. } => failure::busy(error.to_string()),
        other => failure::internal(other.to_string()),
    }
}
