/** Who was asked, for people: `openai`, `sandbox`, or the host of another server of the same API. */
export function providerName(provider: string): string {
  if (provider === 'openai') return 'OpenAI'
  return provider === 'sandbox' ? 'the sandbox (no model is called)' : provider
}
