import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { type Beside, type LengthName, lengthNames } from '@/lib/queues/figures-view'
import type { Lengths } from '@/lib/queues/lengths'
import { count, knownWords, lengthInfo, lengthWords } from './words'

/** How long each part takes, beside the period before. What was not recorded is said to be missing. */
export function LengthsTable({ lengths }: { lengths: Record<LengthName, Beside<Lengths>> }) {
  return (
    <Panel aria-labelledby="lengths">
      <PanelHeader
        id="lengths"
        title="How long it takes"
        hint="Half take no longer than the median, and 95 of 100 no longer than the last figure. Exact to within 5 %."
      />
      <PanelBody>
        <Table label="How long it takes, beside the period before">
          <THead>
            <Tr>
              <Th>Part</Th>
              <Th className="text-right">Times</Th>
              <Th className="text-right">Median</Th>
              <Th className="text-right">Before</Th>
              <Th className="text-right">95 of 100 within</Th>
              <Th className="text-right">Before</Th>
            </Tr>
          </THead>
          <TBody>
            {lengthNames.map((name) => (
              <Row key={name} name={name} {...lengths[name]} />
            ))}
          </TBody>
        </Table>
      </PanelBody>
    </Panel>
  )
}

function Row({ name, now, before }: { name: LengthName } & Beside<Lengths>) {
  const { label, help } = lengthInfo[name]
  return (
    <Tr>
      <Th
        scope="row"
        className="h-auto border-b border-line py-1.5 font-normal whitespace-normal group-last/row:border-b-0"
      >
        {label}
        <span className="block text-xs text-muted">{help}</span>
      </Th>
      <Td numeric className="whitespace-nowrap tabular-nums">
        {count(now.of)}
        <span className="block text-xs text-muted">{knownWords(now)}</span>
      </Td>
      <Length value={now.p50} of={now.of} />
      <Length value={before.p50} of={before.of} quiet />
      <Length value={now.p95} of={now.of} />
      <Length value={before.p95} of={before.of} quiet />
    </Tr>
  )
}

function Length({ value, of, quiet = false }: { value: number | null; of: number; quiet?: boolean }) {
  return (
    <Td
      numeric
      className={
        quiet || value === null ? 'whitespace-nowrap text-muted tabular-nums' : 'whitespace-nowrap tabular-nums'
      }
    >
      {value === null ? (of === 0 ? 'none' : 'not known') : lengthWords(value)}
    </Td>
  )
}
