/**
 * Patterns of a workflow, held against what a model wrote. The two together may ask for more steps than the world has
 * time (`^(a+)+$` against forty letters), and a worker must not stand still for it: each run is stopped by the clock.
 */
import vm from 'node:vm'

/** What all patterns of one answer may take together, in milliseconds. An honest pattern takes less than one. */
export const PATTERN_MS = 500

/** Milliseconds that are left for the patterns of one answer; each look takes from it. */
export type PatternTime = { left: number }

/** Where V8 stops a regular expression: nowhere but in a script that was started with a limit. */
const findUnmatched = new vm.Script('texts.findIndex((text) => !new RegExp(pattern, "u").test(text))')
const findMatched = new vm.Script('texts.findIndex((text) => new RegExp(pattern, "u").test(text))')
const context = vm.createContext(Object.create(null))

/** Why nobody can tell: the pattern is none, or it took too long. */
type Untold = 'no_pattern' | 'too_slow'

/** The index of the first text that `pattern` does not match; -1 where it matches all of them, or why nobody knows. */
export function firstUnmatched(pattern: string, texts: readonly string[], time: PatternTime): number | Untold {
  return run(findUnmatched, pattern, texts, time)
}

/** The index of the first text that `pattern` matches; -1 where it matches none of them, or why nobody knows. */
export function firstMatched(pattern: string, texts: readonly string[], time: PatternTime): number | Untold {
  return run(findMatched, pattern, texts, time)
}

function run(script: vm.Script, pattern: string, texts: readonly string[], time: PatternTime): number | Untold {
  if (time.left < 1) return 'too_slow'
  const started = performance.now()
  try {
    Object.assign(context, { pattern, texts })
    return script.runInContext(context, { timeout: Math.ceil(time.left) }) as number
  } catch (error) {
    return hasCode(error, 'ERR_SCRIPT_EXECUTION_TIMEOUT') ? 'too_slow' : 'no_pattern'
  } finally {
    time.left -= performance.now() - started
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
