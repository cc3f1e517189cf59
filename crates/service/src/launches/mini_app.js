// MAX writes who the person is behind the address: `#WebAppData=…&WebAppPlatform=…`. The service checks it and answers with
// the page that leads into the app.
const data = new URLSearchParams(location.hash.slice(1)).get('WebAppData');
const say = (heading, sentence) => {
  document.querySelector('h1').textContent = heading;
  document.querySelector('p').textContent = sentence;
};
const again = 'Закройте это окно и откройте его ещё раз из чата с ботом «Мостик» в MAX.';

if (data === null) {
  say('Эта страница открывается из MAX', again);
} else {
  const answer = await fetch('/v1/launches/mini-app', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ init_data: data }),
  }).catch(() => null);
  if (answer === null) say('Нет связи', 'Проверьте интернет и обновите страницу.');
  else if (answer.ok) location.replace((await answer.json()).url);
  else say('MAX не подтвердил вход', again);
}
