//! `[tls]`, checked.

use super::{
    certificate::{CERTIFICATE, CertificateFiles, KEY},
    values::Values,
};

pub(super) fn check(values: &mut Values) -> Option<CertificateFiles> {
    let (certificate, key) = match (values.get(CERTIFICATE), values.get(KEY)) {
        (None, None) => return None,
        (Some(certificate), Some(key)) => (certificate.into(), key.into()),
        (Some(_), None) => {
            values.fault(
                KEY,
                "not set, though tls.certificate is",
                "Set both, or neither behind a proxy that speaks TLS",
            );
            return None;
        }
        (None, Some(_)) => {
            values.fault(
                CERTIFICATE,
                "not set, though tls.key is",
                "Set both, or neither behind a proxy that speaks TLS",
            );
            return None;
        }
    };
    let files = CertificateFiles { certificate, key };
    if let Err(fault) = files.read().and_then(|found| files.check(&found)) {
        values.faults.push(fault);
    }
    Some(files)
}
