'use client'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import type { Draft } from './result-shapes'
import { OpenQuestions, Part, Sheet, Statements } from './sheet'

/** More of a letter is a press away. */
const LETTER = 6_000

/** A draft, set as the letter that would leave; then what it states, and what nobody could answer. */
export function DraftDocument({ draft, to }: { draft: Draft; to: string | null }) {
  const { subject, body, points, openQuestions } = draft
  return (
    <Sheet>
      <h2 className="sr-only">Draft</h2>
      <section aria-label="The letter" className="mx-3 rounded-md border border-line bg-surface">
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-b border-line px-4 py-3">
          {to !== null && <Line name="To" text={to} empty="Not known" />}
          <Line name="Subject" text={subject} empty="It has no subject" />
        </dl>
        {body === '' ? (
          <p className="px-4 py-4 text-muted">It has no text.</p>
        ) : (
          <LongText text={body} portion={LETTER} className="px-4 py-4 text-read" />
        )}
      </section>
      <Part title="What it states" count={points.length}>
        {points.length === 0 && <p className="px-3 text-muted">Nothing that a document would have to carry.</p>}
        <Statements items={points} noun="statements" />
      </Part>
      <OpenQuestions questions={openQuestions} />
    </Sheet>
  )
}

function Line({ name, text, empty }: { name: string; text: string; empty: string }) {
  return (
    <>
      <dt className="text-sm leading-6 text-muted">{name}</dt>
      <dd dir="auto" className="leading-6 font-medium wrap-anywhere">
        {text === '' ? (
          <span className="font-normal text-muted">{empty}</span>
        ) : (
          <PlainText>{sliceText(text, 2_000)}</PlainText>
        )}
      </dd>
    </>
  )
}
