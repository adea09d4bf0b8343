import Link from 'next/link'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import type { Quality, QualityOfVersion } from '@/lib/queues/figures-view'
import { count, percent } from './words'

/** What people made of results, by version of the workflow, beside the period before. */
export function QualityTable({ quality, named }: { quality: readonly QualityOfVersion[]; named: boolean }) {
  return (
    <Panel aria-labelledby="quality">
      <PanelHeader
        id="quality"
        title="What people made of the results"
        hint="Of results that were held for a person and decided. In brackets the period before."
      />
      <PanelBody>
        {quality.length === 0 ? (
          <p className="text-muted">No result was decided by a person, in this period or in the one before.</p>
        ) : (
          <Table label="What people made of the results, by version of the workflow">
            <THead>
              <Tr>
                <Th>{named ? 'Workflow' : 'Version'}</Th>
                <Th className="text-right">Decided</Th>
                <Th className="text-right">Approved at first sight</Th>
                <Th className="text-right">Edited</Th>
                <Th className="text-right">Changes requested</Th>
                <Th className="text-right">Samples overturned</Th>
              </Tr>
            </THead>
            <TBody>
              {quality.map((one) => (
                <Row key={`${one.workflow} ${one.version}`} of={one} named={named} />
              ))}
            </TBody>
          </Table>
        )}
      </PanelBody>
    </Panel>
  )
}

function Row({ of: { workflow, name, version, now, before }, named }: { of: QualityOfVersion; named: boolean }) {
  return (
    <Tr>
      <Th scope="row" className="h-10 border-b border-line font-normal group-last/row:border-b-0">
        <Link
          href={`/jobs?workflow=${encodeURIComponent(workflow)}&version=${version}`}
          prefetch={false}
          className="hover:underline"
        >
          {named ? `${name}, v${version}` : `Version ${version}`}
        </Link>
      </Th>
      <Td numeric className="whitespace-nowrap tabular-nums">
        {count(now.decided)} <span className="text-muted">({count(before.decided)})</span>
      </Td>
      <Share now={now} before={before} part="firstPass" whole="firstDecided" />
      <Share now={now} before={before} part="edited" whole="decided" />
      <Share now={now} before={before} part="changesRequested" whole="decided" />
      <Share now={now} before={before} part="samplesOverturned" whole="samplesDecided" />
    </Tr>
  )
}

type ShareProps = { now: Quality; before: Quality; part: keyof Quality; whole: keyof Quality }

function Share({ now, before, part, whole }: ShareProps) {
  const share = percent(now[part], now[whole])
  return (
    <Td numeric className="whitespace-nowrap tabular-nums">
      {share === null ? <span className="text-muted">none decided</span> : share}
      <span className="block text-xs text-muted">
        {share !== null && `${count(now[part])} of ${count(now[whole])} `}(
        {percent(before[part], before[whole]) ?? 'none'})
      </span>
    </Td>
  )
}
