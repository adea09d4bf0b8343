/** What is sent to the model: the documents in passages, the request, and a reviewer's guidance. Pure. */
import type { DocumentText } from '@/lib/evidence/types'
import type { InputItem, RequestTool, ResponseRequest } from '@/lib/provider/types'
import type { WorkflowDefinition } from './definition'

/** Paragraphs are gathered until a passage has this many UTF-16 units … */
const PASSAGE_TARGET = 600
/** … and one that is longer than this is split, at a line or a sentence where there is one. */
const PASSAGE_LIMIT = 1200

export type RequestParts = {
  definition: WorkflowDefinition
  input: Record<string, unknown>
  /** In the job's order: the model knows them as d1, d2, … */
  documents: DocumentText[]
  guidance: string | null
  metadata: Record<string, string>
  /** What the model is offered to call. */
  tools?: RequestTool[]
}

/** What a response that asked for calls is continued with. */
export type ContinuationParts = {
  definition: WorkflowDefinition
  metadata: Record<string, string>
  tools?: RequestTool[]
  /** Our answers to its calls, in order. */
  outputs: InputItem[]
  /** The response itself, or, where its provider's copy has gone, everything that came before the answers. */
  before: { responseId: string } | { items: InputItem[] }
}

/** The body of POST /v1/responses for one attempt. The same parts give the same bytes. */
export function buildRequest(parts: RequestParts): ResponseRequest & { input: string } {
  const { definition, input, documents, guidance, metadata, tools } = parts
  return { ...settingsOf(definition, metadata, tools), input: inputText(input, documents, guidance) }
}

/** The body for an attempt that answers the calls of the one before it. Instructions and tools are not carried over. */
export function buildContinuation({
  definition,
  metadata,
  tools,
  outputs,
  before,
}: ContinuationParts): ResponseRequest {
  const settings = settingsOf(definition, metadata, tools)
  if ('responseId' in before) return { ...settings, previous_response_id: before.responseId, input: outputs }
  return { ...settings, input: [...before.items, ...outputs] }
}

function settingsOf(
  definition: WorkflowDefinition,
  metadata: Record<string, string>,
  tools: RequestTool[] = [],
): Omit<ResponseRequest, 'input'> {
  const { model, instructions, maxOutputTokens, maxToolCalls, reasoningEffort, serviceTier, truncation, output } =
    definition
  return {
    model,
    instructions,
    background: true,
    // Explicit: where it is omitted, some organisations' responses are deleted after ten minutes.
    store: true,
    max_output_tokens: maxOutputTokens,
    metadata,
    text: { format: { type: 'json_schema', name: output.name, strict: true, schema: output.schema } },
    ...(reasoningEffort === undefined ? {} : { reasoning: { effort: reasoningEffort, summary: 'auto' as const } }),
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
    ...(truncation === undefined ? {} : { truncation }),
    ...(maxToolCalls === undefined ? {} : { max_tool_calls: maxToolCalls }),
    ...(tools.length === 0 ? {} : { tools }),
    ...includes(tools),
  }
}

/** By hosted tool: what it found, without which no citation could be compared with its source. */
const FINDINGS: Record<string, string> = {
  web_search: 'web_search_call.action.sources',
  file_search: 'file_search_call.results',
  code_interpreter: 'code_interpreter_call.outputs',
}

function includes(tools: readonly RequestTool[]): { include?: string[] } {
  const include = tools.flatMap(({ type }) => FINDINGS[type] ?? [])
  return include.length === 0 ? {} : { include }
}

/** How the model names the document at `position` (from 0) of a job. */
export function documentAlias(position: number): string {
  return `d${position + 1}`
}

function inputText(input: Record<string, unknown>, documents: DocumentText[], guidance: string | null): string {
  const lines = ['<documents>']
  for (const [position, document] of documents.entries()) {
    const alias = documentAlias(position)
    lines.push(`<document id="${alias}" name="${escapeAttribute(document.name)}">`)
    let count = 0
    for (const { page, text } of document.pages) {
      for (const passage of passagesOf(text)) {
        count += 1
        lines.push(`<passage id="${alias}.${count}" page="${page}">`, escapeText(passage), '</passage>')
      }
    }
    lines.push('</document>')
  }
  lines.push('</documents>', '<request>', escapeText(JSON.stringify(input, null, 2)), '</request>')
  if (guidance !== null && guidance.trim() !== '') lines.push('<guidance>', escapeText(guidance), '</guidance>')
  return lines.join('\n')
}

/**
 * Splits the text of one page into passages: whole paragraphs up to some 600 to 1200 UTF-16 units. Each passage is a
 * slice of the page, letter for letter, so that what is quoted from it can be found in the page.
 */
export function passagesOf(pageText: string): string[] {
  const passages: string[] = []
  let start = -1
  let end = -1
  const flush = () => {
    if (start >= 0) passages.push(pageText.slice(start, end))
    start = -1
  }
  for (const paragraph of paragraphsOf(pageText)) {
    if (start >= 0 && paragraph.end - start > PASSAGE_LIMIT) flush()
    if (start < 0) start = paragraph.start
    end = paragraph.end
    if (end - start >= PASSAGE_TARGET) flush()
  }
  flush()
  return passages
}

type Span = { start: number; end: number }

/** Paragraphs without the blank lines between them; longer ones in pieces. */
function* paragraphsOf(text: string): Generator<Span> {
  let start = 0
  while (start < text.length) {
    const gap = /\n[^\S\n]*\n/g
    gap.lastIndex = start
    const found = gap.exec(text)
    const end = found?.index ?? text.length
    yield* piecesOf(text, trimmed(text, { start, end }))
    start = found === null ? text.length : gap.lastIndex
  }
}

function* piecesOf(text: string, { start, end }: Span): Generator<Span> {
  let from = start
  while (end - from > PASSAGE_LIMIT) {
    const window = text.slice(from, from + PASSAGE_LIMIT)
    const cut = from + cutOf(window)
    const piece = trimmed(text, { start: from, end: cut })
    if (piece.end > piece.start) yield piece
    from = cut
  }
  const rest = trimmed(text, { start: from, end })
  if (rest.end > rest.start) yield rest
}

/** Where to end a piece: after the last line, else the last sentence, else the last word of the window. */
function cutOf(window: string): number {
  const half = window.length / 2
  const line = window.lastIndexOf('\n') + 1
  if (line > half) return line
  const sentence = Math.max(window.lastIndexOf('. '), window.lastIndexOf('? '), window.lastIndexOf('! ')) + 2
  if (sentence > half) return sentence
  const word = window.lastIndexOf(' ') + 1
  if (word > half) return word
  // No seam at all: only a surrogate pair must not be torn.
  const last = window.charCodeAt(window.length - 1)
  return last >= 0xd800 && last <= 0xdbff ? window.length - 1 : window.length
}

function trimmed(text: string, { start, end }: Span): Span {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return { start: from, end: to }
}

const isBlank = (unit: number) => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit === 0xa0

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll(/\s+/g, ' ')
}

const number = new Intl.NumberFormat('en')

/**
 * Why this input is longer than the model takes, as a sentence that says by how much and what is largest; null where
 * it fits. `characters` and the definition's limit count UTF-16 units.
 */
export function inputTooLong(
  definition: Pick<WorkflowDefinition, 'name' | 'maxInputCharacters'>,
  input: Record<string, unknown>,
  documents: readonly { name: string; characters: number }[],
  guidance: string | null = null,
): string | null {
  const ownText = JSON.stringify(input).length + (guidance?.length ?? 0)
  const total = documents.reduce((sum, document) => sum + document.characters, ownText)
  if (total <= definition.maxInputCharacters) return null
  const largest = documents
    .toSorted((one, other) => other.characters - one.characters)
    .slice(0, 3)
    .map(({ name, characters }) => `${name} (${number.format(characters)})`)
  const advice =
    largest.length === 0
      ? 'Shorten what you typed.'
      : `Leave out or shorten the largest: ${new Intl.ListFormat('en').format(largest)}.`
  return (
    `This is ${number.format(total)} characters, and ${definition.name} takes ` +
    `${number.format(definition.maxInputCharacters)}. ${advice}`
  )
}
