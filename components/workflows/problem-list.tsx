'use client'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { FileProblem } from '@/lib/workflows/yaml-source'

/** What is wrong with a file, in the order of its lines. Each leads to its line. */
export function ProblemList({ problems, go }: { problems: readonly FileProblem[]; go: (line: number) => void }) {
  return (
    <Panel aria-labelledby="problems">
      <PanelHeader id="problems" title={problems.length === 1 ? 'One problem' : `${problems.length} problems`} />
      <ul className="divide-y divide-line">
        {problems.map(({ line, column, message }) => (
          <li key={`${line}:${column} ${message}`}>
            <button
              type="button"
              onClick={() => go(line)}
              className="flex w-full flex-col gap-0.5 px-4 py-2 text-left -outline-offset-2 hover:bg-hover"
            >
              <span className="text-sm font-medium text-danger-ink">
                Line {line}, column {column}
              </span>
              <span className="wrap-anywhere">{message}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
