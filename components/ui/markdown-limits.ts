/**
 * Tells Markdown that is written to be taken apart slowly from Markdown that is written to be read. A line of 20,000 `>`
 * keeps the parser busy for ten seconds, on the server too, and then it runs out of stack. Pure; takes time in the
 * length of the text.
 */
import { splitHidden } from './hidden-characters'

/** More than this takes long to lay out. In UTF-16 code units. */
export const MOST_MARKDOWN = 20_000

/** So many lines are compared with what stands open above each of them. */
const MOST_LINES = 2_000

/** So many pieces, hidden and not, are drawn as elements of their own. */
const MOST_PIECES = 1_000

/** Nobody writes lists, quotes, brackets or emphasis inside each other so often. */
const MOST_NESTED = 12
/** Emphasis that is opened and not closed: code that stands between the words has much of it. */
const MOST_OPEN = 100

/** A longer run of one of these is neither a rule nor emphasis. */
const RUN = /([*_~[\]<>`!&])\1{59}/
/** Rules and underlines may be as long as they like. */
const RULE = /^[ \t]*([*_=-])[ \t]*(?:\1[ \t]*)*$/

const CONTAINER = /[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))/y
const MARK = /[*_~]+|\[|\]/g

/** Characters of one paragraph that open or close something: so many are compared with each other. */
const MOST_MARKS = 3_000

/** True where the text would take long to read as Markdown, or too deep; it is then shown as the text that it is. */
export function isTangled(text: string): boolean {
  if (text.length > MOST_MARKDOWN || text.split('\n').length > MOST_LINES) return true
  if (splitHidden(text).length > MOST_PIECES) return true
  return text.split(/\n[ \t]*(?:\n[ \t]*)*\n/).some(isTangledBlock)
}

function isTangledBlock(block: string): boolean {
  const lines = block.split('\n').filter((line) => !RULE.test(line))
  return lines.some((line) => RUN.test(line) || containersOf(line) > MOST_NESTED) || isNestedTooDeep(lines.join('\n'))
}

/** How many quotes and list items a line opens inside each other. */
function containersOf(line: string): number {
  CONTAINER.lastIndex = 0
  let count = 0
  while (count <= MOST_NESTED && CONTAINER.test(line)) count += 1
  return count
}

/** Follows what is opened and not yet closed; what cannot close, opens. */
function isNestedTooDeep(block: string): boolean {
  let marks = 0
  let emphasis = 0
  let brackets = 0
  for (const { 0: mark, index } of block.matchAll(MARK)) {
    marks += 1
    if (mark === '[') brackets += 1
    else if (mark === ']') brackets = Math.max(0, brackets - 1)
    else if (opens(block, index, mark.length)) emphasis += 1
    else emphasis = Math.max(0, emphasis - 1)
    if (emphasis > MOST_OPEN || brackets > MOST_NESTED || marks > MOST_MARKS) return true
  }
  return false
}

/** Nothing but a space or a mark stands before it, and no space after it. */
function opens(block: string, index: number, length: number): boolean {
  const before = block[index - 1] ?? ' '
  const after = block[index + length] ?? ' '
  return !/\s/.test(after) && /[\s\p{P}\p{S}]/u.test(before)
}
