import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
} from '../../devices/id-card-readers/sam-hid/codec.ts'
import { samHid } from '../../devices/id-card-readers/sam-hid/driver.ts'
import { simulateSamHid } from '../../devices/id-card-readers/sam-hid/simulator.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import { type PlugReader, readerBench, samReaderContract } from '../support/sam-reader-contract.ts'
import { fromHex, hex } from '../support/sam-serial-bench.ts'

const options = samHid.options.parse({ device: '0103:6066', vendorCommand: 0x62 })

function plugWith(vendorCommand: number, outputs: string[] = []): PlugReader {
  return (device) => {
    const faults = Object.assign(device, { vendorCommand })
    const simulator = simulateSamHid(faults)
    const cable = memoryReportLink((end) => {
      const made = simulator.attach(end)
      return {
        ...made,
        output(report) {
          outputs.push(hex(report))
          made.output?.(report)
        },
      }
    }, 'hid test')
    return {
      ...cable,
      controls: simulator.controls,
      garble() {
        cable.send(new Uint8Array(65).fill(0xaa))
        cable.send(Uint8Array.of(0))
      },
      start: (session) => samHid.start({ ...session, options, link: cable.near }),
    }
  }
}

samReaderContract('sam-hid', plugWith(0x62))

describe('HID ID card reader', () => {
  test('is found by the identity in its settings; its command must be set', () => {
    expect(samHid.link(options)).toMatchObject({ type: 'hid', vendorId: 0x0103, productId: 0x6066 })
    expect(samHid.options.safeParse({ device: '0103:6066' }).success).toBe(false)
  })

  test('puts a request into its envelope, byte by byte', async () => {
    const outputs: string[] = []
    const { start, clock } = readerBench(plugWith(0x62, outputs))
    await clock.until(start())
    // 0b + 00 + 62 and the ten bytes of the frame add up to 056a.
    expect(outputs[0]).toBe(`00880000${'0b0062'}${'aaaaaa9669000311ffed'}6a05${'00'.repeat(46)}`)
  })

  test('a reader that knows another command is told as not answering', async () => {
    const { start, clock } = readerBench(plugWith(0x63))
    await expect(clock.until(start())).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('vendorCommand (now 98)'),
    })
  })

  test('something that speaks without the envelope is another device', async () => {
    const { start, clock, garble } = readerBench(plugWith(0x63))
    const starting = start()
    garble()
    await expect(clock.until(starting)).rejects.toMatchObject({ code: 'wrong-device' })
  })

  test('reads an answer byte by byte, and only one that is whole', () => {
    const report = fromHex(`aa1234${'0500'}00${'0000'}${'9055'}ea00${'00'.repeat(53)}`)
    expect(hex(decodeAnswer(report) ?? new Uint8Array())).toBe('9055')
    for (const [at, byte] of [
      [0, 0x88],
      [3, 0x00],
      [3, 0xff],
      [8, 0x91],
    ] as const)
      expect(decodeAnswer(report.with(at, byte))).toBeUndefined()
    expect(decodeAnswer(report.subarray(0, 11))).toBeUndefined()
  })

  test('any bytes come back from their reports, and no report makes the codec fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1400 }), (bytes) => {
        const reports = encodeAnswer(bytes)
        expect(reports.every(({ length }) => length === 64)).toBe(true)
        expect(hex(Buffer.concat(reports.map((each) => decodeAnswer(each) ?? new Uint8Array())))).toBe(
          hex(bytes),
        )
      }),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 56 }), (command, data) => {
        expect(decodeRequest(encodeRequest(command, data))).toEqual({ command, data })
      }),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(decodeAnswer(Uint8Array.of(0xaa, ...bytes))?.length ?? 0).toBeLessThanOrEqual(54)
      }),
      { numRuns: 300 },
    )
  })
})
