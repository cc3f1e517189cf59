/**
 * The system's own «back»: Android's gesture, a mouse's button. It is a step back in the history of the page, so one entry lies
 * ahead of the start while there is a way back; without one «back» leaves the app.
 */

/** The ways back that are open, the innermost last. */
const ways: (() => void)[] = [];
const MARK = 'ahead';
/** A page that was loaded anew may still be on its entry. */
let ahead = history.state === MARK;
/** The entry is no longer wanted, and the history has not told yet that it is gone. */
let leaving = false;

/** «Back» does `go` until the returned function is called, or until a way further in is open. */
export function wayBack(go: () => void): () => void {
  ways.push(go);
  settleSoon();
  return () => {
    ways.splice(ways.lastIndexOf(go), 1);
    settleSoon();
  };
}

// One screen's way goes before the next one's comes.
function settleSoon(): void {
  queueMicrotask(settle);
}

function settle(): void {
  const wanted = ways.length > 0;
  if (leaving || wanted === ahead) return;
  ahead = wanted;
  leaving = !wanted;
  if (wanted) history.pushState(MARK, '');
  else history.back();
}

window.addEventListener('popstate', () => {
  if (leaving) {
    leaving = false;
  } else if (ahead) {
    ahead = false;
    ways.at(-1)?.();
  }
  settleSoon();
});
