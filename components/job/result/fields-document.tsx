'use client'
import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { PlainText } from '@/components/ui/plain-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { sliceText } from '../slice-text'
import { ClaimButton, type ClaimView, useClaimAt } from './claim-list'
import { fieldsCsv } from './fields-csv'
import type { Fields } from './result-shapes'
import { Part, Sheet } from './sheet'

/** Names and values, which can be taken into a spreadsheet. `file`: what that is called, without an ending. */
export function FieldsDocument(props: { fields: Fields; claims: readonly ClaimView[]; file: string }) {
  const { fields, claims, file } = props
  return (
    <Sheet>
      <h2 className="sr-only">Fields</h2>
      <Part
        title="Fields"
        count={fields.length}
        aside={
          fields.length > 0 && (
            <Button
              size="sm"
              className="mr-3 ml-auto"
              onClick={() => save(fieldsCsv(fields, [...claims]), `${file}.csv`)}
            >
              <Download aria-hidden />
              Download CSV
            </Button>
          )
        }
      >
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

/** Begins with a byte order mark: without it, spreadsheets take UTF-8 for something else. */
function save(csv: string, name: string) {
  const url = URL.createObjectURL(new Blob(['\ufeff', csv], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
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
          <div className="px-3 py-2 text-read">
            {field.value === null ? (
              <p className="text-muted">Not stated in the documents</p>
            ) : (
              <LongText text={field.value} portion={2_000} />
            )}
          </div>
        )}
        {field.note !== null && (
          <LongText text={`Note: ${field.note}`} portion={2_000} className="px-3 pb-2 text-sm text-muted" />
        )}
      </dd>
    </div>
  )
}
