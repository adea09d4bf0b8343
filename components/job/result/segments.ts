/** Cuts a page of a document into blocks and stretches of text, so that passages can be marked in it. Pure. */

/** A stretch of a page to mark. Offsets are UTF-16 code units; `end` is exclusive. */
export type Mark = { id: number; start: number; end: number }

/** A stretch of text with the ids of the marks that cover it; none for plain text. */
export type Segment = { text: string; marks: number[] }

/** Some lines of a page that are drawn together. */
export type Block = { start: number; segments: Segment[] }

/** So much text is laid out in a blink; a browser skips whole blocks that are off the screen. */
const BLOCK = 4_000

/**
 * The page as blocks of whole lines of some `size` characters (a line that is longer is cut), each as segments in
 * order. Put together again, the segments are the page, letter for letter.
 */
export function segmentPage(text: string, marks: readonly Mark[], size = BLOCK): Block[] {
  const usable = marks
    .map(({ id, start, end }) => ({ id, start: Math.max(0, start), end: Math.min(text.length, end) }))
    .filter(({ start, end }) => start < end)
  return blockStarts(text, size).map((start, index, starts) => {
    const end = starts[index + 1] ?? text.length
    return { start, segments: segmentsOf(text, start, end, usable) }
  })
}

function blockStarts(text: string, size: number): number[] {
  const starts = [0]
  for (;;) {
    const start = starts.at(-1) as number
    if (text.length - start <= size) return starts
    starts.push(cutAfter(text, start, size))
  }
}

/** Where to cut: after the last line end within `size`, else after the last space, else where no character is torn. */
function cutAfter(text: string, start: number, size: number): number {
  const wanted = start + size
  const lineEnd = text.lastIndexOf('\n', wanted - 1)
  if (lineEnd >= start) return lineEnd + 1
  const space = text.lastIndexOf(' ', wanted - 1)
  if (space >= start) return space + 1
  return isLowSurrogate(text.charCodeAt(wanted)) ? wanted + 1 : wanted
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff

function segmentsOf(text: string, start: number, end: number, marks: readonly Mark[]): Segment[] {
  const inside = marks.filter((mark) => mark.start < end && mark.end > start)
  const edges = inside.flatMap((mark) => [Math.max(start, mark.start), Math.min(end, mark.end)])
  const cuts = [...new Set([start, ...edges, end])].sort((a, b) => a - b)
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] as number
    const ids = inside.filter((mark) => mark.start < to && mark.end > from).map((mark) => mark.id)
    return { text: text.slice(from, to), marks: ids }
  })
}
