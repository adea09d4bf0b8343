/** What the page of a case file is made of. Everything that somebody wrote goes through `text`. Pure. */
import { createHash } from 'node:crypto'

/** Characters that nobody sees, that turn the direction of what follows, or that no document may have. As ranges. */
const RANGES =
  '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e01ef}'
const HIDDEN = new RegExp(`[${RANGES}]+`, 'gu')

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** At most so many hidden characters of one run are named. */
const MOST_NAMED = 8

/** A text as HTML: nothing in it is markup, and what would not be seen is named. */
export function text(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
    .replaceAll(HIDDEN, (run) => {
      const points = [...run].map(
        (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
      )
      const more = points.length > MOST_NAMED ? ` and ${points.length - MOST_NAMED} more` : ''
      return `<span class="hidden">${points.slice(0, MOST_NAMED).join(' ')}${more}</span>`
    })
}

/** A text of somebody's, which must not turn the direction of what stands around it. */
export const said = (value: string) => `<bdi>${text(value)}</bdi>`

/** A long text with its lines. */
export const block = (value: string) => `<pre dir="auto" tabindex="0">${text(value)}</pre>`

export const hash = (value: string) => `<code class="hash">${text(value)}</code>`

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })

/** A moment, the same on every machine. */
export function moment(iso: string | null, unknown = 'not known'): string {
  return iso === null ? unknown : `<time datetime="${text(iso)}">${moments.format(new Date(iso))} UTC</time>`
}

/** Facts with their names. What is null is left out. */
export function facts(pairs: readonly (readonly [name: string, html: string | null])[]): string {
  const rows = pairs
    .filter(([, html]) => html !== null)
    .map(([name, html]) => `<div><dt>${text(name)}</dt><dd>${html}</dd></div>`)
  return `<dl>${rows.join('')}</dl>`
}

export const section = (id: string, title: string, content: string) =>
  `<section aria-labelledby="${id}"><h2 id="${id}">${text(title)}</h2>${content}</section>`

export const fold = (summary: string, content: string, open = false) =>
  `<details${open ? ' open' : ''}><summary>${summary}</summary>${content}</details>`

const STYLE = `
:root{color-scheme:light dark;--bg:#fbfbfc;--card:#fff;--sunken:#f2f3f5;--line:#dcdfe4;--ink:#1d222b;--muted:#4d5563;--mark:#8a4b00;--markbg:#fdf0d8;--bad:#9b1c1c}
@media(prefers-color-scheme:dark){:root{--bg:#111317;--card:#181b20;--sunken:#0d0f12;--line:#30353d;--ink:#e6e8ec;--muted:#b0b6c1;--mark:#f2c078;--markbg:#3b2c10;--bad:#f5a3a3}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:50rem;margin:0 auto;padding:2rem 1.25rem 4rem}
header.top{border-bottom:2px solid var(--ink);padding-bottom:1rem;margin-bottom:1.5rem}
.kind{margin:0;color:var(--muted);font-size:.875rem}
h1{font-size:1.5rem;line-height:1.3;margin:.25rem 0 .75rem}
h2{font-size:1.2rem;margin:2.25rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .35rem}
p{margin:.35rem 0}
dl{display:grid;gap:.25rem;margin:.5rem 0}
dl>div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.75rem}
dt{color:var(--muted);font-size:.875rem;line-height:1.6rem}
dd{margin:0}
pre{margin:.5rem 0;padding:.75rem;background:var(--sunken);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;font:.85rem/1.5 ui-monospace,monospace;max-height:40rem;overflow:auto}
code,.hash{font:.8125rem/1.5 ui-monospace,monospace}
.muted,time{color:var(--muted);font-size:.875rem}
ol,ul{padding-left:1.5rem;margin:.5rem 0}
li{margin:.5rem 0}
blockquote{margin:.35rem 0;padding-left:.75rem;border-left:3px solid var(--line);color:var(--muted)}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.15rem 0}
.hidden{background:var(--markbg);color:var(--mark);border-radius:3px;padding:0 .2em;font:.75em ui-monospace,monospace}
.doubt{color:var(--mark);font-weight:600}
.fail{color:var(--bad);font-weight:600}
:focus-visible{outline:2px solid currentColor;outline-offset:2px}
@media(max-width:34rem){dl>div{grid-template-columns:1fr;gap:0}}
@media print{body{background:#fff;color:#000;font-size:11pt}main{max-width:none;padding:0}pre{max-height:none;overflow:visible}details::details-content{content-visibility:visible;block-size:auto}h2,h3{break-after:avoid}li{break-inside:avoid}}
`.trim()

/** Nothing is fetched and nothing runs: only this very style is allowed. */
export const CASE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

export const head = (title: string) =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CASE_POLICY}"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)}</title><style>${STYLE}</style></head><body><main>`

export const TAIL = '</main></body></html>\n'
