import { describe, expect, test } from 'vitest'
import {
  readOrder,
  readState,
  switchRelay,
  writeState,
} from '../../devices/auxiliaries/dcttech-hid-relay/codec.ts'
import { dcttechHidRelay } from '../../devices/auxiliaries/dcttech-hid-relay/driver.ts'
import {
  type DcttechSimulation,
  simulateDcttech,
} from '../../devices/auxiliaries/dcttech-hid-relay/simulator.ts'
import { memoryReportLink } from '../../devices/link/memory-report.ts'
import { configureDevice } from '../../devices/registry.ts'
import { bytes, hex } from '../support/codec-properties.ts'
import { fakeClock } from '../support/fake-clock.ts'

const lights = { 'id-card-reader': 1, 'receipt-printer': 3 }

/** A driver and a simulated board, and every report that was written. */
function plugged(device: DcttechSimulation = {}, settings: Record<string, unknown> = {}) {
  const clock = fakeClock()
  const written: string[] = []
  const faults = { lights, ...device }
  const { controls, attach } = simulateDcttech(faults)
  const cable = memoryReportLink((end) => {
    const board = attach(end)
    const note = (way: string, take?: (report: Uint8Array) => void) => (report: Uint8Array) => {
      written.push(`${way} ${hex(report)}`)
      take?.(report)
    }
    return {
      ...board,
      output: note('output', board.output),
      sendFeature: note('feature', board.sendFeature),
    }
  })
  const start = () =>
    dcttechHidRelay.start({
      link: cable.near,
      options: dcttechHidRelay.options.parse({ lights, ...settings }),
      signal: cable.near.closed,
      clock,
      log: () => {},
      emit: () => {},
    })
  return { ...cable, clock, written, controls, faults, start }
}

async function started(device: DcttechSimulation = {}, settings: Record<string, unknown> = {}) {
  const bench = plugged(device, settings)
  const commands = await bench.clock.until(bench.start())
  await bench.clock.advance(0)
  return { ...bench, commands }
}

describe('Reports of a dcttech relay board', () => {
  test('orders are the printed bytes, and nothing else is an order', () => {
    expect(hex(switchRelay(1, true))).toBe(hex(bytes('00 FF 01 00 00 00 00 00 00')))
    expect(hex(switchRelay(8, false))).toBe(hex(bytes('00 FD 08 00 00 00 00 00 00')))
    expect(readOrder(switchRelay(8, true))).toEqual({ relay: 8, on: true })
    for (const other of ['00 FE 00', '00 FC 00', '00 FA 41 42 43 44 45', '01 FF 01', '00 F1', ''])
      expect(readOrder(bytes(other))).toBeUndefined()
  })

  test.each([
    ['report 1, eight bytes', '48 55 52 54 4D 00 00 05'],
    ['report 1, filled up to nine', '48 55 52 54 4D 00 00 05 00'],
    ['report 0, nine bytes', '00 48 55 52 54 4D 00 00 05'],
    ['report 1 with its id kept', '01 48 55 52 54 4D 00 00 05'],
  ])('the relays are found where they are: %s', (_, answer) => {
    expect(readState(bytes(answer))).toEqual({ name: 'HURTM', relays: 5 })
  })

  test.each([
    ['nothing', ''],
    ['one byte short', '00 48 55 52 54 4D 00 00'],
    ['no name', '00 00 00 00 00 00 00 00 05'],
    ['a name of four', '00 48 55 52 54 00 00 00 05'],
    ['noise', 'FF FF FF FF FF FF FF FF FF'],
  ])('is no state: %s', (_, answer) => {
    expect(readState(bytes(answer))).toBeUndefined()
  })

  test('every state is read as it was told, with and without a report id', () => {
    for (let relays = 0; relays < 256; relays++)
      for (const withId of [true, false])
        expect(readState(writeState({ name: 'a1~!Z', relays }, withId))?.relays).toBe(relays)
  })
})

describe('Guide lights on a dcttech relay board', () => {
  const worlds: DcttechSimulation[] = [
    { stateReport: 1, takes: 'feature' },
    { stateReport: 0, takes: 'feature' },
    { stateReport: 'padded', takes: 'output' },
    { stateReport: 0, takes: 'output' },
  ]
  test.each(worlds)('shine, blink and go out on a system with %j', async (device) => {
    const { commands, controls, clock } = await started(device)
    expect([commands.lights, controls.relays]).toEqual([['id-card-reader', 'receipt-printer'], 0])
    await clock.until(commands.light('receipt-printer', 'continuous'))
    expect([controls.isLit('receipt-printer'), controls.relays]).toEqual([true, 0b100])
    await clock.until(commands.light('id-card-reader', 'slow'))
    const seen: boolean[] = []
    for (let look = 0; look < 20; look++) {
      seen.push(controls.isLit('id-card-reader'))
      await clock.advance(100)
    }
    expect(seen.filter(Boolean).length).toBe(10)
    await clock.until(commands.light('id-card-reader', 'off'))
    await clock.until(commands.light('receipt-printer', 'off'))
    expect(controls.relays).toBe(0)
  })

  test('relays that belong to nobody here are never touched', async () => {
    const { commands, controls, clock, written } = await started({ product: 'USBRelay4' })
    controls.setRelays(0b1010)
    await clock.until(commands.light('id-card-reader', 'quick'))
    await clock.advance(5000)
    expect(controls.relays & 0b1010).toBe(0b1010)
    for (const report of written) expect(report).toMatch(/^(feature|output) 00 ?f[fd] ?0[13]/i)
  })

  test('what somebody else switched is put right within a second', async () => {
    const { commands, controls, clock } = await started()
    await clock.until(commands.light('id-card-reader', 'continuous'))
    controls.setRelays(0b100)
    await clock.advance(1200)
    expect(controls.relays).toBe(0b001)
  })

  test('a relay that does not obey is told to the caller, and after three tries the board is greeted anew', async () => {
    const { commands, clock, faults, near } = await started()
    faults.stuck = true
    await expect(clock.until(commands.light('id-card-reader', 'continuous'))).rejects.toMatchObject({
      code: 'refused',
    })
    await clock.advance(1000)
    expect(near.closed.aborted).toBe(true)
  })

  test('a board gone silent is noticed within two seconds', async () => {
    const { clock, controls, near } = await started()
    controls.silent(true)
    await clock.advance(2000)
    expect(near.closed.aborted).toBe(true)
  })

  test.each<[string, DcttechSimulation, string]>([
    ['a clone that cannot tell its state', { product: 'HIDRelay' }, 'wrong-device'],
    ["somebody else's gadget of the same identity", { manufacturer: 'www.fischl.de' }, 'wrong-device'],
    ['a board that tells garbage', { garbled: true }, 'bad-answer'],
  ])('refuses %s, and writes not a byte to it', async (_, device, code) => {
    const { start, written } = plugged(device)
    await expect(start()).rejects.toMatchObject({ code })
    expect(written).toEqual([])
  })

  test('refuses a board that is called otherwise, and a relay it does not have', async () => {
    await expect(plugged({}, { boardName: 'OTHER' }).start()).rejects.toMatchObject({ code: 'wrong-device' })
    await expect(plugged({ product: 'USBRelay2' }).start()).rejects.toMatchObject({ code: 'bad-config' })
  })

  test.each(['unplug', 'close'] as const)(
    '%s in the middle: the command fails with the reason',
    async (how) => {
      const { commands, near, unplug, clock, written } = await started()
      if (how === 'unplug') unplug()
      else await near.close()
      const code = how === 'close' ? 'link-closed' : 'link-lost'
      await expect(commands.light('id-card-reader', 'quick')).rejects.toMatchObject({ code })
      const before = written.length
      await clock.advance(5000)
      expect(written.length).toBe(before)
    },
  )

  test('a light left on by an agent that died goes out at the next start', async () => {
    const { controls, start, clock, written } = plugged()
    controls.setRelays(0b101)
    const commands = await clock.until(start())
    await clock.advance(0)
    expect([controls.relays, written.length]).toEqual([0, 2])
    expect([commands.presence(), commands.doorOpen()]).toEqual([undefined, undefined])
  })
})

describe('Settings of a dcttech relay board', () => {
  const configured = (options: unknown) =>
    configureDevice({ id: 'gate', driver: 'dcttech-hid-relay', options })

  test.each([
    ['nothing', {}],
    ['the keys of a gate', { path: '/dev/ttyUSB0', relay: 1 }],
    ['the keys of a gate beside lights', { lights, pulseMs: 500 }],
    ['a light that is the gate', { lights: { gate: 1 } }],
    ['no light at all', { lights: {} }],
  ])('%s: refused as a gate, with the boards to use instead', async (_, options) => {
    await expect(configured(options)).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('for a gate use lcus-relay'),
    })
  })

  test('two lights on one relay are refused', async () => {
    const shared = configured({ lights: { thermometer: 2, 'code-scanner': 2 } })
    await expect(shared).rejects.toThrow('two lights cannot share a relay')
  })

  test('the board of this maker is looked for first', () => {
    const options = dcttechHidRelay.options.parse({ lights })
    expect(dcttechHidRelay.link(options)).toMatchObject({ vendorId: 0x16c0, manufacturer: 'www.dcttech.com' })
  })
})
