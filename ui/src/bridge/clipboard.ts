/** The clipboard of the web view, with the old way where the new one is not there. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.setAttribute('readonly', '');
    area.className = 'hidden-text';
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    if (!done) throw new Error('copy refused');
  }
}

export function clipboardReader(): (() => Promise<string>) | null {
  const clipboard = typeof navigator === 'undefined' ? undefined : (navigator.clipboard as Clipboard | undefined);
  return clipboard && typeof clipboard.readText === 'function' ? () => clipboard.readText() : null;
}
