/** Reads YAML and remembers where each value stands. Pure. */
import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'

/** A place of a value: names of fields and numbers of entries, from the outside in. */
export type Path = readonly (string | number)[]

/** Both from 1. */
export type Place = { line: number; column: number }

/** What is wrong with a file, where, as a sentence that says what to do. */
export type FileProblem = Place & { message: string }

export type YamlSource = {
  /** As JSON would have it; undefined where the text could not be read. */
  value: unknown
  problems: FileProblem[]
  /** Where the value at `path` begins, or its name (`key`). What is not there is looked for where it would belong. */
  placeOf: (path: Path, part?: 'value' | 'key') => Place
}

/** More than any workflow needs; the whole text is looked at while somebody types. */
const MOST_CHARACTERS = 400_000
/** Nobody reads more of what the parser says. */
const MOST_PROBLEMS = 20

/** Reads `text` as one YAML 1.2 document. All that is wrong with its syntax is reported at once. */
export function readYaml(text: string): YamlSource {
  if (text.length > MOST_CHARACTERS) {
    const message = `The file has ${text.length} characters, and at most ${MOST_CHARACTERS} are read. Shorten it.`
    return failed([{ line: 1, column: 1, message }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems = [...document.errors, ...document.warnings].map(
    ({ code, pos }): FileProblem => ({ ...at(pos[0]), message: SENTENCES[code] }),
  )
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) === undefined) problems.push({ ...at(startOf(node)), message: SENTENCES.BAD_ALIAS })
    },
  })
  if (problems.length > 0) return failed(firstOfEachLine(problems))
  const placeOf = (path: Path, part: 'value' | 'key' = 'value') => at(offsetOf(document, path, part))
  try {
    return { value: document.toJS({ maxAliasCount: 1_000 }), problems, placeOf }
  } catch (error) {
    // The one thing left that this raises: aliases that would unfold to far more than was written.
    if (!(error instanceof ReferenceError)) throw error
    return failed([{ line: 1, column: 1, message: 'The aliases (*name) unfold to too much. Write it out.' }])
  }
}

/** What is wrong at the beginning of a line makes the parser stumble over the rest of it. */
function firstOfEachLine(problems: readonly FileProblem[]): FileProblem[] {
  const seen = new Set<number>()
  return problems.filter(({ line }) => !seen.has(line) && seen.add(line)).slice(0, MOST_PROBLEMS)
}

function failed(problems: FileProblem[]): YamlSource {
  return { value: undefined, problems, placeOf: () => ({ line: 1, column: 1 }) }
}

function offsetOf(document: Document, path: Path, part: 'value' | 'key'): number {
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const [depth, segment] of path.entries()) {
    const inside = resolved(document, node)
    if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
      if (pair === undefined) return offset
      node = pair.value
      const wantsKey = part === 'key' && depth === path.length - 1
      offset = wantsKey || node === null || isEmpty(node) ? startOf(pair.key) : startOf(node)
    } else if (isSeq(inside)) {
      const entry = inside.items[Number(segment)]
      if (entry === undefined) return offset
      node = entry
      offset = startOf(entry)
    } else return offset
    // What is missing inside is looked for under the name of where it belongs.
    if (depth < path.length - 1 && isMap(resolved(document, node))) offset = keyOrStart(inside, segment, offset)
  }
  return offset
}

function keyOrStart(parent: unknown, segment: string | number, otherwise: number): number {
  if (!isMap(parent)) return otherwise
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
  return pair === undefined ? otherwise : startOf(pair.key)
}

const resolved = (document: Document, node: unknown) => (isAlias(node) ? node.resolve(document) : node)

const isEmpty = (node: unknown) => isScalar(node) && node.value === null && node.source === ''

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0
}

/** By the parser's code: its own words are for engineers. */
const SENTENCES: Record<ErrorCode, string> = {
  ALIAS_PROPS: 'An alias (*name) cannot carry an anchor or a tag. Leave them out.',
  BAD_ALIAS: 'This alias (*name) names no anchor (&name) before it. Write out what it stands for.',
  BAD_COLLECTION_TYPE: 'This tag (!name) does not fit what follows it. Leave the tag out.',
  BAD_DIRECTIVE: 'Lines that begin with % are not used here. Remove this one.',
  BAD_DQ_ESCAPE: 'In double quotes a backslash begins an escape, and this is none. Write \\\\ for a backslash.',
  BAD_INDENT:
    'This line is not indented as those that it belongs to, or a quote or bracket before it is not closed. Look at both.',
  BAD_PROP_ORDER: 'An anchor or tag stands in the wrong place. It goes after the colon, before the value.',
  BAD_SCALAR_START: 'Text cannot begin with this character. Put the text in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'A field begins where a value belongs. Put it on a line of its own, or the text in quotes.',
  BLOCK_IN_FLOW: 'Inside { } and [ ] everything is written with commas. Close the bracket, or write it without.',
  DUPLICATE_KEY: 'This field stands there twice. Remove one of the two.',
  IMPOSSIBLE: 'This cannot be read. Look at the line and the one before.',
  KEY_OVER_1024_CHARS: 'The name of a field is too long. Is a line break or a quote missing?',
  MISSING_CHAR: 'Something is missing here: a closing quote or bracket, a colon, or the space after it.',
  MULTILINE_IMPLICIT_KEY: 'The name of a field goes over several lines. Is a colon missing?',
  MULTIPLE_ANCHORS: 'A value can have one anchor (&name). Remove the others.',
  MULTIPLE_DOCS: 'A second document begins here (---). A file holds one workflow.',
  MULTIPLE_TAGS: 'A value can have one tag (!name). Remove them: none are used here.',
  NON_STRING_KEY: 'The name of a field must be text.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
  TAB_AS_INDENT: 'A tab stands where spaces belong. Indent with spaces.',
  TAG_RESOLVE_FAILED: 'Tags (!name) are not used here. Remove it, or put the text in quotes.',
  UNEXPECTED_TOKEN: 'This does not belong here. Is a quote, a bracket or a line break missing before it?',
}
