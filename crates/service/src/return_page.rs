//! `GET /return/{handle}`: from MAX back into the app. MAX's buttons open https alone, so this page bears the app's link.

use axum::{extract::Path, http::StatusCode, response::Response};

use crate::{clock::is_token, page::page};

/// The page with the button «Вернуться в Мостик»; it changes nothing and knows nobody.
#[utoipa::path(get, path = "/return/{handle}", tag = "pages", params(("handle" = String, Path, description = "`return_handle` of the linking")),
    responses((status = 200, description = "The page", content_type = "text/html"), (status = 404, description = "Not a handle", content_type = "text/html")))]
pub async fn return_page(Path(handle): Path<String>) -> Response {
    if !is_token(&handle) {
        return page(StatusCode::NOT_FOUND, "Такой страницы нет", "Вернитесь в приложение «Мостик» сами.", None);
    }
    page(
        StatusCode::OK,
        "Почти готово",
        "Вернитесь в приложение «Мостик»: там видно, что получилось.",
        Some(("Вернуться в Мостик", &format!("mostik://return/{handle}"))),
    )
}
