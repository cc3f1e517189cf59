//! How each system says that the process which draws the page has ended, while the program itself runs on.
//!
//! Apple's systems say it to the builder of the app (`run` in lib.rs), Android to the page's client in Kotlin: there the program is
//! started anew, see gen/android/README.md.

#[cfg(not(any(target_os = "macos", mobile)))]
use tauri::{AppHandle, WebviewWindow};

/// What has ended.
#[cfg(not(any(target_os = "macos", mobile)))]
#[derive(Clone, Copy)]
pub enum End {
    /// The process that draws the page.
    Page,
    /// All that draws: this window cannot be mended.
    #[cfg(windows)]
    Browser,
}

/// Calls `tell` when the page's process has ended, with the name that the system has for it.
#[cfg(target_os = "linux")]
pub fn listen(window: &WebviewWindow, tell: fn(&AppHandle, End, &str)) -> tauri::Result<()> {
    use tauri::Manager;
    use webkit2gtk::WebViewExt;
    let app = window.app_handle().clone();
    window.with_webview(move |webview| {
        webview.inner().connect_web_process_terminated(move |_, reason| tell(&app, End::Page, &format!("{reason:?}")));
    })
}

/// Ends WebKit's processes, hung and stopped ones too: those would outlive this program, and WebKit's own call to end one does
/// nothing as long as no page has been loaded.
#[cfg(target_os = "linux")]
pub fn end_all() {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
    let read = |path: String| std::fs::read_to_string(path).unwrap_or_default();
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let children: Vec<String> = threads.map(|thread| read(format!("{}/children", thread.path().display()))).collect();
    for child in children.iter().flat_map(|of_thread| of_thread.split_whitespace()) {
        let webkits = read(format!("/proc/{child}/comm")).starts_with("WebKit");
        if let Some(pid) = child.parse().ok().and_then(Pid::from_raw).filter(|_| webkits) {
            // Awaited as well: the next run is this process, and knows nothing of it.
            let ended = kill_process(pid, Signal::KILL).and_then(|()| waitpid(Some(pid), WaitOptions::empty()));
            ended.map_or_else(|error| tracing::warn!(%error, child, "a process of WebKit stays behind"), |_| ());
        }
    }
}

/// Calls `tell` when the page's process has ended, with the name that the system has for it.
#[cfg(windows)]
#[expect(unsafe_code, reason = "COM calls that nobody has wrapped")]
pub fn listen(window: &WebviewWindow, tell: fn(&AppHandle, End, &str)) -> tauri::Result<()> {
    use tauri::Manager;
    use webview2_com::{
        Microsoft::Web::WebView2::Win32::{
            COREWEBVIEW2_PROCESS_FAILED_KIND, COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED,
            COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED,
        },
        ProcessFailedEventHandler,
    };
    let app = window.app_handle().clone();
    window.with_webview(move |webview| {
        let handler = ProcessFailedEventHandler::create(Box::new(move |_, event| {
            let mut kind = COREWEBVIEW2_PROCESS_FAILED_KIND::default();
            if let Some(event) = event {
                // SAFETY: `kind` outlives the call that writes it, and nobody else has it.
                unsafe { event.ProcessFailedKind(&mut kind)? };
            }
            // WebView2 begins what else fails (GPU, utilities) anew by itself, and what hangs may come round.
            match kind {
                COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED => tell(&app, End::Page, "RenderProcessExited"),
                COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED => {
                    tell(&app, End::Browser, "BrowserProcessExited")
                }
                _ => {}
            }
            Ok(())
        }));
        let mut token = 0;
        // SAFETY: this runs on the thread that the controller belongs to, which keeps it alive meanwhile; the handler counts its
        // own references, and `token` outlives the call that writes it.
        let added = unsafe {
            webview.controller().CoreWebView2().and_then(|view| view.add_ProcessFailed(&handler, &mut token))
        };
        if let Err(error) = added {
            tracing::error!(%error, "the end of the page's process will not be heard of");
        }
    })
}
