import fc from 'fast-check'
import { createLoader, createSerializer } from 'nuqs/server'
import { expect, it } from 'vitest'
import { DEFAULT_LIMIT, happenings, type JobQuery, jobQueryParams, jobSorts, parseJobQuery } from '@/lib/jobs/query'
import { stateNames } from '@/lib/lifecycle/table'
import { standings } from '@/lib/queues/standing'
import { isFiltered, listParsers } from './use-list-query'

const moment = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString())
const nothing = { standing: null, asOf: null, happened: null, from: null, to: null }
/** A standing as of a moment or now, or what happened in a stretch of time. */
const watched = fc.oneof(
  fc.constant(nothing),
  fc.record({ standing: fc.constantFrom(...standings), asOf: fc.option(moment) }),
  fc.record({ happened: fc.constantFrom(...happenings), from: moment, to: moment }),
)
const query: fc.Arbitrary<JobQuery> = fc
  .tuple(
    watched,
    fc.record({
      state: fc.subarray(stateNames),
      workflow: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{1,10}$/), { maxLength: 3 }),
      version: fc.option(fc.integer({ min: 1, max: 2_147_483_647 })),
      mine: fc.boolean(),
      q: fc.string({ maxLength: 40 }).map((words) => words.trim()),
      sort: fc.constantFrom(...jobSorts),
      after: fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{4,12}$/)),
      limit: fc.constant(DEFAULT_LIMIT),
    }),
  )
  .map(([watch, rest]) => ({ ...nothing, ...watch, ...rest }))

it('an address that the page writes asks the server the same question', () => {
  const serialize = createSerializer(listParsers)
  fc.assert(
    fc.property(query, (asked) => {
      expect(parseJobQuery(new URLSearchParams(serialize(asked)))).toEqual(asked)
    }),
  )
})

it('an address that the server writes asks the page the same question', () => {
  const load = createLoader(listParsers)
  fc.assert(
    fc.property(query, (asked) => {
      expect(load(jobQueryParams(asked))).toEqual(asked)
    }),
  )
})

it('order, page and size are no filters', () => {
  const all = parseJobQuery(new URLSearchParams('sort=oldest&after=abcd&limit=10'))
  expect(isFiltered(all)).toBe(false)
  expect(isFiltered({ ...all, mine: true })).toBe(true)
  expect(isFiltered({ ...all, version: 2 })).toBe(true)
  expect(isFiltered({ ...all, q: 'x' })).toBe(true)
})
