import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import { describedDriverIds, modelIds } from '../../devices/registry.ts'
import { simulatorOf } from '../../kiosk-agent/bench/simulated-devices.ts'
import type { KindEvent } from '../../kiosk-agent/device-hub.ts'
import type { Damage } from '../support/bad-cable.ts'
import { configured, type ModelBenchOptions, modelBench } from '../support/model-bench.ts'

// What every model of the registry, and every driver without code, must stand, run by the hub as in a terminal. A model that is added is tried here without
// a line of its own but its settings; what is special about it has tests of its own.

/** Cannot be asked anything, so nothing at the other end can be told from silence. The documents say so. */
const cannotBeAsked: readonly string[] = [
  'line-scanner',
  'tripod-serial',
  'hid-pos',
  'example-framed-scanner',
]

const models: readonly string[] = [...modelIds, ...(await describedDriverIds())]

/** Descriptions of frames that another model sends, too. */
const sameFrames: readonly (readonly [string, string])[] = [
  ['example-polled-thermometer', 'gy-614v'],
  ['example-framed-scanner', 'vguang'],
]
const speakAlike = (one: string, other: string) =>
  one === other || sameFrames.some((pair) => pair.includes(one) && pair.includes(other))

/** Its last answer tells an ability, and without it the printer is taken for one that has it not. */
const lastAnswerIsOptional: readonly string[] = ['escpos']

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled.splice(0)).toEqual([])
})

/** Events that could admit somebody or count somebody. Plain lines have no check, so of a scanner nothing is certain. */
const evidence = (events: readonly KindEvent[]) =>
  events.filter(
    ({ kind, event }) =>
      kind !== 'code-scanner' && ['card', 'temperature', 'passed', 'call-button'].includes(event.type),
  )

async function bench(model: string, options: ModelBenchOptions = {}) {
  const made = await modelBench(model, options)
  onTestFinished(() => made.close())
  return made
}

/** A device that falls silent for good after so many bytes. */
function silentAfter(bytes: number): Damage {
  let left = bytes
  return (said) => {
    const arrived = said.subarray(0, left)
    left -= arrived.length
    return arrived.length > 0 ? arrived : undefined
  }
}

/** Noise as long as what was said, the same each time. */
function noise(seed: number): Damage {
  let state = seed * 2654435761 + 1
  return (said) =>
    said.map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
}

/** Where the voice of a device can be cut off while it is greeted: in its first answer, on the way, and in the last one. */
async function cuts(model: string): Promise<number[]> {
  const said: number[] = []
  const made = await bench(model, {
    damage(bytes) {
      if (!made?.isUsable()) said.push(bytes.length)
      return bytes
    },
  })
  await made.clock.advance(10_000)
  const total = said.reduce((sum, length) => sum + length, 0)
  const last = total - (said.at(-1) ?? 0)
  // Reports are filled up: only their beginning is certain to be an answer's.
  const ends = [1, 2, 3, 5, 8, last >> 1]
  if (!lastAnswerIsOptional.includes(model)) ends.push(last, last + 1, last + 4)
  return [...new Set(ends)].filter((end) => end > 0 && end < total).sort((a, b) => a - b)
}

describe.each(models)('%s, as any model', (model) => {
  const isGreeted = !cannotBeAsked.includes(model)

  test('comes online within five seconds, and stays so', async () => {
    const { clock, codes, isUsable } = await bench(model)
    await clock.advance(5000)
    expect(isUsable()).toBe(true)
    await clock.advance(60_000)
    expect(codes).toEqual(['online'])
  })

  test('unplugged, it is missed within two seconds; plugged in again, it is usable within five', async () => {
    const { clock, unplug, plugIn, state, isUsable } = await bench(model)
    await clock.advance(7000)
    for (const pauseMs of [1, 777, 4321]) {
      unplug()
      await clock.advance(2000)
      expect([isUsable(), state()]).toEqual([false, 'powerOff'])
      await clock.advance(pauseMs)
      plugIn()
      await clock.advance(5000)
      expect([isUsable(), state()]).toEqual([true, 'online'])
    }
  })

  test('unplugged at any moment while it is greeted, it comes online after all', async () => {
    for (const atMs of [0, 1, 10, 60, 150, 333, 700]) {
      const { clock, unplug, plugIn, isUsable, close } = await modelBench(model)
      await clock.advance(atMs)
      unplug()
      await clock.advance(100)
      expect(isUsable()).toBe(false)
      plugIn()
      await clock.advance(6000)
      expect([atMs, isUsable()]).toEqual([atMs, true])
      await close()
    }
  })

  test('where nobody answers it is never online, and says why', async () => {
    const { clock, codes, events, wasUsable } = await bench(model, { damage: () => undefined })
    await clock.advance(20_000)
    expect(evidence(events)).toEqual([])
    expect(wasUsable()).toBe(!isGreeted)
    if (isGreeted) expect(['timeout', 'bad-answer', 'refused', 'wrong-device']).toContain(codes[0])
  })

  test('where something else speaks, nothing of it is evidence', async () => {
    for (const seed of [1, 2, 3]) {
      const { clock, wasUsable, events, close } = await modelBench(model, { damage: noise(seed) })
      await clock.advance(15_000)
      expect(evidence(events)).toEqual([])
      if (isGreeted) expect([seed, wasUsable()]).toEqual([seed, false])
      await close()
    }
  })

  test('half an answer, wherever it ends, is no evidence, and a whole one afterwards is heard', async () => {
    for (const end of await cuts(model)) {
      let damage = silentAfter(end)
      const { clock, events, unplug, plugIn, isUsable, wasUsable, close } = await modelBench(model, {
        damage: (said) => damage(said),
      })
      await clock.advance(12_000)
      expect([end, evidence(events)]).toEqual([end, []])
      if (isGreeted) expect([end, wasUsable()]).toEqual([end, false])
      unplug()
      damage = (said) => said
      await clock.advance(100)
      plugIn()
      await clock.advance(12_000)
      expect([end, isUsable()]).toEqual([end, true])
      await close()
    }
  })

  test('stopped at any moment, it leaves nothing open and says nothing any more', async () => {
    for (const atMs of [0, 1, 10, 100, 500, 3000]) {
      for (const damage of [(said: Uint8Array) => said, silentAfter(9), noise(7)]) {
        const { clock, events, open, close } = await modelBench(model, { damage })
        await clock.advance(atMs)
        await close()
        const before = events.length
        await clock.advance(10_000)
        expect([open(), events.length]).toEqual([0, before])
      }
    }
  })
})

describe('Every model at every other one', () => {
  test.each(models)(
    '%s: a wrong device is never online, is no evidence, and no gate moves',
    async (model) => {
      const own = await simulatorOf(await configured(model))
      for (const stranger of models) {
        if (speakAlike(stranger, model)) continue
        const { linkKind = 'stream' } = await simulatorOf(await configured(stranger))
        if (linkKind !== (own.linkKind ?? 'stream')) continue
        const { clock, wasUsable, events, device, simulator, close } = await modelBench(model, { stranger })
        await clock.advance(8000)
        expect([stranger, evidence(events)]).toEqual([stranger, []])
        if (!cannotBeAsked.includes(model)) expect([stranger, wasUsable()]).toEqual([stranger, false])
        const { pulses = 0, relayOn = false } = simulator.controls as Partial<GateControls>
        expect([device.id, stranger, pulses, relayOn]).toEqual([model, stranger, 0, false])
        await close()
      }
    },
  )
})
