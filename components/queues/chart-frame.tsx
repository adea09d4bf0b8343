import type { ReactNode } from 'react'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'

type ChartFrameProps = {
  id: string
  title: string
  hint?: ReactNode
  /** What the chart says in one sentence, for those who cannot see it. */
  summary: string
  chart: ReactNode
  legend?: ReactNode
  /** The same figures as a table, with the same links: the way of the keyboard and of a screen reader. */
  table: ReactNode
}

/** A chart with its table. The drawing is for the eye: whoever does not see it reads the sentence and the table. */
export function ChartFrame({ id, title, hint, summary, chart, legend, table }: ChartFrameProps) {
  return (
    <Panel aria-labelledby={id}>
      <PanelHeader id={id} title={title} hint={hint} />
      <PanelBody className="flex flex-col gap-3">
        <p className="sr-only">{summary}</p>
        <div aria-hidden>
          {legend}
          {chart}
        </div>
        <details className="group">
          <summary className="w-fit text-sm text-muted hover:text-ink">
            <span className="group-open:hidden">Show as a table</span>
            <span className="hidden group-open:inline">Hide the table</span>
          </summary>
          <div className="mt-2">{table}</div>
        </details>
      </PanelBody>
    </Panel>
  )
}
