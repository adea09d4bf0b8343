'use client'
import { Callout } from '@/components/ui/callout'
import { JsonView } from '@/components/ui/json-view'
import { Markdown } from '@/components/ui/markdown'
import { isTangled } from '@/components/ui/markdown-limits'
import type { ResultView } from '@/lib/jobs/view'
import { CodeText } from '../code-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { ActionDocument } from './action-document'
import { indentJson, looksLikeJson } from './broken-json'
import { ClaimButton, type ClaimView } from './claim-list'
import { DraftDocument } from './draft-document'
import { FieldsDocument } from './fields-document'
import { RecommendationDocument } from './recommendation-document'
import {
  type Digest,
  type Report,
  readAction,
  readDigest,
  readDraft,
  readFields,
  readRecommendation,
  readReport,
} from './result-shapes'
import { OpenQuestions, Part, Sheet, SheetTitle, Statements } from './sheet'

/** A summary that is longer than this keeps the findings out of sight. */
const SUMMARY = 3_000

export type ResultDocumentProps = {
  result: ResultView
  claims: readonly ClaimView[]
  /** Who a draft is for; null where that is not known. */
  to?: string | null
  /** What a table is called that is taken out of it, without an ending. */
  file?: string
  /** Makes an option of a recommendation the choice; absent where that cannot be done here. */
  onChoose?: (id: string) => void
}

/** The result, set for reading, in the form of its kind. What does not fit its form is shown as it came. */
export function ResultDocument(props: ResultDocumentProps) {
  const { result, claims } = props
  return documentOf(props) ?? <OtherDocument text={result.text} json={result.json} claims={claims} />
}

function documentOf(props: ResultDocumentProps) {
  const { claims, to = null, file = 'fields', onChoose } = props
  const { kind, json, text } = props.result
  switch (kind) {
    case 'report': {
      const report = readReport(json)
      return report && <ReportDocument report={report} />
    }
    case 'fields': {
      const fields = readFields(json)
      return fields && <FieldsDocument fields={fields} claims={claims} file={file} />
    }
    case 'digest': {
      const digest = readDigest(json)
      return digest && <DigestDocument digest={digest} />
    }
    case 'draft': {
      const draft = readDraft(json)
      return draft && <DraftDocument draft={draft} to={to} />
    }
    case 'recommendation': {
      const recommendation = readRecommendation(json)
      return recommendation && <RecommendationDocument recommendation={recommendation} onChoose={onChoose} />
    }
    case 'action': {
      const proposed = readAction(json)
      return proposed && <ActionDocument proposed={proposed} text={text} />
    }
    case 'json':
      return null
  }
}

function ReportDocument({ report }: { report: Report }) {
  return (
    <Sheet>
      <SheetTitle>{report.title}</SheetTitle>
      {report.summary !== '' && <LongText text={report.summary} portion={SUMMARY} className="mt-2 px-3 text-read" />}
      <Part title="Findings" count={report.findings.length}>
        {report.findings.length === 0 && <p className="px-3 text-muted">The report makes no finding.</p>}
        <Statements items={report.findings} noun="findings" />
      </Part>
      <OpenQuestions questions={report.openQuestions} />
    </Sheet>
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
