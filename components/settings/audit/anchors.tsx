import { useId } from 'react'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { Hash } from '@/components/ui/hash'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { type AuditView, standingOf, standingWords } from '@/lib/audit/audit-view'

/** The newest anchor, what waits for the next one, and where they are written to as well. */
export function Anchors({ view }: { view: AuditView }) {
  const heading = useId()
  const { last, waiting, copies } = view
  const { title, why, isTrouble } = standingWords(standingOf(view), waiting)
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader
        id={heading}
        title={isTrouble ? 'Anchors' : title}
        hint={
          <>
            As of <Time value={view.asOf} format="exact" />
          </>
        }
      />
      <PanelBody className="flex flex-col gap-4">
        {isTrouble ? (
          <Callout tone="attention" title={title}>
            <p>{why}</p>
          </Callout>
        ) : (
          <p className="max-w-[75ch]">{why}</p>
        )}
        {last !== null && (
          <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
            <Fact label="Last anchor">
              {last.number.toLocaleString('en')}, <Time value={last.at} />, over{' '}
              {last.jobs === 1 ? '1 job' : `${last.jobs.toLocaleString('en')} jobs`}
            </Fact>
            <Fact label="Its hash">
              <Hash value={last.hash} label="hash of the last anchor" length={32} />
            </Fact>
          </dl>
        )}
        <div className="flex flex-col gap-1">
          <h3 className="font-semibold">Written elsewhere</h3>
          {copies.length === 0 ? (
            <p className="max-w-[75ch] text-muted">
              Nowhere: whoever owns the database could make history and anchors anew. Set{' '}
              <code className="text-sm">HOLDPOINT_ANCHOR_DIR</code> for a worker, to a folder that they cannot write to.
            </p>
          ) : (
            <ul className="flex flex-col gap-2">
              {copies.map(({ host, path, number, at, problem }) => (
                <li key={`${host}:${path}`}>
                  <code className="text-sm wrap-anywhere">
                    {host}:{path}
                  </code>
                  {problem === null ? (
                    <p className="text-sm text-muted">
                      Up to anchor {number.toLocaleString('en')}, <Time value={at} />
                    </p>
                  ) : (
                    <Callout tone="danger" title="Not written any more" className="mt-1">
                      <p>{problem} Verify the store against this file before anything else.</p>
                    </Callout>
                  )}
                </li>
              ))}
            </ul>
          )}
        </div>
      </PanelBody>
    </Panel>
  )
}

/** The keys that sign anchors, as they are passed on. */
export function PublicKeys({ keys }: Pick<AuditView, 'keys'>) {
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader
        id={heading}
        title="Public key"
        hint="Whoever checks a case file has it from you, not from the file."
      />
      <PanelBody className="flex flex-col gap-4">
        {keys.length === 0 && <p className="text-muted">It is made with the first anchor.</p>}
        {keys.map(({ id, publicKey, createdAt }, index) => (
          <div key={id} className="flex flex-col gap-1">
            <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
              <code>{id}</code>
              <span>
                {index === 0 ? 'signs since' : 'signed from'} <Time value={createdAt} format="exact" />
              </span>
              <CopyButton value={publicKey} label={`Copy the public key ${id}`} className="-my-1 h-6 w-6" />
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
            <pre tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 text-sm">
              {publicKey.trim()}
            </pre>
          </div>
        ))}
      </PanelBody>
    </Panel>
  )
}

/** The commands, for whoever runs the installation. */
export function HowToVerify() {
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader id={heading} title="How to verify" hint="From the command line, where the installation runs." />
      <PanelBody>
        <dl className="flex flex-col gap-3">
          {COMMANDS.map(({ command, what }) => (
            <div key={command} className="flex flex-col gap-0.5">
              <dt className="flex items-center gap-1">
                <code className="min-w-0 text-sm wrap-anywhere">{command}</code>
                <CopyButton value={command} label={`Copy ${command}`} className="-my-1 h-6 w-6" />
              </dt>
              <dd className="text-sm text-muted">{what}</dd>
            </div>
          ))}
        </dl>
      </PanelBody>
    </Panel>
  )
}

const COMMANDS = [
  {
    command: 'npm run -s holdpoint -- audit verify --anchors anchors.jsonl',
    what: 'Walks all jobs, and says what was changed, removed or cut off. The anchors are those that were written elsewhere.',
  },
  {
    command: 'npm run -s holdpoint -- audit verify job-42-case-file.zip --key key.pem',
    what: 'Checks a case file, on any machine with Holdpoint and without this database.',
  },
  { command: 'npm run -s holdpoint -- audit key', what: 'Prints the public keys, to be passed on.' },
  { command: 'npm run -s holdpoint -- audit anchors', what: 'Prints every anchor as a line, to be kept elsewhere.' },
]

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
