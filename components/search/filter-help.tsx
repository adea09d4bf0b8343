'use client'
import { type FieldName, fieldOf } from '@/lib/search/fields'

/** The ones that people need most, in the order in which they think of them. */
const SHOWN: FieldName[] = [
  'state',
  'is',
  'workflow',
  'class',
  'code',
  'requester',
  'reviewer',
  'before',
  'after',
  'cost',
  'has',
  'in',
]

/** What can be typed, each with an example that can be taken. */
export function FilterHelp({ onTake }: { onTake: (example: string) => void }) {
  return (
    <section aria-labelledby="filter-help">
      <h2 id="filter-help" className="pb-2 text-base font-semibold">
        What you can look for
      </h2>
      <p className="max-w-prose text-muted">
        A number, an id, a response id or a reference opens its job. Words are looked for in titles, inputs, documents,
        results and notes; the last one may be unfinished, and words in quotes must stand in a row. A minus leaves out.
      </p>
      <table className="mt-3 w-full text-left text-sm">
        <caption className="sr-only">Filters, each with an example</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Example</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {SHOWN.map((name) => {
            const { example, help } = fieldOf(name)
            return (
              <tr key={name} className="border-t border-line">
                <td className="py-1 pr-3 align-top">
                  <button
                    type="button"
                    onClick={() => onTake(`${example} `)}
                    className="min-h-6 text-left font-mono text-xs whitespace-nowrap text-accent-ink underline-offset-2 hover:underline"
                  >
                    {example}
                  </button>
                </td>
                <td className="py-1 align-top text-muted">{help}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
