//! The calls of the contract, with a bearer, renewed tokens and repetitions.

use std::{path::PathBuf, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use minisign_verify::PublicKey;
use mostik_flow::{Attempt, Call, CauseKind, ProfileCall, ReleaseFault, Reply, Watched};
use mostik_wire::{
    AcceptLaunchBody, ClaimLaunchBody, Code, EndSessionsBody, Export, HandOff, HandOffBody, HandOffId, HandOffOffer,
    HandOffPlace, HandOffStage, HandOffStatus, HandOffTokenBody, HandedOff, Launch, Linking, Me, Problem, Profile,
    PupilId, Schedule, Secret, SecurityLog, SessionsEnded, Unlinked,
};
use reqwest::{
    Response,
    header::{ACCEPT, HeaderMap, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{sync::Mutex, time::Instant};

use crate::{
    Random, Timeouts,
    calls::ContractCall,
    export_files,
    failure::{Failure, failure_reply},
    http::{Http, Request},
    ports::random_bytes,
    release,
    retry::{RequestError, RetryPolicy},
    session::{Bearer, Session},
};

const JSON: &str = "application/json";

/// The service, for whoever is signed in.
pub struct Api {
    pub http: Arc<Http>,
    pub session: Arc<Session>,
    pub timeouts: Timeouts,
    pub random: Arc<dyn Random>,
    installation: String,
    release_key: Option<PublicKey>,
    /// What the newest launch was claimed with, and under which attempt. In memory alone.
    grant: Mutex<Option<(Attempt, String)>>,
    /// The token of the newest link of another device, and under which attempt it was looked at. In memory alone.
    token: Mutex<Option<(Attempt, String)>>,
}

impl Api {
    pub const fn new(
        http: Arc<Http>,
        session: Arc<Session>,
        timeouts: Timeouts,
        random: Arc<dyn Random>,
        installation: String,
        release_key: Option<PublicKey>,
    ) -> Self {
        Self {
            http,
            session,
            timeouts,
            random,
            installation,
            release_key,
            grant: Mutex::const_new(None),
            token: Mutex::const_new(None),
        }
    }

    pub async fn me(&self) -> Result<Me, Failure> {
        self.send_with_retries(&Request::get(self.http.url(["v1", "me"]))).await
    }

    pub async fn schedule(&self, pupil: &PupilId, date: &str) -> Result<Schedule, Failure> {
        let mut url = self.http.url(["v1", "pupils", &pupil.0, "schedule"]);
        url.query_pairs_mut().append_pair("date", date);
        self.send_with_retries(&Request::get(url)).await
    }

    pub async fn call(&self, attempt: Attempt, call: Call) -> Result<Linking, Failure> {
        let call = ContractCall::of_linking(call).map_err(|_| Failure::UnknownRefusal)?;
        self.send_with_retries(&self.request(attempt, call)).await
    }

    /// What happened to a pupil's link, and where the account is signed in.
    pub async fn security_log(&self, pupil: &PupilId) -> Result<SecurityLog, Failure> {
        self.send_with_retries(&Request::get(self.http.url(["v1", "pupils", &pupil.0, "security"]))).await
    }

    /// Ends one session of the account, or all.
    pub async fn end_sessions(&self, attempt: Attempt, session: Option<String>) -> Result<SessionsEnded, Failure> {
        let request = self.post(attempt, &["v1", "sessions", "end"], &EndSessionsBody { session })?;
        self.send_with_retries(&request).await
    }

    /// A call about the profile that a pupil is linked to; files go into `downloads`.
    pub async fn profile_call(
        &self,
        attempt: Attempt,
        pupil: &PupilId,
        call: ProfileCall,
        downloads: PathBuf,
    ) -> Result<Reply, Failure> {
        let (exports, unlinks) = (matches!(call, ProfileCall::Export(_)), matches!(call, ProfileCall::Unlink(_)));
        let call = ContractCall::of_profile(pupil, call).map_err(|_| Failure::UnknownRefusal)?;
        let request = self.request(attempt, call);
        if unlinks {
            let Unlinked { .. } = self.send_with_retries(&request).await?;
            return Ok(Reply::Unlinked);
        }
        if exports {
            let export: Export = self.send_with_retries(&request).await?;
            let saved = tokio::task::spawn_blocking(move || export_files::save(&downloads, &export)).await;
            return Ok(match saved {
                Ok(Ok(file)) => Reply::Saved { file: file.display().to_string() },
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the export was not saved");
                    failure_reply(CauseKind::FilesNotSaved)
                }
                Err(_) => failure_reply(CauseKind::FilesNotSaved),
            });
        }
        self.send_with_retries::<Profile>(&request).await.map(|profile| Reply::Profile(Box::new(profile)))
    }

    /// Asks who sends a link out of MAX, and keeps what proves that this app has asked. Needs no session.
    pub async fn claim(&self, attempt: Attempt, handle: String) -> Result<Launch, Failure> {
        let grant = URL_SAFE_NO_PAD.encode(random_bytes::<16>(&*self.random));
        let body = ClaimLaunchBody { handle: Secret::new(handle), grant: Secret::new(grant.clone()) };
        let request = self.post(attempt, &["v1", "launches", "claim"], &body)?;
        let launch = self.without_session(&request).await?;
        *self.grant.lock().await = Some((attempt, grant));
        Ok(launch)
    }

    /// Accepts the launch that was claimed under `claimed`.
    pub async fn accept(&self, attempt: Attempt, claimed: Attempt, pupil: PupilId) -> Result<Linking, Failure> {
        let grant = self.grant.lock().await.as_ref().filter(|(of, _)| *of == claimed).map(|(_, grant)| grant.clone());
        // Another was claimed since, or the app was started anew.
        let grant = grant.ok_or_else(|| Failure::Refused(Box::new(Problem::new(Code::LaunchExpired))))?;
        let request =
            self.post(attempt, &["v1", "launches", "accept"], &AcceptLaunchBody { grant: Secret::new(grant), pupil })?;
        self.send_with_retries(&request).await
    }

    /// Makes a code for another device.
    pub async fn hand_off(&self, attempt: Attempt, pupil: PupilId, place: HandOffPlace) -> Result<HandOff, Failure> {
        let request = self.post(attempt, &["v1", "hand-offs"], &HandOffBody { pupil, place })?;
        self.send_with_retries(&request).await
    }

    /// How far that code is: answered when its stage is another than the known one, or after some seconds.
    pub async fn follow_hand_off(&self, id: &HandOffId, known: HandOffStage) -> Result<HandOffStatus, Failure> {
        let mut url = self.http.url(["v1", "hand-offs", &id.0]);
        let known = serde_json::to_value(known).map_err(|_| Failure::UnknownRefusal)?;
        url.query_pairs_mut().append_pair("known", known.as_str().unwrap_or_default());
        self.send_with_retries(&Request::get(url)).await
    }

    /// Asks whose diary a link of another device leads to, and keeps its token. Needs no session.
    pub async fn look_at_hand_off(&self, attempt: Attempt, token: String) -> Result<HandOffOffer, Failure> {
        let body = HandOffTokenBody { token: Secret::new(token.clone()) };
        let request = self.post(attempt, &["v1", "hand-offs", "look"], &body)?;
        let offer = self.without_session(&request).await?;
        *self.token.lock().await = Some((attempt, token));
        Ok(offer)
    }

    /// Takes the hand-off that was looked at under `looked`.
    pub async fn take_hand_off(&self, attempt: Attempt, looked: Attempt) -> Result<HandedOff, Failure> {
        let token = self.token.lock().await.as_ref().filter(|(of, _)| *of == looked).map(|(_, token)| token.clone());
        // Another was looked at since.
        let token = token.ok_or_else(|| Failure::Refused(Box::new(Problem::new(Code::HandOffExpired))))?;
        let request =
            self.post(attempt, &["v1", "hand-offs", "take"], &HandOffTokenBody { token: Secret::new(token) })?;
        self.send_with_retries(&request).await
    }

    async fn without_session<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Failure> {
        let mut retry = RetryPolicy::begin(&self.timeouts, &*self.random);
        loop {
            match self.http.json(request, None, retry.limit()).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => match retry.after(&failed) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(failed.failure),
                },
            }
        }
    }

    /// Whether the service is ready, and how long it takes to say so. One try: who asks wants to know how things are now.
    pub async fn health(&self) -> Result<Reply, Failure> {
        let asked = Instant::now();
        let request = Request::get(self.http.url(["health", "ready"]));
        self.http.bytes(&request, None, self.timeouts.answer).await.map_err(|failed| failed.failure)?;
        Ok(Reply::Healthy { took_ms: u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX) })
    }

    /// The release that the operator offers, if it is believed. Needs no session; one try as well.
    pub async fn release(&self) -> Result<Reply, Failure> {
        let Some(key) = &self.release_key else { return Ok(Reply::ReleaseRefused(ReleaseFault::NoKey)) };
        let request = Request::get(self.http.url(["app", "latest"]));
        let answer = self.http.bytes(&request, None, self.timeouts.answer).await.map_err(|failed| failed.failure)?;
        Ok(release::read(key, &answer).map_or_else(Reply::ReleaseRefused, |release| Reply::Release(Box::new(release))))
    }

    /// Reads what is watched with one try: whoever polls asks again anyway.
    pub async fn read_once(&self, watched: &Watched) -> Result<Vec<Linking>, Failure> {
        match watched {
            Watched::Linking(linking) => {
                let request = Request::get(self.http.url(["v1", "linkings", &linking.0]));
                Ok(vec![self.send_once(&request).await?])
            }
            Watched::Account => self.send_once(&Request::get(self.http.url(["v1", "linkings"]))).await,
        }
    }

    async fn send_once<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Failure> {
        let mut bearer = self.session.bearer().await?;
        let mut renewed = false;
        loop {
            match self.http.json(request, Some(&bearer.header), self.timeouts.answer).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => bearer = self.after_refusal(failed, bearer, &mut renewed).await?,
            }
        }
    }

    /// Opens the stream of changes.
    pub async fn events(&self, watched: &Watched, last_event: Option<&str>) -> Result<Response, Failure> {
        let request = Request::get(match watched {
            Watched::Linking(linking) => self.http.url(["v1", "linkings", &linking.0, "events"]),
            Watched::Account => self.http.url(["v1", "events"]),
        });
        let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/event-stream"))]);
        if let Some(id) = last_event.and_then(|id| HeaderValue::from_str(id).ok()) {
            headers.insert("last-event-id", id);
        }
        let mut bearer = self.session.bearer().await?;
        let mut renewed = false;
        loop {
            match self.http.open(&request, Some(&bearer.header), headers.clone(), self.timeouts.answer).await {
                Ok(response) => return Ok(response),
                Err(failed) => bearer = self.after_refusal(failed, bearer, &mut renewed).await?,
            }
        }
    }

    async fn send_with_retries<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Failure> {
        let mut retry = RetryPolicy::begin(&self.timeouts, &*self.random);
        let mut bearer = self.session.bearer().await?;
        let mut renewed = false;
        loop {
            let failed = match self.http.json(request, Some(&bearer.header), retry.limit()).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if let Some(wait) = retry.after(&failed) {
                tokio::time::sleep(wait).await;
                // Somebody else may have renewed it meanwhile.
                bearer = self.session.bearer().await?;
            } else {
                bearer = self.after_refusal(failed, bearer, &mut renewed).await?;
            }
        }
    }

    /// A new bearer, if the old one was what the request was refused for, once; else the failure.
    async fn after_refusal(&self, failed: RequestError, bearer: Bearer, renewed: &mut bool) -> Result<Bearer, Failure> {
        match &failed.failure {
            Failure::Refused(problem) if problem.code == Code::Unauthorized && !*renewed => {
                *renewed = true;
                self.session.renew(bearer).await
            }
            Failure::Refused(problem) if matches!(problem.code, Code::SessionEnded | Code::AccountBlocked) => {
                self.session.ended(&bearer, problem).await;
                Err(failed.failure)
            }
            _ => Err(failed.failure),
        }
    }

    fn request(&self, attempt: Attempt, call: ContractCall) -> Request {
        let url = self.http.url(call.path.iter().map(String::as_str));
        match call.body {
            None => Request::get(url),
            Some(body) => Request::post(url, self.key(attempt), JSON, body),
        }
    }

    fn key(&self, attempt: Attempt) -> String {
        format!("{}-{}", self.installation, attempt.0)
    }

    fn post(&self, attempt: Attempt, path: &[&str], body: &impl Serialize) -> Result<Request, Failure> {
        let body = serde_json::to_vec(body).map_err(|_| Failure::UnknownRefusal)?;
        Ok(Request::post(self.http.url(path.iter().copied()), self.key(attempt), JSON, body))
    }
}
