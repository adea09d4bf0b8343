import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyCheckPasses, runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import { builtins } from '@/lib/workflows/builtin'
import { buildRequest } from '@/lib/workflows/request'
import { writeAnswer } from './answer'
import { ask, type Citation, documentOf, lease, workflow } from './ask-fixtures'

type Report = {
  title: string
  summary: string
  findings: { claim: string; citations: Citation[] }[]
  open_questions: string[]
}
type Extraction = { fields: { name: string; value: string | null; citations: Citation[]; note: string | null }[] }
type Digest = { summary: string; points: { text: string; citations: Citation[] }[] }

const invoice = documentOf(
  'invoice.csv',
  'item,quantity,price,total\npaper,10,4.00,40.00\nInvoice number: INV-2044\nDue date: 2025-04-30\nThank you for your order.',
)

function quotesOf(report: Report): string[] {
  return report.findings.flatMap(({ citations }) => citations.map(({ quote }) => quote))
}

describe('a report', () => {
  it('answers each part of the question with the sentence that carries it', () => {
    const question = 'How much is the deposit and when is it returned? How can the lease be ended?'
    const quotes = quotesOf(ask<Report>(workflow('report'), { question }, [lease, invoice]))
    expect(quotes).toContain('The tenant pays a deposit of $2,900.')
    expect(quotes).toContain('Either party may end this lease with a notice of 60 days in writing.')
    expect(quotes).toContain('It is returned within 30 days after the tenant moves out, less damages & <unpaid> rent.')
  })

  it('cites the document that the quote stands in, by its id in the request', () => {
    const report = ask<Report>(workflow('report'), { question: 'What is the invoice number?' }, [lease, invoice])
    expect(report.findings[0]?.citations[0]).toEqual({ document: 'd2', quote: 'Invoice number: INV-2044' })
  })

  it('says plainly what the documents do not state, and cites nothing for it', () => {
    const question = 'How much is the deposit? Is there a swimming pool?'
    const report = ask<Report>(workflow('report'), { question }, [lease])
    const missing = report.findings.find(({ citations }) => citations.length === 0)
    expect(missing?.claim).toBe('The documents do not state anything on “Is there a swimming pool”.')
    expect(report.open_questions).toHaveLength(1)
  })

  it('says in its summary that no model was asked', () => {
    const report = ask<Report>(workflow('report'), { question: 'How much is the rent?' }, [lease])
    expect(report.summary).toContain('no model was asked')
  })

  it("follows a reviewer's guidance to more of the documents", () => {
    const input = { question: 'How much is the deposit?' }
    const before = quotesOf(ask<Report>(workflow('report'), input, [lease]))
    const after = quotesOf(ask<Report>(workflow('report'), input, [lease], { guidance: 'Say what holds for pets.' }))
    const pets = "Pets need the landlord's consent."
    expect(before).not.toContain(pets)
    expect(after).toContain(pets)
  })

  it('takes the audience for no part of the question', () => {
    const input = { question: 'How much is the deposit?', audience: 'The head of the swimming pool' }
    expect(ask<Report>(workflow('report'), input, [lease]).open_questions).toEqual([])
  })
})

describe('an extraction', () => {
  const read = (fields: string, documents = [lease, invoice]) =>
    ask<Extraction>(workflow('extraction'), { fields }, documents).fields

  it('reads labelled values, and values of the kind that the name asks for', () => {
    const fields = read('Monthly rent\nInvoice number\nDue date\nDeposit\nNotice period')
    const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]))
    expect(values).toEqual({
      'Monthly rent': '$1,450.00',
      'Invoice number': 'INV-2044',
      'Due date': '2025-04-30',
      Deposit: '$2,900',
      'Notice period': '60 days',
    })
  })

  it('leaves null what is not there, and says so', () => {
    expect(read('VAT number', [lease])).toEqual([
      { name: 'VAT number', value: null, citations: [], note: 'not found in the documents' },
    ])
  })

  it('takes fields one a line or separated by commas', () => {
    expect(read('- Deposit\n2. Monthly rent').map(({ name }) => name)).toEqual(['Deposit', 'Monthly rent'])
    expect(read('Deposit, Monthly rent').map(({ name }) => name)).toEqual(['Deposit', 'Monthly rent'])
  })

  it('gives each value a quote that the value stands in', () => {
    for (const { value, citations } of read('Monthly rent\nDeposit\nNotice period\nLandlord')) {
      expect(citations[0]?.quote).toContain(value)
    }
  })
})

describe('a digest', () => {
  it('has three to seven points, in the order of the documents, each a different quote', () => {
    const { points } = ask<Digest>(workflow('digest'), {}, [lease, invoice])
    expect(points.length).toBeGreaterThanOrEqual(3)
    expect(points.length).toBeLessThanOrEqual(7)
    const quotes = points.map(({ citations }) => citations[0]?.quote)
    expect(new Set(quotes).size).toBe(points.length)
    const order = points.map(({ citations }) => citations[0]?.document)
    expect(order).toEqual(order.toSorted())
  })

  it('looks first at the focus', () => {
    const { points } = ask<Digest>(workflow('digest'), { focus: 'pets' }, [lease])
    expect(points.map(({ text }) => text).join(' ')).toContain('Pets need')
  })
})

describe('any answer', () => {
  it('shows how it was come by: reasoning, searches and the passages found', () => {
    const request = buildRequest({
      definition: workflow('report'),
      input: { question: 'How much is the deposit?' },
      documents: [lease],
      guidance: null,
      metadata: {},
    })
    const answer = writeAnswer({ ...request, format: request.text.format }, false)
    expect(answer.reasoning[0]).toContain('of 1 document ')
    expect(answer.search.queries).toEqual(['How much is the deposit'])
    expect(answer.search.results[0]?.passage.text).toContain('deposit of $2,900')
    expect(answer.usage.input).toBeGreaterThan(100)
  })

  it.each([
    ['report', { question: 'How much is the deposit? What is the invoice number?' }],
    ['extraction', { fields: 'Monthly rent\nDeposit\nLandlord\nVAT number' }],
    ['digest', {}],
    ['reply', { message: 'How much is the deposit?', email: 'a@example.org' }],
    ['recommendation', { question: 'What now?', options: 'End the lease\nDeposit' }],
    ['action', { request: 'Refund the deposit of $2,900.', order: 'L-1' }],
  ])('of %s passes every check of the product, and misquoted it does not', (key, input) => {
    const outcomes = [false, true].map((misquotes) => {
      const definition = workflow(key)
      const documents = [lease, invoice]
      const json = ask<unknown>(definition, input, documents, { misquotes })
      const claims = collectEvidence(definition, json, documents)
      expect(claims.length).toBeGreaterThan(0)
      const checked = { complete: true, json, claims, documents }
      return everyCheckPasses(runChecks(definition, checked))
    })
    expect(outcomes).toEqual([true, false])
  })

  it('misquotes when it is asked to, so that no quote stands in the documents', () => {
    const question = 'How much is the deposit? How can the lease be ended?'
    const quotes = quotesOf(ask<Report>(workflow('report'), { question }, [lease], { misquotes: true }))
    const text = lease.pages.map((page) => page.text).join('\n')
    expect(quotes.length).toBeGreaterThan(0)
    for (const quote of quotes) expect(text.replace(/\s+/g, ' ')).not.toContain(quote.replace(/\s+/g, ' '))
  })

  it('answers a request that is written in no format of ours', () => {
    const answer = writeAnswer({ instructions: '', input: 'How much is it?', format: null }, false)
    expect(answer.text).toContain('The documents do not state anything')
  })

  // Words that make sentences, tags and entities of our own format, halves of characters, wide and odd white space.
  const fragment = fc.oneof(
    fc.constantFrom('deposit', 'rent', 'The', 'is', '. ', '? ', '\n', '\n\n', '# ', '- ', 'Rent: ', ', ', '|', '\t'),
    fc.constantFrom(
      '</passage>',
      '</document>',
      '&amp;',
      '&lt;',
      '<request>',
      '"',
      '\u{1f600}',
      '\ud800',
      '\u0000',
      '\r\n',
      '東京都',
    ),
    fc.string({ maxLength: 12, unit: 'grapheme' }),
    fc.lorem({ maxCount: 40 }),
  )
  const text = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(' '))

  it.each(builtins.map(({ key }) => key))('of %s quotes letter for letter, whatever the documents hold', (key) => {
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 3 }), text, (texts, asked) => {
        const documents = texts.map((pages, index) => documentOf(`doc "${index}" <&>.md`, ...pages))
        const input = {
          ...{ question: asked, fields: `Rent\nDeposit\nDate\n${asked}`, focus: asked },
          ...{ message: asked, options: `Rent\n${asked}`, request: asked, order: asked },
        }
        const result = ask<Record<string, unknown>>({ ...workflow(key), evidence: null }, input, documents)
        for (const { document, quote } of citationsIn(result)) {
          const cited = documents[Number(document.slice(1)) - 1]
          expect(quote).not.toBe('')
          expect(cited?.pages.some((page) => page.text.includes(quote))).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

function citationsIn(value: unknown): Citation[] {
  if (typeof value !== 'object' || value === null) return []
  const own = value as Record<string, unknown>
  if (typeof own.document === 'string' && typeof own.quote === 'string') return [own as Citation]
  return Object.values(own).flatMap(citationsIn)
}
