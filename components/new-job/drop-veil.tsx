import { FileDown } from 'lucide-react'

/** Says where to let go, while files are dragged over the page. Nothing of it takes the drop: the page does. */
export function DropVeil() {
  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 z-40 flex items-center justify-center bg-veil p-4">
      <p className="flex items-center gap-2 rounded-md border-2 border-dashed border-accent bg-raised px-6 py-4 text-lg font-semibold shadow-float">
        <FileDown className="size-5 text-accent" />
        Let go to add the files
      </p>
    </div>
  )
}
