'use client'
import type { Ref } from 'react'
import { cn } from '@/components/ui/cn'
import type { FileProblem } from '@/lib/workflows/yaml-source'

export type FileTextProps = {
  ref: Ref<HTMLTextAreaElement>
  text: string
  onChange: (text: string) => void
  problems: readonly FileProblem[]
}

/** Enough to paste into. */
const LEAST_LINES = 18

/** The text of a file with its lines numbered; those with problems are marked. As tall as the text, in a box that scrolls. */
export function FileText({ ref, text, onChange, problems }: FileTextProps) {
  const count = Math.max(LEAST_LINES, text.split('\n').length)
  const wrong = new Set(problems.map(({ line }) => line))
  return (
    <div className="max-h-[32rem] overflow-y-auto rounded-md border border-line bg-surface focus-within:outline-2 focus-within:outline-accent">
      <div className="grid grid-cols-[auto_1fr] font-mono text-xs leading-5 [font-variant-ligatures:none]">
        <ol aria-hidden className="border-r border-line bg-sunken py-2 text-right text-faint select-none">
          {Array.from({ length: count }, (_, index) => index + 1).map((line) => (
            <li
              key={line}
              className={cn(
                'border-l-2 pr-2 pl-2',
                wrong.has(line) ? 'border-danger bg-danger-soft font-semibold text-danger-ink' : 'border-transparent',
              )}
            >
              {line}
            </li>
          ))}
        </ol>
        <textarea
          ref={ref}
          aria-label="The workflow, as YAML"
          aria-invalid={problems.length > 0}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          rows={count}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          className="block w-full min-w-0 resize-none overflow-x-auto overflow-y-hidden bg-transparent px-3 py-2 text-ink outline-hidden"
        />
      </div>
    </div>
  )
}

/** Puts the selection on `line` (from 1) of the text and brings it into sight. */
export function selectLine(area: HTMLTextAreaElement | null, line: number) {
  if (area === null) return
  const lines = area.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0)
  area.focus({ preventScroll: true })
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  area.scrollLeft = 0
  const box = area.closest('.overflow-y-auto')
  const top = (area.scrollHeight / Math.max(area.rows, lines.length)) * (line - 1)
  box?.scrollTo({ top: Math.max(0, top - box.clientHeight / 3) })
  box?.scrollIntoView({ block: 'nearest' })
}
