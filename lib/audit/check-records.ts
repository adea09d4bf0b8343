/** Whether each record is as it was anchored, and none was added: each has an event that explains it. Pure. */
import type { Told } from '@/lib/history/then'
import type { Command } from '@/lib/lifecycle/table'
import type { AuditJob, Tell } from './check-job'
import { type Finding, recordWords } from './findings'
import { recordHash, recordsOf } from './formats'

/** What anchors have of the records, and what is there now. */
export function recordFindings({ id, records, leaves }: AuditJob, tell: Tell): Finding[] {
  const now = new Map(records.map(({ name, text }) => [name, recordHash(id, name, text)]))
  return leaves.flatMap(({ anchor, records: lines }) =>
    recordsOf(lines).flatMap(([name, expected]) => {
      const found = now.get(name)
      if (found === expected) return []
      const more = { anchor, expected, found: found ?? 'nothing' }
      return found === undefined
        ? [tell('record_removed', `${recordWords(name)} is gone. Anchor ${anchor} has it.`, more)]
        : [tell('record_changed', `${recordWords(name)} is not as it was in anchor ${anchor}.`, more)]
    }),
  )
}

/**
 * Records that nobody made by a command. An event must explain each, whether an anchor has taken it up or not; what comes
 * without an event of its own must be in an anchor, unless the next one takes it.
 */
export function addedFindings({ records, leaves, isWaiting }: AuditJob, told: readonly Told[], tell: Tell): Finding[] {
  const anchored = new Set(leaves.flatMap(({ records: lines }) => recordsOf(lines).map(([name]) => name)))
  const isExplained = explainer(records, told)
  return records.flatMap(({ name, text }) => {
    if (!isExplained(name, text)) return [tell('record_added', `no event explains ${recordWords(name)}.`)]
    if (isWaiting || anchored.has(name)) return []
    return [tell('record_added', `${recordWords(name)} is in no anchor, and nothing waits for one.`)]
  })
}

type Known = { told: readonly Told[]; texts: ReadonlyMap<string, unknown[]> }

/** The events that may explain it, each of which explains one; or whether it needs none of its own. */
type Explaining = (match: readonly string[], said: readonly unknown[], known: Known) => readonly Told[] | boolean

const ACCEPTS: readonly Command[] = ['accept', 'approve']

/** In the order of the view job_record, whose texts these read. */
const EXPLAINED: [pattern: RegExp, by: Explaining][] = [
  [
    /^attempt-(\d+)$/,
    ([n], _, { told }) => told.filter(({ body }) => body.command === 'start' && body.attempt === Number(n)),
  ],
  // What comes back late, or is answered to a call, has no event.
  [/^payload-(\d+)$/, ([n], _, { texts }) => texts.has(`attempt-${n}`)],
  [/^result-(\d+)\.0$/, ([n], [sha256], { texts }) => texts.get(`payload-${n}`)?.[1] === sha256],
  [
    /^result-\d+\.\d+$/,
    (_, [sha256], { told }) => told.filter(({ body }) => body.command === 'revise' && body.result === sha256),
  ],
  [
    /^round-(\d+)$/,
    ([n], _, { told }) =>
      told.filter(
        ({ body }) =>
          body.from !== 'awaiting_review' && body.to === 'awaiting_review' && body.round?.number === Number(n),
      ),
  ],
  [
    /^round-(\d+)-end$/,
    ([n], [outcome], { told }) =>
      told.filter(
        ({ body }) =>
          body.from === 'awaiting_review' &&
          body.to !== 'awaiting_review' &&
          body.round?.number === Number(n) &&
          body.command === outcome,
      ),
  ],
  [
    /^decision-(\d+)$/,
    ([seq], [round, command, userId, keyId], { told }) =>
      told.filter(
        ({ seq: own, body }) =>
          own === Number(seq) &&
          body.command === command &&
          body.round?.number === round &&
          body.actor.id === (userId ?? keyId),
      ),
  ],
  [/^call-(\d+)\.\d+$/, ([n], _, { texts }) => texts.has(`payload-${n}`)],
  [
    /^call-\S+-leave$/,
    (_, [seq, permitted], { told }) =>
      seq === null ||
      told.some(
        ({ seq: own, body }) =>
          own === seq &&
          body.command === 'answer' &&
          (permitted === null || body.calls?.some((call) => call.allowed && call.arguments === permitted) === true),
      ),
  ],
  [/^(call-\S+)-(?:request|answer)$/, ([call], _, { texts }) => texts.has(call ?? '')],
  [
    /^delivery-\d+$/,
    (_, [, seq, , , , , hash], { told }) =>
      told.filter(
        ({ seq: own, body }) => own === seq && ACCEPTS.includes(body.command) && body.delivery?.hash === hash,
      ),
  ],
  [
    /^(delivery-\d+)-try-\d+$/,
    ([delivery], _, { told, texts }) => {
      const hash = texts.get(delivery ?? '')?.[6]
      return told.some(({ body }) => body.command === 'dispatch' && body.delivery?.hash === hash)
    },
  ],
]

/** Asks of one record after the other, and remembers which events have explained one of its kind. */
function explainer(records: AuditJob['records'], told: readonly Told[]): (name: string, text: string) => boolean {
  const known: Known = { told, texts: new Map(records.map(({ name, text }) => [name, partsOf(text)])) }
  const taken = new Map<RegExp, Set<Told>>()
  return (name, text) => {
    const kind = EXPLAINED.find(([pattern]) => pattern.test(name))
    // What was asked came with the first event.
    if (kind === undefined) return true
    const [pattern, by] = kind
    const explained = by(pattern.exec(name)?.slice(1) ?? [], partsOf(text), known)
    if (typeof explained === 'boolean') return explained
    const before = taken.get(pattern) ?? new Set()
    const event = explained.find((one) => !before.has(one))
    if (event === undefined) return false
    taken.set(pattern, before.add(event))
    return true
  }
}

/** A record is a list; whatever else stands there explains nothing. */
function partsOf(text: string): unknown[] {
  try {
    const value = JSON.parse(text) as unknown
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
