import fc from 'fast-check'
import { expect, test } from 'vitest'
import { builtins } from '@/lib/workflows/builtin'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { everyCheckPasses, runChecks } from './checks'
import { collectEvidence, MOST, WORK } from './collect'
import type { DocumentText } from './types'

const [report, extraction, digest] = builtins as [WorkflowDefinition, WorkflowDefinition, WorkflowDefinition]
const documents: DocumentText[] = [
  { id: 'uuid-1', name: 'lease.pdf', pages: [{ page: 1, text: 'The rent is 1,480 euros.' }] },
  { id: 'uuid-2', name: 'Policy.md', pages: [{ page: 1, text: 'Refunds take “ten” days.' }] },
]

function answer(...findings: { claim: string; citations: { document: string; quote: string }[] }[]) {
  return { title: 'T', summary: 'S', findings, open_questions: [] }
}
const good = answer({ claim: 'Rent is 1,480.', citations: [{ document: 'd1', quote: 'The rent is 1,480 euros.' }] })

function outcomes(definition: WorkflowDefinition, json: unknown, complete = true): Record<string, string> {
  const claims = collectEvidence(definition, json, documents)
  const checks = runChecks(definition, { complete, json, claims, documents })
  return Object.fromEntries(checks.map(({ key, outcome }) => [key, outcome]))
}
const allPass = { complete: 'pass', schema: 'pass', documents: 'pass', quotes: 'pass', claims: 'pass' }

test('a claim comes with the place of each of its quotes', () => {
  expect(collectEvidence(report, good, documents)).toEqual([
    {
      index: 0,
      path: '/findings/0',
      text: 'Rent is 1,480.',
      support: 'exact',
      citations: [
        {
          documentId: 'uuid-1',
          documentName: 'lease.pdf',
          quote: 'The rent is 1,480 euros.',
          found: 'exact',
          page: 1,
          start: 0,
          end: 24,
        },
      ],
    },
  ])
})

test.each(['d2', ' d2 ', 'd2.14', 'uuid-2', 'Policy.md', 'policy.md'])(
  'a document may be named as "%s"',
  (document) => {
    const json = answer({ claim: 'C', citations: [{ document, quote: 'Refunds take "ten" days.' }] })
    expect(collectEvidence(report, json, documents)[0]).toMatchObject({
      support: 'differs',
      citations: [{ documentId: 'uuid-2', documentName: 'Policy.md' }],
    })
  },
)

test('a quote that stands in another document than the one named was not found', () => {
  const json = answer({ claim: 'C', citations: [{ document: 'd2', quote: 'The rent is 1,480 euros.' }] })
  expect(collectEvidence(report, json, documents)[0]).toMatchObject({
    support: 'none',
    citations: [{ found: 'not_found' }],
  })
  expect(outcomes(report, json)).toEqual({ ...allPass, quotes: 'fail', claims: 'fail' })
})

test('an extracted field reads as name and value, and one without a value makes no claim', () => {
  const json = {
    fields: [
      { name: 'Due', value: null, citations: [], note: 'Not stated.' },
      { name: 'Rent', value: '1,480 euros', citations: [{ document: 'd1', quote: '1,480 euros' }], note: null },
    ],
  }
  const claims = collectEvidence(extraction, json, documents)
  expect(claims.map(({ path, text, support }) => ({ path, text, support }))).toEqual([
    { path: '/fields/1', text: 'Rent: 1,480 euros', support: 'exact' },
  ])
  expect(outcomes(extraction, json)).toEqual(allPass)
})

test('each check fails for its own reason', () => {
  expect(outcomes(report, good)).toEqual(allPass)
  expect(outcomes(report, good, false)).toEqual({ ...allPass, complete: 'fail' })
  expect(outcomes(report, { ...good, extra: 1 })).toEqual({ ...allPass, schema: 'fail' })
  const twice = (document: string, quote: string) =>
    answer({
      claim: 'C',
      citations: [
        { document: 'd1', quote: 'The rent' },
        { document, quote },
      ],
    })
  expect(outcomes(report, twice('d9', 'The rent'))).toEqual({ ...allPass, documents: 'fail', quotes: 'fail' })
  expect(outcomes(report, twice('d1', 'The gas'))).toEqual({ ...allPass, quotes: 'fail' })
  expect(outcomes(report, answer(...good.findings, { claim: 'Bare.', citations: [] }))).toEqual({
    ...allPass,
    claims: 'fail',
  })
})

test('an answer that claims nothing has nothing to look up', () => {
  const none = {
    complete: 'pass',
    schema: 'pass',
    documents: 'not_applicable',
    quotes: 'not_applicable',
    claims: 'not_applicable',
  }
  expect(outcomes(report, answer())).toEqual(none)
  // A digest is accepted without a person, so an empty one must not pass.
  expect(outcomes(digest, { summary: 'S', points: [] })).toEqual({ ...none, schema: 'fail' })
  expect(outcomes(report, undefined)).toEqual({ ...none, schema: 'fail' })
})

test('a quote that differs by typographic marks only passes, and the check says so', () => {
  const json = answer({ claim: 'C', citations: [{ document: 'd2', quote: 'Refunds take "ten" days.' }] })
  const checks = runChecks(report, {
    complete: true,
    json,
    claims: collectEvidence(report, json, documents),
    documents,
  })
  expect(everyCheckPasses(checks)).toBe(true)
  expect(checks.find(({ key }) => key === 'quotes')?.detail).toContain('1 of them apart from white space')
})

test('no answer, however odd, breaks the reading', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const claims = collectEvidence(report, { findings: json }, documents)
      expect(runChecks(report, { complete: true, json, claims, documents })).toHaveLength(5)
      expect(collectEvidence(report, json, documents)).toEqual([])
    }),
  )
  expect(collectEvidence({ ...report, evidence: null }, good, documents)).toEqual([])
})

test('a citation may hold anything where a text should be', () => {
  let deep: unknown = 'd1'
  for (let level = 0; level < 20_000; level += 1) deep = [deep]
  for (const odd of [{ toString: 1 }, deep, 1, null, ['d1'], { valueOf: null }]) {
    for (const citation of [
      { document: odd, quote: 'The rent' },
      { document: 'd1', quote: odd },
    ]) {
      const json = { findings: [{ claim: 'C', citations: [citation] }] }
      const claims = collectEvidence(report, json, documents)
      expect(claims).toMatchObject([{ support: 'none', citations: [{ found: 'not_found' }] }])
      expect(runChecks(report, { complete: true, json, claims, documents })).toHaveLength(5)
    }
  }
})

const detailOf = (json: unknown, claims: ReturnType<typeof collectEvidence>, key: string, texts = documents) =>
  runChecks(report, { complete: true, json, claims, documents: texts }).find((check) => check.key === key)

test('an answer that asks for more looking up than one answer gets is held, and the check says how much', () => {
  const line = 'the same words again and again. '
  const large: DocumentText[] = [{ id: 'uuid-1', name: 'a.txt', pages: [{ page: 1, text: line.repeat(12_400) }] }]
  const citations = Array.from({ length: 1_999 }, (_, index) => ({
    document: 'd1',
    quote: `${line.repeat(60)}&lt;X${index}`,
  }))
  const json = answer({ claim: 'C', citations: [{ document: 'd1', quote: line }, ...citations] })
  const work = { left: WORK }
  const claims = collectEvidence(report, json, large, work)
  // It stops there: a quote may take what is left and its own few searches, no more.
  expect(work.left).toBeLessThan(WORK / 100)
  expect(work.left).toBeGreaterThan(-WORK / 10)
  const unseen = claims[0]?.citations.filter((citation) => citation.notLookedUp).length ?? 0
  expect(unseen).toBeGreaterThan(1_000)
  expect(claims[0]?.citations.slice(0, 2)).toMatchObject([{ found: 'exact' }, { found: 'not_found' }])
  expect(claims[0]?.citations[1]).not.toHaveProperty('notLookedUp')
  expect(claims[0]?.citations.at(-1)).toMatchObject({ found: 'not_found', notLookedUp: true })
  expect(detailOf(json, claims, 'quotes', large)).toMatchObject({
    outcome: 'fail',
    detail: expect.stringContaining(`Not looked up: ${unseen} of 2000 quotes`),
  })
  // The same answer again gives the same evidence: it is counted, not timed.
  expect(collectEvidence(report, json, large)).toEqual(claims)
})

test('a quote as long as a whole book is not looked up', () => {
  const json = answer({ claim: 'C', citations: [{ document: 'd1', quote: 'a-'.repeat(WORK / 60) }] })
  const claims = collectEvidence(report, json, documents)
  expect(claims[0]?.citations).toMatchObject([{ found: 'not_found', notLookedUp: true }])
})

test('a long report over the largest input is looked up whole', () => {
  const text = Array.from(
    { length: 6_500 },
    (_, index) => `Clause ${index}: the tenant pays ${index * 7} euros a month.\n`,
  )
  const large: DocumentText[] = [{ id: 'uuid-1', name: 'a.txt', pages: [{ page: 1, text: text.join('') }] }]
  // As from a PDF: none letter for letter.
  const spread = text.filter((_, index) => index % 21 === 0)
  const citations = spread.map((line) => ({ document: 'd1', quote: line.trim().replaceAll(' ', '\n') }))
  const json = answer({ claim: 'C', citations })
  const claims = collectEvidence(report, json, large)
  expect(claims[0]?.citations).toHaveLength(310)
  expect(claims[0]?.citations.every((citation) => citation.found === 'differs')).toBe(true)
})

test('of an answer with more statements than anybody reads the rest is not kept, and it does not pass', () => {
  const bare = { claim: 'C', citations: [{ document: 'd1', quote: 'The rent' }] }
  const many = answer(...Array.from({ length: MOST.claims + 1 }, () => bare))
  const claims = collectEvidence(report, many, documents)
  expect(claims).toHaveLength(MOST.claims)
  expect(detailOf(many, claims, 'claims')).toMatchObject({ outcome: 'fail' })

  const citations = Array.from({ length: MOST.citations + 1 }, () => ({ document: 'd1', quote: 'The rent' }))
  const cited = answer({ claim: 'C', citations })
  const kept = collectEvidence(report, cited, documents)
  expect(kept[0]?.citations).toHaveLength(MOST.citations)
  expect(detailOf(cited, kept, 'quotes')).toMatchObject({
    outcome: 'fail',
    detail: 'Not looked up: 1 of 10001 quotes, because the answer cites more than is looked up.',
  })
})

test('beyond the most citations that are looked up, the result does not pass', () => {
  const citations = Array.from({ length: MOST.lookedUp + 1 }, (_, index) => ({
    document: 'd1',
    quote: `The rent${' '.repeat(index)}`,
  }))
  const json = answer({ claim: 'C', citations })
  expect(outcomes(report, json)).toEqual({ ...allPass, quotes: 'fail' })
  expect(outcomes(report, answer({ claim: 'C', citations: citations.slice(0, -1) }))).toEqual(allPass)
})
