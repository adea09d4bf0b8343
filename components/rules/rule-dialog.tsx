'use client'
import { type FormEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CheckboxField } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { failureClasses, retriesByItself } from '@/lib/lifecycle/failure'
import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import { WHY_NEVER } from '@/lib/rules/rule'
import { type Rule, signalKinds, tellings } from '@/lib/rules/types'
import { SIGNAL_WORDS, TELLING_WORDS, thenWords, toldWords } from '@/lib/rules/words'
import { AS_THE_WORKFLOW, withClass } from './draft'

export type RuleDialogProps = {
  rule: Rule
  isNew: boolean
  /** Says what is wrong with it, by field; nothing where it may stand. */
  check: (rule: Rule) => Promise<Record<string, string>>
  onKeep: (rule: Rule) => void
  /** False while it goes away, so that the focus finds its way back. */
  isOpen: boolean
  onClose: () => void
}

/** One rule: what it looks at, what that means, and what becomes of it. */
export function RuleDialog(props: RuleDialogProps) {
  const { rule: given, isNew, check, onKeep, isOpen, onClose } = props
  const [rule, setRule] = useState(given)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [pending, setPending] = useState(false)
  const form = useId()
  const set = (change: Partial<Rule>) => setRule({ ...rule, ...change })
  // As it stands when an answer comes, and what is done with it then.
  const latest = useRef({ rule, check, onKeep })
  useLayoutEffect(() => {
    latest.current = { rule, check, onKeep }
  })

  async function keep(event: FormEvent) {
    event.preventDefault()
    if (pending) return
    setPending(true)
    try {
      let asked: Rule
      let found: Record<string, string>
      // What was typed meanwhile counts, and is checked too.
      do {
        asked = latest.current.rule
        found = await latest.current.check(asked)
      } while (asked !== latest.current.rule)
      setErrors(found)
      if (Object.keys(found).length === 0) latest.current.onKeep(asked)
    } catch {
      setErrors({ '': 'The server could not be reached, so the rule was not checked. Try again.' })
    } finally {
      setPending(false)
    }
  }

  const shown = ['signal.value', 'where', 'class', 'sentence', ...RETRY_FIELDS.map(({ key }) => `retry.${key}`)]
  const other = Object.entries(errors).filter(([field]) => !shown.includes(field))
  return (
    <Dialog
      open={isOpen}
      onOpenChange={() => !pending && onClose()}
      className="sm:w-[min(40rem,calc(100vw-2rem))]"
      title={isNew ? 'Add a rule' : 'Edit the rule'}
      description={
        isNew
          ? 'It will stand before every other rule, and counts when the draft is published.'
          : 'It counts when the draft is published.'
      }
      footer={
        <>
          <Button disabled={pending} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={pending} pendingLabel="Checking…">
            Keep in the draft
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={keep} className="flex flex-col gap-4">
        {other.length > 0 && (
          <Callout tone="danger" role="alert">
            {other.map(([field, message]) => (
              <p key={field}>{message}</p>
            ))}
          </Callout>
        )}
        <div className="grid gap-4 sm:grid-cols-[1fr_1fr]">
          <Field label="What it looks at">
            <Select
              items={signalKinds.map((kind) => ({ value: kind, label: SIGNAL_WORDS[kind].label }))}
              value={rule.signal.kind}
              onValueChange={(kind) =>
                set({
                  signal: { ...rule.signal, kind },
                  where: kind === 'code' || kind === 'http_status' ? rule.where : null,
                })
              }
            />
          </Field>
          <Field label="Value" error={errors['signal.value']}>
            <Input
              value={rule.signal.value}
              onChange={(event) => set({ signal: { ...rule.signal, value: event.target.value.trim() } })}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-sm"
            />
          </Field>
        </div>
        <p className="-mt-2 text-sm text-muted">{SIGNAL_WORDS[rule.signal.kind].hint}</p>
        {(rule.signal.kind === 'code' || rule.signal.kind === 'http_status') && (
          <Field label="Met where" error={errors.where}>
            <Select
              items={PLACES}
              value={rule.where ?? 'any'}
              onValueChange={(where) => set({ where: where === 'any' ? null : where })}
            />
          </Field>
        )}
        <Field
          label="Class"
          hint="It decides what becomes of the job. Only infrastructure and timeouts are tried again by themselves."
          error={errors.class}
        >
          <Select
            items={failureClasses.map((value) => ({ value, label: CLASS_WORDS[value] }))}
            value={rule.class}
            onValueChange={(failureClass) => setRule(withClass(rule, failureClass))}
          />
        </Field>
        {retriesByItself(rule.class) ? (
          <RetryFields rule={rule} errors={errors} set={set} />
        ) : (
          <NeverAgain rule={rule} />
        )}
        <Field label="Who is told">
          <Select
            items={tellings.map((value) => ({ value, label: TELLING_WORDS[value] }))}
            value={rule.tell}
            onValueChange={(tell) => set({ tell })}
          />
        </Field>
        <Field
          label="What people read"
          optional
          hint={`Left empty: “${toldWords({ ...rule, sentence: null })}”`}
          error={errors.sentence}
        >
          <Input
            value={rule.sentence ?? ''}
            maxLength={300}
            onChange={(event) => set({ sentence: event.target.value === '' ? null : event.target.value })}
          />
        </Field>
      </form>
    </Dialog>
  )
}

const PLACES = [
  { value: 'any', label: 'Anywhere' },
  { value: 'create', label: 'When it is sent' },
  { value: 'look', label: 'When it is looked at' },
] as const

const RETRY_FIELDS = [
  { key: 'firstSeconds', label: 'First delay (s)' },
  { key: 'factor', label: 'Times, each' },
  { key: 'capSeconds', label: 'Longest (s)' },
  { key: 'maxAttempts', label: 'Attempts at most' },
] as const

type RetryFieldsProps = { rule: Rule; errors: Record<string, string>; set: (change: Partial<Rule>) => void }

function RetryFields({ rule, errors, set }: RetryFieldsProps) {
  const { retry } = rule
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">What becomes of it</legend>
      <CheckboxField
        checked={retry !== null}
        onCheckedChange={(again) => set(again ? { retry: AS_THE_WORKFLOW, stopsQueue: false } : { retry: null })}
        label="Try again by itself"
      />
      {retry !== null && (
        <div className="grid grid-cols-2 items-start gap-3 pl-6 sm:grid-cols-4">
          {RETRY_FIELDS.map(({ key, label }) => (
            <Field key={key} label={label} error={errors[`retry.${key}`]} className="text-sm">
              <NumberInput value={retry[key]} onChange={(number) => set({ retry: { ...retry, [key]: number } })} />
            </Field>
          ))}
        </div>
      )}
      <CheckboxField
        checked={rule.stopsQueue}
        onCheckedChange={(stops) =>
          set(stops ? { stopsQueue: true, retry: null, countsTries: false } : { stopsQueue: false })
        }
        label="Stop sending of the whole workflow"
        hint="For the key, the account and its credit: nothing is sent until a lead resumes, and the job waits."
      />
      <CheckboxField
        checked={rule.countsTries}
        onCheckedChange={(counts) => set({ countsTries: counts })}
        label="Uses up one of the tries that the workflow allows"
      />
    </fieldset>
  )
}

/** For a class that nothing lets retry by itself: the choice is shown, and why it cannot be made. */
function NeverAgain({ rule }: { rule: Rule }) {
  return (
    <fieldset className="flex flex-col gap-2 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">What becomes of it</legend>
      <p>{thenWords({ ...rule, tell: 'nobody' })}</p>
      <CheckboxField
        checked={false}
        disabled
        label="Try again by itself"
        hint={WHY_NEVER[rule.class as keyof typeof WHY_NEVER]}
      />
    </fieldset>
  )
}

type NumberInputProps = { value: number | null; onChange: (value: number | null) => void }

/** What is typed stays as it is typed: "1." is on its way to 1.5. What is no number is left for the check to refuse. */
function NumberInput({ value, onChange }: NumberInputProps) {
  const [text, setText] = useState(value === null ? '' : String(value))
  return (
    <Input
      inputMode="decimal"
      placeholder="as workflow"
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        onChange(target.value.trim() === '' ? null : Number(target.value))
      }}
    />
  )
}
