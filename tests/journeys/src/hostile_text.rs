//! Text that wants to be more than text: markup, scripts, and what has broken other programs.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{App, driver::test_id};

/// What would run as a script, or show as something else than text, if it were let. Each of the scripts calls `ran()`.
const SCRIPTS: [&str; 40] = [
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<img src=x onerror=\"ran()\">",
    "<img/src=`x`/onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:ran()>",
    "<math><mtext><style><img src=x onerror=ran()></style></mtext></math>",
    "<iframe src=javascript:ran()></iframe>",
    "<iframe srcdoc=\"<script>parent.ran()</script>\"></iframe>",
    "<object data=javascript:ran()></object>",
    "<embed src=javascript:ran()>",
    "<a href=javascript:ran()>x</a>",
    "<a href=\"java&#x0A;script:ran()\">x</a>",
    "<body onload=ran()>",
    "<details open ontoggle=ran()>",
    "<input autofocus onfocus=ran()>",
    "<select autofocus onfocus=ran()></select>",
    "<textarea autofocus onfocus=ran()></textarea>",
    "<video><source onerror=ran()></video>",
    "<audio src=x onerror=ran()>",
    "<marquee onstart=ran()>",
    "<meta http-equiv=refresh content=\"0;url=javascript:ran()\">",
    "<base href=javascript:ran()//>",
    "<link rel=stylesheet href=javascript:ran()>",
    "<style>@import 'javascript:ran()';</style>",
    "<form action=javascript:ran()><button>x</button></form>",
    "<template><script>ran()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=ran()>\">",
    "javascript:ran()",
    "data:text/html,<script>ran()</script>",
    "{{constructor.constructor('ran()')()}}",
    "${ran()}",
    "{@html '<img src=x onerror=ran()>'}",
    "{#if ran()}{/if}",
    "#{ran()}",
    "__proto__",
    "%3Cscript%3Eran()%3C/script%3E",
    "&lt;script&gt;ran()&lt;/script&gt;",
];

/// What stands before it: the ends of what it might stand in.
const BEFORE: [&str; 25] = [
    "",
    "\"",
    "'",
    "`",
    ">",
    "\">",
    "'>",
    "-->",
    "]]>",
    "*/",
    "\\",
    "\\\"",
    "</title>",
    "</style>",
    "</script>",
    "</textarea>",
    "\u{0}",
    "\r\n\r\n",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "анна@example.ru",
    "+7 900 000-12-42",
    "123456",
    "👩‍👧",
];

/// How it is written.
const WRITTEN: [fn(&str) -> String; 10] = [
    str::to_owned,
    str::to_uppercase,
    |text| {
        text.chars().enumerate().map(|(at, sign)| if at % 2 == 0 { sign.to_ascii_uppercase() } else { sign }).collect()
    },
    |text| text.replace('<', "\u{ff1c}").replace('>', "\u{ff1e}"),
    |text| text.replace(' ', "/"),
    |text| text.replace(' ', "\u{a0}\t"),
    |text| text.replace('<', "<\u{0}"),
    |text| format!("{text}{text}{text}"),
    |text| format!("{}{text}", "а".repeat(4_000)),
    |text| text.chars().flat_map(|sign| [sign, '\u{301}']).collect(),
];

/// So many of the ten thousand, of all kinds.
#[must_use]
pub fn hostile_texts(count: usize) -> Vec<String> {
    let all = SCRIPTS.len() * BEFORE.len() * WRITTEN.len();
    // A step that shares no divisor with the whole goes through all of it.
    (0..count.min(all))
        .map(|nth| {
            let nth = nth * 7_919 % all;
            let (script, nth) = (SCRIPTS[nth % SCRIPTS.len()], nth / SCRIPTS.len());
            let (before, written) = (BEFORE[nth % BEFORE.len()], WRITTEN[nth / BEFORE.len()]);
            format!("{before}{}", written(script))
        })
        .collect()
}

/// From here on a script that runs, and an element that only a script of somebody's would make, are counted.
const WATCH: &str = r"
    window.found = [];
    window.ran = () => found.push('a script ran');
    window.alert = window.ran;
    const strange = 'script, iframe, object, embed, base, meta, link, style, template, audio, video, marquee, math, [href^=javascript]';
    new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes) {
            if (!(node instanceof Element)) continue;
            for (const one of [node, ...node.querySelectorAll('*')]) {
                const handler = [...one.attributes].find((attribute) => attribute.name.startsWith('on'));
                if (handler || one.matches(strange)) found.push(one.outerHTML.slice(0, 200));
            }
        }
    }).observe(document, { childList: true, subtree: true });
";

/// Markup as a page would have it that let some; how much of it the watch has found.
const PROBE: &str = r"
    const [done] = arguments;
    const probe = document.createElement('p');
    probe.innerHTML = '<img src=x onerror=ran()>';
    document.body.append(probe);
    requestAnimationFrame(() => {
        probe.remove();
        done(window.found.splice(0).length);
    });
";

/// Puts each of the texts into a field, as pasting does, and lets the page answer, and draw each tenth; what was found so far.
const PASTE: &str = r"
    const [selector, texts, done] = arguments;
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const { port1, port2 } = new MessageChannel();
    const turn = () => new Promise((resolve) => ((port1.onmessage = resolve), port2.postMessage(null)));
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    (async () => {
        for (const [nth, text] of texts.entries()) {
            const field = document.querySelector(selector);
            if (!field) return done(['the field is gone at ' + text]);
            set.call(field, text);
            field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: text }));
            await (nth % 10 ? turn() : drawn());
        }
        await drawn();
        done(window.found);
    })();
";

impl App {
    /// From here on whatever is made of pasted text is counted; see [`App::takes_as_text`].
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn watch_for_scripts(&self) -> Result<()> {
        self.execute(WATCH, Vec::new()).await?;
        let probe = self.execute_async(PROBE, Vec::new()).await?;
        ensure!(probe.json().as_u64() == Some(1), "the watch does not see markup that is let: {:?}", probe.json());
        Ok(())
    }

    /// Pastes all of these into a field, one after another.
    ///
    /// # Errors
    /// When one of them is more than text, or the field goes.
    pub async fn takes_as_text(&self, id: &str, texts: &[String]) -> Result<()> {
        self.sees(&test_id(id)).await?;
        let before = self.view().await?;
        for some in texts.chunks(250) {
            let answer = self.execute_async(PASTE, vec![json!(test_id(id)), json!(some)]).await?;
            let found: Vec<Value> = answer.json().as_array().cloned().unwrap_or_default();
            ensure!(found.is_empty(), "{id}: {found:?}");
        }
        ensure!(self.view().await? == before, "{id}: the window went to «{}»", self.view().await?);
        Ok(())
    }
}
