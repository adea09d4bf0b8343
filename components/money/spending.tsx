import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { dollars } from '@/lib/money/micros'
import type { Counted, Spending } from '@/lib/money/view'

/** What was spent, by workflow and by day, next to the budgets that it counts against. */
export function SpendingTables({ spending }: { spending: Spending }) {
  const { workflows, days } = spending
  return (
    <Panel aria-labelledby="spending">
      <PanelHeader
        id="spending"
        title="Spending"
        hint="A call under way counts with the most that it may cost, and so does one of which nobody knows what it cost. Rehearsals at the sandbox count as if they were paid."
      />
      <PanelBody className="flex flex-col gap-4">
        {workflows.length === 0 ? (
          <p className="text-muted">Nothing was spent yet, and no workflow has a budget.</p>
        ) : (
          <Table label="Spending by workflow">
            <THead>
              <Tr>
                <Th>Workflow</Th>
                <Th className="text-right">Today</Th>
                <Th className="text-right">Last 7 days</Th>
                <Th className="text-right">In all</Th>
              </Tr>
            </THead>
            <TBody>
              {workflows.map(({ key, name, today, week, total }) => (
                <Tr key={key}>
                  <Td>{name}</Td>
                  <Amount counted={today} />
                  <Amount counted={week} />
                  <Amount counted={total} />
                </Tr>
              ))}
            </TBody>
          </Table>
        )}
        <Table label="Spending by day">
          <THead>
            <Tr>
              <Th>Day (UTC)</Th>
              <Th className="text-right">All workflows</Th>
              <Th className="text-right">Calls of unknown cost</Th>
            </Tr>
          </THead>
          <TBody>
            {days.map(({ day, all, notKnown }) => (
              <Tr key={day}>
                <Td className="whitespace-nowrap tabular-nums">{day}</Td>
                <Amount counted={all} />
                <Td numeric className="tabular-nums">
                  {notKnown === 0 ? <span className="text-faint">none</span> : notKnown.toLocaleString('en')}
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      </PanelBody>
    </Panel>
  )
}

function Amount({ counted: { spentUsd, reservedUsd, limitUsd } }: { counted: Counted }) {
  const share = limitUsd === null ? null : Math.floor(((spentUsd + reservedUsd) / limitUsd) * 100)
  return (
    <Td numeric className="whitespace-nowrap tabular-nums">
      {dollars(spentUsd)}
      {limitUsd !== null && <span className="text-muted"> of {dollars(limitUsd)}</span>}
      {(reservedUsd > 0 || share !== null) && (
        <span className="block text-xs text-muted">
          {[
            reservedUsd > 0 ? `${dollars(reservedUsd)} reserved` : null,
            share === null ? null : `${share} % of the budget`,
          ]
            .filter((part) => part !== null)
            .join(', ')}
        </span>
      )}
    </Td>
  )
}
