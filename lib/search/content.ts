/** What of a job can be searched for, by where it stands. Pure. */
import { sanitiseText } from '@/lib/store/sanitise'
import type { Source } from './words'

/** The pieces of a JSON value that people read: its texts and numbers, not its keys. */
export function readableOf(value: unknown, most = 20_000): string[] {
  const pieces: string[] = []
  const rest: unknown[] = [value]
  // Without recursion: a model may nest as deep as it likes.
  while (rest.length > 0 && pieces.length < most) {
    const next = rest.pop()
    if (typeof next === 'string') {
      if (next.trim() !== '') pieces.push(next)
    } else if (typeof next === 'number') pieces.push(String(next))
    else if (Array.isArray(next)) rest.push(...next.slice(0, most).reverse())
    else if (typeof next === 'object' && next !== null) rest.push(...Object.values(next).slice(0, most).reverse())
  }
  return pieces
}

/** As `readableOf`, of a text that should be JSON; where it is not, or was cut off, the text as it stands. */
export function readableText(text: string): string[] {
  try {
    return readableOf(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return [text]
    throw error
  }
}

/** What is stored of one job, as far as it can be searched for. Texts are absent where they were erased. */
export type JobContent = {
  title: string
  reference: string | null
  input: string | null
  /** Guidance for the next attempt, in words of a person. */
  guidance: string | null
  /** The newest first. */
  results: { text: string; json: unknown }[]
  /** What people wrote with commands and comments, the newest first. */
  notes: string[]
  codes: string[]
  documents: string[]
  /** Where deliveries go, and the words by which they were confirmed. */
  deliveries: string[]
}

/** The texts of `content` with their weight, in the order in which they are kept while there is room. */
export function sourcesOf(content: JobContent): Source[] {
  const { title, reference, input, guidance, results, notes, codes, documents, deliveries } = content
  const sources: Source[] = [
    { text: title, weight: 'A' },
    { text: reference ?? '', weight: 'A' },
    { text: (input === null ? [] : readableText(input)).join('\n'), weight: 'B' },
    ...results.map(({ text, json }): Source => ({ text: resultText(text, json), weight: 'C' })),
    ...[...codes, ...documents, ...deliveries, ...(guidance === null ? [] : [guidance]), ...notes].map(
      (text): Source => ({ text, weight: 'D' }),
    ),
  ]
  return sources.map(({ text, weight }) => ({ text: sanitiseText(text), weight })).filter(({ text }) => text !== '')
}

/** A result as it is read: without the keys of its JSON, where it has some. */
export function resultText(text: string, json: unknown): string {
  return json === null || json === undefined ? text : readableOf(json).join('\n')
}
