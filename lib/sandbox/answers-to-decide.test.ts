import { describe, expect, it } from 'vitest'
import type { DocumentText } from '@/lib/evidence/types'
import { ask, type Citation, documentOf, lease, workflow } from './ask-fixtures'

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
