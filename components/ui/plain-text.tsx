import { splitHidden } from './hidden-characters'
import { HiddenMark } from './hidden-mark'

/**
 * Text of others, letter for letter. A character that turns the direction, or that nobody sees, is named instead of
 * obeyed: else `0001` could be drawn as `1000` under the words "quoted exactly". Right-to-left letters need no such
 * character.
 */
export function PlainText({ children }: { children: string }) {
  const pieces = splitHidden(children)
  if (pieces.every((piece) => !piece.hidden)) return children
  return pieces.map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
    piece.hidden ? <HiddenMark key={index} run={piece.text} /> : piece.text,
  )
}
