/** How a filter of a search is said on its chip. Pure. */
import { type FieldName, fieldOf } from './fields'
import type { FilterPart } from './filter'
import type { Known } from './view'

const SIGNS: Record<string, string> = { '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' }

/** "State: Failed or Expired", "Cost: over $2", "not Workflow: Report". */
export function chipWords(part: FilterPart, known: Known | undefined): string {
  const { label, kind } = fieldOf(part.field)
  const values = part.values.map((value) => valueWords(part.field, value, known))
  const sign = part.compare === null ? '' : `${SIGNS[part.compare]} `
  const not = part.negated ? 'not ' : ''
  if (kind === 'day') return `${label} ${not}${values.join(' or ')}`
  return `${label}: ${not}${sign}${values.join(' or ')}`
}

function valueWords(field: FieldName, value: string, known: Known | undefined): string {
  const spec = fieldOf(field)
  if (spec.kind === 'choice') return spec.choices.find((one) => one.value === value)?.label ?? value
  if (spec.kind === 'known') return known?.[spec.of].find((one) => one.value === value)?.label ?? value
  if (spec.kind !== 'amount') return value
  const amount = Number(value).toLocaleString('en', { maximumFractionDigits: 6, useGrouping: field !== 'number' })
  return spec.unit === 'dollars' ? `$${amount}` : amount
}
