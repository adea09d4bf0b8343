import type { ReactNode } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { type Problems, problemAt } from './plain-problems'

/** A part of the form under its heading. */
export function Part({ id, title, hint, children }: { id: string; title: string; hint?: string; children: ReactNode }) {
  return (
    <Panel aria-labelledby={id}>
      <PanelHeader id={id} title={title} hint={hint} />
      <PanelBody className="flex flex-col gap-4">{children}</PanelBody>
    </Panel>
  )
}

export type TextFieldProps = {
  /** Of the field in a workflow's file: what is wrong with it is shown here. */
  path: string
  label: string
  hint?: ReactNode
  optional?: boolean
  value: string
  problems: Problems
  onChange: (value: string) => void
  placeholder?: string
  isNumber?: boolean
  className?: string
}

/** One line of text or a number, with what is wrong with it. */
export function TextField(props: TextFieldProps) {
  const { path, label, hint, optional, value, problems, onChange, placeholder, isNumber, className } = props
  return (
    <Field label={label} hint={hint} optional={optional} error={problemAt(problems, path)} className={className}>
      <Input
        value={value}
        inputMode={isNumber ? 'decimal' : undefined}
        autoComplete="off"
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value)}
        className={isNumber ? 'w-32' : 'w-full'}
      />
    </Field>
  )
}
