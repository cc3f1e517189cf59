/** One picture of the album. */
export interface Shot {
  scene: string;
  size: string;
  theme: string;
  lang: string;
  text: number;
  file: string;
}

/** The folder of the small pictures. */
export const thumbs = 'thumbs';

/** The width of a small picture, in points. */
export const thumbWidth = 160;

const thumb = ({ file }: Shot) => `${thumbs}/${file.replace(/png$/, 'jpg')}`;

const style = `
  body { margin: 0; font: 14px/1.4 system-ui, sans-serif; background: #e8eef0; color: #11272d }
  header { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 8px 20px; padding: 12px 16px; background: #fff; box-shadow: 0 1px 6px #0003 }
  fieldset { display: flex; gap: 10px; margin: 0; padding: 0; border: 0 }
  main { display: flex; flex-wrap: wrap; gap: 16px; padding: 16px }
  figure { margin: 0 }
  figcaption { max-width: 100%; font-size: 12px }
  img { display: block; box-shadow: 0 0 0 1px #0002 }
`;

/** Every picture on one page with filters; it needs no server. */
export function index(shots: Shot[]): string {
  const names = (of: (shot: Shot) => string | number) => [...new Set(shots.map((shot) => String(of(shot))))];
  const filter = (key: string, values: string[]) =>
    `<fieldset>${values
      .map(
        (value, at) =>
          `<label><input type="checkbox" name="${key}" value="${value}"${at === 0 ? ' checked' : ''}>${value}</label>`,
      )
      .join('')}</fieldset>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Мостик: every screen</title>
<style>${style}</style>
<header>
  <label>scene <input type="search" name="scene" placeholder="code"></label>
  ${filter(
    'size',
    names((shot) => shot.size),
  )}
  ${filter(
    'theme',
    names((shot) => shot.theme),
  )}
  ${filter(
    'lang',
    names((shot) => shot.lang),
  )}
  ${filter(
    'text',
    names((shot) => shot.text),
  )}
  <output></output>
</header>
<main></main>
<script>
  const shots = ${JSON.stringify(shots.map((shot) => ({ ...shot, thumb: thumb(shot) })))};
  const main = document.querySelector('main');
  function draw() {
    const chosen = (key) => [...document.querySelectorAll('[name=' + key + ']:checked')].map((one) => one.value);
    const keys = { size: chosen('size'), theme: chosen('theme'), lang: chosen('lang'), text: chosen('text') };
    const word = document.querySelector('[name=scene]').value.trim();
    const fit = shots.filter((shot) => shot.scene.includes(word) && Object.entries(keys).every(([key, values]) => values.includes(String(shot[key]))));
    document.querySelector('output').value = fit.length + ' of ' + shots.length;
    main.replaceChildren(...fit.map((shot) => {
      const figure = document.createElement('figure');
      figure.innerHTML = '<a href="' + shot.file + '"><img loading="lazy" width="${thumbWidth}" src="' + shot.thumb + '" alt=""></a><figcaption>' +
        [shot.scene, shot.size, shot.theme, shot.lang, shot.text + ' %'].join('<br>') + '</figcaption>';
      return figure;
    }));
  }
  document.querySelector('header').addEventListener('input', draw);
  draw();
</script>
</html>
`;
}

/** All scenes of one size, a row each of its themes and languages. */
export function sheet(size: string, shots: Shot[]): string {
  const scenes = [...new Set(shots.map((shot) => shot.scene))];
  const [width = 0, height = 0] = size.split('x').map(Number);
  const small = width < height ? Math.round(thumbWidth * 0.6) : thumbWidth;
  const row = (scene: string) =>
    `<figure><figcaption>${scene}</figcaption>${shots
      .filter((shot) => shot.scene === scene)
      .sort((a, b) => a.text - b.text || a.lang.localeCompare(b.lang) || a.theme.localeCompare(b.theme))
      .map(
        (shot) =>
          `<a href="${shot.file}"><img width="${small}" height="${Math.round((small * height) / width)}" src="${thumb(shot)}" alt=""></a>`,
      )
      .join('')}</figure>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Мостик at ${size}</title>
<style>${style} body { width: max-content } main { display: grid; grid-template-columns: repeat(3, max-content) } figure a { display: inline-block; margin-right: 4px } figcaption { font-weight: 600 }</style>
<main>${scenes.map(row).join('')}</main>
</html>
`;
}
