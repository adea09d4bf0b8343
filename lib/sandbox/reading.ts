/** Reads what a request says: the documents, what is asked of them, and a reviewer's guidance. Pure. */

/** A piece of a document, as it stands there. `document` is its name, `documentId` what the request calls it: d1, d2, … */
export type Passage = { id: string; documentId: string; document: string; page: number; text: string }

export type Asked = {
  passages: Passage[]
  documentNames: string[]
  /** The job's input. Empty where the request holds no JSON object. */
  input: Record<string, unknown>
  guidance: string
}

const documentTag = /<document id="([^"]*)" name="(.*)">\n([\s\S]*?)\n?<\/document>/g
const passageTag = /<passage id="([^"]*)" page="(\d+)">\n([\s\S]*?)\n<\/passage>/g

/**
 * Reads the `input` text of a request. Text inside the tags is escaped for & < > only, so no document can close a tag
 * of its own accord. A text without these tags is taken as the request itself.
 */
export function readRequest(text: string): Asked {
  const passages: Passage[] = []
  const documentNames: string[] = []
  const documents = section(text, 'documents')
  for (const [, documentId = '', name = '', body = ''] of (documents ?? '').matchAll(documentTag)) {
    documentNames.push(plainText(name))
    for (const [, id = '', page = '1', passage = ''] of `${body}\n`.matchAll(passageTag)) {
      passages.push({ id, documentId, document: plainText(name), page: Number(page), text: plainText(passage) })
    }
  }
  const request = section(text, 'request')
  const guidance = section(text, 'guidance')
  return {
    passages,
    documentNames,
    input: readInput(plainText(request ?? (documents === null ? text : ''))),
    guidance: plainText(guidance ?? '').trim(),
  }
}

function section(text: string, name: string): string | null {
  const open = `<${name}>\n`
  const from = text.indexOf(open)
  const to = text.lastIndexOf(`</${name}>`)
  return from < 0 || to < from ? null : text.slice(from + open.length, to)
}

/** A request that is no JSON object is a question in plain words. */
function readInput(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Not JSON: taken as words below.
  }
  return text.trim() === '' ? {} : { question: text.trim() }
}

function plainText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** What is asked in words: the input's `question` or `focus`; where it has neither, every text apart from `fields`. */
export function questionOf(input: Record<string, unknown>): string {
  const { question, focus, fields: _, ...others } = input
  const own = [question, focus].filter(isText)
  return (own.length > 0 ? own : Object.values(others).flat().filter(isText)).join('\n')
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** The texts of these fields of an input; empty where it has none. */
export function textIn<Name extends string>(
  input: Record<string, unknown>,
  names: readonly Name[],
): Record<Name, string> {
  const text = (name: string) => (Object.hasOwn(input, name) && typeof input[name] === 'string' ? input[name] : '')
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>
}
