'use client'
import { Link2, Link2Off } from 'lucide-react'
import { ForeignLink } from '@/components/ui/foreign-link'
import { JsonView } from '@/components/ui/json-view'
import { Markdown } from '@/components/ui/markdown'
import { isTangled } from '@/components/ui/markdown-limits'
import { PlainText } from '@/components/ui/plain-text'
import { type AnnotationFinding, faultWords } from '@/lib/evidence/annotations'
import { ANNOTATION_TYPES, isAnnotationType } from '@/lib/evidence/item-types'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import { Box, FirstOf, Labelled } from './trace-parts'
import type { MessagePart, TraceEntry } from './trace-shapes'

/** Words of the model: Markdown where that is what they are, else the text that they are. */
export function Prose({ text }: { text: string }) {
  if (isTangled(text)) return <LongText text={text} portion={1_500} className="mt-1" />
  return (
    <Markdown size="base" className="mt-1">
      {text}
    </Markdown>
  )
}

/** What the model said, and what it cites. */
export function MessageBody(props: {
  entry: TraceEntry & { kind: 'message' }
  findings: readonly AnnotationFinding[] | null
}) {
  const { entry, findings } = props
  return (
    <>
      {entry.parts.length === 0 && <p className="text-muted">It has no content.</p>}
      {entry.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message, in its order
        <Part key={index} part={part} />
      ))}
      {findings === null && entry.cites > 0 && (
        <p className="mt-2 text-sm text-muted">
          It cites {entry.cites === 1 ? '1 source' : `${entry.cites} sources`}. They are not looked up here, because a
          step of this attempt is longer than what is shown.
        </p>
      )}
      {findings !== null && findings.length > 0 && <Citations findings={findings} />}
    </>
  )
}

function Part({ part }: { part: MessagePart }) {
  if (part.other !== null) {
    return (
      <Labelled label="A part of a kind that this version does not know">
        <Box>
          <JsonView value={part.other} depth={1} />
        </Box>
      </Labelled>
    )
  }
  if (part.text === '') return <p className="text-muted">It is empty.</p>
  if (part.json === null) return <Prose text={part.text} />
  return (
    <Box>
      <JsonView value={part.json} depth={1} />
    </Box>
  )
}

/** Each source that the provider set into the text. Only what resolves is a link. */
function Citations({ findings }: { findings: readonly AnnotationFinding[] }) {
  return (
    <Labelled label={findings.length === 1 ? 'It cites 1 source' : `It cites ${findings.length} sources`}>
      <FirstOf
        items={findings}
        shown={8}
        noun="sources"
        wrap={(children) => <ul className="mt-1 flex flex-col gap-1.5">{children}</ul>}
        draw={(finding, index) => <CitationItem key={index} finding={finding} />}
      />
    </Labelled>
  )
}

function CitationItem({ finding }: { finding: AnnotationFinding }) {
  const fault = faultWords(finding)
  const Icon = fault === null ? Link2 : Link2Off
  return (
    <li className="flex gap-2 text-sm">
      <Icon
        aria-hidden
        className={`mt-0.5 size-3.5 shrink-0 ${fault === null ? 'text-faint' : 'text-attention-ink'}`}
      />
      <div className="min-w-0">
        <p className="wrap-anywhere">
          <bdi className="font-medium">
            <PlainText>{finding.label}</PlainText>
          </bdi>
          <span className="text-muted">
            ,{' '}
            {isAnnotationType(finding.kind) ? (
              ANNOTATION_TYPES[finding.kind]
            ) : (
              <>
                of the kind “<PlainText>{finding.kind}</PlainText>”
              </>
            )}
          </span>
        </p>
        {fault !== null && <p className="text-attention-ink">It does not resolve: it {fault}.</p>}
        {finding.url !== null && fault === null && (
          <p className="flex min-w-0">
            <ForeignLink href={finding.url} />
          </p>
        )}
        {finding.url !== null && fault !== null && (
          <p className="text-muted wrap-anywhere">
            <PlainText>{sliceText(finding.url, 300)}</PlainText>
          </p>
        )}
        {finding.quote !== '' && (
          <p dir="auto" className="line-clamp-3 text-muted wrap-anywhere">
            “<PlainText>{finding.quote}</PlainText>”
          </p>
        )}
      </div>
    </li>
  )
}
