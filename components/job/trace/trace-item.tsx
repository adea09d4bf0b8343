'use client'
import { Braces, BrainCircuit, type LucideIcon, MessageSquareText, Search, Wrench } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { JsonView } from '@/components/ui/json-view'
import { Markdown } from '@/components/ui/markdown'
import type { TraceItemView } from '@/lib/jobs/view'
import { LongText } from '../long-text'
import { readTraceItem, type SearchResult, type TraceEntry } from './trace-shapes'

const ICONS: Record<TraceEntry['kind'], LucideIcon> = {
  reasoning: BrainCircuit,
  search: Search,
  call: Wrench,
  output: Wrench,
  message: MessageSquareText,
  raw: Braces,
}

/** Characters of a text shown at first: enough to see what it is. */
const PORTION = 1_500

/** One step of the model. */
export function TraceItem({ item }: { item: TraceItemView }) {
  const entry = useMemo(() => readTraceItem(item.type, item.data), [item])
  const Icon = ICONS[entry.kind]
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
        <h3 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
          {titleOf(entry)}
          <span className="font-mono text-xs font-normal text-faint wrap-anywhere">
            {item.position + 1} · {item.type}
          </span>
        </h3>
        <Body entry={entry} data={item.data} />
        {item.cut && (
          <p className="mt-2 text-sm text-attention-ink">
            This step is longer than what is shown. The payload has the whole of it.
          </p>
        )}
      </div>
    </li>
  )
}

function titleOf(entry: TraceEntry): string {
  switch (entry.kind) {
    case 'reasoning':
      return 'Reasoning, summarised'
    case 'search':
      return entry.where === 'files' ? 'Search in files' : 'Search on the web'
    case 'call':
      return `${entry.title}: ${entry.name}`
    case 'output':
      return entry.title
    case 'message':
      return entry.parts.some((part) => part.refusal) ? 'Refusal' : 'Message'
    case 'raw':
      return 'Another kind of step, raw'
  }
}

function Body({ entry, data }: { entry: TraceEntry; data: unknown }) {
  switch (entry.kind) {
    case 'reasoning':
      if (entry.texts.length === 0) return <p className="text-muted">The model gave no summary of its reasoning.</p>
      return entry.texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text, in its order
        <Prose key={index} text={text} />
      ))
    case 'search':
      return <SearchBody entry={entry} />
    case 'call':
      return (
        <>
          {entry.status !== null && entry.status !== 'completed' && (
            <p className="text-muted">Status: {entry.status}</p>
          )}
          <Value label="Arguments" value={entry.input} />
          <Value label="Output" value={entry.output} />
          <Value label="Error" value={entry.error} />
        </>
      )
    case 'output':
      return <Value label="Output" value={entry.output} />
    case 'message':
      return entry.parts.map((part, index) =>
        part.json === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message, in its order
          <Prose key={index} text={part.text} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message, in its order
          <Box key={index}>
            <JsonView value={part.json} depth={1} />
          </Box>
        ),
      )
    case 'raw':
      return (
        <Box>
          <JsonView value={data} depth={1} />
        </Box>
      )
  }
}

function Prose({ text }: { text: string }) {
  if (text.length > 20_000) return <LongText text={text} portion={PORTION} className="mt-1" />
  return (
    <Markdown size="base" className="mt-1">
      {text}
    </Markdown>
  )
}

function SearchBody({ entry }: { entry: TraceEntry & { kind: 'search' } }) {
  return (
    <>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {entry.queries.map((query) => (
          <li key={query} dir="auto" className="rounded-sm bg-sunken px-1.5 py-0.5 text-sm wrap-anywhere">
            {query}
          </li>
        ))}
      </ul>
      {entry.queries.length === 0 && <p className="text-muted">What was searched for is not known.</p>}
      {entry.places.length > 0 && (
        <ul className="mt-2 text-sm text-muted">
          {entry.places.map((place) => (
            <li key={place} className="font-mono text-xs wrap-anywhere">
              {place}
            </li>
          ))}
        </ul>
      )}
      {entry.where === 'files' && <Results results={entry.results} />}
    </>
  )
}

const SHOWN = 3

function Results({ results }: { results: SearchResult[] }) {
  const [all, setAll] = useState(false)
  if (results.length === 0) return <p className="mt-2 text-muted">No results came with it.</p>
  return (
    <>
      <ol className="mt-2 flex flex-col gap-2">
        {results.slice(0, all ? undefined : SHOWN).map((result, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: results have no id, and their order never changes
          <li key={index} className="rounded-md border border-line bg-surface px-3 py-2">
            <p className="flex items-baseline gap-2 text-sm">
              <bdi className="min-w-0 truncate font-medium">{result.name}</bdi>
              <span className="ml-auto shrink-0 text-faint">
                {result.score === null ? 'score not known' : `score ${result.score.toFixed(2)}`}
              </span>
            </p>
            <LongText text={result.text} portion={400} className="mt-1 text-sm text-muted" />
          </li>
        ))}
      </ol>
      {!all && results.length > SHOWN && (
        <Button size="sm" className="mt-2" onClick={() => setAll(true)}>
          Show {results.length - SHOWN} more results
        </Button>
      )}
    </>
  )
}

/** A value that a tool was given or gave back. Absent where there is none. */
function Value({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null || value === '') return null
  return (
    <div className="mt-2">
      <p className="text-xs text-faint">{label}</p>
      <Box>
        {typeof value === 'string' ? (
          <LongText text={value} portion={PORTION} className="font-mono text-sm" />
        ) : (
          <JsonView value={value} depth={2} />
        )}
      </Box>
    </div>
  )
}

function Box({ children }: { children: ReactNode }) {
  return <div className="mt-1 rounded-md border border-line bg-surface px-3 py-2">{children}</div>
}
