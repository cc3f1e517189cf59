//! What an application may ask VK ID for.

/// Always given.
pub(super) const NAME: &str = "vkid.personal_info";
pub(super) const EMAIL: &str = "email";
pub(super) const PHONE: &str = "phone";
