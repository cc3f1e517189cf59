// Every call of the window passes here first, out of reach of the window's own scripts. Only what the window needs goes on.
const allowed = new Set(["send", "snapshot", "painted", "keep", "kept", "plugin:event|listen", "plugin:event|unlisten"]);

window.__TAURI_ISOLATION_HOOK__ = (call) => {
  if (!allowed.has(call.cmd)) {
    throw new Error("this window may not call that");
  }
  return call;
};
