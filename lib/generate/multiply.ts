/** One history more: a pattern with ids, people, times and hashes of its own. Pure, but for the e-mails it plans. */
import { createHash } from 'node:crypto'
import { letterHead, type SentBefore } from '@/lib/deliveries/corrections'
import { deliveryHash, planDelivery } from '@/lib/deliveries/plan'
import { eventHash, GENESIS } from '@/lib/store/event-chain'
import { inputOf, titleOf } from './material'
import { type Blob, escapeCell, type Pattern, type Piece, type Token } from './patterns.server'
import type { Chance } from './seeded'
import type { Part } from './stage.server'
import { parts } from './stage.server'

export const YEAR_MS = 365 * 86_400_000

/** The people of the store, by the part that they can play. */
export type Cast = Record<'requester' | 'reviewer' | 'support' | 'lead', string[]>

export type Sink = {
  /** Adds a line to what is copied into `table`. */
  line: (table: string, text: string) => void
  blob: (blob: Blob) => void
}

export type CloneOptions = {
  number: number
  /** How much later than the story it happens, in milliseconds. */
  shift: number
  chance: Chance
  cast: Cast
  /** Ids of the store: of workflows by the hash of their definition, of documents by their name. */
  versions: ReadonlyMap<string, { id: string; version: number }>
  documents: ReadonlyMap<string, string>
  mailFrom: string
  /** The absolute folder below which files would be written. */
  folder: string
}

/** Writes one more history of `pattern` to `sink`. */
export function writeClone(pattern: Pattern, sink: Sink, options: CloneOptions): void {
  const { number, shift, chance, cast } = options
  const created = pattern.createdAt + shift
  const ids = Array.from({ length: pattern.ids }, (_, index) => chance.uuid(created + index))
  const responses = Array.from({ length: pattern.responses }, () => `resp_gen${chance.hex(40)}`)
  const people = castOf(cast, chance)
  const jobId = ids[pattern.jobAt] ?? ''
  const title = titleOf(pattern.workflow.key, chance.below(90_000))
  const reference = `KC-${10_000 + chance.below(90_000)}`
  const input = inputOf(pattern.workflow.key, pattern.input, number)
  const inputBytes = Buffer.from(JSON.stringify(input))
  const inputSha256 = sha256(inputBytes)
  sink.blob({ sha256: inputSha256, bytes: inputBytes })
  const letters: { sha256: string; hash: string; bytes: Uint8Array; destination: string }[] = []
  for (const letter of pattern.letters) {
    const { plan } = planDelivery(letter.delivery, {
      job: { id: jobId, number, title, reference },
      workflow: { ...pattern.workflow, version: options.versions.get(pattern.workflow.sha256)?.version ?? 1 },
      input,
      result: { hash: letter.resultHash, text: letter.resultText, json: JSON.parse(letter.resultText) as unknown },
      at: new Date(letter.openedAt + shift),
      mailFrom: options.mailFrom,
      folder: options.folder,
      sent: sentBefore(letter, letters),
    })
    if (plan === null) throw new Error(`nothing leaves in "${pattern.story.name}"`)
    const bytes = Buffer.from(plan.bytes)
    const bytesSha256 = sha256(bytes)
    sink.blob({ sha256: bytesSha256, bytes })
    const hash = deliveryHash({ ...plan, bytesSha256 })
    letters.push({ sha256: bytesSha256, hash, bytes, destination: plan.destination })
  }

  function sentBefore({ corrects }: Pattern['letters'][number], earlier: typeof letters): SentBefore[] {
    const corrected = corrects === null ? undefined : earlier[corrects.letter]
    if (corrects === null || corrected === undefined) return []
    const id = ids[corrects.id] ?? ''
    return [
      {
        id,
        number: corrects.number,
        messageId: `dlv_${id.replaceAll('-', '')}`,
        kind: 'email',
        destination: corrected.destination,
        resultHash: pattern.letters[corrects.letter]?.resultHash ?? '',
        at: new Date(corrects.at + shift),
        isKnown: corrects.isKnown,
        letter: letterHead(corrected.bytes),
      },
    ]
  }

  const time = (ms: number) => new Date(ms + shift).toISOString()
  const bodies: string[] = []
  const hashes: string[] = []
  const put = (token: Token): string => {
    switch (token.put) {
      case 'id':
        return ids[token.at] ?? ''
      case 'person':
        return people[token.at] ?? ''
      case 'response':
        return responses[token.at] ?? ''
      case 'message':
        return `dlv_${(ids[token.at] ?? '').replaceAll('-', '')}`
      case 'letter':
        return letters[token.at]?.sha256 ?? ''
      case 'letterHash':
        return letters[token.at]?.hash ?? ''
      case 'correctionHash':
        return deliveryHash({ ...token, corrects: { id: ids[token.at] ?? '' } })
      case 'time':
        return time(token.ms)
      case 'muchLater':
        return time(token.ms + YEAR_MS)
      case 'day':
        return time(token.ms).slice(0, 10)
      case 'version':
        return options.versions.get(token.of)?.id ?? ''
      case 'document':
        return options.documents.get(token.of) ?? ''
      case 'number':
        return String(number)
      case 'title':
        return title
      case 'reference':
        return reference
      case 'input':
        return inputSha256
      case 'head':
        return hashes.at(-1) ?? ''
      case 'body':
        return escapeCell(bodies[token.at] ?? '')
      case 'hash':
        return hashes[token.at] ?? ''
      case 'previous':
        return token.at === 0 ? GENESIS : (hashes[token.at - 1] ?? '')
    }
  }
  const fill = (pieces: readonly Piece[]) => {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : put(piece)
    return text
  }
  for (const pieces of pattern.bodies) {
    const body = fill(pieces)
    hashes.push(eventHash(jobId, hashes.length + 1, hashes.at(-1) ?? GENESIS, body))
    bodies.push(body)
  }
  for (const { table, pieces } of pattern.rows) sink.line(table, fill(pieces))
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Somebody else for each part: the two reviewers are two people. */
function castOf(cast: Cast, chance: Chance): string[] {
  const first = chance.below(cast.reviewer.length)
  const second = (first + 1 + chance.below(cast.reviewer.length - 1)) % cast.reviewer.length
  const chosen: Record<Part, string | undefined> = {
    requester: chance.pick(cast.requester),
    first: cast.reviewer[first],
    second: cast.reviewer[second],
    support: chance.pick(cast.support),
    lead: chance.pick(cast.lead),
  }
  return parts.map((part) => chosen[part] ?? '')
}

const DAY_MS = 86_400_000

/** How far back settled histories reach. */
export const REACHES_BACK_MS = 180 * DAY_MS

/**
 * How much later than its story a history happens. @param place in [0, 1]: where among its like, the oldest at 0.
 */
export function shiftOf(pattern: Pattern, now: number, place: number, chance: Chance): number {
  const { story, lastAt, dueAt } = pattern
  // Nothing that was generated may be in the future, and nothing that waits may be overdue before it is looked at.
  const room = dueAt === null ? DAY_MS : Math.max(dueAt - lastAt - 60_000, 1_000)
  if (story.ending === 'settled')
    return now - 60_000 - Math.floor((1 - place) * REACHES_BACK_MS) - chance.below(60_000) - lastAt
  const back = story.withinMs === undefined ? room * 0.9 * (1 - place) : story.withinMs * (1 - place)
  return now - 1_000 - Math.floor(back) - lastAt
}
