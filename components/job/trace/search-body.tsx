'use client'
import { ForeignLink } from '@/components/ui/foreign-link'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import { FirstOf, Labelled } from './trace-parts'
import type { SearchResult, TraceEntry } from './trace-shapes'

/** What was searched for on the web, or which page was opened, and the sources that came back. */
export function WebBody({ entry }: { entry: TraceEntry & { kind: 'web' } }) {
  return (
    <>
      <Queries queries={entry.queries} />
      {entry.queries.length === 0 && entry.page === null && (
        <p className="text-muted">What was searched for is not known.</p>
      )}
      {entry.page !== null && (
        <p className="mt-1 flex">
          <ForeignLink href={entry.page} />
        </p>
      )}
      {entry.sources.length > 0 && (
        <Labelled label={entry.sources.length === 1 ? '1 source' : `${entry.sources.length} sources`}>
          <FirstOf
            items={entry.sources}
            shown={8}
            noun="sources"
            wrap={(children) => <ul className="mt-0.5 flex flex-col gap-0.5">{children}</ul>}
            draw={(source, index) => (
              <li key={index} className="flex min-w-0">
                <ForeignLink href={source} />
              </li>
            )}
          />
        </Labelled>
      )}
    </>
  )
}

/** What was searched for in files, and the passages that came back, best first as the provider gives them. */
export function FilesBody({ entry }: { entry: TraceEntry & { kind: 'files' } }) {
  return (
    <>
      <Queries queries={entry.queries} />
      {entry.queries.length === 0 && <p className="text-muted">What was searched for is not known.</p>}
      {entry.results.length === 0 ? (
        <p className="mt-2 text-muted">No results came with it.</p>
      ) : (
        <FirstOf
          items={entry.results}
          shown={3}
          noun="results"
          wrap={(children) => <ol className="mt-2 flex flex-col gap-2">{children}</ol>}
          draw={(result, index) => <Result key={index} result={result} />}
        />
      )}
    </>
  )
}

function Queries({ queries }: { queries: readonly string[] }) {
  if (queries.length === 0) return null
  return (
    <FirstOf
      items={queries}
      shown={20}
      noun="queries"
      wrap={(children) => <ul className="mt-1 flex flex-wrap gap-1.5">{children}</ul>}
      draw={(query, index) => (
        <li key={index} dir="auto" className="rounded-sm bg-sunken px-1.5 py-0.5 text-sm wrap-anywhere">
          <PlainText>{sliceText(query, 500)}</PlainText>
        </li>
      )}
    />
  )
}

function Result({ result }: { result: SearchResult }) {
  return (
    <li className="rounded-md border border-line bg-surface px-3 py-2">
      <p className="flex items-baseline gap-2 text-sm">
        <bdi className="min-w-0 truncate font-medium">
          <PlainText>{sliceText(result.name, 300)}</PlainText>
        </bdi>
        <span className="ml-auto shrink-0 text-faint tabular-nums">
          {result.score === null ? 'score not known' : `score ${result.score.toFixed(2)}`}
        </span>
      </p>
      {result.attributes.length > 0 && (
        <dl className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-faint">
          {result.attributes.map(([name, value]) => (
            <div key={name} className="flex min-w-0 gap-1">
              <dt className="wrap-anywhere">
                <PlainText>{sliceText(name, 100)}</PlainText>:
              </dt>
              <dd className="min-w-0 text-muted wrap-anywhere">
                <PlainText>{value}</PlainText>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <LongText text={result.text} portion={400} className="mt-1 text-sm text-muted" />
    </li>
  )
}
