import { describe, expect, it } from 'vitest'
import { handsOnMeter } from './hands-on'

describe('handsOnMeter', () => {
  it('counts the time up to half a minute after the last sign of a person', () => {
    const meter = handsOnMeter(0, true)
    meter.touch(10_000)
    expect(meter.take(20_000)).toBe(20_000)
    expect(meter.take(50_000)).toBe(20_000)
    expect(meter.take(80_000)).toBe(0)
  })

  it('counts on from a sign after a pause, without the pause', () => {
    const meter = handsOnMeter(0, true)
    meter.touch(100_000)
    expect(meter.take(110_000)).toBe(40_000)
  })

  it('counts nothing while the tab is hidden', () => {
    const meter = handsOnMeter(0, true)
    meter.show(false, 5_000)
    meter.show(true, 25_000)
    expect(meter.take(30_000)).toBe(10_000)
  })

  it('counts again what could not be told, and never more than a minute at once', () => {
    const meter = handsOnMeter(0, true)
    meter.giveBack(meter.take(20_000))
    expect(meter.take(20_000)).toBe(20_000)
    meter.giveBack(500_000)
    expect(meter.take(20_000)).toBe(60_000)
  })

  it('loses nothing else when the clock is set back', () => {
    const meter = handsOnMeter(100_000, true)
    meter.touch(50_000)
    expect(meter.take(60_000)).toBe(10_000)
  })
})
