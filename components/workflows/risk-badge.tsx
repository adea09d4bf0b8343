import { Ban, Eye, PencilLine } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { ToolRisk } from '@/lib/workflows/definition'
import { riskWords } from '@/lib/workflows/words'

const looks = {
  read: { tone: 'neutral', icon: Eye },
  write: { tone: 'outline', icon: PencilLine },
  forbidden: { tone: 'outline', icon: Ban },
} as const

/** What a tool may change. Never by colour: nobody is needed here. */
export function RiskBadge({ risk }: { risk: ToolRisk }) {
  const { tone, icon: Icon } = looks[risk]
  return (
    <Badge tone={tone} title={riskWords[risk].means}>
      <Icon aria-hidden />
      {riskWords[risk].label}
    </Badge>
  )
}
