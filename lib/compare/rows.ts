/** A comparison of two texts, set out in lines that stand beside each other. Pure. */
import type { Segment } from './text'

/** Lines that belong together: on the left what is not `added`, on the right what is not `removed`. */
export type Row = { segments: Segment[]; isSame: boolean }

/** So many rows in a run that are the same, with `count` of lines, may be folded. */
export type Block = { kind: 'rows'; rows: Row[] } | { kind: 'fold'; rows: Row[] }

/** Lines that are the same, shown on each side of a change. */
const CONTEXT = 2
/** Folding fewer saves nothing. */
const FEWEST_FOLDED = 3

/** One row a line that is the same, and one for each run of lines in which something differs. */
export function rowsOf(segments: readonly Segment[]): Row[] {
  const rows: Row[] = []
  let row: Segment[] = []
  const flush = () => {
    if (row.length > 0) rows.push({ segments: row, isSame: row.every(({ kind }) => kind === 'same') })
    row = []
  }
  for (const [index, { kind, text }] of segments.entries()) {
    if (kind !== 'same') {
      row.push({ kind, text })
      // Whole lines on both sides end a row of their own.
      const rest = segments[index + 1]
      if (rest?.kind !== 'added' && row.every((one) => one.text.endsWith('\n'))) flush()
      continue
    }
    for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) {
      row.push({ kind, text: line })
      if (line.endsWith('\n')) flush()
    }
  }
  flush()
  return rows
}

/** Rows with what is the same and far from any change apart, to be folded. */
export function foldRows(rows: readonly Row[]): Block[] {
  const isNear = rows.map(() => false)
  for (const [index, row] of rows.entries()) {
    if (row.isSame) continue
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++) if (near in isNear) isNear[near] = true
  }
  const blocks: Block[] = []
  for (const [index, row] of rows.entries()) {
    const kind = isNear[index] ? 'rows' : 'fold'
    const last = blocks.at(-1)
    if (last?.kind === kind) last.rows.push(row)
    else blocks.push({ kind, rows: [row] })
  }
  return unfoldShort(blocks)
}

function unfoldShort(blocks: readonly Block[]): Block[] {
  const merged: Block[] = []
  for (const block of blocks) {
    const kind = block.kind === 'fold' && block.rows.length >= FEWEST_FOLDED ? 'fold' : 'rows'
    const last = merged.at(-1)
    if (kind === 'rows' && last?.kind === 'rows') last.rows.push(...block.rows)
    else merged.push({ kind, rows: [...block.rows] })
  }
  return merged
}

/** What a row says on one side. */
export function sideOf(row: Row, side: 'left' | 'right'): Segment[] {
  return row.segments.filter(({ kind }) => kind !== (side === 'left' ? 'added' : 'removed'))
}
