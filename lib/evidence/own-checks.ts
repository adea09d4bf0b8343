/** The checks that a workflow makes of its own answers: what must hold of one place in them. Pure; never throws. */
import type { OwnCheck, WorkflowDefinition } from '@/lib/workflows/definition'
import { firstUnmatched, PATTERN_MS, type PatternTime } from './patterns'
import type { Check } from './types'

/** More places than this are not looked at: then the check does not pass. */
const MOST_PLACES = 10_000
/** A pattern is held against so much of a text, in UTF-16 units: what a model wrote must not keep it busy for long. */
const LONGEST_MATCHED = 2_000

/** `value` is undefined where nothing stands at `pointer`. */
export type Place = { pointer: string; value: unknown }

/** Each check of `definition`, held against the answer; `json` is undefined where the answer is no JSON. */
export function runOwnChecks({ checks }: Pick<WorkflowDefinition, 'checks'>, json: unknown): Check[] {
  const time: PatternTime = { left: PATTERN_MS }
  return checks.map((check) => {
    const fault = json === undefined ? 'The answer is not JSON.' : faultOf(check, placesOf(json, check.at), time)
    return {
      key: `own:${check.id}`,
      label: check.label,
      outcome: fault === null ? 'pass' : 'fail',
      detail: fault ?? `Looked at ${check.at === '' ? 'the whole answer' : check.at}.`,
    }
  })
}

function faultOf(check: OwnCheck, places: Place[] | 'too many', time: PatternTime): string | null {
  if (places === 'too many') return `${check.at} names more than ${MOST_PLACES} places.`
  if (places.length === 0) return `Nothing stands at ${check.at}.`
  const wrong = places.find(({ value }) => !holds(check.must, value)) ?? unmatched(check.must, places, time)
  if (wrong === 'too_slow') return 'Its pattern took too long on what stands there, so nobody knows whether it matches.'
  if (wrong === undefined) return null
  if (wrong.value === undefined) return `Nothing stands at ${wrong.pointer}.`
  return `At ${wrong.pointer || 'the top'} stands ${shown(wrong.value)}; ${wanted(check)}.`
}

function holds(must: OwnCheck['must'], value: unknown): boolean {
  switch (must.be) {
    case 'present':
      return value !== null && value !== undefined && value !== ''
    case 'equal':
      return value === must.value
    case 'one_of':
      return must.values.some((allowed) => allowed === value)
    case 'at_most':
      return typeof value === 'number' && value <= must.value
    case 'at_least':
      return typeof value === 'number' && value >= must.value
    case 'matching':
      return typeof value === 'string' && value.length <= LONGEST_MATCHED
  }
}

/** The first of `places`, all of them texts, that a pattern does not match. One that is none matches nothing. */
function unmatched(must: OwnCheck['must'], places: Place[], time: PatternTime): Place | 'too_slow' | undefined {
  if (must.be !== 'matching') return undefined
  const texts = places.map(({ value }) => String(value))
  const found = firstUnmatched(must.pattern, texts, time)
  if (found === 'too_slow') return found
  return found === 'no_pattern' ? places[0] : places[found]
}

function wanted({ must }: OwnCheck): string {
  switch (must.be) {
    case 'present':
      return 'it must not be empty'
    case 'equal':
      return `it must be ${shown(must.value)}`
    case 'one_of':
      return `it must be one of ${must.values.map(shown).join(', ')}`.slice(0, 300)
    case 'at_most':
      return `it must be a number of at most ${must.value}`
    case 'at_least':
      return `it must be a number of at least ${must.value}`
    case 'matching':
      return `it must match ${must.pattern}`.slice(0, 300)
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return JSON.stringify(value).slice(0, 120).toWellFormed()
}

/**
 * What stands at a JSON pointer in which `*` means every element or property; 'too many' where that is more than anyone
 * looks at. Policies look in the same places.
 */
export function placesOf(json: unknown, at: string): Place[] | 'too many' {
  const segments = at.split('/').slice(1)
  let places: Place[] = [{ pointer: '', value: json }]
  for (const segment of segments) {
    places = places.flatMap((place) => stepsFrom(place, segment))
    if (places.length > MOST_PLACES) return 'too many'
  }
  return places
}

function stepsFrom({ pointer, value }: Place, segment: string): Place[] {
  if (typeof value !== 'object' || value === null) {
    return segment === '*' ? [] : [{ pointer: `${pointer}/${segment}`, value: undefined }]
  }
  const below = (key: string): Place => ({
    pointer: `${pointer}/${key}`,
    value: (value as Record<string, unknown>)[key],
  })
  if (segment === '*')
    return Object.keys(value)
      .slice(0, MOST_PLACES + 1)
      .map(below)
  const key = segment.replaceAll('~1', '/').replaceAll('~0', '~')
  // What is not there is a place too: one element without it must not hide behind those that have it.
  return Object.hasOwn(value, key) ? [below(key)] : [{ pointer: `${pointer}/${segment}`, value: undefined }]
}
