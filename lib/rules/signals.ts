/** Signals by what they come from, and which of them a rule fits. Pure. */
import type { FailurePlace, Signal } from '@/lib/lifecycle/failure'
import type { Rule } from './types'

/** A call was answered with an error, or never got there (`httpStatus` null). */
export function callSignal(where: FailurePlace, error: { httpStatus: number | null; code: string | null }): Signal {
  return { source: 'call', where, httpStatus: error.httpStatus, code: error.code }
}

/** A response says that it failed, with this code. */
export function failedSignal(code: string | null): Signal {
  return { source: 'response', where: 'look', httpStatus: null, code }
}

/** A response says that it is not whole, and why. */
export function incompleteSignal(reason: string | null): Signal {
  return { source: 'response', where: 'look', httpStatus: null, code: null, incomplete: reason ?? 'no_reason' }
}

/** A whole answer does not pass these checks. */
export function checksSignal(keys: readonly string[]): Signal {
  return { source: 'ours', httpStatus: null, code: 'checks_failed', checks: keys }
}

/** A reason of our own to stop: `no_progress`, `refusal`, `gone` … */
export function stopSignal(code: string): Signal {
  return { source: 'ours', httpStatus: null, code }
}

/** What the signal is called where it is stored: a code, never a message. */
export function signalCode({ code, incomplete, httpStatus }: Signal): string {
  return code ?? incomplete ?? (httpStatus === null ? 'no_code' : `http_${httpStatus}`)
}

/** Whether `rule` fits `signal`. */
export function fits({ signal: { kind, value }, where }: Pick<Rule, 'signal' | 'where'>, signal: Signal): boolean {
  if (where !== null && where !== placeOf(signal)) return false
  switch (kind) {
    case 'code':
      return signal.source !== 'ours' && signal.code !== null && matches(value, signal.code)
    case 'http_status':
      return signal.source === 'call' && matchesStatus(value, signal.httpStatus)
    case 'incomplete':
      return signal.source === 'response' && signal.incomplete != null && matches(value, signal.incomplete)
    case 'check':
      return signal.checks?.some((key) => matches(value, key)) ?? false
    case 'stop':
      return signal.source === 'ours' && signal.checks === undefined && matches(value, signal.code ?? '')
  }
}

function placeOf({ source, where }: Signal): FailurePlace | null {
  if (source === 'ours') return null
  return where ?? (source === 'call' ? 'create' : 'look')
}

/** `pattern` is a whole code, or has `*` at its beginning, its end or both. */
export function matches(pattern: string, code: string): boolean {
  const open = { start: pattern.startsWith('*'), end: pattern.endsWith('*') }
  const core = pattern.replace(/^\*/, '').replace(/\*$/, '')
  if (open.start && open.end) return code.includes(core)
  if (open.start) return code.endsWith(core)
  if (open.end) return code.startsWith(core)
  return code === core
}

/** '429'; a family, '5xx'; or 'none': the connection failed before anything was sent. */
function matchesStatus(pattern: string, status: number | null): boolean {
  if (pattern === 'none' || status === null) return pattern === 'none' && status === null
  return pattern.endsWith('xx') ? pattern.charAt(0) === String(status).charAt(0) : pattern === String(status)
}

/** Whether every signal that `later` fits is one that `earlier` fits: then `later`, behind it, is never reached. */
export function covers(earlier: Pick<Rule, 'signal' | 'where'>, later: Pick<Rule, 'signal' | 'where'>): boolean {
  if (earlier.signal.kind !== later.signal.kind) return false
  if (earlier.where !== null && earlier.where !== later.where) return false
  const [wide, narrow] = [earlier.signal.value, later.signal.value]
  if (earlier.signal.kind !== 'http_status') return coversPattern(wide, narrow)
  if (wide === narrow) return true
  return wide.endsWith('xx') && /^\d{3}$/.test(narrow) && wide.charAt(0) === narrow.charAt(0)
}

function coversPattern(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true
  const core = narrow.replace(/^\*/, '').replace(/\*$/, '')
  const wideCore = wide.replace(/^\*/, '').replace(/\*$/, '')
  if (wide.startsWith('*') && wide.endsWith('*')) return core.includes(wideCore)
  if (wide.startsWith('*')) return !narrow.endsWith('*') && core.endsWith(wideCore)
  if (wide.endsWith('*')) return !narrow.startsWith('*') && core.startsWith(wideCore)
  return false
}
