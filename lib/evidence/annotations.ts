/**
 * Checks the annotations of an answer: the citations that the provider itself puts into it. None is a link before its
 * marks lie within the text, its address is one, and the answer's own searches list its source. Pure; never throws.
 */

/** Why an annotation does not resolve. */
export type AnnotationFault =
  | 'unknown_kind'
  | 'out_of_range'
  | 'marks_nothing'
  | 'no_address'
  | 'other_address'
  | 'not_listed'
  | 'nothing_searched'

export type AnnotationFinding = {
  /** Which output item, which part of its content, which annotation of that part. */
  item: number
  part: number
  index: number
  kind: string
  /** What it calls its source: a title, a file name, an address. At most 300 UTF-16 units. */
  label: string
  /** An http or https address; null where it has none, or none that is one. */
  url: string | null
  host: string | null
  /** UTF-16 offsets into the text of its part; null where it marks no range of it. */
  start: number | null
  end: number | null
  /** What it marks, at most 300 UTF-16 units. */
  quote: string
  fault: AnnotationFault | null
}

/** More than these are not looked at; the rest counts as not resolved. */
export const MOST_ANNOTATIONS = 1_000
const LONGEST_LABEL = 300

type Fields = Record<string, unknown>

/**
 * Every annotation of the messages among `items`, in order, each looked up.
 * @param earlier the items of the responses that this one goes on from: what they found may be cited here.
 */
export function checkAnnotations(items: readonly unknown[], earlier: readonly unknown[] = []): AnnotationFinding[] {
  const fields = items.map(fieldsOf)
  const sources = sourcesOf([...earlier.map(fieldsOf), ...fields])
  const findings: AnnotationFinding[] = []
  for (const [item, message] of fields.entries()) {
    if (message.type !== 'message') continue
    for (const [part, content] of listOf(message.content).map(fieldsOf).entries()) {
      const annotations = listOf(content.annotations)
      if (annotations.length === 0) continue
      const text = marksIn(typeof content.text === 'string' ? content.text : '')
      for (const [index, annotation] of annotations.entries()) {
        if (findings.length >= MOST_ANNOTATIONS) return findings
        findings.push({ item, part, index, ...look(fieldsOf(annotation), text, sources) })
      }
    }
  }
  return findings
}

/** How many annotations the messages among `items` have, looked at or not. */
export function countAnnotations(items: readonly unknown[]): number {
  const parts = items
    .map(fieldsOf)
    .filter((item) => item.type === 'message')
    .flatMap((message) => listOf(message.content).map(fieldsOf))
  return parts.reduce((sum, part) => sum + listOf(part.annotations).length, 0)
}

const FAULTS: Record<AnnotationFault, string> = {
  unknown_kind: 'is of a kind that this version does not know',
  out_of_range: 'marks a place outside the text',
  marks_nothing: 'marks no text',
  no_address: 'has no address that could be opened',
  other_address: 'marks a link that goes to another site than it cites',
  not_listed: 'names a source that none of the answer’s searches lists',
  nothing_searched: 'names a source, but the answer searched nothing',
}

/** Why it does not resolve, to stand after its name; null where it does. */
export function faultWords({ fault }: Pick<AnnotationFinding, 'fault'>): string | null {
  return fault === null ? null : FAULTS[fault]
}

type Looked = Omit<AnnotationFinding, 'item' | 'part' | 'index'>

function look(annotation: Fields, text: Marks, sources: Sources): Looked {
  const kind = typeof annotation.type === 'string' ? annotation.type.slice(0, 100) : 'unknown'
  switch (kind) {
    case 'url_citation':
      return lookAtPage(annotation, text, sources)
    case 'file_citation':
      return lookAtFile(annotation, text, sources.files)
    case 'file_path':
      return lookAtMade(annotation, text, sources)
    case 'container_file_citation':
      return lookAtContainer(annotation, text, sources)
    default:
      return { ...nothing(kind, annotation), fault: 'unknown_kind' }
  }
}

function lookAtPage(annotation: Fields, text: Marks, { pages }: Sources): Looked {
  const url = addressOf(annotation.url)
  const range = text.range(annotation.start_index, annotation.end_index)
  const found = {
    ...nothing('url_citation', annotation),
    label: nameOf(annotation.title, annotation.url),
    url: url?.href ?? null,
    host: url?.host ?? null,
    ...range.marked,
  }
  return { ...found, fault: range.fault ?? (url === null ? 'no_address' : pageFault(url, range.linked, pages)) }
}

function pageFault(url: URL, linked: readonly URL[], pages: Sources['pages']): AnnotationFault | null {
  return linked.some(({ host }) => host !== url.host) ? 'other_address' : listedPage(url, pages)
}

function listedPage(url: URL, { searched, isWhole, listed }: Sources['pages']): AnnotationFault | null {
  if (!searched) return 'nothing_searched'
  // Searches list their sources only where they are asked to; a page that was opened is no list of what was found.
  return !isWhole || listed.has(sameAddress(url)) ? null : 'not_listed'
}

function lookAtFile(annotation: Fields, text: Marks, files: Sources['files']): Looked {
  const found = { ...nothing('file_citation', annotation), label: nameOf(annotation.filename, annotation.file_id) }
  return { ...found, fault: text.has(annotation.index) ? listedFile(annotation, files) : 'out_of_range' }
}

/** The id decides where there is one: two files may have one name. */
function listedFile(
  { file_id, filename }: Fields,
  { searched, isWhole, listed }: Sources['files'],
): AnnotationFault | null {
  if (!searched) return 'nothing_searched'
  return !isWhole || listed.has(isText(file_id) ? file_id : String(filename)) ? null : 'not_listed'
}

/** A file that code made. What was made is listed nowhere: that code ran is all that can be told. */
function lookAtMade(annotation: Fields, text: Marks, { containers }: Sources): Looked {
  const found = { ...nothing('file_path', annotation), label: nameOf(annotation.filename, annotation.file_id) }
  if (!text.has(annotation.index)) return { ...found, fault: 'out_of_range' }
  return { ...found, fault: containers.size === 0 ? 'nothing_searched' : null }
}

function lookAtContainer(annotation: Fields, text: Marks, { containers }: Sources): Looked {
  const range = text.range(annotation.start_index, annotation.end_index)
  const found = {
    ...nothing('container_file_citation', annotation),
    label: nameOf(annotation.filename, annotation.file_id),
    ...range.marked,
  }
  const listed = containers.has(String(annotation.container_id))
  return { ...found, fault: range.fault ?? (listed ? null : 'not_listed') }
}

function nothing(kind: string, annotation: Fields): Looked {
  const label = nameOf(annotation.title, annotation.filename, annotation.file_id, annotation.url)
  return { kind, label, url: null, host: null, start: null, end: null, quote: '', fault: null }
}

// ---------------------------------------------------------------------------------------------- what was searched

type Sources = {
  /** `isWhole`: a search said what it found. */
  pages: { searched: boolean; isWhole: boolean; listed: Set<string> }
  /** By id and by name. */
  files: { searched: boolean; isWhole: boolean; listed: Set<string> }
  containers: Set<string>
}

function sourcesOf(items: readonly Fields[]): Sources {
  const searches = items.filter((item) => item.type === 'web_search_call')
  const lookups = items.filter((item) => item.type === 'file_search_call')
  const results = lookups.flatMap((item) => listOf(item.results).map(fieldsOf))
  const runs = items.filter((item) => item.type === 'code_interpreter_call')
  return {
    pages: {
      searched: searches.length > 0,
      isWhole: searches.some(({ action }) => Array.isArray(fieldsOf(action).sources)),
      listed: new Set(searches.flatMap(pagesOf)),
    },
    files: {
      searched: lookups.length > 0,
      isWhole: lookups.some((item) => Array.isArray(item.results)),
      listed: new Set(results.flatMap(({ file_id, filename }) => [file_id, filename]).filter(isText)),
    },
    containers: new Set(runs.map((item) => item.container_id).filter(isText)),
  }
}

function pagesOf({ action }: Fields): string[] {
  const { url, sources } = fieldsOf(action)
  const named = [url, ...listOf(sources).map((source) => fieldsOf(source).url)]
  return named.map(addressOf).flatMap((address) => (address === null ? [] : [sameAddress(address)]))
}

/** The provider adds its own mark to addresses that it cites; the place on a page does not make another page. */
function sameAddress(address: URL): string {
  const url = new URL(address)
  url.hash = ''
  if (url.searchParams.get('utm_source') === 'openai') url.searchParams.delete('utm_source')
  return url.href.replace(/\/$/, '')
}

function addressOf(value: unknown): URL | null {
  if (typeof value !== 'string' || value.length > 8_000) return null
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}

// ---------------------------------------------------------------------------------------------- places in a text

type Marked = Pick<AnnotationFinding, 'start' | 'end' | 'quote'>
type Marks = {
  has: (index: unknown) => boolean
  /** `linked`: the addresses that stand in what is marked. */
  range: (start: unknown, end: unknown) => { fault: AnnotationFault | null; marked: Marked; linked: URL[] }
}

/** The API counts Unicode code points: an emoji is one, where JavaScript counts two and more. */
function marksIn(text: string): Marks {
  const starts = /[\ud800-\udbff]/.test(text) ? codePointStarts(text) : null
  const length = starts === null ? text.length : starts.length - 1
  const has = (index: unknown) => typeof index === 'number' && Number.isInteger(index) && index >= 0 && index <= length
  const offset = (index: number) => (starts === null ? index : (starts[index] as number))
  return {
    has,
    range: (from, to) => {
      const none = { start: null, end: null, quote: '' }
      if (!has(from) || !has(to) || (to as number) < (from as number))
        return { fault: 'out_of_range', marked: none, linked: [] }
      const [start, end] = [offset(from as number), offset(to as number)]
      const quote = text.slice(start, Math.min(end, start + LONGEST_LABEL)).toWellFormed()
      const linked = addressesIn(text.slice(start, Math.min(end, start + LONGEST_LOOKED_AT)))
      return { fault: quote.trim() === '' ? 'marks_nothing' : null, marked: { start, end, quote }, linked }
    },
  }
}

/** A mark is a phrase; in more than this no link is looked for. In UTF-16 units. */
const LONGEST_LOOKED_AT = 10_000

function addressesIn(marked: string): URL[] {
  const found = marked.match(/https?:\/\/[^\s<>()[\]"'`]+/gi) ?? []
  return found.flatMap((address) => URL.parse(address) ?? [])
}

/** The UTF-16 offset of each code point, and that of the end. */
function codePointStarts(text: string): number[] {
  const starts: number[] = []
  let at = 0
  for (const character of text) {
    starts.push(at)
    at += character.length
  }
  starts.push(at)
  return starts
}

const nameOf = (...names: unknown[]): string =>
  (names.find((name) => isText(name) && name.trim() !== '') as string | undefined)
    ?.slice(0, LONGEST_LABEL)
    .toWellFormed() ?? 'a source without a name'
const isText = (value: unknown): value is string => typeof value === 'string'
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
