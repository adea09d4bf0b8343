/** The filters of the list of jobs in the language of the search. Pure. */
import type { FieldName } from './fields'
import { type Part, writeSearch } from './filter'

export type ListFilters = {
  state: readonly string[]
  workflow: readonly string[]
  version: number | null
  mine: boolean
}

/** As it is written in the search box. */
export function narrowedBy({ state, workflow, version, mine }: ListFilters): string {
  const one = (field: FieldName, values: readonly string[]): Part[] =>
    values.length === 0 ? [] : [{ kind: 'filter', field, values: [...values], negated: false, compare: null }]
  return writeSearch([
    ...one('state', state),
    ...one('workflow', workflow),
    ...one('version', version === null ? [] : [String(version)]),
    ...one('is', mine ? ['mine'] : []),
  ])
}
