/** What is typed, as values of JSON and back. Pure. */
import type { Control, FormField } from './fields'
import { isRecord } from './fields'

/** Text that is not yet what its field takes. Kept in the form's value, so that nothing typed is lost; never sent. */
export type Unread = { unread: string }

export function isUnread(value: unknown): value is Unread {
  return isRecord(value) && typeof value.unread === 'string' && Object.keys(value).length === 1
}

/** The value of what was typed. `undefined`: nothing, so the field is left out. */
export function parseTyped(control: Control, text: string): unknown {
  if (text.trim() === '') return undefined
  switch (control.kind) {
    case 'number': {
      const value = Number(text.trim())
      return Number.isFinite(value) ? value : ({ unread: text } satisfies Unread)
    }
    case 'lines':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
    case 'json':
      try {
        return JSON.parse(text)
      } catch {
        return { unread: text } satisfies Unread
      }
    case 'date-time': {
      const at = new Date(text)
      return Number.isNaN(at.getTime()) ? ({ unread: text } satisfies Unread) : at.toISOString()
    }
    default:
      return text
  }
}

/** The text that stands for `value` in its control. */
export function typedOf(control: Control, value: unknown): string {
  if (value === undefined) return ''
  if (isUnread(value)) return value.unread
  if (control.kind === 'lines' && Array.isArray(value)) return value.join('\n')
  if (control.kind === 'json') return JSON.stringify(value, null, 2)
  if (control.kind === 'date-time') return localTime(String(value))
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `iso` as `<input type="datetime-local">` takes it, in the reader's own zone: "2026-11-23T16:00". Empty for no time. */
export function localTime(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return ''
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export type FieldError = { pointer: string; detail: string }

/**
 * What is seen to be wrong before anything is sent: fields left empty, text that is not what its field takes, and
 * numbers out of their range. The server checks the rest.
 */
export function checkFields(fields: readonly FormField[], value: Record<string, unknown>): FieldError[] {
  return fields.flatMap(({ name, pointer, title, required, control }) => {
    const typed = value[name]
    if (isUnread(typed)) return [{ pointer, detail: `${title} ${UNREAD[control.kind] ?? 'cannot be read.'}` }]
    const isEmpty = typed === undefined || (typeof typed === 'string' && typed.trim() === '')
    if (required && isEmpty) return [{ pointer, detail: `${title} is missing. Fill it in.` }]
    const wrong = control.kind === 'number' && typeof typed === 'number' ? outOfRange(control, typed) : null
    return wrong === null ? [] : [{ pointer, detail: `${title} ${wrong}` }]
  })
}

function outOfRange({ whole, min, max }: Extract<Control, { kind: 'number' }>, value: number): string | null {
  if (whole && !Number.isInteger(value)) return 'must be a whole number.'
  if (min !== undefined && value < min) return `must be at least ${min}.`
  return max !== undefined && value > max ? `must be at most ${max}.` : null
}

const UNREAD: Partial<Record<Control['kind'], string>> = {
  number: 'must be a number.',
  json: 'is not JSON yet. Check its brackets, quotes and commas.',
  'date-time': 'must be a date and a time.',
}

/** `value` with one field set, or left out where it is `undefined`. */
export function withField(value: Record<string, unknown>, name: string, to: unknown): Record<string, unknown> {
  const { [name]: _, ...rest } = value
  return to === undefined ? rest : { ...rest, [name]: to }
}

/** The errors at `pointer` or beneath it, as one text; null where there is none. */
export function errorAt(errors: readonly FieldError[], pointer: string): string | null {
  const found = errors.filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
  return found.length === 0 ? null : found.map((error) => error.detail).join(' ')
}
