/** Lays a JSON value out as the rows of a tree that folds. Walks without recursion: a value may be deep. Pure. */

/** Rows that follow each other are drawn one by one up to here; more elements come in ranges of so many. */
export const RANGE = 100_000

/** Somebody who opens more than this at once reads none of it, and browsers scroll no further than some 17 million px. */
export const MOST_ROWS = 500_000

/** More children than this are unfolded only when they are asked for, and so is what stands below them. */
const UNFOLDED = 100

type Common = {
  /** Its place, as a JSON pointer; a range has those of its ends. */
  id: string
  /** null for the value itself. */
  name: string | null
  level: number
}
export type LeafRow = Common & { kind: 'leaf'; value: unknown }
export type BranchRow = Common & { kind: 'branch'; isArray: boolean; size: number; isOpen: boolean }
export type RangeRow = Common & { kind: 'range'; size: number; isOpen: boolean }
export type Row = LeafRow | BranchRow | RangeRow

/** What is folded or unfolded against what is so at first, by the id of its row. */
export type Toggled = ReadonlySet<string>

/** A value whose row comes next. `unfolds`: how many levels from here on are unfolded at first. */
type Todo = { id: string; name: string | null; level: number; unfolds: number } & (
  | { value: unknown }
  | { of: object; keys: readonly string[] | null; from: number; to: number }
)

/**
 * The rows of `value` in order, `depth` levels unfolded at first. An empty object or list is a row without children.
 * Takes time in the number of rows, at most `MOST_ROWS`.
 */
export function rowsOf(value: unknown, depth: number, toggled: Toggled): Row[] {
  const rows: Row[] = []
  const left: Todo[] = [{ id: '', name: null, level: 0, unfolds: depth, value }]
  for (let next = left.pop(); next !== undefined && rows.length < MOST_ROWS; next = left.pop()) {
    const { id, name, level, unfolds } = next
    if ('of' in next) {
      const { of, keys, from, to } = next
      const isOpen = toggled.has(id)
      rows.push({ kind: 'range', id, name, level, size: to - from, isOpen })
      if (isOpen) pushChildren(left, { parent: id.slice(0, id.lastIndexOf('/')), level, unfolds, of, keys, from, to })
      continue
    }
    if (next.value === null || typeof next.value !== 'object') {
      rows.push({ kind: 'leaf', id, name, level, value: next.value })
      continue
    }
    const keys = Array.isArray(next.value) ? null : Object.keys(next.value)
    const size = keys?.length ?? (next.value as unknown[]).length
    const isOpen = size > 0 && unfolds > 0 !== toggled.has(id)
    rows.push({ kind: 'branch', id, name, level, isArray: keys === null, size, isOpen })
    if (!isOpen) continue
    const below = { level, unfolds: size > UNFOLDED ? 0 : unfolds - 1, of: next.value, keys }
    if (size <= RANGE) pushChildren(left, { parent: id, ...below, from: 0, to: size })
    else pushRanges(left, { parent: id, ...below, size })
  }
  return rows
}

type Below = { parent: string; level: number; unfolds: number; of: object; keys: readonly string[] | null }

/** Backwards, so that the first is taken first. */
function pushChildren(
  left: Todo[],
  { parent, level, unfolds, of, keys, from, to }: Below & { from: number; to: number },
) {
  for (let index = to - 1; index >= from; index -= 1) {
    const name = keys === null ? String(index) : (keys[index] ?? '')
    const value = (of as Record<string, unknown>)[name]
    left.push({ id: `${parent}/${escapeName(name)}`, name, level: level + 1, unfolds, value })
  }
}

function pushRanges(left: Todo[], { parent, level, unfolds, of, keys, size }: Below & { size: number }) {
  for (let from = Math.floor((size - 1) / RANGE) * RANGE; from >= 0; from -= RANGE) {
    const to = Math.min(size, from + RANGE)
    // No name of a child has an unescaped slash, and none begins with a tilde that stands alone.
    const id = `${parent}/~${from}-${to}`
    const name = `${from.toLocaleString('en')} to ${(to - 1).toLocaleString('en')}`
    left.push({ id, name, level: level + 1, unfolds, of, keys, from, to })
  }
}

/** A segment of a JSON pointer (RFC 6901). */
const escapeName = (name: string) => (/[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name)
