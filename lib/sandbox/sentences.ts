/** Cuts a passage into sentences that stand in it letter for letter. Pure. */

export type Sentence = {
  /** A verbatim piece of the passage, without white space at its ends. */
  text: string
  /** A heading names what follows and states nothing itself; a row of a table says little without its heading. */
  kind: 'sentence' | 'heading' | 'row'
}

/** A quote that is longer than this is cut at a space: people must be able to read it beside the claim. */
const longest = 420

/** A line that stands for itself: heading, list item, table row, `Label: value`, a line of JSON. */
const ownLine = /^\s*(?:#{1,6}\s|[-*•+]\s|\d{1,3}(?:\.\d{1,3})*[.)]\s|\||["'{}[\]]|[\p{L}][^:\n]{0,40}:(?:\s|$))/u
/** Abbreviations, initials and the number of a clause, whose full stop ends no sentence. */
const notTheEnd =
  /(?:^|[\s(])(?:\p{Lu}|No|Nr|Mr|Mrs|Ms|Dr|St|Inc|Ltd|Co|Corp|Art|Sec|cl|para|e\.g|i\.e|approx|vs|cf)\.\s*$|^\d+(?:\.\d+)*\.\s*$/u
/** The number and the name of a clause, `3.1. Early notice.`: alone it states nothing, before a sentence it belongs to it. */
const clauseName = /^\d+(?:\.\d+)*[.)]?\s+\p{Lu}[^\s.!?]*(?:\s[^\s.!?]+){0,3}\.\s*$/u

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

export function cutSentences(passage: string): Sentence[] {
  return cutBlocks(passage)
    .flatMap((block): Sentence[] => {
      if (isHeading(block)) return [{ text: block.replace(/^#{1,6}\s+/, ''), kind: 'heading' }]
      if (isTableRow(block)) return shorten(block).map((text) => ({ text, kind: 'row' }))
      const sentences = joinAbbreviations(block.replace(/^[-*•+>]\s+/, ''))
      return sentences.flatMap(shorten).map((text) => ({ text, kind: 'sentence' }))
    })
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
}

/** Paragraphs and lines that stand for themselves. A line that was only wrapped stays with the one before. */
function cutBlocks(passage: string): string[] {
  const blocks: string[] = []
  let from = 0
  let at = 0
  let isOpen = false
  let afterTitle = false
  const close = (to: number) => {
    if (isOpen) blocks.push(passage.slice(from, to).trim())
    isOpen = false
  }
  for (const line of passage.split('\n')) {
    const isTable = isTableRow(line)
    const startsAnew = ownLine.test(line) || isTable || (afterTitle && /^\s*[\p{Lu}\p{N}]/u.test(line))
    if (line.trim() === '') close(at)
    else if (startsAnew || !isOpen) {
      close(at)
      from = at
      isOpen = true
    }
    at += line.length + 1
    if (isTable || /^\s*#/.test(line)) close(at)
    afterTitle = isTitle(line)
  }
  close(passage.length)
  return blocks.filter((block) => block !== '')
}

/** A `Label: value`, or a line too short to have been wrapped: what begins with a capital after it begins anew. */
function isTitle(line: string): boolean {
  if (/[,;-]\s*$/.test(line)) return false
  return /^\s*\p{L}[^:\n]{0,40}:\s/u.test(line) || (line.trim().length <= 60 && !/[.!?:]\s*$/.test(line))
}

/** Cells by bars or tabs, or by commas or semicolons without a space after them: prose has none of these. */
function isTableRow(line: string): boolean {
  return (line.match(/[\t|]/g)?.length ?? 0) >= 2 || (line.match(/[,;](?!\s|\d{3}\b|$)/g)?.length ?? 0) >= 3
}

function isHeading(block: string): boolean {
  if (/^#{1,6}\s/.test(block) || clauseName.test(block) || /^(\*\*|__)[^\n]*\1$/.test(block)) return true
  return block.length <= 70 && !block.includes('\n') && !/[.!?:;,|]\s*$/.test(block) && !/[:,|]|\d{2}/.test(block)
}

function joinAbbreviations(block: string): string[] {
  // A line break ends a sentence for the segmenter, but here it only wraps one. Same length, so offsets stay true.
  const sentences: string[] = []
  let from = 0
  for (const { index, segment } of segmenter.segment(block.replace(/[\r\n\t]/g, ' '))) {
    const end = index + segment.length
    const soFar = block.slice(from, end)
    const goesOn = notTheEnd.test(soFar.slice(-40)) || (from === 0 && clauseName.test(soFar))
    if (goesOn && end < block.length) continue
    sentences.push(block.slice(from, end).trim())
    from = end
  }
  if (from < block.length) sentences.push(block.slice(from).trim())
  return sentences.filter((sentence) => sentence !== '')
}

function shorten(sentence: string): string[] {
  const pieces: string[] = []
  let rest = sentence
  while (rest.length > longest) {
    const space = rest.lastIndexOf(' ', longest)
    const end = space > longest / 2 ? space : longest
    // Never between the two halves of one character.
    const whole = /[\ud800-\udbff]$/.test(rest.slice(0, end)) ? end - 1 : end
    pieces.push(rest.slice(0, whole).trim())
    rest = rest.slice(whole).trim()
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}
