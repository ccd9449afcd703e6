import { describe, expect, test } from 'vitest'
import { systemClock } from '../../devices/lib/clock.ts'
import { keepSampling } from '../../devices/lib/sampling.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { fakeClock } from '../support/fake-clock.ts'

function sampling(read: () => Promise<void>, clock = fakeClock()) {
  const { near, unplug } = memoryLink()
  const session = {
    link: near,
    signal: near.closed,
    clock,
    options: {},
    log: () => {},
    emit: () => {},
  }
  return { clock, unplug, link: near, ...keepSampling(session, 100, read) }
}

describe('A thermometer that must be asked', () => {
  test('is asked ten times a second while somebody is there, once a second while nobody is, and at once when somebody comes', async () => {
    let readings = 0
    const { clock, attend } = sampling(async () => {
      readings++
    })
    await clock.advance(1000)
    expect(readings).toBe(11) // attended from the start
    attend(false)
    readings = 0
    await clock.advance(3000)
    expect(readings).toBeLessThanOrEqual(4)
    expect(readings).toBeGreaterThanOrEqual(3)
    await clock.advance(300)
    readings = 0
    attend(true)
    attend(true)
    await clock.advance(10)
    expect(readings).toBe(1)
    await clock.advance(400)
    expect(readings).toBe(5)
  })

  test('is asked no more once the connection is over, whether or not somebody comes', async () => {
    let readings = 0
    const { clock, attend, unplug } = sampling(async () => {
      readings++
    })
    attend(false)
    await clock.advance(500)
    unplug()
    await clock.advance(100)
    readings = 0
    attend(true)
    await clock.advance(2000)
    expect(readings).toBe(0)
  })

  test('ends the connection after three failures in a row', async () => {
    const { clock, link } = sampling(async () => {
      await systemClock.sleep(0)
      throw new Error('nothing came')
    })
    await clock.advance(100)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(link.closed.aborted).toBe(true)
  })
})
