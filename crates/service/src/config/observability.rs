//! `metrics.listen` and `log.format`.

use std::net::SocketAddr;

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
