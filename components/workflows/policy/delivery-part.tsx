'use client'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import type { AnswerPlace } from '@/lib/workflows/answer-paths'
import type { DeliveryKind } from '@/lib/workflows/definition'
import type { DeliveryDraft, SourceDraft } from './draft'
import { Part, TextField } from './form-parts'
import { type Problems, problemAt } from './plain-problems'
import type { PartProps } from './who-part'

const KINDS: { value: DeliveryKind; label: string }[] = [
  { value: 'none', label: 'Nothing leaves' },
  { value: 'http', label: 'A signed request' },
  { value: 'email', label: 'An e-mail' },
  { value: 'file', label: 'A file in a folder' },
  { value: 'by_hand', label: 'Somebody hands it over' },
]

/** Where in the form or in the answer something may stand, one entry each. */
export type DeliveryPlaces = { input: readonly { pointer: string; title: string }[]; result: readonly AnswerPlace[] }

/** What leaves when a result is accepted, and where to. */
export function DeliveryPart({ draft, problems, onChange, places }: PartProps & { places: DeliveryPlaces }) {
  const { delivery } = draft
  const set = (change: Partial<DeliveryDraft>) => onChange({ delivery: { ...delivery, ...change } })
  const parts = { delivery, problems, places, set }
  return (
    <Part id="part-delivery" title="When it is accepted" hint="It leaves only with the approvals above.">
      <Field label="What happens">
        <Select
          items={KINDS}
          value={delivery.kind}
          onValueChange={(kind) => set({ kind })}
          className="w-full sm:w-72"
        />
      </Field>
      {delivery.kind === 'http' && <HttpFields {...parts} />}
      {delivery.kind === 'email' && <EmailFields {...parts} />}
      {delivery.kind === 'file' && (
        <>
          <TextField
            path="delivery.folder"
            label="Folder"
            hint="Below the folder for deliveries that the operator set."
            placeholder="approved/letters"
            value={delivery.folder}
            problems={problems}
            onChange={(folder) => set({ folder })}
          />
          <PlaceField
            path="delivery.content"
            label="What is written"
            whole="The whole result, as JSON"
            value={delivery.content}
            places={places.result}
            problems={problems}
            onChange={(content) => set({ content })}
          />
        </>
      )}
      {delivery.kind === 'by_hand' && (
        <Field
          label="What somebody does with it"
          hint="They confirm it afterwards, with a reference."
          error={problemAt(problems, 'delivery.instructions')}
        >
          <Textarea
            rows={3}
            maxLength={1_000}
            value={delivery.instructions}
            onChange={(event) => set({ instructions: event.target.value })}
          />
        </Field>
      )}
    </Part>
  )
}

type Fields = {
  delivery: DeliveryDraft
  problems: Problems
  places: DeliveryPlaces
  set: (change: Partial<DeliveryDraft>) => void
}

function HttpFields({ delivery, problems, places, set }: Fields) {
  return (
    <>
      <TextField
        path="delivery.url"
        label="Address"
        hint="By POST, signed. Nowhere private unless the operator allows it."
        placeholder="https://api.example.org/orders"
        value={delivery.url}
        problems={problems}
        onChange={(url) => set({ url })}
      />
      <PlaceField
        path="delivery.body"
        label="What is sent"
        whole="The whole result, in an envelope"
        value={delivery.body}
        places={places.result}
        problems={problems}
        onChange={(body) => set({ body })}
      />
      <TextField
        path="delivery.signingSecretEnv"
        label="Variable with the secret that signs it"
        optional
        hint="In the worker’s environment. Empty: Holdpoint’s own."
        value={delivery.signingSecretEnv}
        problems={problems}
        onChange={(signingSecretEnv) => set({ signingSecretEnv })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          path="delivery.secretHeader.name"
          label="Header of its own"
          optional
          placeholder="authorization"
          value={delivery.headerName}
          problems={problems}
          onChange={(headerName) => set({ headerName })}
        />
        <TextField
          path="delivery.secretHeader.env"
          label="Variable with its value"
          optional
          value={delivery.headerEnv}
          problems={problems}
          onChange={(headerEnv) => set({ headerEnv })}
        />
      </div>
      <TextField
        path="delivery.timeoutSeconds"
        label="An answer may take, in seconds"
        optional
        isNumber
        placeholder="30"
        value={delivery.timeoutSeconds}
        problems={problems}
        onChange={(timeoutSeconds) => set({ timeoutSeconds })}
      />
    </>
  )
}

function EmailFields({ delivery, problems, places, set }: Fields) {
  return (
    <>
      <SourceFields
        name="Address"
        path="delivery.to"
        source={delivery.to}
        {...{ problems, places }}
        onChange={(to) => set({ to })}
      />
      <SourceFields
        name="Subject"
        path="delivery.subject"
        source={delivery.subject}
        {...{ problems, places }}
        onChange={(subject) => set({ subject })}
      />
      <SourceFields
        name="Text"
        path="delivery.text"
        source={delivery.text}
        {...{ problems, places }}
        onChange={(text) => set({ text })}
      />
    </>
  )
}

const FROM = [
  { value: 'input', label: 'From the form' },
  { value: 'result', label: 'From the result' },
  { value: 'value', label: 'Always the same' },
] as const

function SourceFields(props: {
  name: string
  path: string
  source: SourceDraft
  problems: Problems
  places: DeliveryPlaces
  onChange: (source: SourceDraft) => void
}) {
  const { name, path, source, problems, places, onChange } = props
  const { from } = source
  return (
    <div className="grid gap-4 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <Field label={name}>
        <Select items={FROM} value={from} onValueChange={(next) => onChange({ ...source, from: next })} />
      </Field>
      {from === 'value' ? (
        <TextField
          path={path}
          label={`${name}, as it is`}
          value={source.value}
          problems={problems}
          onChange={(value) => onChange({ ...source, value })}
        />
      ) : (
        <Field label={`Where the ${name.toLowerCase()} stands`} error={problemAt(problems, path)}>
          <Select
            items={withChosen(
              from === 'input'
                ? places.input.map(({ pointer, title }) => ({ value: pointer, label: title }))
                : places.result.filter(isText).map(({ pointer }) => ({ value: pointer, label: pointer })),
              source[from],
            )}
            value={source[from] === '' ? null : source[from]}
            onValueChange={(pointer) => onChange({ ...source, [from]: pointer })}
          />
        </Field>
      )}
    </div>
  )
}

const isText = ({ types }: AnswerPlace) => types.length === 0 || types.includes('string') || types.includes('number')

/** What a file names and no list has stays what it is. */
function withChosen(items: { value: string; label: string }[], chosen: string) {
  if (chosen === '' || items.some(({ value }) => value === chosen)) return items
  return [{ value: chosen, label: chosen }, ...items]
}

/** Not a pointer: those are empty or begin with a slash. */
const WHOLE = 'whole'

function PlaceField(props: {
  path: string
  label: string
  whole: string
  value: string
  places: readonly AnswerPlace[]
  problems: Problems
  onChange: (pointer: string) => void
}) {
  const { path, label, whole, value, places, problems, onChange } = props
  const items = withChosen(
    places.map(({ pointer }) => ({ value: pointer, label: pointer })),
    value,
  )
  return (
    <Field label={label} error={problemAt(problems, path)}>
      <Select
        items={[{ value: WHOLE, label: whole }, ...items]}
        value={value === '' ? WHOLE : value}
        onValueChange={(next) => onChange(next === WHOLE ? '' : next)}
        className="w-full sm:w-72"
      />
    </Field>
  )
}
