/** Where a failure came from, as a short word that is stored beside its class and code. Pure. */
import type { Signal } from '@/lib/lifecycle/failure'
import { callSignal, failedSignal, incompleteSignal, stopSignal } from '@/lib/rules/signals'

/** Many checks may fail at once; their keys are short. */
const LONGEST = 120

/** `create` or `look` with the HTTP status that a call was answered; `response`; `incomplete`; `check` with the keys; `stop`. */
export function signalWord(signal: Signal): string {
  const { source, where, httpStatus, checks, incomplete } = signal
  if (checks !== undefined) return `check ${[...new Set(checks)].sort().join(' ')}`.slice(0, LONGEST)
  if (source === 'ours') return 'stop'
  if (source === 'response') return incomplete == null ? 'response' : 'incomplete'
  return httpStatus === null ? (where ?? 'create') : `${where ?? 'create'} ${httpStatus}`
}

/** What a stored word and its code were made of, as far as rules look at it; null where they do not tell. */
export function signalOf({ signal, code }: { signal: string; code: string }): Signal | null {
  const [kind, status] = signal.split(' ')
  const plain = code === '' || code === 'no_code' || code.startsWith('http_') ? null : code
  switch (kind) {
    case 'create':
    case 'look':
      return callSignal(kind, { httpStatus: status === undefined ? null : Number(status), code: plain })
    case 'response':
      return failedSignal(plain)
    case 'incomplete':
      return incompleteSignal(code === '' ? null : code)
    case 'stop':
      return stopSignal(code)
    default:
      return null
  }
}

/** Before a call was made: a budget or a secret was missing. */
export const BEFORE_SENDING = 'before sending'
/** The request was sent, and nobody saw an answer. */
export const LOST = 'lost'
/** A call that the model asked for got no answer. */
export const TOOL = 'tool'

/** For people: where it was met. */
export function signalWords(signal: string): string {
  const [kind, ...rest] = signal.split(' ')
  const what = rest.join(' ')
  switch (kind) {
    case 'create':
      return what === '' ? 'when it was sent' : `when it was sent, HTTP ${what}`
    case 'look':
      return what === '' ? 'when it was looked at' : `when it was looked at, HTTP ${what}`
    case 'response':
      return 'in the response'
    case 'incomplete':
      return 'in a response that is not whole'
    case 'check':
      return `in the ${rest.length === 1 ? 'check' : 'checks'} ${rest.join(', ')}`
    case 'before':
      return 'before it was sent'
    case 'lost':
      return 'after it was sent'
    case 'tool':
      return 'in a call of the model'
    case 'stop':
      return 'while Holdpoint watched it'
    default:
      return 'not known where'
  }
}
