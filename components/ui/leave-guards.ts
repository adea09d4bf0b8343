/** Who asks before this page is left. Links are caught by `LeaveGuard`; whatever else leads away asks here first. */

type Ask = (href: string) => void

const guards = new Set<Ask>()

/**
 * From now on `ask` is given the address that somebody wanted to leave for.
 * @returns a function that ends it
 */
export function guardLeaving(ask: Ask): () => void {
  guards.add(ask)
  return () => {
    guards.delete(ask)
  }
}

/** @returns true where somebody is asked before leaving for `href`: then whoever wanted to go there goes nowhere. */
export function asksBeforeLeaving(href: string): boolean {
  const { pathname, search } = new URL(href, location.href)
  if (pathname === location.pathname && search === location.search) return false
  const ask = [...guards].at(-1)
  ask?.(href)
  return ask !== undefined
}
