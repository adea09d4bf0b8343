import { explainHidden, nameHidden } from './hidden-characters'

/** Stands where characters stand that nobody would see, and names them. */
export function HiddenMark({ run }: { run: string }) {
  return (
    <span
      title={explainHidden(run)}
      className="rounded-sm bg-attention-soft px-0.5 font-mono text-xs text-attention-ink"
    >
      {nameHidden(run)}
    </span>
  )
}
