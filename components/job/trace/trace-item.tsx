'use client'
import {
  Braces,
  BrainCircuit,
  CircleHelp,
  FileSearch,
  Globe,
  Hand,
  type LucideIcon,
  MessageSquareText,
  SquareTerminal,
  Wrench,
} from 'lucide-react'
import { useId, useMemo, useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import type { AnnotationFinding } from '@/lib/evidence/annotations'
import type { TraceItemView } from '@/lib/jobs/view'
import { sliceText } from '../slice-text'
import { CallBody, OutputBody, ToolsBody } from './call-body'
import { CodeBody } from './code-body'
import { MessageBody, Prose } from './message-body'
import { FilesBody, WebBody } from './search-body'
import { Box } from './trace-parts'
import { readTraceItem, type TraceEntry } from './trace-shapes'

const ICONS: Record<TraceEntry['kind'], LucideIcon> = {
  reasoning: BrainCircuit,
  web: Globe,
  files: FileSearch,
  code: SquareTerminal,
  call: Wrench,
  output: Wrench,
  tools: Wrench,
  answer: Hand,
  message: MessageSquareText,
  raw: Braces,
}

export type TraceItemProps = {
  item: TraceItemView
  /** What its annotations came to; null where they could not be looked up, because a step was cut. */
  findings: readonly AnnotationFinding[] | null
}

/** One step of the model, set for reading, with a way to see it as it came. */
export function TraceItem({ item, findings }: TraceItemProps) {
  const entry = useMemo(() => readTraceItem(item.type, item.data), [item])
  const [raw, setRaw] = useState(false)
  const id = useId()
  const isUnknown = entry.kind === 'raw' && !entry.known
  const Icon = isUnknown ? CircleHelp : ICONS[entry.kind]
  return (
    <li className="relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 pb-6 last:pb-0">
      <span aria-hidden className="absolute top-7 bottom-0 left-[0.84rem] w-px bg-line" />
      <span
        aria-hidden
        className="flex size-7 items-center justify-center rounded-full border border-line bg-surface text-faint"
      >
        <Icon className="size-4" />
      </span>
      <div className="min-w-0 pt-1">
        <div className="flex items-start gap-2">
          <h3 className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 font-semibold">
            <bdi className="min-w-0 wrap-anywhere">
              <PlainText>{sliceText(entry.title, 300)}</PlainText>
            </bdi>
            {entry.kind === 'call' && <CallName entry={entry} />}
            {entry.status !== null && (
              <Badge tone={entry.status === 'failed' ? 'danger' : 'attention'}>{statusWords(entry.status)}</Badge>
            )}
            <span className="font-mono text-xs font-normal text-faint wrap-anywhere">
              {item.position + 1} · <PlainText>{item.type}</PlainText>
            </span>
          </h3>
          {entry.kind !== 'raw' && (
            <Button
              size="sm"
              variant="ghost"
              className="-mt-1 shrink-0"
              aria-expanded={raw}
              aria-controls={raw ? id : undefined}
              onClick={() => setRaw(!raw)}
            >
              <Braces aria-hidden />
              <span className="max-sm:sr-only">Raw</span>
              <span className="sr-only"> view of step {item.position + 1}</span>
            </Button>
          )}
        </div>
        {isUnknown && (
          <Callout tone="attention" className="mt-2">
            This version does not know how to read it, so it is shown as it came. Nothing of it was left out.
          </Callout>
        )}
        <Body entry={entry} data={item.data} findings={findings} />
        {raw && (
          <div id={id} className="mt-2">
            <p className="text-xs text-faint">As it came</p>
            <Box>
              <JsonView value={item.data} depth={1} />
            </Box>
          </div>
        )}
        {item.cut && (
          <p className="mt-2 text-sm text-attention-ink">
            This step is longer than what is shown. The payload has the whole of it.
          </p>
        )}
      </div>
    </li>
  )
}

function CallName({ entry }: { entry: TraceEntry & { kind: 'call' } }) {
  const name = entry.namespace === null ? entry.name : `${entry.namespace}.${entry.name}`
  return (
    <code className="min-w-0 text-base font-normal wrap-anywhere">
      <PlainText>{sliceText(name, 300)}</PlainText>
    </code>
  )
}

const STATUS: Record<string, string> = {
  in_progress: 'Not finished',
  incomplete: 'Broken off',
  searching: 'Still searching',
  interpreting: 'Still running',
  calling: 'Still calling',
  failed: 'Failed',
}

/** A status that is none of ours is a code of the provider's: short, and shown as it is. */
function statusWords(status: string): string {
  return Object.hasOwn(STATUS, status) ? (STATUS[status] as string) : sliceText(status, 60)
}

function Body({ entry, data, findings }: { entry: TraceEntry; data: unknown; findings: TraceItemProps['findings'] }) {
  switch (entry.kind) {
    case 'reasoning':
      if (entry.texts.length === 0) return <p className="text-muted">The model gave no summary of its reasoning.</p>
      return entry.texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text, in its order
        <Prose key={index} text={text} />
      ))
    case 'web':
      return <WebBody entry={entry} />
    case 'files':
      return <FilesBody entry={entry} />
    case 'code':
      return <CodeBody entry={entry} />
    case 'call':
      return <CallBody entry={entry} />
    case 'output':
      return <OutputBody output={entry.output} />
    case 'tools':
      return <ToolsBody entry={entry} />
    case 'answer':
      return (
        <>
          <p>{entry.allowed === null ? 'What was answered is not known.' : entry.allowed ? 'Allowed.' : 'Denied.'}</p>
          {entry.reason !== null && <Prose text={entry.reason} />}
        </>
      )
    case 'message':
      return <MessageBody entry={entry} findings={findings} />
    case 'raw':
      return (
        <Box>
          <JsonView value={data} depth={1} />
        </Box>
      )
  }
}
