/** A result as a person edits it, field by field, and the text that comes of it. Pure. */
import type { Step } from './json'

/** The text of an edited JSON value: the fields in their order, two spaces a level. These bytes are what is kept. */
export function editedText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** Why a text cannot be edited field by field without changing what nobody touched. */
export type FormLoss = 'not_json' | 'repeated' | 'order' | 'numbers' | 'too_long'

/** More than this in a form of fields would be felt with each keystroke. In UTF-16 units. */
const MOST_IN_A_FORM = 300_000

export const lossSentences: Record<FormLoss, string> = {
  not_json: 'It is not JSON, so it can only be edited as text.',
  repeated: 'A field stands in it twice, and a form would drop one of them: edit it as text.',
  order: 'Some of its field names are numbers, and a form would put them into another order: edit it as text.',
  numbers: 'It has numbers with more digits than a form can keep: edit it as text.',
  too_long: 'It is too long for a form: edit it as text.',
}

/**
 * What would be lost if `text` were read as JSON and written again, though nobody edited it; null where nothing would
 * but white space. JavaScript keeps the last of two fields of one name, sorts names that are numbers, and rounds.
 */
export function formLoss(text: string): FormLoss | null {
  if (text.length > MOST_IN_A_FORM) return 'too_long'
  let again: string
  try {
    again = JSON.stringify(JSON.parse(text))
  } catch {
    return 'not_json'
  }
  const written = tokensOf(text)
  const kept = tokensOf(again)
  if (written.length !== kept.length) return 'repeated'
  for (const [index, token] of written.entries()) {
    const other = kept[index] ?? ''
    if (token === other) continue
    if (isNumber(token) && isNumber(other)) {
      if (!sameNumber(token, other)) return 'numbers'
    } else if (!(token.startsWith('"') && other.startsWith('"') && JSON.parse(token) === JSON.parse(other))) {
      return 'order'
    }
  }
  return null
}

const tokensOf = (json: string) => json.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g) ?? []
const isNumber = (token: string) => /^-?\d/.test(token)

/** Whether two spellings mean the same number with every digit, such as 1.50 and 1.5. */
function sameNumber(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

/** Digits without the noughts that say nothing, and the power of ten. */
function plain(number: string): string {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  return `${sign}${short}e${short === '' ? 0 : Number(power) - fraction.length + digits.length - short.length}`
}

/** `value` with what stands at `path` replaced. Fields keep their order; a new one comes last. */
export function setAt(value: unknown, path: readonly Step[], to: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return to
  if (Array.isArray(value)) return value.with(Number(step), setAt(value[Number(step)], rest, to))
  const fields = isRecord(value) ? value : {}
  const entries = Object.entries(fields)
  const name = String(step)
  if (!Object.hasOwn(fields, name)) return Object.fromEntries([...entries, [name, setAt(undefined, rest, to)]])
  // `fromEntries` defines own properties, so that a field named __proto__ stays a field.
  return Object.fromEntries(entries.map(([key, of]) => [key, key === name ? setAt(of, rest, to) : of]))
}

/** `value` without the field, or the element of a list, at `path`. */
export function removeAt(value: unknown, path: readonly Step[]): unknown {
  const last = path.at(-1)
  if (last === undefined) return value
  return changeAt(value, path.slice(0, -1), (parent) => {
    if (Array.isArray(parent)) return parent.toSpliced(Number(last), 1)
    if (!isRecord(parent)) return parent
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== String(last)))
  })
}

/** `value` with `element` at the end of the list at `path`. */
export function appendAt(value: unknown, path: readonly Step[], element: unknown): unknown {
  return changeAt(value, path, (list) => (Array.isArray(list) ? [...list, element] : list))
}

/** `value` with one element of the list at `path` at another place, if there is such a place. */
export function moveAt(value: unknown, path: readonly Step[], from: number, to: number): unknown {
  return changeAt(value, path, (list) => {
    if (!Array.isArray(list) || !(from in list) || !(to in list)) return list
    return list.toSpliced(from, 1).toSpliced(to, 0, list[from])
  })
}

function changeAt(value: unknown, path: readonly Step[], change: (inner: unknown) => unknown): unknown {
  const inner = path.reduce<unknown>((at, step) => (at as Record<Step, unknown> | undefined)?.[step], value)
  return setAt(value, path, change(inner))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
