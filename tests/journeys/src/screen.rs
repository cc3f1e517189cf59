//! The window as the display knows it: its picture, and the cross in its corner.
//!
//! WebDriver's own pictures wait for ever on a window with an isolation frame: WebKit wants a drawing of every frame, and that
//! one is never drawn. And its own end of a session kills the program, which then saves nothing.

use std::{fs::File, io::BufWriter, path::Path};

use anyhow::{Context, Result, ensure};
use color_quant::NeuQuant;
use image::RgbImage;
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xproto::{
            AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConnectionExt, CreateWindowAux,
            EventMask, ImageFormat, InputFocus, MOTION_NOTIFY_EVENT, MapState, Window, WindowClass,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

use crate::processes::group_of;

/// How often the display is asked at most until two answers are alike.
const TRIES: u32 = 8;

/// A picture of the window that a process of this group shows on `display`.
///
/// # Errors
/// When there is no such window.
pub fn take(display: &str, group: u32) -> Result<RgbImage> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let root = server.setup().roots[screen].root;
    let (window, _) = window_of(&server, root, group)?;
    let mut seen = pixels(&server, window)?;
    // What was drawn a moment ago may still be on its way. What moves for ever is never still: then the last answer counts.
    for _ in 0..TRIES {
        let again = pixels(&server, window)?;
        let same = again == seen;
        seen = again;
        if same {
            break;
        }
    }
    seen.into_image()
}

#[derive(PartialEq, Eq)]
struct Pixels {
    width: u16,
    height: u16,
    bgrx: Vec<u8>,
}

impl Pixels {
    fn into_image(self) -> Result<RgbImage> {
        let rgb = self.bgrx.chunks_exact(4).flat_map(|dot| [dot[2], dot[1], dot[0]]).collect();
        RgbImage::from_raw(self.width.into(), self.height.into(), rgb).context("the display has other colours")
    }
}

fn window_of(server: &RustConnection, root: Window, group: u32) -> Result<(Window, u32)> {
    let pid_atom = server.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
    let mut found = None;
    for window in server.query_tree(root)?.reply()?.children {
        let shown =
            server.get_window_attributes(window)?.reply().is_ok_and(|seen| seen.map_state == MapState::VIEWABLE);
        let property = server.get_property(false, window, pid_atom, AtomEnum::CARDINAL, 0, 1)?.reply();
        let pid = property.ok().and_then(|property| property.value32().and_then(|mut values| values.next()));
        // Later in the list is further up.
        found = pid.filter(|pid| shown && group_of(*pid) == Some(group)).map(|pid| (window, pid)).or(found);
    }
    found.context("the app has no window on the display")
}

/// The title of the window of this group.
///
/// # Errors
/// When there is no such window.
pub fn title(display: &str, group: u32) -> Result<String> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let (window, _) = window_of(&server, server.setup().roots[screen].root, group)?;
    let (name, text) = (
        server.intern_atom(false, b"_NET_WM_NAME")?.reply()?.atom,
        server.intern_atom(false, b"UTF8_STRING")?.reply()?.atom,
    );
    let title = server.get_property(false, window, name, text, 0, u32::MAX / 4)?.reply()?;
    String::from_utf8(title.value).context("the title is no text")
}

/// Asks the window of this group to close, as the cross in its corner does, and says which process shows it.
///
/// # Errors
/// When there is no such window.
pub fn close(display: &str, group: u32) -> Result<u32> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let (window, pid) = window_of(&server, server.setup().roots[screen].root, group)?;
    let protocols = server.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
    let delete = server.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
    let wish = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
    server.send_event(false, window, EventMask::NO_EVENT, wish)?.check()?;
    Ok(pid)
}

/// Presses the left button of the mouse at this place of the display.
///
/// # Errors
/// When the display does not let anybody.
pub fn press(display: &str, x: i16, y: i16) -> Result<()> {
    const LEFT: u8 = 1;
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let root = server.setup().roots[screen].root;
    for (kind, button) in [(MOTION_NOTIFY_EVENT, 0), (BUTTON_PRESS_EVENT, LEFT), (BUTTON_RELEASE_EVENT, LEFT)] {
        server.xtest_fake_input(kind, button, x11rb::CURRENT_TIME, root, x, y, 0)?.check()?;
    }
    Ok(())
}

/// Gives the keyboard to the window of this group, as a window manager does with the one in front, or takes it away.
///
/// # Errors
/// When there is no such window.
pub fn set_front(display: &str, group: u32, front: bool) -> Result<()> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let (window, _) = window_of(&server, server.setup().roots[screen].root, group)?;
    let focus = if front { window } else { InputFocus::NONE.into() };
    Ok(server.set_input_focus(InputFocus::NONE, focus, x11rb::CURRENT_TIME)?.check()?)
}

/// Whether the window of this group has the keyboard.
///
/// # Errors
/// When there is no such window.
pub fn is_front(display: &str, group: u32) -> Result<bool> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let (window, _) = window_of(&server, server.setup().roots[screen].root, group)?;
    Ok(server.get_input_focus()?.reply()?.focus == window)
}

/// Writes a picture that is shipped: with a palette.
///
/// # Errors
/// When the file cannot be written.
pub fn write_small(picture: &RgbImage, file: &Path) -> Result<()> {
    const COLOURS: usize = 128;
    let dots: Vec<u8> = picture.pixels().flat_map(|dot| [dot[0], dot[1], dot[2], u8::MAX]).collect();
    let palette = NeuQuant::new(3, COLOURS, &dots);
    let indices = dots.chunks_exact(4).map(|dot| u8::try_from(palette.index_of(dot))).collect::<Result<Vec<_>, _>>()?;
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(file)?), picture.width(), picture.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.color_map_rgb());
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(())
}

/// What was copied last, as the next program would be given it.
///
/// # Errors
/// When nothing was copied, or what was is no text.
pub fn clipboard(display: &str) -> Result<String> {
    let (server, screen) = RustConnection::connect(Some(display)).context("cannot reach the display")?;
    let root = server.setup().roots[screen].root;
    let asking = server.generate_id()?;
    let nothing = CreateWindowAux::new();
    server.create_window(0, asking, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, x11rb::COPY_FROM_PARENT, &nothing)?;
    let atom = |name: &[u8]| anyhow::Ok(server.intern_atom(false, name)?.reply()?.atom);
    let (text, place) = (atom(b"UTF8_STRING")?, atom(b"MOSTIK_CLIPBOARD")?);
    server.convert_selection(asking, atom(b"CLIPBOARD")?, text, place, x11rb::CURRENT_TIME)?;
    server.flush()?;
    loop {
        if let Event::SelectionNotify(given) = server.wait_for_event()? {
            ensure!(given.property == place, "nothing was copied");
            let copied = server.get_property(true, asking, place, AtomEnum::ANY, 0, u32::MAX / 4)?.reply()?;
            return String::from_utf8(copied.value).context("what was copied is no text");
        }
    }
}

fn pixels(server: &RustConnection, window: Window) -> Result<Pixels> {
    let size = server.get_geometry(window)?.reply()?;
    let image = server.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, u32::MAX)?.reply()?;
    ensure!(
        image.data.len() == usize::from(size.width) * usize::from(size.height) * 4,
        "the display has other colours"
    );
    Ok(Pixels { width: size.width, height: size.height, bgrx: image.data })
}
