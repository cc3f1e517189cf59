//! `messengers` and `[vk]`, checked.

use mostik_wire::Messengers;

use super::{sections::VkConfig, values::Values};

/// Which messengers are offered.
pub(super) fn offered(values: &mut Values) -> Messengers {
    let text = values.required("messengers");
    let mut offered = Messengers { max: false, vk: false };
    for name in text.split_whitespace() {
        match name {
            "max" => offered.max = true,
            "vk" => offered.vk = true,
            _ => values.fault("messengers", &format!("found {name:?}"), "Give max, vk, or both with a blank between"),
        }
    }
    if text.trim().is_empty() {
        values.fault("messengers", "names none", "Give max, vk, or both with a blank between");
    }
    offered
}

/// `[vk]`; the application's id is asked for where VK is offered.
pub(super) fn check(values: &mut Values, offered: Messengers) -> Option<VkConfig> {
    let urls = (values.url("vk.authorize_url"), values.url("vk.token_url"));
    let more = (values.url("vk.user_info_url"), values.url("vk.revoke_url"));
    let client_id = values.required_if(offered.vk, "vk.client_id");
    if !client_id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) {
        values.fault("vk.client_id", &format!("found {client_id:?}"), "Give the id alone, as VK ID shows it");
    }
    Some(VkConfig {
        authorize_url: urls.0?,
        token_url: urls.1?,
        user_info_url: more.0?,
        revoke_url: more.1?,
        client_id,
        scope: values.required("vk.scope"),
        messenger_url: values.page("vk.messenger_url"),
    })
}
