'use client'
import { useId, useRef, useState } from 'react'
import { focusField } from '@/components/schema-form/focus-field'
import { SchemaForm } from '@/components/schema-form/schema-form'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { LeaveGuard } from '@/components/ui/leave-guard'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { WorkflowItem } from '@/lib/jobs/view'
import type { QueueNotes } from '@/lib/queues/view'
import { changedFields, checkAsk, type Filled, inputOf, totalOf } from './ask'
import { DetailsPanel } from './details-panel'
import { DocumentsPanel } from './documents-panel'
import type { Draft } from './draft'
import { DropVeil } from './drop-veil'
import { ErrorSummary } from './error-summary'
import { FormNotes } from './form-notes'
import { randomKey } from './random-key'
import { RehearsalPanel } from './rehearsal-panel'
import { StartBar } from './start-bar'
import { listed, ready, unfinished } from './uploads'
import { useDraft } from './use-draft'
import { useOnline } from './use-online'
import { folderNotes, usePageDrop } from './use-page-drop'
import { type Refusal, type SubmitJob, useSubmission } from './use-submission'
import { useUploads } from './use-uploads'
import { WorkflowChoice } from './workflow-choice'

export type NewJobFormProps = {
  /** At least one. */
  workflows: readonly WorkflowItem[]
  /** The key of the workflow that the address asks for, where there is such a one. */
  preselected: string | null
  /** What is not as usual with the queues of workflows. */
  queues: QueueNotes
  /** Who answers the paid calls: only the sandbox can rehearse. */
  provider: string
  /** Whose draft this is. */
  personId: string
  submitJob: SubmitJob
}

/** Asks for a job: a workflow, what it wants to know, documents, and when it is due. */
export function NewJobForm({ workflows, preselected, provider, personId, submitJob, queues }: NewJobFormProps) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const uploads = useUploads()
  const kept = useDraft(personId, preselected, uploads)
  const submission = useSubmission(submitJob, kept.finish)
  const isOnline = useOnline()
  const [checkedAt, setCheckedAt] = useState(() => Date.now())

  const { draft } = kept
  const { isSending, refusal } = submission
  const workflow = workflows.find(({ key }) => key === draft.workflow) ?? null
  const filled: Filled = { draft, uploads: uploads.list, workflow, isSandbox: provider === 'sandbox' }
  const missing = checkAsk(filled, checkedAt)
  const errors = errorsOf(refusal, missing)
  const coming = unfinished(uploads.list)

  function change(part: Partial<Draft>, ...pointers: string[]) {
    kept.change(part)
    submission.forgive(pointers)
  }
  function changeInput(workflow: WorkflowItem, to: Record<string, unknown>) {
    change({ inputs: { ...draft.inputs, [workflow.key]: to } }, ...changedFields(inputOf(filled), to))
  }
  function changeDetails(part: Partial<Draft>) {
    change(part, ...Object.keys(part).map((name) => `/${name}`))
  }
  function focus(pointer: string) {
    if (form.current) focusField(form.current, pointer)
  }
  const documents = {
    ...uploads,
    add: (files: readonly File[], notes?: readonly string[]) => {
      uploads.add(files, notes)
      submission.forgive(['/documents'])
    },
    removeAll: (keys: readonly string[]) => {
      uploads.removeAll(keys)
      submission.forgive(['/documents'])
    },
  }

  function submit(submissionKey: string) {
    if (isSending) return
    const now = Date.now()
    setCheckedAt(now)
    const found = checkAsk(filled, now)
    if (found.length > 0) return submission.refuse(found.map(({ pointer }) => pointer))
    submission.send(filled, submissionKey)
  }
  function startAnother() {
    const submissionKey = randomKey()
    kept.change({ submissionKey })
    submit(submissionKey)
  }

  const isOver = usePageDrop({
    disabled: isSending,
    onFiles: ({ files, folders }) => documents.add(files, folderNotes(folders)),
    onText: (text) => change({ paste: { ...draft.paste, open: true, text: draft.paste.text + text } }),
  })

  return (
    <form
      ref={form}
      noValidate
      aria-label="New job"
      onSubmit={(event) => {
        event.preventDefault()
        submit(draft.submissionKey)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
        event.preventDefault()
        form.current?.requestSubmit()
      }}
      className="flex flex-1 flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,46rem)_minmax(15rem,19rem)] lg:content-start lg:gap-8"
    >
      <div className="flex min-w-0 flex-1 flex-col gap-4 **:scroll-mb-32 lg:**:scroll-mb-4">
        <FormNotes kept={kept} isOnline={isOnline} disabled={isSending} />
        {refusal !== null && (refusal.kind !== 'incomplete' || errors.length > 0) && (
          <ErrorSummary
            key={submission.refusals}
            refusal={refusal}
            errors={errors}
            onChoose={focus}
            onStartAnother={startAnother}
          />
        )}
        <WorkflowChoice
          workflows={workflows}
          chosen={workflow?.key ?? null}
          onChoose={(key) => change({ workflow: key }, '/workflow', '/input')}
          error={errorAt(errors, '/workflow')}
          disabled={isSending}
          queues={queues}
        />
        <Panel aria-labelledby={`${id}-ask`}>
          <PanelHeader id={`${id}-ask`} title="What to ask" />
          <PanelBody>
            {workflow === null ? (
              <p className="text-muted">Choose a workflow: what it asks for stands here.</p>
            ) : (
              <SchemaForm
                key={workflow.key}
                schema={workflow.inputSchema}
                value={inputOf(filled)}
                onChange={(to) => changeInput(workflow, to)}
                errors={errors}
                focusErrors={false}
                disabled={isSending}
              />
            )}
          </PanelBody>
        </Panel>
        <DocumentsPanel
          uploads={documents}
          workflow={workflow}
          total={workflow === null ? null : totalOf(filled, workflow)}
          paste={draft.paste}
          onPasteChange={(paste) => change({ paste })}
          errors={errors}
          disabled={isSending}
        />
        <DetailsPanel draft={draft} onChange={changeDetails} errors={errors} disabled={isSending} />
        {filled.isSandbox && (
          <RehearsalPanel
            rehearsal={draft.rehearsal}
            onChange={(rehearsal) => change({ rehearsal }, '/rehearsal')}
            errors={errors}
            disabled={isSending}
          />
        )}
      </div>
      <StartBar
        workflow={workflow}
        documents={ready(uploads.list).length}
        total={workflow === null ? null : totalOf(filled, workflow)}
        missing={missing}
        isSending={isSending}
        isOnline={isOnline}
        onMissing={focus}
      />
      <p role="status" className="sr-only">
        {uploads.said}
      </p>
      <LeaveGuard
        isActive={coming.length > 0}
        title="Leave before the upload is done?"
        description={`${listed(coming.map(({ name }) => name))} would not be added. What you typed, and the documents that are there, are kept in this tab.`}
      />
      {isOver && <DropVeil />}
    </form>
  )
}

/** What is shown at the fields: what is still wrong of what was seen here, or what the server said. */
function errorsOf(refusal: Refusal | null, missing: readonly FieldError[]): readonly FieldError[] {
  if (refusal?.kind === 'incomplete') return missing.filter(({ pointer }) => refusal.pointers.includes(pointer))
  return refusal?.kind === 'problem' ? refusal.errors : []
}
