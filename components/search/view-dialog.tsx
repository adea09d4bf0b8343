'use client'
import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { CheckboxField } from '@/components/ui/checkbox'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { LONGEST_VIEW_NAME } from '@/lib/views/view'

export type ViewWords = { name: string; shared: boolean }

export type ViewDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  button: string
  initial: ViewWords
  /** Only its owner may keep it to themself again. */
  mayHide?: boolean
  pending: boolean
  onSave: (words: ViewWords) => void
}

/** Asks what a view is to be called, and for whom it is. */
export function ViewDialog(props: ViewDialogProps) {
  const { open, onOpenChange, title, button, initial, mayHide = true, pending, onSave } = props
  const form = useId()
  const [name, setName] = useState(initial.name)
  const [shared, setShared] = useState(initial.shared)
  const [tried, setTried] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      className="w-[26rem]"
      footer={
        <>
          <DialogClose render={<Button />}>Cancel</DialogClose>
          <Button type="submit" form={form} variant="primary" pending={pending} pendingLabel="Saving…">
            {button}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (name.trim() !== '') onSave({ name, shared })
        }}
      >
        <Field label="Name" error={tried && name.trim() === '' ? 'Give the view a name.' : undefined}>
          <Input
            value={name}
            maxLength={LONGEST_VIEW_NAME}
            autoComplete="off"
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <CheckboxField
          checked={shared}
          disabled={initial.shared && !mayHide}
          onCheckedChange={(next) => setShared(next)}
          label="Share it with everybody"
          hint="Each finds in it the jobs that they may see. You and leads can change it."
        />
      </form>
    </Dialog>
  )
}
