/** A JSON value as an outline for reading and comparing: a line a field, texts as they read. Pure. */

/** Deeper than stored JSON is. */
const MOST_DEPTH = 200

/**
 * `value` as lines: `summary: The rent is due …`, list elements with a dash before them. Texts stand without quotes and
 * escapes, in their own lines. Not a format to be read back.
 */
export function outlineOf(value: unknown): string {
  return linesOf(value, 0).join('\n')
}

function linesOf(value: unknown, depth: number): string[] {
  if (typeof value !== 'object' || value === null || depth >= MOST_DEPTH) return textOf(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return ['none']
    return value.flatMap((element) => under('- ', linesOf(element, depth + 1)))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return ['nothing']
  return entries.flatMap(([name, of]) => {
    const lines = linesOf(of, depth + 1)
    const isShort = lines.length === 1 && (typeof of !== 'object' || of === null || isEmpty(of))
    return isShort ? [`${name}: ${lines[0]}`] : [`${name}:`, ...lines.map(indented)]
  })
}

/** The first line behind its mark, the rest below it. */
function under(mark: string, [first = '', ...rest]: string[]): string[] {
  return [`${mark}${first}`, ...rest.map(indented)]
}

const indented = (line: string) => (line === '' ? '' : `  ${line}`)
const isEmpty = (value: object) => Object.keys(value).length === 0

function textOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split('\n')
  if (value === null || value === undefined) return ['not stated']
  return [JSON.stringify(value)]
}

/** The text of a result as it is compared: as an outline where it is JSON, else as it came. */
export function readableText(text: string): { text: string; isOutline: boolean } {
  const start = text.trimStart()[0]
  if (start !== '{' && start !== '[') return { text, isOutline: false }
  try {
    return { text: outlineOf(JSON.parse(text)), isOutline: true }
  } catch {
    // Only looks like JSON.
    return { text, isOutline: false }
  }
}
