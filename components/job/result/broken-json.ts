/** JSON that cannot be read as such, because its end or something in it is missing, set out so that a person can. Pure. */

/** True for a text that was meant as a JSON object or list. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[[{"\]\d-])/.test(text)
}

/** A model that nests deeper than this is not setting anything out. */
const DEEPEST = 20

/** More than this is not read in one piece by anybody. */
const LONGEST = 100_000

/**
 * The text with a line for each field, as far as it goes. Only white space between strings is changed; a string is kept
 * letter for letter, the last one even where it never ends. What is set out already stays as it is.
 */
export function indentJson(text: string): string {
  if (text.length > LONGEST || /\n/.test(text.trim())) return text
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = () => {
    if (line !== '') lines.push('  '.repeat(Math.min(depth, DEEPEST)) + line)
    line = ''
  }
  for (const token of text.match(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[{}[\],:]|[^\s"{}[\],:]+/g) ?? []) {
    if (token === '}' || token === ']') {
      const isEmpty = line.endsWith(token === '}' ? '{' : '[')
      if (!isEmpty) end()
      depth = isEmpty ? depth : Math.max(0, depth - 1)
      line += token
    } else if (token === ',') {
      line += token
      end()
    } else if (token === ':') {
      line += ': '
    } else {
      if (/[{[]$/.test(line)) {
        end()
        depth += 1
      }
      // Two values with nothing between them: what JSON has no place for must not grow together.
      line += /[^\s]$/.test(line) && !line.endsWith(': ') ? ` ${token}` : token
    }
  }
  end()
  return lines.join('\n')
}
