//! Someone at a browser: a cookie jar, and ways to send what browsers send.

use atrium::{error::AppError, identity::api::SignIn};
use leptos::server_fn::ServerFn;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, SET_COOKIE},
    multipart::{Form, Part},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};

#[derive(Clone)]
pub struct Browser {
    client: Client,
    pub url: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }
}

impl Browser {
    pub fn new(url: &str) -> Self {
        // The client wants one even where nothing is encrypted.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            url: url.to_owned(),
        }
    }

    /// Calls a server function as a script of our own page does.
    pub async fn call<F>(&self, function: F) -> Result<F::Output, AppError>
    where
        F: ServerFn<Error = AppError> + Serialize,
        F::Output: DeserializeOwned,
    {
        let body = serde_qs::to_string(&function).unwrap();
        let page = self.post(F::PATH, body, "application/json").await;
        if page.status.is_success() {
            return Ok(serde_json::from_str(&page.body).unwrap());
        }
        let error: AppError =
            serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("{page:?}"));
        assert_eq!(page.status.as_u16(), error.status());
        Err(error)
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<(), AppError> {
        self.call(SignIn {
            email: email.to_owned(),
            password: password.to_owned(),
            callback_url: String::new(),
        })
        .await
    }

    /// Sends a form as a browser without scripts does, from a page.
    pub async fn form(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .client
            .post(self.at(path))
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header("sec-fetch-site", "same-origin")
            .header("referer", self.at(from))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        page(request.send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>, accept: &str) -> Page {
        let request = self
            .client
            .post(self.at(path))
            .header(ACCEPT, accept)
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        page(request.send().await.unwrap()).await
    }

    /// Sends a small image for an organization.
    pub async fn send_image(&self, org: &str) -> Page {
        let image = Part::bytes(b"\x89PNG\r\n\x1a\n0000".to_vec()).file_name("x.png");
        let form = Form::new().text("org", org.to_owned()).part("image", image);
        let request = self
            .client
            .post(self.at("/_fn/set_organization_image"))
            .header(ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin");
        page(request.multipart(form).send().await.unwrap()).await
    }

    /// Sends a file as a form of a page does.
    pub async fn send_file(&self, path: &str, name: &str, bytes: &[u8]) -> Page {
        let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let request = self
            .client
            .post(self.at(path))
            .header(ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .multipart(Form::new().part("file", file));
        page(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Page {
        page(
            self.client
                .get(self.at(path))
                .header(ACCEPT, "text/html")
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// A session of its own, as the header that sends it.
    pub async fn session(&self, email: &str) -> String {
        let credentials = [("email", email), ("password", super::PASSWORD)];
        let page = self
            .form("/auth/signin", "/_fn/sign_in", &credentials)
            .await;
        let cookies = page.cookies();
        let session = cookies
            .iter()
            .find(|cookie| cookie.starts_with("atrium_session="));
        session.unwrap().split(';').next().unwrap().to_owned()
    }

    /// The client itself, for what no browser would send.
    pub fn raw(&self) -> &Client {
        &self.client
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

pub async fn page(response: Response) -> Page {
    Page {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}
