import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeEach } from 'vitest';

// What jsdom leaves out of a window.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
globalThis.IntersectionObserver ??= Observer as unknown as typeof IntersectionObserver;

if (typeof window !== 'undefined') {
  window.scrollTo = () => {};

  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.setAttribute('open', '');
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.removeAttribute('open');
  };

  beforeEach(() => {
    localStorage.clear();
    document.title = '';
  });
  afterEach(cleanup);
}
