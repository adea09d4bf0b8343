/** Which step of the model found a passage. Pure. */
import { readTraceItem } from '@/components/job/trace/trace-shapes'
import type { JobView, TraceItemView } from '@/lib/jobs/view'

type Citation = JobView['evidence'][number]['citations'][number]

export type FoundIn = {
  item: TraceItemView
  title: string
  /** `quote`: the words stand in what came back; `document`: only the document does. */
  by: 'quote' | 'document'
}

/** Between its ends a quote may have other white space than what came back. */
const plain = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase()

/**
 * The first step whose answer has the words of the quote; else the first search that brought its document. Null where
 * no step shows either: the documents were given with the question. @param attempt the number of the result's attempt.
 */
export function stepThatFound(citation: Citation, trace: readonly TraceItemView[], attempt: number): FoundIn | null {
  const quote = plain(citation.quote)
  let byDocument: FoundIn | null = null
  for (const item of trace) {
    if (item.attempt !== attempt) continue
    const entry = readTraceItem(item.type, item.data)
    if (entry.kind === 'files') {
      if (quote !== '' && entry.results.some(({ text }) => plain(text).includes(quote))) {
        return { item, title: entry.title, by: 'quote' }
      }
      if (entry.results.some(({ name }) => name === citation.documentName)) {
        byDocument ??= { item, title: entry.title, by: 'document' }
      }
    }
    if (entry.kind === 'output' && quote !== '' && plain(asText(entry.output)).includes(quote)) {
      return { item, title: entry.title, by: 'quote' }
    }
  }
  return byDocument
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
