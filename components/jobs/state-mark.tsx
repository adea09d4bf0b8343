import { Ban, Check, Clock, Hand, Hourglass, LoaderCircle, type LucideIcon, OctagonX } from 'lucide-react'
import { StateMark } from '@/components/ui/state-mark'
import { type State, states } from '@/lib/lifecycle/table'

const icons: Record<State, LucideIcon> = {
  queued: Clock,
  running: LoaderCircle,
  awaiting_review: Hand,
  completed: Check,
  failed: OctagonX,
  expired: Hourglass,
  abandoned: Ban,
}

/** Where a job stands for the people: never drawn like what OpenAI says (`ProviderMark`). */
export function JobStateMark({ state, className }: { state: State; className?: string }) {
  const { label, tone } = states[state]
  return <StateMark tone={tone} icon={icons[state]} label={label} alive={state === 'running'} className={className} />
}
