//! Files with further certificate authorities.

use lettre::transport::smtp::client::Certificate;

use super::values::Values;

/// What a file with further authorities holds.
pub(super) fn authorities(values: &mut Values, key: &str, file: Option<String>) -> Option<Vec<u8>> {
    let file = file?;
    match std::fs::read(&file) {
        Ok(pem) if is_certificates(&pem) => Some(pem),
        Ok(_) => {
            values.fault(key, &format!("{file} holds no certificate"), "Name a PEM file");
            None
        }
        Err(e) => {
            values.fault(key, &format!("{file} cannot be read: {e}"), "Name a readable file");
            None
        }
    }
}

fn is_certificates(pem: &[u8]) -> bool {
    let begins = b"-----BEGIN CERTIFICATE-----";
    pem.windows(begins.len()).any(|part| part == begins) && Certificate::from_pem(pem).is_ok()
}
