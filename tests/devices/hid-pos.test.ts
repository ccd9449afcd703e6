import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeReports, layoutOf, readReport } from '../../devices/code-scanners/hid-pos/codec.ts'
import { commandSets } from '../../devices/code-scanners/hid-pos/commands.ts'
import { hidPos } from '../../devices/code-scanners/hid-pos/driver.ts'
import { Joiner } from '../../devices/code-scanners/hid-pos/joiner.ts'
import { descriptors, type LayoutName, layouts } from '../../devices/code-scanners/hid-pos/layouts.ts'
import { inputFields } from '../../devices/code-scanners/hid-pos/report-descriptor.ts'
import { type HidPosSimulation, simulateHidPos } from '../../devices/code-scanners/hid-pos/simulator.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

const names = Object.keys(layouts) as LayoutName[]
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const keyboard = '05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 c0'

function bench(device: HidPosSimulation = {}, settings: Record<string, unknown> = {}, clock = fakeClock()) {
  return plugged(simulateHidPos({ clock, ...device }), settings, clock)
}

function plugged(
  simulator: ReturnType<typeof simulateHidPos>,
  settings: Record<string, unknown>,
  clock: FakeClock,
) {
  const outputs: string[] = []
  const features: string[] = []
  const cable = memoryReportLink((end) => {
    const device = simulator.attach(end)
    return {
      ...device,
      output(report) {
        outputs.push(hex(report))
        device.output?.(report)
      },
      sendFeature: (report) => features.push(hex(report)),
    }
  })
  const codes: string[] = []
  const aims: (string | undefined)[] = []
  const logged: unknown[] = []
  const start = (emit?: () => void) =>
    hidPos.start({
      link: cable.near,
      options: hidPos.options.parse({ device: '0c2e:0b6a', ...settings }),
      signal: cable.near.closed,
      clock,
      log: (message, details) => logged.push({ message, ...details }),
      emit:
        emit ??
        (({ bytes, aim }) => {
          codes.push(latin1(bytes))
          aims.push(aim)
        }),
    })
  const { controls } = simulator
  const show = (code: string | Uint8Array) => clock.until(controls.show(code))
  return { ...cable, simulator, controls, clock, codes, aims, logged, outputs, features, start, show }
}

async function started(device: HidPosSimulation = {}, settings: Record<string, unknown> = {}) {
  const made = bench(device, settings)
  const commands = await made.clock.until(made.start())
  const trigger = (on: boolean) => commands.trigger?.(on) ?? Promise.reject(new Error('no trigger'))
  return { ...made, commands, trigger }
}

describe('HID POS codec', () => {
  test.each(names)('finds the layout of a %s in its report descriptor', (name) => {
    expect(layoutOf(fromHex(descriptors[name]))).toEqual(layouts[name])
  })

  test('the descriptor of the documented head, byte by byte', () => {
    expect(descriptors.honeywell).toBe(
      '058c0902a10185020912a102150026ff00750895010501093b81029503058c' +
        '09fb09fc09fd8102953809fe82020195020666ff090409058102058c09ff1500250175019501810275078103c0c0',
    )
  })

  test('a keyboard, half a descriptor and no bytes at all describe no scanner', () => {
    expect(layoutOf(fromHex(keyboard))).toBeUndefined()
    expect(layoutOf(fromHex(descriptors.honeywell).subarray(0, 40))).toBeUndefined()
    expect(layoutOf(new Uint8Array())).toBeUndefined()
  })

  test('minds long items, usages with their page, pushed globals and reports without id', () => {
    const odd = 'fe 02 10 aa bb 05 8c a4 75 10 95 03 b4 75 08 95 02 0b fe 00 8c 00 81 02'
    expect(inputFields(fromHex(odd))).toEqual([
      { reportId: 0, bit: 8, size: 8, count: 2, usages: [0x008c_00fe] },
    ])
  })

  test('reads a report byte by byte', () => {
    const report = fromHex(`02 03 5d 51 31 41 00 42 ${'00'.repeat(55)} 01`)
    expect(readReport(layouts.honeywell, report)).toEqual({
      bytes: Uint8Array.of(0x41, 0x00, 0x42),
      aim: ']Q1',
      continued: true,
    })
    expect(hex(report)).toHaveLength(128)
    expect(readReport(layouts.honeywell, report.subarray(0, 63))).toBeUndefined()
    expect(readReport(layouts.honeywell, report.with(0, 3))).toBeUndefined()
    expect(readReport(layouts.honeywell, report.with(1, 57))).toBeUndefined()
    expect(readReport(layouts.honeywell, report.with(2, 0))).not.toHaveProperty('aim')
  })

  test('triggers as printed', () => {
    expect(hex(commandSets.honeywell.trigger(true))).toBe(`fd0316540d${'00'.repeat(59)}`)
    expect(hex(commandSets.honeywell.trigger(false))).toBe(`fd0316550d${'00'.repeat(59)}`)
    expect(hex(commandSets.newland.trigger(true)).slice(0, 38)).toBe('04107e01303030302353434e545247313b0300')
  })

  test('any code in any layout comes back from its reports, however long', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 700 })
    fc.assert(
      fc.property(fc.constantFrom(...names), bytes, (name, code) => {
        const layout = layouts[name]
        const joiner = new Joiner({ capacity: layout.capacity, maxLength: 700 })
        const cuts = encodeReports(layout, { bytes: code, aim: ']Q1' }).flatMap((report) => {
          const part = readReport(layout, report)
          return part ? [joiner.push(part)] : []
        })
        const found = [...cuts, joiner.silence()].filter((cut) => cut !== undefined)
        const aim = layout.aimByte === undefined ? {} : { aim: ']Q1' }
        expect(found).toEqual([{ code: { bytes: code, ...aim } }])
      }),
      { numRuns: 200 },
    )
  })

  test('no bytes make the descriptor parser or the report reader fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(...names), (bytes, name) => {
        const layout = layoutOf(bytes) ?? layouts[name]
        const part = readReport(layout, bytes)
        expect(part?.bytes.length ?? 0).toBeLessThanOrEqual(layout.capacity)
      }),
      { numRuns: 500 },
    )
  })
})

describe('HID POS scanner', () => {
  test('asks for the collection of the scanner, not for the keyboard beside it', () => {
    const options = hidPos.options.parse({ device: '0C2E:0B6a', serialNumber: 'S1' })
    const collection = { usagePage: 0x8c, usage: 2 }
    expect(hidPos.link(options)).toEqual({
      type: 'hid',
      vendorId: 0x0c2e,
      productId: 0x0b6a,
      serialNumber: 'S1',
      ...collection,
    })
    expect(hidPos.options.safeParse({ device: '/dev/hidraw0' }).success).toBe(false)
  })

  test.each(names)(
    'reads every byte of a code from a %s, by its descriptor and by its name',
    async (layout) => {
      for (const chosen of ['descriptor', layout]) {
        const { show, codes, aims, clock } = await started({ layout }, { layout: chosen })
        await show(Uint8Array.of(0x41, 0x00, 0xd4, 0xc1, 0xff, 0x0a, 0x02, 0x00))
        await clock.advance(300)
        await show('Z')
        expect(codes).toEqual(['A\x00\xd4\xc1\xff\n\x02\x00', 'Z'])
        expect(aims[0]).toBe(layout === 'newland' ? undefined : ']Q1')
      }
    },
  )

  test.each(names)('joins a code of 2393 digits from many reports (%s)', async (layout) => {
    const { show, codes, clock } = await started({ layout })
    await show('7'.repeat(2393))
    await clock.advance(300)
    expect(codes).toEqual(['7'.repeat(2393)])
  })

  test('a code that fills its last report to the end is not glued to the next', async () => {
    for (const layout of names) {
      const { show, codes, clock } = await started({ layout })
      await show('8'.repeat(112))
      await clock.advance(600)
      await show('NEXT')
      expect(codes).toEqual(['8'.repeat(112), 'NEXT'])
    }
  })

  test('half a code is dropped, never glued to the code that comes later', async () => {
    const { show, codes, clock, logged } = await started({ tornAfter: 2 })
    await show('9'.repeat(200))
    await clock.advance(1500)
    await show('GOOD')
    expect(codes).toEqual(['GOOD'])
    expect(logged).toContainEqual(expect.objectContaining({ reason: 'torn' }))
  })

  test('a code held before the head counts once, and its repeats are counted', async () => {
    const { show, codes, commands } = await started({ repeats: 5 })
    await show('HELD')
    expect([codes, commands.suppressed()]).toEqual([['HELD'], 5])
  })

  test('other reports and garbage are no codes', async () => {
    const { send, codes, clock, show } = await started()
    send(Uint8Array.of(1, 1, 0x41))
    send(new Uint8Array(64).fill(0xff))
    send(new Uint8Array(64).fill(0xff).with(0, 2))
    await clock.advance(1000)
    await show('A')
    expect(codes).toEqual(['A'])
  })

  test('a code longer than allowed is dropped and not logged', async () => {
    const { show, codes, logged } = await started({}, { maxLength: 4 })
    await show('SECRETS')
    await show('OK')
    expect(codes).toEqual(['OK'])
    expect(JSON.stringify(logged)).not.toContain('SECRETS')
  })
})

describe('HID POS scanner: commands', () => {
  test.each(['honeywell', 'newland'] as const)(
    'a %s head reads one code after it was told to',
    async (make) => {
      const { trigger, show, codes, clock, features, controls } = await started(
        { layout: make, mode: 'trigger', answers: true },
        { commands: make },
      )
      expect(features).toEqual(make === 'honeywell' ? ['fe01'] : [])
      await show('UNSEEN')
      await trigger(true)
      await show('SEEN')
      await clock.advance(300)
      await show('LATER')
      expect(codes).toEqual(['SEEN'])
      await trigger(true)
      await trigger(false)
      expect(controls.triggered).toBe(false)
      await clock.advance(3000)
      expect(codes).toEqual(['SEEN'])
    },
  )

  test('answers are never codes: a status at no time, a text not while a command waits', async () => {
    const { trigger, controls, codes, clock } = await started({}, { commands: 'honeywell' })
    controls.say(']Z6', 'REVINF\x06.')
    await clock.advance(300)
    expect(codes).toEqual([])
    await trigger(true)
    controls.say(']X0', 'FIRMWARE 1.2')
    await clock.advance(2000)
    expect(codes).toEqual([])
    controls.say(']X0', 'PRINTED')
    await clock.advance(300)
    expect(codes).toEqual(['PRINTED'])
  })

  test('a head that reads by itself has no trigger and is sent nothing', async () => {
    const { commands, show, outputs, features } = await started()
    await show('A')
    expect([commands.trigger, outputs, features]).toEqual([undefined, [], []])
  })

  test('a trigger on a cable that is out fails, it is not kept for later', async () => {
    const { trigger, unplug, outputs } = await started({}, { commands: 'honeywell' })
    unplug()
    await expect(trigger(true)).rejects.toMatchObject({ code: 'link-lost' })
    expect(outputs).toEqual([])
  })
})

describe('HID POS scanner: connections', () => {
  test('refuses a device that reports no scanned data, and says what to set', async () => {
    const { start } = bench({ descriptor: fromHex(keyboard) })
    await expect(start()).rejects.toMatchObject({
      code: 'wrong-device',
      message: expect.stringContaining('HID POS'),
    })
  })

  test('without a report descriptor the layout must be set', async () => {
    await expect(bench({ descriptor: null }).start()).rejects.toMatchObject({ code: 'bad-config' })
    const { show, codes, start, clock } = bench({ descriptor: null }, { layout: 'honeywell' })
    await clock.until(start())
    await show('A')
    expect(codes).toEqual(['A'])
  })

  test('unplugged in the middle of the greeting: the start fails with the reason', async () => {
    const { start, unplug } = bench({}, { commands: 'honeywell' })
    const refused = expect(start()).rejects.toMatchObject({ code: 'link-lost' })
    unplug()
    await refused
  })

  test('shut down in the middle of a code: no event, no error', async () => {
    const { show, near, codes, clock } = await started({ tornAfter: 1 })
    await show('9'.repeat(200))
    await near.close()
    await clock.advance(5000)
    expect(codes).toEqual([])
  })

  test('an agent that fails over a code costs the connection, not the kiosk', async () => {
    const { start, show, near, clock } = bench()
    await clock.until(
      start(() => {
        throw new Error('full')
      }),
    )
    await show('A')
    await clock.advance(0)
    expect(near.closed.aborted).toBe(true)
  })

  test('the head can be unplugged and plugged in again', async () => {
    const first = await started()
    first.unplug()
    const again = plugged(first.simulator, {}, first.clock)
    await first.clock.until(again.start())
    await first.show('AGAIN')
    expect([first.codes, again.codes]).toEqual([[], ['AGAIN']])
  })
})
