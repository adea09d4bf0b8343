'use client'
import { TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Callout } from '@/components/ui/callout'
import { PlainText } from '@/components/ui/plain-text'
import { Time } from '@/components/ui/time'
import type { ToolCallView } from '@/lib/jobs/view'
import { riskWords } from '@/lib/workflows/words'
import { LongText } from '../long-text'
import { ArgumentsView } from './arguments-view'
import { destination } from './call-words'

/** The name of a tool as the workflow has it, and what calling it may change. */
export function CallName({ call }: { call: ToolCallView }) {
  return (
    <>
      <code className="text-base wrap-anywhere">
        <PlainText>{call.name === '' ? 'a tool without a name' : call.name}</PlainText>
      </code>
      {call.serverLabel !== null && (
        <span className="font-normal text-muted">
          at the server <bdi>{call.serverLabel}</bdi>
        </span>
      )}
      <Badge tone={call.risk === 'read' ? 'neutral' : call.risk === 'write' ? 'attention' : 'danger'}>
        {riskWords[call.risk].label}
      </Badge>
    </>
  )
}

/** What the tool is for, what calling it touches, and where the call goes. */
export function CallPurpose({ call }: { call: ToolCallView }) {
  const to = destination(call)
  return (
    <>
      {call.description !== null && <p className="max-w-[75ch] text-muted">{call.description}</p>}
      <dl className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[max-content_minmax(0,1fr)]">
        <dt className="text-muted">It touches</dt>
        <dd className="font-medium">
          {call.touches ?? <span className="font-normal text-faint">The workflow does not say what.</span>}
        </dd>
        <dt className="text-muted">It goes to</dt>
        <dd>
          {to === null ? <span className="text-faint">not known</span> : <Destination to={to} />}
          {call.kind === 'mcp' && <span className="text-muted"> (the provider makes the call)</span>}
        </dd>
      </dl>
    </>
  )
}

/** The host, and less loudly the path there. */
export function Destination({ to }: { to: { host: string; path: string } }) {
  return (
    <code className="text-sm wrap-anywhere">
      {to.host}
      {to.path !== '/' && <span className="text-faint">{to.path}</span>}
    </code>
  )
}

/** Why the model asked, in its own words: text of a stranger. `isAsAbove`: the call above it says the same. */
export function CallWhy({ call, isAsAbove = false }: { call: ToolCallView; isAsAbove?: boolean }) {
  return (
    <div>
      <h4 className="text-sm text-muted">Why the model asks</h4>
      {call.why === null ? (
        <p className="text-faint">It gave no reason.</p>
      ) : isAsAbove ? (
        <p className="text-faint">The reason is the one above.</p>
      ) : (
        <LongText text={call.why} portion={1_000} className="mt-0.5 max-w-[75ch] border-l-2 border-line pl-3" />
      )}
    </div>
  )
}

/** That this very call was made before. It is never repeated by itself, and a person must mean it. */
export function MadeBefore({ call }: { call: ToolCallView }) {
  if (call.madeBefore.length === 0) return null
  return (
    <Callout tone="attention" icon={TriangleAlert} title="This very call was already made">
      <ul>
        {call.madeBefore.map(({ attempt, at, answered }) => (
          <li key={`${attempt} ${at}`}>
            In attempt {attempt}, <Time value={at} format="exact" />
            {answered ? ', and it was answered.' : '. No answer is known; it may have taken effect.'}
          </li>
        ))}
      </ul>
      <p className="mt-1">Allowing it does it again.</p>
    </Callout>
  )
}

/** Calls of the same tool that were made before with other arguments: allowing this one may double what they did. */
export function MadeOtherwise({ calls }: { calls: readonly ToolCallView[] }) {
  if (calls.length === 0) return null
  return (
    <Callout tone="attention" icon={TriangleAlert} title="This tool was already called, with other arguments">
      <ul className="flex flex-col gap-2">
        {calls.map((made) => (
          <li key={made.id}>
            <p>
              In attempt {made.attempt}, <Time value={made.sentAt} format="exact" />
              {made.state === 'answered' ? ', and it was answered:' : '. No answer is known; it may have taken effect:'}
            </p>
            <div className="mt-1">
              <ArgumentsView value={made.editedArguments ?? made.arguments} schema={made.parameters} />
            </div>
          </li>
        ))}
      </ul>
    </Callout>
  )
}
