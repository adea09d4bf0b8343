import { describe, expect, it } from 'vitest'
import { heartbeatWords } from './heartbeat-words'
import { aHeartbeat } from './list-fixtures'

const now = Date.parse('2026-11-23T10:14:00.000Z')
const usually = { p95Ms: 22 * 60_000, samples: 40 }

describe('the heartbeat', () => {
  it('says when we looked and when something changed, and no more than that without history', () => {
    expect(heartbeatWords(aHeartbeat(), 1, now)).toEqual({
      verdict: null,
      tone: 'faint',
      looks: 'checked 8 s ago, last change 14 min ago',
      usually: null,
      text: 'checked 8 s ago, last change 14 min ago',
    })
  })

  it('says how long these usually take once there is enough history', () => {
    expect(heartbeatWords(aHeartbeat({ usually }), 1, now).text).toBe(
      'checked 8 s ago, last change 14 min ago, 95 % of these take under 22 min',
    )
  })

  it('tells slow, stuck and not looking apart', () => {
    const words = (verdict: 'slow' | 'stuck' | 'not_looking') =>
      heartbeatWords(aHeartbeat({ verdict, usually }), 1, now)
    expect(words('slow')).toMatchObject({ verdict: 'Slow', tone: 'attention' })
    expect(words('stuck')).toMatchObject({ verdict: 'Stuck', tone: 'danger' })
    expect(words('stuck').text).toMatch(/^last change 14 min ago/)
    expect(words('not_looking')).toMatchObject({ verdict: 'We have stopped looking', tone: 'danger' })
  })

  it('says that no worker is alive only where none is', () => {
    const stopped = aHeartbeat({ verdict: 'not_looking' })
    expect(heartbeatWords(stopped, 0, now).text).toContain('no worker is alive')
    expect(heartbeatWords(stopped, 2, now).text).not.toContain('worker')
  })

  it('says that it was never checked, and that the last look failed', () => {
    expect(heartbeatWords(aHeartbeat({ lastLookedAt: null }), 1, now).text).toMatch(/^not checked yet/)
    expect(heartbeatWords(aHeartbeat({ lastError: 'ECONNRESET' }), 1, now).text).toContain('the last look failed')
  })

  it('never says that something will have happened', () => {
    expect(heartbeatWords(aHeartbeat(), 1, now - 60_000).text).toMatch(/^checked 0 s ago/)
  })
})
