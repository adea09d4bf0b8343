/**
 * What counts as a word, for texts and for searches alike. PostgreSQL's own parser takes the hyphen of `KC-90377` for a
 * minus, keeps an e-mail address as one piece and drops `§`; and it knows no word of a language that sets no spaces.
 * Pure.
 */

export type Token = {
  /** As it is looked up: folded. */
  word: string
  /** Where it stands in the text, in UTF-16 units. */
  start: number
  end: number
}

/** A longer run is no word: it is found by its beginning. */
const LONGEST_WORD = 64

/** Letters, digits and the marks upon them; and the section sign, which stands by itself. */
const WORD = /[\p{L}\p{N}\p{M}]+|§/gu
/** Written without spaces: the words are found by a dictionary. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const ASCII = /^[a-z0-9]*$/

/** Capitals, accents and wide letters make no difference: `Müller` is found by `muller`, `ﬁn` by `fin`. */
export function fold(text: string): string {
  const small = text.toLowerCase()
  if (ASCII.test(small)) return small
  return small
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
}

let segmenter: Intl.Segmenter | undefined

/** The words of `text`, in their order, at most `most`. */
export function tokensOf(text: string, most = Number.POSITIVE_INFINITY): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(WORD)) {
    if (tokens.length >= most) break
    const [run] = match
    if (!UNSPACED.test(run)) {
      push(tokens, run, match.index)
      continue
    }
    segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
    // Very long ones in pieces: the segmenter takes more than its share of time over them.
    for (let from = 0; from < run.length && tokens.length < most; from += 2_000) {
      for (const { segment, index } of segmenter.segment(run.slice(from, from + 2_000))) {
        if (tokens.length < most) push(tokens, segment, match.index + from + index)
      }
    }
  }
  return tokens
}

function push(tokens: Token[], run: string, start: number) {
  const word = fold(run.slice(0, LONGEST_WORD).toWellFormed()).slice(0, LONGEST_WORD)
  if (word !== '') tokens.push({ word, start, end: start + run.length })
}

/** Digits in groups of three, as in 1,240 and 2.220.000: also looked up without what parts them. */
const GROUPED = /(?<![\p{N}\p{L}])\p{Nd}{1,3}(?:([,.'’\u00a0\u202f])\p{Nd}{3})(?:\1\p{Nd}{3})*(?![\p{N}\p{L}])/gu

/** The numbers of `text` that are written in groups, without what parts them, and where they begin. */
export function groupedNumbers(text: string): Token[] {
  return [...text.matchAll(GROUPED)].map((match) => ({
    word: fold(match[0].replaceAll(/\P{Nd}/gu, '')),
    start: match.index,
    end: match.index + match[0].length,
  }))
}
