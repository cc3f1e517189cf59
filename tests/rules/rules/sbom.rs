//! The bills of materials in the packages, in CycloneDX: `packaging/mostik.cdx.json` and `packaging/service/mostik-service.cdx.json`.
//! `UPDATE_DOCS=1 cargo test` writes both.

use std::str::FromStr;

use cyclonedx_bom::{
    models::{
        component::Classification,
        hash::{Hash, HashAlgorithm, HashValue, Hashes},
        license::{LicenseChoice, Licenses},
    },
    prelude::{Bom, Component, Components, Metadata, NormalizedString, Purl, SpecVersion, Validate},
};

use crate::{
    licences::hold,
    parts::{From, Part, crates, of_app},
};

/// Programs and their parts. No date and no serial number: the same sources make the same bill.
fn bill(program: &str, parts: &[Part]) -> String {
    let itself = Component::new(Classification::Application, program, env!("CARGO_PKG_VERSION"), Some(program.into()));
    let bom = Bom {
        spec_version: SpecVersion::V1_5,
        serial_number: None,
        metadata: Some(Metadata { component: Some(itself), ..Metadata::default() }),
        components: Some(Components(parts.iter().map(component).collect())),
        ..Bom::default()
    };
    let checked = bom.validate();
    assert!(checked.passed(), "{program}: {checked:?}");
    let mut text = Vec::new();
    bom.output_as_json_v1_5(&mut text).expect("memory takes everything");
    String::from_utf8(text).unwrap() + "\n"
}

fn component(part: &Part) -> Component {
    let Part { from, name, version, licence, checksum, .. } = part;
    // A scope is a namespace of its own there, which the library does not know.
    let purl = match from {
        From::Cargo => Some(format!("pkg:cargo/{name}@{version}")),
        From::Npm => Some(format!("pkg:npm/{}@{version}", name.replace('@', "%40"))),
        From::Here => None,
    };
    let purl = purl.map(|purl| Purl::from_str(&purl).unwrap_or_else(|()| panic!("{name}: {purl}")));
    let hash = |checksum: &String| Hash { alg: HashAlgorithm::SHA_256, content: HashValue(checksum.clone()) };
    let reference = purl.as_ref().map_or_else(|| name.clone(), ToString::to_string);
    Component {
        purl,
        version: Some(NormalizedString::new(version)).filter(|_| !version.is_empty()),
        licenses: Some(Licenses(vec![LicenseChoice::expression(licence)])),
        hashes: checksum.as_ref().map(|checksum| Hashes(vec![hash(checksum)])),
        ..Component::new(Classification::Library, name, version, Some(reference))
    }
}

#[test]
fn the_app_names_what_it_is_built_of() {
    let bill = bill("mostik", &of_app());
    for known in ["pkg:cargo/tauri@", "pkg:npm/svelte@", "\"SHA-256\""] {
        assert!(bill.contains(known), "the bill lacks {known}");
    }
    hold("packaging/mostik.cdx.json", &bill);
}

#[test]
fn the_service_names_what_it_is_built_of() {
    let bill = bill("mostik-service", &crates("mostik-service"));
    for known in ["pkg:cargo/axum@", "pkg:cargo/sqlx@"] {
        assert!(bill.contains(known), "the bill lacks {known}");
    }
    hold("packaging/service/mostik-service.cdx.json", &bill);
}
