//! `metrics.listen`, `log.format` and `traces.otlp_url`.

use std::net::SocketAddr;

use url::Url;

use super::{sections::LogFormat, values::Values};

/// Where the metrics are read: never where the public gets in.
pub(super) fn metrics_listen(values: &mut Values, public: Option<&SocketAddr>) -> Option<SocketAddr> {
    const NEXT: &str = "Give another address:port, one that only Prometheus reaches, such as 127.0.0.1:9464";
    let text = values.get("metrics.listen")?;
    let Ok(address) = text.parse::<SocketAddr>() else {
        values.fault("metrics.listen", &format!("found {text:?}"), NEXT);
        return None;
    };
    // Port 0 is another one each time.
    let meets = |public: &SocketAddr| {
        public.port() == address.port()
            && address.port() != 0
            && (public.ip() == address.ip() || public.ip().is_unspecified() || address.ip().is_unspecified())
    };
    if let Some(public) = public.filter(|public| meets(public)) {
        values.fault("metrics.listen", &format!("found {text}, and listen is {public}"), NEXT);
    }
    Some(address)
}

/// How the log is written.
pub(super) fn log_format(values: &mut Values) -> LogFormat {
    match values.required("log.format").as_str() {
        "text" => LogFormat::Text,
        "json" => LogFormat::Json,
        other => {
            values.fault("log.format", &format!("found {other:?}"), "Give text or json");
            LogFormat::default()
        }
    }
}

/// Where traces are told.
pub(super) fn traces_collector(values: &mut Values) -> Option<Url> {
    values.get("traces.otlp_url").and_then(|_| values.url("traces.otlp_url"))
}
