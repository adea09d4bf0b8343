/** Characters that turn the direction of what follows: with them a text can read other than it is stored. */
const TURNS = /([\u202a-\u202e\u2066-\u2069])/

/**
 * Text of others, letter for letter. A character that turns the direction is named instead of obeyed: else `0001` could
 * be drawn as `1000` under the words "quoted exactly". Right-to-left letters need no such character.
 */
export function PlainText({ children }: { children: string }) {
  if (!TURNS.test(children)) return children
  return children.split(TURNS).map((piece, index) =>
    TURNS.test(piece) ? (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
        key={index}
        title="A hidden character that turns the direction of the text"
        className="rounded-sm bg-attention-soft px-0.5 font-mono text-xs text-attention-ink"
      >
        {nameOf(piece)}
      </span>
    ) : (
      piece
    ),
  )
}

/** `U+202E`, as the standard writes it. */
const nameOf = (character: string) => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
