import type { Report } from '../generated/types';
import type { HelpTexts } from '../text/help';
import type { Texts } from '../text';
import { full, type Lang } from '../text/words';

/** A clock that is off by less is right enough: the machine says so of itself. */
const tolerance = 5 * 60_000;

/**
 * The report as it is read and copied: what the machine says, put into words. `where` is the name of what is shown;
 * nothing else is added.
 */
export function reportText(report: Report, where: string, lang: Lang, ui: Texts, t: HelpTexts): string {
  const l = t.report.lines;
  const moscow = (ms: number) => l.moscow(full(lang, ms));
  const { device, messengers } = report;
  const off = report.clockOffMs;
  const clock = off > 0 ? ui.strip.ahead(off) : ui.strip.behind(off);
  const reach = [
    report.offline ? l.down : l.up,
    report.confirmedAt === null ? null : l.confirmed(moscow(report.confirmedAt)),
  ];
  const here = [report.sessionOnly && l.sessionOnly, report.storeReset && l.storeReset].filter(Boolean);
  const offered = messengers && [messengers.max && 'MAX', messengers.vk && 'VK'].filter(Boolean);
  const lines: [string | null, string | null | false][] = [
    [l.at, moscow(report.at)],
    [l.system, [device.system, device.webview && l.webview(device.webview)].filter(Boolean).join(', ')],
    [l.drawn, device.drawnSafely && l.drawnSafely[device.drawnSafely]],
    [l.crashes, device.pageCrashes > 0 && String(device.pageCrashes)],
    [l.language, l.languages[report.language]],
    [l.where, `${where} (${report.route})`],
    [l.role, report.role && t.report.role[report.role]],
    [l.cause, report.cause && `${ui.cause.kinds[report.cause].what} (${report.cause})`],
    [l.support, report.support],
    [l.max, report.max && `${t.report.max[report.max]} (${report.max})`],
    [l.vk, report.vk && `${t.report.vk[report.vk]} (${report.vk})`],
    [l.keyring, report.keyring && `${t.report.keyring[report.keyring]} (${report.keyring})`],
    [l.link, report.link && `${t.report.link[report.link]} (${report.link})`],
    [l.service, reach.filter((word) => word !== null).join(', ')],
    Math.abs(off) < tolerance ? [l.clock, l.exact] : [null, clock],
    [l.here, here.length > 0 && here.join(', ')],
    [l.messengers, offered && offered.join(', ')],
  ];
  const said = lines.filter((line): line is [string | null, string] => Boolean(line[1]));
  return [
    l.head(device.app, report.service),
    ...said.map(([name, value]) => (name === null ? value : `${name}: ${value}`)),
  ]
    .join('\n')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\u00ad', '');
}
