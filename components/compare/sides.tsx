'use client'
import { type ReactNode, useMemo } from 'react'
import { LongText } from '@/components/job/long-text'
import { sizeOf } from '@/components/job/size-words'
import { JsonView } from '@/components/ui/json-view'
import { sideName } from '@/lib/compare/side-id'
import type { ComparisonView, SideView } from '@/lib/compare/view'
import { CallFacts } from './call-facts'
import { CheckChanges } from './check-changes'
import { ClaimChanges, claimsVerdict } from './claim-changes'
import { type Differences, differencesOf } from './differences'
import { FieldChanges } from './field-changes'
import { Section } from './section'
import { StepChanges } from './step-changes'
import { TextDiff } from './text-diff'

type Part = { id: string; title: string; verdict: string | null; sameWords?: string; body: ReactNode }
type Names = { before: string; after: string }

/** All that sets two sides apart, part by part; first a line that says which parts differ. */
export function Sides({ comparison, left, right }: { comparison: ComparisonView; left: SideView; right: SideView }) {
  const { isSameText } = comparison
  const found = useMemo(() => differencesOf(left, right, isSameText), [left, right, isSameText])
  const names = { before: sideName(left), after: sideName(right) }
  const parts = [...resultParts(left, right, found, names), ...givenParts(comparison, left, right, found, names)]
  const differing = parts.filter(({ verdict }) => verdict !== null)
  const same = parts.filter(({ verdict }) => verdict === null)
  return (
    <>
      <div className="text-sm text-muted">
        {differing.length === 0 ? (
          <p>In all that is compared here, the two are the same.</p>
        ) : (
          <p>
            They differ in{' '}
            {differing.map(({ id, title }, index) => (
              <span key={id}>
                {index > 0 && (index === differing.length - 1 ? ' and ' : ', ')}
                <a href={`#${id}`} className="link">
                  {title.toLowerCase()}
                </a>
              </span>
            ))}
            .{same.length > 0 && ` The same: ${same.map(({ title }) => title.toLowerCase()).join(', ')}.`}
          </p>
        )}
      </div>
      <div className="flex flex-col gap-2">
        {parts.map(({ body, ...part }) => (
          <Section key={part.id} {...part}>
            {body}
          </Section>
        ))}
      </div>
    </>
  )
}

const count = (number: number, one: string, many: string) =>
  number === 0 ? null : `${number.toLocaleString('en')} ${number === 1 ? one : many}`

function resultParts(left: SideView, right: SideView, found: Differences, names: Names): Part[] {
  const { text, fields, claims, checks } = found
  const missing = whyNoText(left, right, names)
  if (missing !== null) {
    return [
      { id: 'result', title: 'Result', verdict: missing.verdict, body: <p className="text-muted">{missing.words}</p> },
    ]
  }
  const parts: Part[] = [
    {
      id: 'result',
      title: 'Result',
      verdict: text.isSame ? null : text.onlyBytes ? 'Only in how it is written' : 'Another text',
      sameWords: 'The same text, to the letter',
      body: <ResultText left={left} right={right} text={text} names={names} />,
    },
  ]
  if (fields !== null) {
    parts.push({
      id: 'fields',
      title: 'Fields',
      verdict: count(fields.changes.length, 'change', fields.isWhole ? 'changes' : 'changes and more'),
      body:
        fields.changes.length === 0 ? (
          <p className="text-muted">Every field has the same value.</p>
        ) : (
          <FieldChanges diff={fields} names={names} />
        ),
    })
  }
  const failed = checks.filter(({ isSame }) => !isSame).length
  return [
    ...parts,
    {
      id: 'claims',
      title: 'Claims and support',
      verdict: claimsVerdict(claims),
      body: <ClaimChanges changes={claims} />,
    },
    {
      id: 'checks',
      title: 'Checks',
      verdict: count(failed, 'came out differently', 'came out differently'),
      body: <CheckChanges changes={checks} />,
    },
  ]
}

function whyNoText(left: SideView, right: SideView, names: Names): { verdict: string | null; words: string } | null {
  if (left.result === null && right.result === null) return { verdict: null, words: 'Neither gave a result.' }
  if (left.result === null || right.result === null) {
    const without = left.result === null ? left : right
    const name = left.result === null ? names.before : names.after
    return {
      verdict: 'On one side only',
      words: `${name} gave no result${without.call.sentence === null ? '' : `: ${without.call.sentence}`}`,
    }
  }
  const erased = [left.result.isErased && names.before, right.result.isErased && names.after].filter(Boolean)
  if (erased.length === 0) return null
  return {
    verdict: 'Erased',
    words: `The text of ${erased.join(' and of ').toLowerCase()} was erased. Its hash and its history stay.`,
  }
}

function ResultText({
  left,
  right,
  text,
  names,
}: {
  left: SideView
  right: SideView
  text: Differences['text']
  names: Names
}) {
  if (text.isSame) return <LongText text={text.after} portion={3_000} className="max-w-[75ch] text-read" />
  if (text.onlyBytes) {
    return (
      <p className="text-muted">
        Both say the same. Only white space, or the order of the fields, differs, and so the hashes do.
      </p>
    )
  }
  const cut = [left, right].filter(({ result }) => result !== null && result.text.length < result.characters)
  return (
    <>
      {text.isOutline && (
        <p className="pb-2 text-sm text-muted">
          Set out for reading: the results are JSON. What is <del>gone</del> is struck out, what is <ins>new</ins> is
          underlined.
        </p>
      )}
      {cut.map((side) => (
        <p key={side.id} className="pb-2 text-sm text-muted">
          {sideName(side)} has {side.result?.characters.toLocaleString('en')} characters; the first{' '}
          {side.result?.text.length.toLocaleString('en')} of them are compared here. The payload has it all.
        </p>
      ))}
      <TextDiff before={text.before} after={text.after} names={names} />
    </>
  )
}

function givenParts(
  { documents, job }: ComparisonView,
  left: SideView,
  right: SideView,
  found: Differences,
  names: Names,
): Part[] {
  const { steps, input, settings, isSameGuidance, isSameCall } = found
  const inputErased = left.input.fields === null || right.input.fields === null
  const isSameInput = left.input.hash === right.input.hash
  return [
    {
      id: 'tools',
      title: 'Tools',
      verdict: count(steps.filter(({ isSame }) => !isSame).length, 'call differs', 'calls differ'),
      sameWords: steps.length === 0 ? 'None were called' : 'The same calls',
      body: <StepChanges changes={steps} names={names} />,
    },
    {
      id: 'guidance',
      title: 'Guidance',
      verdict: isSameGuidance ? null : 'Other guidance',
      sameWords: left.guidance === null && right.guidance === null ? 'None on either side' : undefined,
      body: <Guidance left={left} right={right} names={names} />,
    },
    {
      id: 'input',
      title: 'Input and documents',
      verdict: isSameInput
        ? null
        : inputErased
          ? 'Another input'
          : (count(input.changes.length, 'field differs', 'fields differ') ?? 'Written differently'),
      body: (
        <>
          {inputErased ? (
            <p className="text-muted">The input of one side was erased.</p>
          ) : isSameInput ? (
            <JsonView value={right.input.fields} />
          ) : (
            <FieldChanges diff={input} names={names} />
          )}
          <p className="pt-2 text-sm text-muted">
            {documents.length === 0
              ? 'No documents were given.'
              : 'The documents of a job are the same for every attempt:'}
          </p>
          <ul className="text-sm">
            {documents.map(({ id, name, size }) => (
              <li key={id} className="wrap-anywhere">
                <bdi>{name}</bdi> <span className="text-faint">{sizeOf(size)}</span>
              </li>
            ))}
          </ul>
        </>
      ),
    },
    {
      id: 'instructions',
      title: 'Instructions and settings',
      verdict: settings === null ? 'Erased on one side' : count(settings.changes.length, 'change', 'changes'),
      sameWords: `The same: ${job.workflow.name} v${job.workflow.version}`,
      body:
        settings === null ? (
          <p className="text-muted">
            The request of one side was erased: what it asked of the model can no longer be said.
          </p>
        ) : settings.changes.length > 0 ? (
          <FieldChanges diff={settings} names={names} />
        ) : (
          <Instructions settings={right.settings ?? {}} />
        ),
    },
    {
      id: 'call',
      title: 'Model, tokens, cost and times',
      verdict: isSameCall ? null : 'Another call',
      sameWords: left.attempt === right.attempt ? 'One and the same call' : 'The same, but for the times',
      body: <CallFacts left={left} right={right} names={names} />,
    },
  ]
}

function Guidance({ left, right, names }: { left: SideView; right: SideView; names: Names }) {
  if (left.guidance === null && right.guidance === null)
    return <p className="text-muted">No reviewer asked for anything.</p>
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
      {[
        { name: names.before, guidance: left.guidance },
        { name: names.after, guidance: right.guidance },
      ].map(({ name, guidance }) => (
        <div key={name} className="min-w-0">
          <dt className="text-sm text-faint">{name}</dt>
          <dd>
            {guidance === null ? (
              <span className="text-muted">none</span>
            ) : guidance.text === null ? (
              <span className="text-muted">was erased</span>
            ) : (
              <LongText text={guidance.text} portion={2_000} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Instructions({ settings }: { settings: Record<string, unknown> }) {
  const { instructions, ...rest } = settings
  return (
    <>
      {typeof instructions === 'string' && <LongText text={instructions} portion={2_000} className="max-w-[75ch]" />}
      <JsonView value={rest} depth={1} className="mt-2" />
    </>
  )
}
