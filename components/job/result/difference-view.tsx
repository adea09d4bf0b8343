import { differences, type Stretch, visible } from './difference'

/** What sets the quote apart from the words of the document, stretch by stretch. */
export function Difference({ quote, passage }: { quote: string; passage: string }) {
  const stretches = differences(quote, passage)
  return (
    <div className="shrink-0 rounded-md border border-line bg-sunken px-3 py-2 text-sm">
      <p className="text-muted">
        Same words, other marks or white space. <del className="bg-danger-soft text-danger-ink">Only in the quote</del>,{' '}
        <ins className="bg-success-soft text-success-ink">only in the document</ins>:
      </p>
      {stretches === null ? (
        <p className="mt-1 text-muted">The passage is too long to compare here; it is marked below.</p>
      ) : (
        <p dir="auto" className="mt-1 max-h-32 overflow-y-auto whitespace-pre-wrap wrap-anywhere">
          {stretches.map((stretch, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text, in its order
            <Piece key={index} stretch={stretch} />
          ))}
        </p>
      )}
    </div>
  )
}

function Piece({ stretch }: { stretch: Stretch }) {
  if (stretch.kind === 'same') return <span>{stretch.text}</span>
  if (stretch.kind === 'quote') return <del className="bg-danger-soft text-danger-ink">{visible(stretch.text)}</del>
  return <ins className="bg-success-soft text-success-ink no-underline">{visible(stretch.text)}</ins>
}
