import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { builtins } from '@/lib/workflows/builtin'
import { ReviseEditor } from './revise-editor'
import { changeWords, RevisionDiff } from './revision-diff'

const schema = builtins.find(({ key }) => key === 'report')?.output.schema ?? null
const REPORT = JSON.stringify({
  title: 'Rent',
  summary: 'It is due early.',
  findings: [{ claim: 'The rent is due on the third day.', citations: [{ document: 'd1', quote: 'third day' }] }],
  open_questions: [],
})
const result = { hash: 'a'.repeat(64), kind: 'report' as const }
const drawn = (resultText: string, outputSchema = schema) =>
  renderToStaticMarkup(
    <ReviseEditor result={result} outputSchema={outputSchema} resultText={resultText} onChange={() => {}} />,
  )

describe('the editor', () => {
  test('has a control for each field, and ways to add, move and remove', () => {
    const page = drawn(REPORT)
    for (const words of ['title', 'summary', 'claim', 'Add to findings', 'Remove finding 1', 'Move finding 1 up']) {
      expect(page).toContain(words)
    }
    expect(page).toContain('The rent is due on the third day.')
    expect(page).toContain('Nothing is changed yet.')
  })

  test('of a result with a fault says it at its field', () => {
    expect(drawn(REPORT.replace('"Rent"', 'null'))).toContain('title must be text.')
  })

  test('of prose is one text; of JSON that a form would change it says why', () => {
    expect(drawn('Dear tenant,', null)).not.toContain('field by field')
    expect(drawn('{"id": 12345678901234567890}', null)).toContain('more digits than a form can keep')
  })
})

describe('what a person changed', () => {
  const edited = REPORT.replace('third day.', 'third working day.')
  const diff = (before: string, after: string) =>
    renderToStaticMarkup(<RevisionDiff before={before} after={after} kind="report" />)

  test('is shown at its field, word by word', () => {
    expect(changeWords(REPORT, edited)).toBe('1 field changed')
    const page = diff(REPORT, edited)
    expect(page).toContain('findings › 1 › claim')
    expect(page).toMatch(/<ins[^>]*>.*working/)
  })

  test('in prose is shown in the text', () => {
    expect(changeWords('Dear tenant,', 'Dear customer,')).toBe('The text was changed')
    expect(diff('Dear tenant,', 'Dear customer,')).toMatch(/<del[^>]*>.*tenant/)
  })

  test('is told to be nothing where it is only white space', () => {
    expect(diff(REPORT, JSON.stringify(JSON.parse(REPORT), null, 2))).toContain('It says the same.')
    expect(diff(REPORT, REPORT)).toContain('Nothing was changed.')
  })
})
