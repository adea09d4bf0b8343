'use client'
import type { ReactNode } from 'react'
import { fieldsOf } from '@/components/schema-form/fields'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { fieldsIn } from './answer-drafts'

export type ArgumentsViewProps = {
  value: unknown
  /** JSON Schema of the arguments; null where it is not known. */
  schema: Record<string, unknown> | null
  /** The arguments before they were edited: what differs says what it was. */
  before?: unknown
}

/** The arguments of a call, for reading: by the titles and the order of the tool's own schema. All of it is only text. */
export function ArgumentsView({ value, schema, before }: ArgumentsViewProps) {
  const fields = fieldsIn(value)
  if (fields === null)
    return <Box>{typeof value === 'string' ? <Words text={value} /> : <JsonView value={value} />}</Box>
  const known = schema === null ? [] : fieldsOf(schema)
  const old = fieldsIn(before)
  const rows = [
    ...known.filter(({ name }) => Object.hasOwn(fields, name) || (old !== null && Object.hasOwn(old, name))),
    ...Object.keys(fields)
      .filter((name) => !known.some((field) => field.name === name))
      .map((name) => ({ name, title: name, hint: null })),
  ]
  if (rows.length === 0) return <p className="text-muted">It has no arguments.</p>
  return (
    <dl className="divide-y divide-line rounded-md border border-line bg-surface">
      {rows.map(({ name, title, hint }) => (
        <div key={name} className="grid gap-x-4 gap-y-0.5 px-3 py-2 sm:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)]">
          <dt className="min-w-0 text-muted wrap-anywhere">
            <PlainText>{title}</PlainText>
            {hint !== null && <span className="block text-sm text-faint">{hint}</span>}
          </dt>
          <dd className="min-w-0">
            <Value value={fields[name]} isLeftOut={!Object.hasOwn(fields, name)} />
            {old !== null && JSON.stringify(old[name]) !== JSON.stringify(fields[name]) && (
              <div className="mt-1 border-l-2 border-attention/60 pl-2 text-sm text-muted">
                <p>The model asked for:</p>
                <Value value={old[name]} isLeftOut={!Object.hasOwn(old, name)} />
              </div>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 20 })

function Value({ value, isLeftOut }: { value: unknown; isLeftOut: boolean }) {
  if (isLeftOut) return <p className="text-faint">left out</p>
  if (typeof value === 'string') return value === '' ? <p className="text-faint">empty text</p> : <Words text={value} />
  if (typeof value === 'number') return <p className="font-medium tabular-nums">{number.format(value)}</p>
  if (typeof value === 'boolean') return <p className="font-medium">{value ? 'Yes' : 'No'}</p>
  if (value === null) return <p className="text-faint">nothing (null)</p>
  if (Array.isArray(value) && value.length > 0 && value.length <= 20 && value.every((one) => typeof one === 'string')) {
    return (
      <ul className="list-disc pl-4">
        {value.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list of texts, in its order
          <li key={index}>
            <Words text={one} />
          </li>
        ))}
      </ul>
    )
  }
  return <JsonView value={value} depth={2} />
}

function Words({ text }: { text: string }) {
  return <LongText text={text} portion={2_000} className="font-medium" />
}

function Box({ children }: { children: ReactNode }) {
  return <div className="rounded-md border border-line bg-surface px-3 py-2">{children}</div>
}
