/** A software keyboard takes its part of the page away: what is being typed into stays in sight. The returned function ends that. */
export function keepInSight(): () => void {
  const seen = window.visualViewport;
  if (!seen) return () => {};
  let height = seen.height;
  const resized = () => {
    const shrank = seen.height < height;
    height = seen.height;
    const field = document.activeElement;
    if (shrank && field instanceof HTMLInputElement) field.scrollIntoView({ block: 'nearest' });
  };
  seen.addEventListener('resize', resized);
  return () => seen.removeEventListener('resize', resized);
}
