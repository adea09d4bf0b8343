import { FlaskConical } from 'lucide-react'

/** Says on every page that no model is called, where that is so. `name` is null where no provider is set. */
export function ProviderBanner({ name }: { name: string | null }) {
  if (name !== 'sandbox' && name !== null) return null
  return (
    <aside
      aria-label="Provider"
      className="flex items-center gap-2 border-b border-line bg-informative-soft px-4 py-1 text-sm text-informative-ink sm:px-6"
    >
      <FlaskConical aria-hidden className="size-3.5 shrink-0" />
      {name === null ? (
        <p>
          <strong className="font-semibold">No provider is set:</strong> jobs wait unsent until OPENAI_API_KEY is given.
        </p>
      ) : (
        <p>
          <strong className="font-semibold">Sandbox:</strong> no model is called and nothing is paid.
          <span className="max-sm:sr-only"> Answers quote your own documents. Set OPENAI_API_KEY to use OpenAI.</span>
        </p>
      )}
    </aside>
  )
}
