/** What a search that is being typed may go on with. Pure. */
import { type FieldName, fieldNamed, fieldNames, fieldOf } from './fields'
import { comparisons } from './filter'
import type { Known } from './view'

export type Suggestion = {
  /** What stands in place of `from` to `to` when it is taken. */
  text: string
  from: number
  to: number
  label: string
  hint: string
  /** It is whole: after a space the next begins. */
  isWhole: boolean
}

const MOST = 8
/** Shorter beginnings fit too much. */
const SHORTEST_VALUE = 3

/** What fits the piece of `text` that ends at `caret`. */
export function suggest(text: string, caret: number, known: Known | undefined): Suggestion[] {
  const before = text.slice(0, caret)
  const start = /(?:"[^"]*"?|[^\s"])*$/u.exec(before)?.index ?? caret
  const piece = before.slice(start)
  const to = caret + (/^\S*/.exec(text.slice(caret))?.[0].length ?? 0)
  const [, minus = '', name, rest = ''] = /^(-?)([a-z-]+):(.*)$/i.exec(piece) ?? []
  const field = name === undefined ? null : fieldNamed(name)
  if (field !== null) return valuesFor(field, rest, { minus, from: start, to, known })
  if (piece.startsWith('"')) return []
  const sign = piece.startsWith('-') ? '-' : ''
  const typed = piece.slice(sign.length).toLowerCase()
  const names = fieldNames
    .filter((one) => one.startsWith(typed) || (typed.length > 1 && fieldOf(one).label.toLowerCase().startsWith(typed)))
    .map((one): Suggestion => {
      const { help } = fieldOf(one)
      return { text: `${sign}${one}:`, from: start, to, label: `${one}:`, hint: help, isWhole: false }
    })
  const values =
    typed.length < SHORTEST_VALUE
      ? []
      : (['state', 'is', 'class', 'workflow', 'requester'] as const).flatMap((one) =>
          valuesFor(one, typed, { minus: sign, from: start, to, known }).filter(({ label }) =>
            label.toLowerCase().includes(typed),
          ),
        )
  return [...values.slice(0, 5), ...names].slice(0, typed === '' ? fieldNames.length : MOST)
}

type Around = { minus: string; from: number; to: number; known: Known | undefined }

function valuesFor(field: FieldName, rest: string, { minus, from, to, known }: Around): Suggestion[] {
  const spec = fieldOf(field)
  const sign = comparisons.find((one) => rest.startsWith(one)) ?? ''
  const given = rest.slice(sign.length)
  const cut = given.lastIndexOf(',') + 1
  const taken = given.slice(0, cut)
  const typed = given.slice(cut).replaceAll('"', '').toLowerCase()
  const all =
    spec.kind === 'choice'
      ? spec.choices.map(({ value, label, hint }) => ({ value, label, hint: hint ?? '' }))
      : spec.kind === 'known'
        ? (known?.[spec.of] ?? []).map(({ value, label }) => ({ value, label, hint: value === label ? '' : value }))
        : EXAMPLES[spec.kind === 'day' ? 'day' : 'none']
  const used = taken.toLowerCase().split(',')
  return all
    .filter(({ value, label }) => [value, label].some((one) => one.toLowerCase().includes(typed)))
    .filter(({ value }) => !used.includes(value.toLowerCase()))
    .toSorted((one, other) => Number(other.value.startsWith(typed)) - Number(one.value.startsWith(typed)))
    .slice(0, MOST)
    .map(({ value, label, hint }) => ({
      text: `${minus}${field}:${sign}${taken}${/[\s",]/u.test(value) ? `"${value}"` : value}`,
      from,
      to,
      label:
        spec.kind === 'choice' && value !== label
          ? `${field}:${value}`
          : spec.kind === 'known'
            ? label
            : `${field}:${value}`,
      hint:
        spec.kind === 'choice' ? (value === label ? hint : [label, hint].filter((one) => one !== '').join(': ')) : hint,
      isWhole: true,
    }))
}

const EXAMPLES: Record<'day' | 'none', { value: string; label: string; hint: string }[]> = {
  day: [
    { value: 'today', label: 'today', hint: 'since midnight, UTC' },
    { value: 'yesterday', label: 'yesterday', hint: '' },
    { value: '7d', label: '7d', hint: 'seven days ago' },
    { value: '30d', label: '30d', hint: 'thirty days ago' },
  ],
  none: [],
}
