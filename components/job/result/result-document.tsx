'use client'
import type { ReactNode } from 'react'
import { Callout } from '@/components/ui/callout'
import { JsonView } from '@/components/ui/json-view'
import { Markdown } from '@/components/ui/markdown'
import { isTangled } from '@/components/ui/markdown-limits'
import { PlainText } from '@/components/ui/plain-text'
import type { ResultView } from '@/lib/jobs/view'
import { CodeText } from '../code-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { sliceText } from '../slice-text'
import { indentJson, looksLikeJson } from './broken-json'
import { ClaimButton, type ClaimView, StatementItem, useClaimAt } from './claim-list'
import {
  type Digest,
  type Fields,
  type Report,
  readDigest,
  readFields,
  readReport,
  type Statement,
} from './result-shapes'

/** A summary that is longer than this keeps the findings out of sight. */
const SUMMARY = 3_000

/** The result, set for reading, in the form of its kind. What does not fit its form is shown as it came. */
export function ResultDocument({ result, claims }: { result: ResultView; claims: readonly ClaimView[] }) {
  const { kind, json, text } = result
  const report = kind === 'report' ? readReport(json) : null
  if (report !== null) return <ReportDocument report={report} />
  const fields = kind === 'fields' ? readFields(json) : null
  if (fields !== null) return <FieldsDocument fields={fields} />
  const digest = kind === 'digest' ? readDigest(json) : null
  if (digest !== null) return <DigestDocument digest={digest} />
  return <OtherDocument text={text} json={json} claims={claims} />
}

function ReportDocument({ report }: { report: Report }) {
  return (
    <Sheet>
      {report.title !== '' && (
        <h2 dir="auto" className="px-3 text-lg font-semibold wrap-anywhere">
          <PlainText>{sliceText(report.title, 1_000)}</PlainText>
        </h2>
      )}
      {report.summary !== '' && <LongText text={report.summary} portion={SUMMARY} className="mt-2 px-3 text-read" />}
      <Part title="Findings" count={report.findings.length}>
        {report.findings.length === 0 && <p className="px-3 text-muted">The report makes no finding.</p>}
        <Statements items={report.findings} noun="findings" />
      </Part>
      <Part title="Open questions" count={report.openQuestions.length}>
        {report.openQuestions.length === 0 && <p className="px-3 text-muted">None: everything was answered.</p>}
        <Portion
          items={report.openQuestions}
          noun="questions"
          wrap={(children) => <ul className="list-disc pl-8 text-read marker:text-faint">{children}</ul>}
          draw={(question, index) => (
            <li key={index} className="my-1">
              <LongText text={question} portion={2_000} />
            </li>
          )}
        />
      </Part>
    </Sheet>
  )
}

function Statements({ items, noun }: { items: readonly Statement[]; noun: string }) {
  return (
    <Portion
      items={items}
      noun={noun}
      wrap={(children) => <ol>{children}</ol>}
      draw={({ path, text }, index) => (
        <li key={path}>
          <StatementItem path={path} text={text} number={index + 1} />
        </li>
      )}
    />
  )
}

function DigestDocument({ digest }: { digest: Digest }) {
  return (
    <Sheet>
      <h2 className="sr-only">Digest</h2>
      {digest.summary !== '' && <LongText text={digest.summary} portion={SUMMARY} className="px-3 text-read" />}
      <Part title="Points" count={digest.points.length}>
        <Statements items={digest.points} noun="points" />
      </Part>
    </Sheet>
  )
}

function FieldsDocument({ fields }: { fields: Fields }) {
  return (
    <Sheet>
      <Part title="Fields" count={fields.length}>
        <Portion
          items={fields}
          noun="fields"
          wrap={(children) => <dl>{children}</dl>}
          draw={(field) => <FieldRow key={field.path} field={field} />}
        />
      </Part>
    </Sheet>
  )
}

function FieldRow({ field }: { field: Fields[number] }) {
  const claim = useClaimAt(field.path)
  return (
    <div className="grid gap-x-3 border-b border-line py-1 last:border-b-0 sm:grid-cols-[minmax(7rem,11rem)_1fr]">
      <dt dir="auto" className="px-3 pt-2 text-muted wrap-anywhere">
        <PlainText>{sliceText(field.name, 1_000)}</PlainText>
      </dt>
      <dd className="min-w-0">
        {claim !== undefined && field.value !== null ? (
          <ClaimButton claim={claim} number={null} text={field.value} />
        ) : (
          <p dir="auto" className="px-3 py-2 text-read wrap-anywhere">
            {field.value === null ? (
              <span className="text-muted">Not stated in the documents</span>
            ) : (
              <PlainText>{sliceText(field.value, 20_000)}</PlainText>
            )}
          </p>
        )}
        {field.note !== null && (
          <LongText text={`Note: ${field.note}`} portion={2_000} className="px-3 pb-2 text-sm text-muted" />
        )}
      </dd>
    </div>
  )
}

function OtherDocument({ text, json, claims }: { text: string; json: unknown; claims: readonly ClaimView[] }) {
  return (
    <Sheet>
      <h2 className="sr-only">Answer</h2>
      {claims.length > 0 && (
        <Part title="Statements" count={claims.length}>
          <Portion
            items={claims}
            noun="statements"
            wrap={(children) => children}
            draw={(claim, index) => (
              <ClaimButton key={claim.index} claim={claim} number={index + 1} text={claim.text} />
            )}
          />
        </Part>
      )}
      <div className="px-3">
        {json !== null && json !== undefined && typeof json === 'object' ? (
          <JsonView value={json} />
        ) : looksLikeJson(text) ? (
          <>
            <Callout tone="attention" title="This answer is not JSON" className="mb-2">
              It begins as JSON and cannot be read as such, so it is shown as it came, set out in lines.
            </Callout>
            <CodeText text={indentJson(text)} />
          </>
        ) : isTangled(text) ? (
          <LongText text={text} className="text-read" />
        ) : (
          <Markdown>{text}</Markdown>
        )}
      </div>
    </Sheet>
  )
}

function Sheet({ children }: { children: ReactNode }) {
  return <article className="-mx-3 max-w-[72ch]">{children}</article>
}

function Part({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  return (
    <section className="mt-5 first:mt-0">
      <h3 className="px-3 pb-1 text-sm font-medium text-muted">
        {title} <span className="font-normal text-faint">{count}</span>
      </h3>
      {children}
    </section>
  )
}
