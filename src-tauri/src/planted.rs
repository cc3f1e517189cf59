//! One wrong line for each platform, in that platform's own code. Nothing but `cargo xtask check-platforms --planted` compiles
//! this, and it wants each to be reported: a check that lets one pass sees nothing there.

#[cfg(target_os = "android")]
pub fn planted(app: &tauri::AppHandle) {
    app.set_menu(()); // planted for android: menus are the desktop's
}

#[cfg(target_os = "ios")]
pub fn planted(app: &tauri::AppHandle) {
    tauri_plugin_single_instance::destroy(app); // planted for ios: there is no second program
}

#[cfg(target_os = "macos")]
pub fn planted() {
    objc2_app_kit::NSWorkspace::sharedWorkspace().planted(); // planted for macos: no such message
}

#[cfg(windows)]
pub fn planted() {
    windows_registry::CLASSES_ROOT.planted(); // planted for windows: no such function
}
