//! The line that says where everything is.

use serde_json::{Value, json};

use crate::shared::{Addresses, Shared};
use crate::world::{Class, Role, VkUser, World};

/// One object with addresses, keys and demo accounts.
pub(crate) fn line(shared: &Shared, at: &Addresses, authority: &str) -> Value {
    let world = &shared.world;
    json!({
        "diary": format!("http://{}", at.diary),
        "max_api": format!("http://{}", at.max),
        "phone": format!("http://{}/", at.phone),
        "max_link": format!("http://{}/max", at.phone),
        "vk": format!("http://{}", at.vk),
        "vk_link": format!("http://{}/vk", at.phone),
        "smpp": at.smpp.to_string(),
        "smtp": at.smtp.to_string(),
        "bot": { "username": world.bot.username, "token": world.bot.token, "user_id": world.bot.user_id },
        "diary_client": { "id": world.diary_client.id, "secret": world.diary_client.secret },
        "vk_client": { "id": world.vk_client.id },
        "smpp_account": { "system_id": world.smpp_account.system_id, "password": world.smpp_account.password },
        "smtp_account": { "user": world.smtp_account.user, "password": world.smtp_account.password },
        "smtp_ca": authority,
        "accounts": accounts(world),
        "max_users": world.max_users.iter().map(|user| json!({
            "user_id": user.user_id,
            "name": user.first_name,
            "phone": user.phone,
        })).collect::<Vec<_>>(),
        "vk_users": vk_users(world),
        "class_chats": class_chats(world, at),
    })
}

/// The chat of each class, and the invitation into it: what an operator knows and the diary does not.
fn class_chats(world: &World, at: &Addresses) -> Vec<Value> {
    let chat = |class: &Class| {
        let title =
            class.name.split_once('-').map_or(class.name.clone(), |(year, letter)| format!("{year} «{letter}»"));
        json!({
            "school": world.school.short_name,
            "class": class.name,
            "title": title,
            "url": format!("http://{}/max/join/{}", at.phone, class.unit_id),
        })
    };
    world.classes.iter().map(chat).collect()
}

/// Who may sign in with VK ID.
pub(crate) fn vk_users(world: &World) -> Vec<Value> {
    let user = |user: &VkUser| json!({ "user_id": user.user_id, "name": user.full_name(), "phone": user.phone });
    world.vk_users.iter().map(user).collect()
}

/// Who may sign in to the diary.
pub(crate) fn accounts(world: &World) -> Vec<Value> {
    let open = world.accounts.iter().filter(|account| !account.no_login);
    open.map(|account| {
        let children: Vec<_> = match account.role {
            Role::Student => Vec::new(),
            Role::Parent => world.pupils_of(account).iter().map(|child| child.person.short_name()).collect(),
        };
        json!({
            "login": account.login,
            "name": account.person.short_name(),
            "role": match account.role {
                Role::Student => "student",
                Role::Parent => "parent",
            },
            "class": account.class,
            "phone": account.person.phone,
            "mail": account.mail,
            "birth_date": account.person.birth_date,
            "children": children,
        })
    })
    .collect()
}
