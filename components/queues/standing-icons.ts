import { CircleHelp, Clock, Hand, Hourglass, LoaderCircle, type LucideIcon, OctagonPause, OctagonX } from 'lucide-react'
import type { Tone } from '@/components/ui/tone'
import type { Standing } from '@/lib/queues/standing'

/** How each standing is drawn where somebody is needed; with no job there it is drawn like everything else. */
export const standingLook: Record<Standing, { icon: LucideIcon; tone: Tone }> = {
  stuck: { icon: OctagonPause, tone: 'danger' },
  failed: { icon: OctagonX, tone: 'danger' },
  expiring: { icon: Hourglass, tone: 'attention' },
  unclassified: { icon: CircleHelp, tone: 'attention' },
  review: { icon: Hand, tone: 'attention' },
  waiting: { icon: Clock, tone: 'neutral' },
  running: { icon: LoaderCircle, tone: 'neutral' },
}
