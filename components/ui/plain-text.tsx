import { nameHidden, splitHidden } from './hidden-characters'
import { HiddenMark } from './hidden-mark'

/** Marks of their own in one text. Beyond, it is written to be slow: each is then named within the words. */
const MOST_MARKS = 500

/**
 * Text of others, letter for letter. A character that turns the direction, or that nobody sees, is named instead of
 * obeyed: else `0001` could be drawn as `1000` under the words "quoted exactly". Right-to-left letters need no such
 * character.
 */
export function PlainText({ children }: { children: string }) {
  const pieces = splitHidden(children)
  if (pieces.every((piece) => !piece.hidden)) return children
  const rest = pieces.slice(MOST_MARKS * 2)
  return (
    <>
      {pieces.slice(0, MOST_MARKS * 2).map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
        piece.hidden ? <HiddenMark key={index} run={piece.text} /> : piece.text,
      )}
      {rest.map((piece) => (piece.hidden ? `[${nameHidden(piece.text)}]` : piece.text)).join('')}
    </>
  )
}
