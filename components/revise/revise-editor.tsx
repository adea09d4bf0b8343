'use client'
import { useDeferredValue, useEffect, useEffectEvent, useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { formLoss, lossSentences } from '@/lib/compare/edited-text'
import type { ResultView } from '@/lib/jobs/view'
import { asForm, asText, beginEdit, type EditState, laidOut, resultOf, resumeEdit } from './edit-state'
import { problemsOf, textProblems } from './problems'
import { changeWords, RevisionDiff } from './revision-diff'
import type { Schema } from './schema-at'
import { useRevisionDraft } from './use-revision-draft'
import { ValueField } from './value-field'

export type ReviseEditorProps = {
  result: Pick<ResultView, 'hash' | 'kind'>
  /** JSON Schema of the result; null where it has none. */
  outputSchema: Schema | null
  /** The exact text of the result that is edited. */
  resultText: string
  /** Called with each edit: the exact new text, null where there is none, and what is wrong with it, in sentences. */
  onChange: (editedText: string | null, problems: string[]) => void
  /** Whose edit it is: what is kept of it in the browser is shown to nobody else. */
  owner?: string
  disabled?: boolean
}

/** Edits a result, field by field where it is JSON, and shows what that changes. Saves nothing: it gives the text. */
export function ReviseEditor(props: ReviseEditorProps) {
  const { result, outputSchema, resultText, onChange, owner = '', disabled = false } = props
  const [edit, setEdit] = useState<EditState>(() => beginEdit(resultText))
  const [isRestored, setRestored] = useState(false)
  const edited = useMemo(() => resultOf(edit, resultText), [edit, resultText])
  const { kept, isKept } = useRevisionDraft(owner, result.hash, edited)
  const isJson = useMemo(() => formLoss(resultText) !== 'not_json', [resultText])
  const problems = useMemo(() => {
    if (edit.mode === 'form') return problemsOf(outputSchema, edit.value, resultText.length)
    return isJson || outputSchema !== null ? textProblems(outputSchema, edit.text) : []
  }, [edit, outputSchema, isJson, resultText])

  const restore = useEffectEvent((text: string) => {
    setEdit(resumeEdit(text, resultText))
    setRestored(true)
  })
  useEffect(() => {
    if (typeof kept === 'string' && kept !== resultText) restore(kept)
  }, [kept, resultText])

  const tell = useEffectEvent(onChange)
  useEffect(() => {
    tell(edited, edited === null ? [] : problems.map(({ detail }) => detail))
  }, [edited, problems])

  function startOver() {
    setEdit(beginEdit(resultText))
    setRestored(false)
  }

  const toForm = edit.mode === 'raw' ? formLoss(edit.text) : null
  return (
    <div className="@container flex min-w-0 flex-col gap-4">
      {isRestored && (
        <Callout
          role="status"
          title="Your edit from before is back"
          actions={
            <Button size="sm" onClick={startOver}>
              Drop it
            </Button>
          }
        >
          It was not saved then. It goes on where you left it.
        </Callout>
      )}
      {!isKept && (
        <Callout tone="attention">This edit is too long for your browser to keep: closing this loses it.</Callout>
      )}
      {isJson && (
        <div className="flex flex-wrap items-center gap-2">
          {edit.mode === 'form' ? (
            <Button size="sm" disabled={disabled} onClick={() => setEdit(asText(edit))}>
              Edit as text
            </Button>
          ) : (
            <Button size="sm" disabled={disabled || toForm !== null} onClick={() => setEdit(asForm(edit))}>
              Edit field by field
            </Button>
          )}
          {toForm !== null && (
            <p className="min-w-0 flex-1 text-sm text-muted">
              {toForm === 'not_json'
                ? 'Once it is JSON again, it can be edited field by field.'
                : lossSentences[toForm]}
            </p>
          )}
        </div>
      )}
      {edit.mode === 'form' ? (
        <ValueField
          label="The result"
          schema={outputSchema ?? {}}
          root={outputSchema ?? {}}
          value={edit.value}
          path={[]}
          errors={problems}
          disabled={disabled}
          edit={(change) => setEdit({ mode: 'form', value: change(edit.value) })}
        />
      ) : (
        <Field
          label={isJson ? 'The result, as JSON' : 'The result'}
          error={problems.length === 0 ? null : <Problems details={problems.map(({ detail }) => detail)} />}
        >
          <Textarea
            dir="auto"
            rows={12}
            value={edit.text}
            spellCheck={!isJson}
            disabled={disabled}
            onChange={(event) => setEdit({ mode: 'raw', text: event.target.value })}
            className={isJson ? 'max-h-[60dvh] font-mono text-sm' : 'max-h-[60dvh] text-read'}
          />
        </Field>
      )}
      <Changes
        before={resultText}
        after={edited}
        kind={result.kind}
        problems={problems.length}
        startOver={startOver}
        disabled={disabled}
      />
    </div>
  )
}

/** The first few: whoever mends those sees the rest. */
const SHOWN = 5

function Problems({ details }: { details: readonly string[] }) {
  return (
    <>
      {details.slice(0, SHOWN).join(' ')}
      {details.length > SHOWN && ` And ${details.length - SHOWN} more.`}
    </>
  )
}

function Changes(props: {
  before: string
  after: string | null
  kind: ResultView['kind']
  problems: number
  startOver: () => void
  disabled: boolean
}) {
  const { before, after, kind, problems, startOver, disabled } = props
  // Comparing may take longer than a keystroke: what is typed is shown first.
  const shown = useDeferredValue(after)
  const laid = useMemo(() => laidOut(before), [before])
  const words = useMemo(() => (shown === null ? null : changeWords(laid, shown)), [laid, shown])
  return (
    <section aria-label="What you changed" className="flex min-w-0 flex-col gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p role="status" className="font-medium">
          {words ?? 'Nothing is changed yet.'}
          {words !== null && problems > 0 && (
            <span className="font-normal text-danger-ink">
              {' '}
              · {problems === 1 ? 'one thing does not fit' : `${problems} things do not fit`}
            </span>
          )}
        </p>
        {after !== null && (
          <Button size="sm" variant="ghost" disabled={disabled} onClick={startOver}>
            Start over
          </Button>
        )}
      </div>
      {shown !== null && <RevisionDiff before={laid} after={shown} kind={kind} />}
    </section>
  )
}
