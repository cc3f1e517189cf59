/** Brings what has just appeared into sight, also from behind a pinned bar of buttons. */
export function inSight(node: HTMLElement, wanted = true): void {
  if (!wanted) return;
  // Two frames: in the first the bar gets its size.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      // Not there in a window without a layout.
      (node as Partial<HTMLElement>).scrollIntoView?.({ block: 'nearest' });
    }),
  );
}
