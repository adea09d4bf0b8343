import { PlainText } from '@/components/ui/plain-text'
import type { Piece } from '@/lib/search/view'

/** Text of others with what was looked for. It is text, whatever it says. */
export function Marked({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ text, hit }, index) => {
    const key = `${index}`
    if (!hit) return <PlainText key={key}>{text}</PlainText>
    return (
      <mark key={key} className="rounded-[2px] bg-attention-soft px-px text-ink">
        <PlainText>{text}</PlainText>
      </mark>
    )
  })
}
