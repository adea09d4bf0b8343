/** Finds the characters of a text that nobody sees, or that hide others, but that change what is read. Pure. */

const CONTROL = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'
/** Turns the direction of what follows, whatever it is. */
const TURNS = '\\u202a-\\u202e\\u2066-\\u2069'
/** Has no width, or looks like a space and is none. */
const BLANK =
  '\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1d173}-\\u{1d17a}'
/** A whole sentence can be hidden in these. */
const CARRIES = '\\u{e0100}-\\u{e01ef}'
/** So can it in tags; those of a flag belong to it. */
const TAG = '(?<!\\u{1f3f4}[\\u{e0030}-\\u{e007a}]{0,6})[\\u{e0000}-\\u{e007f}]'
/** A joiner is a part of an emoji, and of scripts that join their letters. Elsewhere it joins nothing. */
const JOINER = '(?<=^|[\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{N}\\p{P}\\p{Z}\\s])[\\u200c\\u200d]+'
/** Marks on one letter beyond those of any script run over what stands around it. Those of Tibetan come near. */
const PILED = '(?<=\\p{M}{12})\\p{M}'

const HIDDEN = new RegExp(`((?:[${CONTROL}${TURNS}${BLANK}${CARRIES}]|${TAG}|${JOINER}|${PILED})+)`, 'u')

/** The marks of direction belong to writing from right to left, and mislead where there is none. */
const DIRECTION = /([\u061c\u200e\u200f]+)/u
const RIGHT_TO_LEFT = /[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

const OF_DIRECTION = new RegExp(`[${TURNS}\\u061c\\u200e\\u200f]`, 'u')
const OF_CARRIERS = new RegExp(`[\\u{e0000}-\\u{e007f}${CARRIES}]`, 'u')
const OF_MARKS = /^\p{M}/u
const OF_TERMINALS = new RegExp(`[${CONTROL}]`, 'u')

/** How many different characters of one run are named. */
const MOST_NAMED = 3

export type Piece = { text: string; hidden: boolean }

/** The text in pieces, those that nobody would see apart. Put together again they are the text, letter for letter. */
export function splitHidden(text: string): Piece[] {
  const byHidden = split(text, HIDDEN)
  if (!DIRECTION.test(text) || RIGHT_TO_LEFT.test(text)) return byHidden
  return byHidden.flatMap((piece) => (piece.hidden ? [piece] : split(piece.text, DIRECTION)))
}

function split(text: string, by: RegExp): Piece[] {
  if (!by.test(text)) return [{ text, hidden: false }]
  // With one group around it all, every second piece is what was found.
  return text
    .split(by)
    .map((piece, index) => ({ text: piece, hidden: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}

/** A run of hidden characters in short: `U+202E`, as the standard writes it, `U+200B ×12`. */
export function nameHidden(run: string): string {
  const characters = [...run]
  const names = [...new Set(characters)].slice(0, MOST_NAMED).map(codeOf)
  if (names.length === 1) return characters.length === 1 ? (names[0] as string) : `${names[0]} ×${characters.length}`
  return `${names.join(' ')}${characters.length > names.length ? ` … ×${characters.length}` : ''}`
}

const codeOf = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** What such a run does, for people. */
export function explainHidden(run: string): string {
  if (OF_DIRECTION.test(run)) return 'A hidden character that turns the direction of the text'
  if (OF_CARRIERS.test(run)) return 'Hidden characters in which other text can be carried'
  if (OF_TERMINALS.test(run)) return 'A control code: it is for terminals, not for reading'
  if (OF_MARKS.test(run) && !/^\u034f/.test(run)) return 'More marks on one letter than can be drawn over it'
  return 'A hidden character that has no width'
}
