import { useEffect, useState } from 'react'

/** How long after the last key the search goes out, in milliseconds: one request a word, not one a letter. */
const PAUSE_MS = 350

/**
 * The words in a search field whose search stands in the address as `value`.
 * @param change puts the search into the address. It must stay the same function.
 */
export function useSearchWords(
  value: string,
  change: (change: { q: string }) => void,
): [words: string, setWords: (words: string) => void] {
  const [words, setWords] = useState(value)
  const [sent, setSent] = useState(value)
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    // Back, or a cleared filter: follow the address. Our own words coming back must not undo what was typed since.
    if (value !== sent) {
      setSent(value)
      setWords(value)
    }
  }
  useEffect(() => {
    const q = words.trim()
    if (q === sent) return
    const timer = setTimeout(() => {
      setSent(q)
      change({ q })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words, sent, change])
  return [words, setWords]
}
