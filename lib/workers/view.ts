/** Workers as the page has them. */

/** What a worker does with a job right now. */
export type Doing = 'sending' | 'delivering' | 'calling' | 'looking'

export type HeldJob = { number: number; title: string; doing: Doing; since: string }

export type WorkerState =
  /** It beats. */
  | 'alive'
  /** It was asked to leave, and finishes what it has in hand. */
  | 'leaving'
  /** It is silent, and its work is being taken over. */
  | 'silent'
  /** It fell silent, and did not leave. */
  | 'gone'
  /** It fell silent, and somebody said that it will not come back. */
  | 'written_off'
  /** It finished, and went. */
  | 'left'

export type WorkerView = {
  id: string
  host: string
  pid: number
  version: string
  state: WorkerState
  /** Something starts another in its place when it leaves. */
  isKept: boolean
  startedAt: string
  beatAt: string
  endedAt: string | null
  /** Who asked it to leave, or wrote it off; null: nobody. */
  asked: { by: string; at: string } | null
  holds: HeldJob[]
  /** Holds more than are listed. */
  more: number
}

export type WorkersView = {
  asOf: string
  /** Alive or leaving. */
  present: WorkerView[]
  /** Not there any more: of the last day, and those that are missed, the newest first. */
  absent: WorkerView[]
  /** Versions of those that are present, the most frequent first. */
  versions: { version: string; workers: number }[]
}

export const doingWords: Record<Doing, string> = {
  sending: 'Sends it to the model',
  delivering: 'Delivers its result',
  calling: 'Makes a call that it asked for',
  looking: 'Looks for its next step',
}
