'use client'
import { type ReactNode, useActionState, useId, useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answerOf } from '@/components/ui/no-answer'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { EVENTS_TO_CHOOSE, webhookAddress } from '@/lib/webhooks/address'
import type { ProbeView, TransportView } from '@/lib/webhooks/transport-view'
import { probeWords } from './words'

/** What came of asking for a test: how far it got, or why it was not sent. */
export type TestOutcome = { probe: ProbeView; refused: null } | { probe: null; refused: string }
export type SendTest = (before: TestOutcome | null, form: FormData) => Promise<TestOutcome>

type SetupProps = {
  view: Pick<TransportView, 'provider' | 'secrets' | 'newestSecret' | 'lastNewsAt' | 'probe'>
  /** The address under which this page was asked for: a first guess. */
  origin: string
  sendTest: SendTest
}

/** Setting webhooks up, step by step, each with how far it is; the last one proves it. */
export function WebhookSetup({ view, origin, sendTest }: SetupProps) {
  const heading = useId()
  const { probe, secrets, lastNewsAt } = view
  const [outcome, send, pending] = useActionState(
    async (before: TestOutcome | null, form: FormData): Promise<TestOutcome> => {
      const answer = await answerOf(() => sendTest(before, form))
      return 'ok' in answer ? { probe: null, refused: answer.message } : answer
    },
    null,
  )
  const [typed, setTyped] = useState(probe === null ? origin : new URL(probe.url).origin)
  const address = webhookAddress(typed)
  const shown = outcome?.probe ?? probe
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader
        id={heading}
        title="Set webhooks up"
        hint="With webhooks, news comes within a second or two, and OpenAI is asked far less often. Nothing depends on them."
      />
      <PanelBody>
        {view.provider === 'sandbox' && (
          <Callout tone="informative" className="mb-4">
            The sandbox sends its webhooks here by itself, with a secret that was made when it was started: there is
            nothing to set up. What follows is how it is done for OpenAI.
          </Callout>
        )}
        <form action={send}>
          <ol className="flex flex-col gap-5">
            <Step number={1} title="The public address" state={addressState(shown)}>
              <p>Where this installation is reached from outside, over https. One path of it must be open to OpenAI.</p>
              <Field
                label="Public address"
                name="address"
                error={address.ok ? outcome?.refused : address.why}
                className="max-w-md"
              >
                <Input
                  value={typed}
                  onValueChange={setTyped}
                  inputMode="url"
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={500}
                  required
                />
              </Field>
              {address.ok && address.doubt !== null && (
                <p className="text-sm text-attention-ink" role="status">
                  {address.doubt}
                </p>
              )}
            </Step>
            <Step number={2} title="The endpoint at OpenAI" state={endpointState(lastNewsAt)}>
              <p>
                On OpenAI’s platform, in the settings of the project whose API key Holdpoint uses, open Webhooks and
                create an endpoint with this URL:
              </p>
              {address.ok && <Copied value={address.url} label="Copy the URL" />}
              <p>Choose these four events; more do no harm:</p>
              <ul className="flex flex-wrap gap-1.5">
                {EVENTS_TO_CHOOSE.map((type) => (
                  <li key={type}>
                    <Badge tone="outline" mono>
                      {type}
                    </Badge>
                  </li>
                ))}
              </ul>
            </Step>
            <Step number={3} title="The secret" state={secretState(secrets)}>
              <p>
                OpenAI shows the signing secret once; it begins with <code>whsec_</code>. Put it into the environment of
                every web server as <code>OPENAI_WEBHOOK_SECRET</code>, and restart them. Workers need none. This page
                never shows it.
              </p>
              {secrets.unusable > 0 && (
                <p className="text-sm text-danger-ink">
                  {secrets.unusable === 1 ? 'One value' : `${secrets.unusable} values`} in OPENAI_WEBHOOK_SECRET cannot
                  be used: copy the secret again, whole, from <code>whsec_</code> to its end.
                </p>
              )}
              <details>
                <summary className="cursor-pointer text-muted">To change the secret later without a gap</summary>
                <ol className="mt-1 list-decimal space-y-1 pl-5 text-muted">
                  <li>At OpenAI, rotate the secret of the endpoint, and let the old one live on for a while.</li>
                  <li>
                    Set <code>OPENAI_WEBHOOK_SECRET</code> to both, the new one first, with a comma between them, and
                    restart the web servers. Either is believed.
                  </li>
                  <li>Once the old one has ended at OpenAI, take it out, and restart again.</li>
                </ol>
                {secrets.usable > 1 && (
                  <p className="mt-1 text-muted">
                    {view.newestSecret === null
                      ? 'Nothing has come yet that tells which of them is in use.'
                      : `The newest webhook was signed with number ${view.newestSecret + 1} of the ${secrets.usable}.`}
                  </p>
                )}
              </details>
            </Step>
            <Step number={4} title="The proof" state={proofState(shown)}>
              <p>
                Holdpoint sends a signed test to the public address, as OpenAI would, and sees whether it comes back in.
              </p>
              <Button
                type="submit"
                variant="primary"
                pending={pending}
                pendingLabel="Sending…"
                disabled={!address.ok || secrets.usable === 0}
                className="self-start"
              >
                Send a test
              </Button>
              {secrets.usable === 0 && (
                <p className="text-sm text-muted">It can be sent once a secret is set: the test is signed with it.</p>
              )}
              <div role="status">{shown !== null && !pending && <Probe probe={shown} />}</div>
            </Step>
          </ol>
        </form>
      </PanelBody>
    </Panel>
  )
}

type StepState = { done: boolean; words: string }

function addressState(probe: ProbeView | null): StepState {
  if (probe === null) return { done: false, words: 'not tried yet' }
  return probe.receivedAt === null ? { done: false, words: 'did not lead here' } : { done: true, words: 'leads here' }
}

function endpointState(lastNewsAt: string | null): StepState {
  return lastNewsAt === null ? { done: false, words: 'nothing has come yet' } : { done: true, words: 'sends' }
}

function secretState({ usable }: { usable: number }): StepState {
  if (usable === 0) return { done: false, words: 'none is set' }
  return { done: true, words: usable === 1 ? 'one is set' : `${usable} are set` }
}

function proofState(probe: ProbeView | null): StepState {
  if (probe === null) return { done: false, words: 'not sent yet' }
  return probe.receivedAt === null ? { done: false, words: 'not through' } : { done: true, words: 'through' }
}

function Step(props: { number: number; title: string; state: StepState; children: ReactNode }) {
  const { number, title, state, children } = props
  return (
    <li className="flex gap-3">
      <span
        aria-hidden
        className={`mt-px flex size-6 shrink-0 items-center justify-center rounded-full text-sm tabular-nums ${
          state.done ? 'bg-success-soft text-success-ink' : 'bg-sunken text-muted'
        }`}
      >
        {number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <h3 className="flex flex-wrap items-center gap-x-2 text-base font-semibold">
          {title}
          <Badge tone={state.done ? 'success' : 'neutral'}>{state.words}</Badge>
        </h3>
        <div className="flex max-w-[75ch] flex-col gap-2">{children}</div>
      </div>
    </li>
  )
}

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <p className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-1 pl-3">
      <code className="min-w-0 flex-1 text-sm wrap-anywhere">{value}</code>
      <CopyButton value={value} label={label} />
    </p>
  )
}

function Probe({ probe }: { probe: ProbeView }) {
  const { tone, title, what } = probeWords(probe)
  return (
    <Callout tone={tone} title={title}>
      <p>{what}</p>
      <p className="text-sm text-muted">
        Sent to <span className="wrap-anywhere">{probe.url}</span>, <Time value={probe.sentAt} />.
      </p>
    </Callout>
  )
}
