import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pipesOf, restLength } from '../../devices/id-card-readers/sam-usb/codec.ts'
import { samUsb } from '../../devices/id-card-readers/sam-usb/driver.ts'
import { pipeLine } from '../../devices/id-card-readers/sam-usb/pipe-line.ts'
import { simulateSamUsb } from '../../devices/id-card-readers/sam-usb/simulator.ts'
import { Framer } from '../../devices/lib/frames.ts'
import { samHost, samModule } from '../../devices/lib/sam/codec.ts'
import { connectPipes, memoryPipesLink } from '../../devices/link/memory-pipes.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type PlugReader, readerBench, samReaderContract } from '../support/sam-reader-contract.ts'
import { fromHex, hex } from '../support/sam-serial-bench.ts'

const options = samUsb.options.parse({})

function plugWith(pipes: 'split' | 'whole', received: string[] = []): PlugReader {
  return (device, clock) => {
    const simulator = simulateSamUsb(Object.assign(device, { pipes }))
    const cable = connectPipes(
      (end) => {
        const made = simulator.attach(end)
        return {
          ...made,
          received(endpoint, bytes) {
            received.push(`${endpoint}: ${hex(bytes)}`)
            made.received?.(endpoint, bytes)
          },
        }
      },
      clock,
      'usb test',
    )
    return {
      ...cable,
      controls: simulator.controls,
      garble() {
        for (const endpoint of cable.near.endpoints.in) cable.send(endpoint, fromHex('00ffaaaaaa9669ffff55'))
      },
      start: (session) => samUsb.start({ ...session, options, link: cable.near }),
    }
  }
}

samReaderContract('sam-usb with four pipes', plugWith('split'))
samReaderContract('sam-usb with two pipes', plugWith('whole'))

describe('USB ID card reader', () => {
  test('is found by its identity', () => {
    expect(samUsb.link(options)).toMatchObject({ type: 'usb', vendorId: 0x0400, productId: 0xc35a })
  })

  test('cuts every request in two for its pipes, byte by byte', async () => {
    const received: string[] = []
    const { start, clock } = readerBench(plugWith('split', received))
    await clock.until(start())
    expect(received.slice(0, 4)).toEqual(['2: aaaaaa96690003', '6: 11ffed', '2: aaaaaa96690003', '6: 12ffee'])
  })

  test('sends whole frames where there is one pipe each way', async () => {
    const received: string[] = []
    const { start, clock } = readerBench(plugWith('whole', received))
    await clock.until(start())
    expect(received[0]).toBe('2: aaaaaa9669000311ffed')
  })

  test('refuses a device with other pipes', async () => {
    const clock = fakeClock()
    const { near } = memoryPipesLink({ endpoints: { in: [1, 2, 3], out: [4] }, clock })
    const session = { link: near, options, signal: near.closed, clock, log: () => {}, emit: () => {} }
    await expect(samUsb.start(session)).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('knows its pipes whatever else there is', () => {
    expect(pipesOf({ in: [1, 5, 7], out: [2, 6] })).toMatchObject({ headOut: 2, restIn: 5 })
    expect(pipesOf({ in: [], out: [2] })).toBeUndefined()
    expect(pipesOf({ in: [1, 3], out: [2] })).toBeUndefined()
  })

  test('takes only a head for a head', () => {
    expect(restLength(fromHex('aaaaaa96690508'))).toBe(0x508)
    expect(restLength(fromHex('aaaaaa9669090a'))).toBe(2314)
    for (const bad of ['aaaaaa9669090b', 'aaaaaa96690000', 'aaaaaa966905', 'aaaaab96690508'])
      expect(restLength(fromHex(bad))).toBeUndefined()
  })

  test('any answers in any transfers come back whole', async () => {
    const answer = fc.record({
      status: fc.integer({ min: 0, max: 255 }),
      sw1: fc.constant(0),
      sw2: fc.constant(0),
      data: fc.uint8Array({ maxLength: 300 }),
    })
    const pieces = fc.integer({ min: 1, max: 64 })
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), pieces, async (answers, size) => {
        const clock = fakeClock()
        const cable = memoryPipesLink({ endpoints: { in: [1, 5], out: [2, 6] }, clock })
        const pipes = pipesOf(cable.near.endpoints)
        if (!pipes) throw new Error('no pipes')
        for (const each of answers) {
          const frame = samModule.encode(each)
          cable.send(1, frame.subarray(0, 7))
          for (let from = 7; from < frame.length; from += size)
            cable.send(5, frame.subarray(from, from + size))
        }
        const framer = new Framer(samHost)
        const found: unknown[] = []
        for await (const bytes of pipeLine(cable.near, pipes).bytes) {
          found.push(...framer.push(bytes))
          if (found.length === answers.length) break
        }
        expect(found).toEqual(answers)
      }),
      { numRuns: 60 },
    )
  })
})
