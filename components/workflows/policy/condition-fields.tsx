'use client'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { SearchSelect } from '@/components/ui/search-select'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import type { AnswerPlace } from '@/lib/workflows/answer-paths'
import type { DeliveryKind } from '@/lib/workflows/definition'
import type { WhenDraft } from './draft'
import { TextField } from './form-parts'
import { type Problems, problemAt } from './plain-problems'

/** What a condition can look at, of one workflow. */
export type Facts = {
  places: readonly AnswerPlace[]
  /** Its answers have claims. */
  hasClaims: boolean
  checks: readonly { id: string; label: string }[]
}

export type ConditionFieldsProps = {
  when: WhenDraft
  /** Of the condition in a workflow's file. */
  path: string
  facts: Facts
  delivery: DeliveryKind
  problems: Problems
  onChange: (when: WhenDraft) => void
}

/** When a rule applies, chosen from what the answers of this workflow have. */
export function ConditionFields({ when, path, facts, delivery, problems, onChange }: ConditionFieldsProps) {
  const set = (change: Partial<WhenDraft>) => onChange({ ...when, ...change })
  const kinds = [
    { value: 'value' as const, label: 'Something in the answer' },
    { value: 'claims_unsupported' as const, label: 'A claim stands in no document', disabled: !facts.hasClaims },
    { value: 'checks_failed' as const, label: 'A check fails' },
    { value: 'leaves' as const, label: 'Something is delivered', disabled: delivery === 'none' },
  ].filter(({ value, disabled }) => !disabled || value === when.if)
  return (
    <div className="flex flex-col gap-4">
      <Field label="It applies when" error={problemAt(problems, `${path}.if`)}>
        <Select
          items={kinds.map(({ value, label }) => ({ value, label }))}
          value={when.if}
          onValueChange={(kind) => set({ if: kind })}
          className="w-full sm:w-72"
        />
      </Field>
      {when.if === 'value' && <ValueFields {...{ when, path, facts, problems, set }} />}
      {when.if === 'checks_failed' && (
        <fieldset className="flex flex-col gap-0.5">
          <legend className="mb-1 font-medium">
            Which checks <span className="font-normal text-faint">none: any of them</span>
          </legend>
          {facts.checks.map(({ id, label }) => (
            <CheckboxField
              key={id}
              label={label}
              checked={when.ids.includes(id)}
              onCheckedChange={(isOn) => set({ ids: isOn ? [...when.ids, id] : when.ids.filter((one) => one !== id) })}
            />
          ))}
          {problemAt(problems, `${path}.ids`) && (
            <p className="text-sm text-danger-ink">{problemAt(problems, `${path}.ids`)}</p>
          )}
        </fieldset>
      )}
      {when.if === 'leaves' && (delivery === 'email' || when.outside !== '') && (
        <TextField
          path={`${path}.outside`}
          label="Only to addresses outside these domains"
          optional
          hint="With commas between them. A part of a domain, such as mail.example.org, is another one."
          placeholder="example.org, example.com"
          value={when.outside}
          problems={problems}
          onChange={(outside) => set({ outside })}
        />
      )}
    </div>
  )
}

const COMPARISONS = [
  { value: 'present', label: 'is there and not empty', for: null },
  { value: 'equal', label: 'is', for: null },
  { value: 'one_of', label: 'is one of', for: null },
  { value: 'more_than', label: 'is more than', for: 'number' },
  { value: 'less_than', label: 'is less than', for: 'number' },
  { value: 'matching', label: 'matches the pattern', for: 'string' },
] as const

type ValueProps = Pick<ConditionFieldsProps, 'when' | 'path' | 'facts' | 'problems'> & {
  set: (change: Partial<WhenDraft>) => void
}

function ValueFields({ when, path, facts, problems, set }: ValueProps) {
  const place = facts.places.find(({ pointer }) => pointer === when.at)
  const types = place?.types ?? []
  const known = facts.places.map(({ pointer }) => ({ value: pointer, label: pointer }))
  // What a file names and no list has, such as one entry by its number, stays what it is.
  const items = place ? known : [{ value: when.at, label: when.at || 'Choose…' }, ...known]
  const comparisons = COMPARISONS.filter(
    ({ value, for: type }) => type === null || types.length === 0 || types.includes(type) || value === when.be,
  )
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_14rem_minmax(0,1fr)]">
      <Field label="What stands at" hint="* is any entry of a list" error={problemAt(problems, `${path}.at`)}>
        <SearchSelect
          groups={[{ label: 'In the answer', items }]}
          value={when.at}
          onValueChange={(at) => set({ at })}
          searchLabel="Search the answer"
          emptyText="The answer has no such place."
        />
      </Field>
      <Field label="Comparison" hint={<>&nbsp;</>}>
        <Select
          items={comparisons.map(({ value, label }) => ({ value, label }))}
          value={when.be}
          onValueChange={(be) => set({ be })}
        />
      </Field>
      <Operand {...{ when, path, place, problems, set }} />
    </div>
  )
}

function Operand({ when, path, place, problems, set }: Omit<ValueProps, 'facts'> & { place: AnswerPlace | undefined }) {
  const error = problemAt(problems, `${path}.is`)
  const isNumber = when.be === 'more_than' || when.be === 'less_than'
  if (when.be === 'present') return error ? <p className="text-sm text-danger-ink">{error}</p> : null
  if (when.be === 'one_of') {
    return (
      <Field label="Values" hint="Each on a line of its own" error={error}>
        <Textarea rows={3} value={when.values} onChange={(event) => set({ values: event.target.value })} />
      </Field>
    )
  }
  if (when.be === 'matching') {
    return (
      <TextField
        path={`${path}.is`}
        label="Pattern"
        hint="A regular expression"
        value={when.pattern}
        problems={problems}
        onChange={(pattern) => set({ pattern })}
      />
    )
  }
  const choices = place?.choices ?? (place?.types.join() === 'boolean' ? [true, false] : null)
  if (when.be === 'equal' && choices !== null) {
    const items = choices.map((choice, index) => ({ value: String(index), label: String(choice) }))
    const chosen = choices.indexOf(when.value)
    return (
      <Field label="Value" hint={<>&nbsp;</>} error={error}>
        <Select
          items={items}
          value={chosen === -1 ? null : String(chosen)}
          onValueChange={(index) => set({ value: (choices[Number(index)] ?? null) as WhenDraft['value'] })}
        />
      </Field>
    )
  }
  return (
    <TextField
      path={`${path}.is`}
      label="Value"
      hint={isNumber ? 'A number that is written as text does not count' : <>&nbsp;</>}
      isNumber={isNumber}
      value={String(when.value)}
      problems={problems}
      onChange={(value) => set({ value })}
    />
  )
}
