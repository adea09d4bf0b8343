import { describe, expect, test } from 'vitest'
import { seeded } from '@/lib/generate/seeded'
import { readDay } from './days'
import { fieldNames, fields } from './fields'
import { LONGEST_SEARCH, type Part, readSearch, writeSearch } from './filter'

const now = new Date('2026-11-30T12:00:00Z')
const bare = (text: string): Part[] => readSearch(text, now).parts.map(({ at: _, ...part }) => part)
const words = (text: string, over = {}) => ({ kind: 'words', text, exact: false, negated: false, ...over })
const filter = (field: string, values: string[], over = {}) => ({
  kind: 'filter',
  field,
  values,
  negated: false,
  compare: null,
  ...over,
})

describe('a search', () => {
  test.each<[string, unknown[]]>([
    ['', []],
    ['   ', []],
    ['rent', [words('rent')]],
    ['rent  due', [words('rent'), words('due')]],
    ['"third working day"', [words('third working day', { exact: true })]],
    ['-rent', [words('rent', { negated: true })]],
    ['-"in a row"', [words('in a row', { exact: true, negated: true })]],
    ['-42', [words('-42')]],
    ['-', [words('-')]],
    ['"not closed', [words('not closed', { exact: true })]],
    ['say"so"', [words('sayso', { exact: true })]],
    ['10:30', [words('10:30')]],
    ['https://example.com/a', [words('https://example.com/a')]],
    ['dana@example.com', [words('dana@example.com')]],
    ['§12', [words('§12')]],
    ['urgent:', [words('urgent:')]],
    ['state:failed', [filter('state', ['failed'])]],
    ['STATE:Failed', [filter('state', ['failed'])]],
    ['state:"needs review"', [filter('state', ['awaiting_review'])]],
    ['state:failed,expired,failed', [filter('state', ['failed', 'expired'])]],
    ['-state:completed', [filter('state', ['completed'], { negated: true })]],
    ['status:running', [filter('state', ['running'])]],
    ['decided-by:me', [filter('reviewer', ['me'])]],
    ['workflow:report', [filter('workflow', ['report'])]],
    ['requester:"Dana Whitfield"', [filter('requester', ['Dana Whitfield'])]],
    ['reference:"A, B"', [filter('reference', ['A, B'])]],
    ['cost:>2', [filter('cost', ['2'], { compare: '>' })]],
    ['cost:>=0.000001', [filter('cost', ['0.000001'], { compare: '>=' })]],
    ['tokens:=100', [filter('tokens', ['100'])]],
    ['attempts:2,3', [filter('attempts', ['2', '3'])]],
    ['before:2026-03-01', [filter('before', ['2026-03-01'])]],
    ['after:7d', [filter('after', ['7d'])]],
    ['rent state:failed due', [words('rent'), filter('state', ['failed']), words('due')]],
  ])('%j is read', (text, parts) => {
    expect(bare(text)).toEqual(parts)
  })

  test.each<[string, number, number, string]>([
    ['state:faild', 0, 11, 'There is no state “faild”. Did you mean failed?'],
    ['rent state:xyz', 5, 14, 'There is no state “xyz”. Choose one of queued, running'],
    ['state:', 0, 6, 'Say what “state:” is to be, such as state:failed,expired.'],
    ['state:,', 0, 7, 'Say what “state:” is to be'],
    ['stat:failed', 0, 11, 'There is no filter “stat”: did you mean state?'],
    ['workfow:report', 0, 14, 'There is no filter “workfow”: did you mean workflow?'],
    ['cost:much', 0, 9, '“much” is not an amount in US dollars. Write it like cost:>2.'],
    ['attempts:1.5', 0, 12, '“1.5” is not a whole number. Write it like attempts:>1.'],
    ['version:99999999999', 0, 19, 'is not a whole number'],
    ['before:soon', 0, 11, '“soon” is not a day. Write it like 2026-03-01'],
    ['before:2026-02-30', 0, 17, 'is not a day'],
    ['cost:>1,2', 0, 9, '“cost:” takes one value, such as cost:>2.'],
    ['before:today,yesterday', 0, 22, 'takes one value'],
    ['""', 0, 2, 'There is nothing between the quotes.'],
    ['is:mien', 0, 7, 'There is no condition “mien”. Did you mean mine?'],
  ])('%j says what is wrong, where, and what to do', (text, start, end, message) => {
    const { parts, problems } = readSearch(text, now)
    expect(problems).toEqual([{ start, end, message: expect.stringContaining(message) }])
    // What is right beside it still counts.
    expect(parts).toHaveLength(text.startsWith('rent') ? 1 : 0)
  })

  test('that is too long is cut, and says so', () => {
    const { parts, problems } = readSearch('a'.repeat(10_000), now)
    expect(parts).toHaveLength(1)
    expect(problems[0]).toMatchObject({ start: LONGEST_SEARCH, message: expect.stringContaining('1,000 characters') })
    expect(readSearch('a '.repeat(450), now).parts).toHaveLength(40)
  })

  test('gives an example for each filter that is read without a problem', () => {
    for (const name of fieldNames) {
      expect(readSearch(fields[name].example, now), name).toMatchObject({ problems: [], parts: [{ field: name }] })
    }
  })

  test('is written as it is read, whatever it is made of', () => {
    const chance = seeded(7)
    const letters = [
      'a',
      'B',
      ' ',
      '"',
      '\\',
      '-',
      ':',
      ',',
      '>',
      '=',
      '§',
      '7',
      'ß',
      '\u0000',
      '\u202e',
      '漢',
      '👩',
      "'",
      '\n',
    ]
    const atoms = [
      ...letters,
      ...fieldNames.map((name) => `${name}:`),
      ...fieldNames.map((name) => fields[name].example),
    ]
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 1 + chance.below(9) }, () => chance.pick(atoms)).join(
        chance.pick(['', '', ' ']) ?? '',
      )
      const parts = bare(text)
      const written = writeSearch(parts)
      expect(readSearch(written, now).problems, JSON.stringify({ text, written })).toEqual([])
      expect(bare(written), JSON.stringify({ text, written })).toEqual(parts)
    }
  })
})

describe('a day', () => {
  test.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03', '2026-03-01T00:00:00.000Z'],
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['2026-03-01T08:30', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T08:30:00+02:00', '2026-03-01T06:30:00.000Z'],
    ['today', '2026-11-30T00:00:00.000Z'],
    ['Yesterday', '2026-11-29T00:00:00.000Z'],
    ['7d', '2026-11-23T12:00:00.000Z'],
    ['12h', '2026-11-30T00:00:00.000Z'],
    ['2w', '2026-11-16T12:00:00.000Z'],
  ])('%s is %s', (text, at) => {
    expect(readDay(text, now)?.toISOString()).toBe(at)
  })

  test.each(['', 'x', '2026-13', '2026-02-30', '0000-01-01', '99999', '2026-03-01T99:00', '2026-03-01Tx', '7y', '-1d'])(
    '%j is none',
    (text) => {
      expect(readDay(text, now)).toBeNull()
    },
  )
})
