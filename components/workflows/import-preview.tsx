'use client'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { FileCheck } from '@/lib/workflows/check'
import { Comparison } from './comparison'

/** What a file that can be used would change, and the button that does it. */
export function ImportPreview(props: {
  found: Extract<FileCheck, { ok: true }>
  /** Kept by the form: this is away while the text is read anew. */
  note: string
  setNote: (note: string) => void
  publish: (basedOn: number | null) => Promise<void>
}) {
  const { key, name, current, next, isRetired, changes } = props.found
  const { note, setNote } = props
  const [pending, start] = useTransition()
  if (changes?.length === 0) {
    return (
      <Callout>
        This is what version {current} of {name} says already. There is nothing to publish.
      </Callout>
    )
  }
  return (
    <section aria-labelledby="preview" className="flex flex-col gap-3">
      <h2 id="preview" className="text-base font-semibold">
        {changes === null ? `A new workflow: ${name}` : `What changes from version ${current} of ${name}`}
      </h2>
      {changes === null ? (
        <p className="text-muted">
          No workflow has the key <code>{key}</code> yet. Once it is published, jobs can be asked of it.
        </p>
      ) : (
        <Comparison changes={changes} level={3} />
      )}
      {isRetired && (
        <Callout>The workflow is retired, and stays so: bring it back afterwards to start jobs with it.</Callout>
      )}
      <form className="flex max-w-xl flex-col gap-3" action={() => start(async () => props.publish(current))}>
        <Field label="What changed, and why" optional hint="For people who look back.">
          <Input value={note} maxLength={1_000} onChange={(event) => setNote(event.currentTarget.value)} />
        </Field>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button type="submit" variant="primary" pending={pending} pendingLabel="Publishing…">
            Publish version {next}
          </Button>
          <p className="text-sm text-muted">
            {isRetired ? '' : 'New jobs run under it from then on. '}Jobs that were started before keep their version.
          </p>
        </div>
      </form>
    </section>
  )
}
