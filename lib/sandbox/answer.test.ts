import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyCheckPasses, runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import type { DocumentText } from '@/lib/evidence/types'
import { builtins } from '@/lib/workflows/builtin'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { buildRequest } from '@/lib/workflows/request'
import { writeAnswer } from './answer'

type Citation = { document: string; quote: string }
type Report = {
  title: string
  summary: string
  findings: { claim: string; citations: Citation[] }[]
  open_questions: string[]
}
type Extraction = { fields: { name: string; value: string | null; citations: Citation[]; note: string | null }[] }
type Digest = { summary: string; points: { text: string; citations: Citation[] }[] }

function workflow(key: string): WorkflowDefinition {
  const found = builtins.find((one) => one.key === key)
  if (!found) throw new Error(`There is no workflow ${key}.`)
  return found
}

/** The answer to what the engine would send, without HTTP. */
function ask<Result>(
  definition: WorkflowDefinition,
  input: Record<string, unknown>,
  documents: DocumentText[],
  { guidance = null, misquotes = false }: { guidance?: string | null; misquotes?: boolean } = {},
): Result {
  const request = buildRequest({ definition, input, documents, guidance, metadata: {} })
  const { name, schema } = request.text.format
  const answer = writeAnswer({ ...request, format: { name, schema } }, misquotes)
  const validate = new Ajv2020({ strict: false }).compile(schema)
  const value: unknown = JSON.parse(answer.text)
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true)
  return value as Result
}

function documentOf(name: string, ...pages: string[]): DocumentText {
  return { id: name, name, pages: pages.map((text, index) => ({ page: index + 1, text })) }
}

const lease = documentOf(
  'lease.md',
  `# Lease agreement

This lease is made between Anna Weiss (landlord) and Tom Reed (tenant) on 3 March 2025.

Monthly rent: $1,450.00
Payment is due on the 1st of each month. A late fee of 5 % is charged after the
fifth day of the month.

## Deposit

The tenant pays a deposit of $2,900. It is returned within 30 days after the tenant moves out, less damages & <unpaid> rent.`,
  `## Ending the lease

Either party may end this lease with a notice of 60 days in writing. Pets need the landlord's consent.`,
)
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

describe('a reply', () => {
  type Reply = { subject: string; body: string; points: { citations: Citation[] }[]; open_questions: string[] }
  const message = 'Hello, we move out in May. When is the deposit returned? Is there a swimming pool?'
  const input = { message, email: 'tom@example.org', name: 'Mr Reed', tone: 'formal' }

  it('is an e-mail made from quotes, each of which is also a point with its source', () => {
    const { subject, body, points } = ask<Reply>(workflow('reply'), input, [lease])
    expect(subject.length).toBeLessThanOrEqual(90)
    expect(body).toMatch(/^Dear Mr Reed,\n\n/)
    expect(body).toContain('No model was asked')
    const quotes = points.flatMap(({ citations }) => citations.map(({ quote }) => quote))
    expect(quotes.join(' ')).toContain('returned within 30 days')
    for (const quote of quotes) expect(body).toContain(quote.replace(/\s+/g, ' '))
  })

  it('says what no document answers', () => {
    expect(ask<Reply>(workflow('reply'), input, [lease]).open_questions).toEqual([
      'Is there a swimming pool? Nothing in the documents speaks of it.',
    ])
  })

  it('states nothing where there are no documents, and says so', () => {
    const { body, points, open_questions } = ask<Reply>(workflow('reply'), input, [])
    expect(points).toEqual([])
    expect(body).not.toContain('we can tell you')
    expect(open_questions[0]).toBe('There are no documents, so nothing carries what this reply would say.')
    expect(open_questions).toHaveLength(3)
  })

  it('takes a question that asks nothing by itself together with what was said before it', () => {
    const asked = { ...input, message: 'My neighbour says that pets need consent. Is that right?' }
    const [point] = ask<Reply>(workflow('reply'), asked, [lease]).points
    expect(point?.citations[0]?.quote).toBe("Pets need the landlord's consent.")
  })

  it('says what a colleague wants said, and that it carries no source', () => {
    const { body, open_questions } = ask<Reply>(workflow('reply'), { ...input, say: 'We waive the late fee.' }, [lease])
    expect(body).toContain('We waive the late fee.')
    expect(open_questions.at(-1)).toContain('What was to be said')
  })
})

describe('a recommendation', () => {
  type Recommendation = {
    options: { id: string; title: string; risks: string[] }[]
    reasons: { option: string; for: boolean; citations: Citation[] }[]
    recommended: string | null
    why: string
    choice: string | null
    open_questions: string[]
  }
  const input = {
    question: 'What do we do with the flat?',
    options: 'End the lease\nAsk for the deposit\nBuild a sauna',
  }

  it('has each option once, with reasons that quote what is said of it, and leaves the choice open', () => {
    const { options, reasons, choice } = ask<Recommendation>(workflow('recommendation'), input, [lease])
    expect(options.map(({ id, title }) => `${id} ${title}`)).toEqual([
      'a End the lease',
      'b Ask for the deposit',
      'c Build a sauna',
    ])
    expect(reasons.find(({ option }) => option === 'b')?.citations[0]?.quote).toContain('deposit')
    expect(choice).toBeNull()
  })

  it('says of an option that the documents say nothing of it', () => {
    const { options, open_questions } = ask<Recommendation>(workflow('recommendation'), input, [lease])
    expect(options[2]?.risks).toEqual(['The documents say nothing of it.'])
    expect(open_questions).toContain('Build a sauna: nothing in the documents speaks of it.')
  })

  it('recommends what most is said for, and nothing where no option is ahead', () => {
    const one = ask<Recommendation>(workflow('recommendation'), { ...input, options: 'Deposit\nSauna' }, [lease])
    expect(one.recommended).toBe('a')
    expect(one.why).toContain('counted, not weighed')
    const none = ask<Recommendation>(workflow('recommendation'), { ...input, options: 'Sauna\nPool' }, [lease])
    expect([none.recommended, none.reasons]).toEqual([null, []])
  })
})

describe('a proposed action', () => {
  type Proposal = {
    action: { type: string; order: string; amount: number | null; currency: string | null }
    why: string
    grounds: { ground: string; citations: Citation[] }[]
  }
  const policy = documentOf('policy.md', 'Refunds above 500 euros need an approval.')
  const thread = documentOf('case.md', 'The machine arrived damaged. Refund would be 1,661.90 euros in total.')
  const input = { request: 'Refund the damaged machine.', order: 'KC-1' }
  const propose = (more: object, documents: DocumentText[]) =>
    ask<Proposal>(workflow('action'), { ...input, ...more }, documents)

  it('takes the amount from the sentence that names the refund, never from a limit', () => {
    const { action, grounds } = propose({}, [policy, thread])
    expect(action).toMatchObject({ type: 'refund', order: 'KC-1', amount: 1661.9, currency: 'EUR' })
    expect(grounds[0]?.citations).toEqual([{ document: 'd2', quote: 'Refund would be 1,661.90 euros in total.' }])
  })

  it('proposes no amount where none is named', () => {
    const { action, why } = propose({}, [policy])
    expect([action.amount, action.currency]).toEqual([null, null])
    expect(why).toContain('none is proposed')
  })

  it('says where only the request names the amount: that ground has no source', () => {
    const { action, grounds, why } = propose({ request: 'Credit $ 20.50 for the delay.' }, [policy])
    expect(action).toMatchObject({ type: 'credit', amount: 20.5, currency: 'USD' })
    expect(grounds[0]).toEqual({ ground: 'The request names USD 20.50.', citations: [] })
    expect(why).toContain('It stands in no document.')
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
