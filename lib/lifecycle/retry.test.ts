import { describe, expect, test } from 'vitest'
import { failureClasses, retriesByItself } from './failure'
import { decideRetry } from './retry'

const rule = { maxAttempts: 4, firstMs: 1_000, factor: 2, capMs: 5_000 }
const now = new Date('2026-11-23T10:00:00Z')
const at = (tries: number, random: number, retryAfterMs: number | null = null) => {
  const decision = decideRetry('infrastructure', tries, rule, { now, retryAfterMs, random })
  return decision.did ? decision.notBefore.getTime() - now.getTime() : null
}

describe('an automatic retry', () => {
  test.each(failureClasses)('of the class %s happens only for infrastructure and timeout', (failureClass) => {
    const decision = decideRetry(failureClass, 1, rule, { now, retryAfterMs: null, random: 0 })
    expect(decision.did).toBe(failureClass === 'infrastructure' || failureClass === 'timeout')
    expect(decision.did).toBe(retriesByItself(failureClass))
    expect(decision.why).toMatch(/\.$/)
  })

  test('waits anywhere between nothing and a ceiling that doubles up to its cap', () => {
    expect([1, 2, 3].map((tries) => at(tries, 0.999999))).toEqual([1_000, 2_000, 4_000])
    expect([1, 2, 3].map((tries) => at(tries, 0))).toEqual([0, 0, 0])
    const far = decideRetry('timeout', 9, { ...rule, maxAttempts: 20 }, { now, retryAfterMs: null, random: 0.999999 })
    expect(far.did && far.notBefore.getTime() - now.getTime()).toBe(5_000)
  })

  test('never comes before the provider asked', () => {
    expect(at(1, 0, 30_000)).toBe(30_000)
    expect(at(3, 0.999999, 100)).toBe(4_000)
  })

  test('ends with the tries of the workflow', () => {
    expect(at(3, 0.5)).not.toBeNull()
    expect(at(4, 0.5)).toBeNull()
  })
})
