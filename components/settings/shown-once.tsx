import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'

/** A secret that will not be shown again, with a way to take it along. */
export function ShownOnce(props: { title: string; secret: string; copy: string; hint: string }) {
  return (
    <Callout
      tone="attention"
      role="status"
      title={props.title}
      actions={<CopyButton value={props.secret} label={props.copy} text />}
    >
      <p>{props.hint}</p>
      <code className="mt-2 block rounded-sm border border-line bg-surface px-2 py-1 break-all select-all">
        {props.secret}
      </code>
    </Callout>
  )
}
