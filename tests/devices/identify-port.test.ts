import { beforeAll, describe, expect, test } from 'vitest'
import { simulateModbusIo } from '../../devices/auxiliaries/modbus-io/simulator.ts'
import { simulateGm65 } from '../../devices/code-scanners/gm65/simulator.ts'
import { simulateHoneywell } from '../../devices/code-scanners/honeywell/simulator.ts'
import { simulateLineScanner } from '../../devices/code-scanners/line-scanner/simulator.ts'
import { simulateNewland } from '../../devices/code-scanners/newland/simulator.ts'
import { simulateVguang } from '../../devices/code-scanners/vguang/simulator.ts'
import { simulateZebraSsi } from '../../devices/code-scanners/zebra-ssi/simulator.ts'
import { DeviceError } from '../../devices/errors.ts'
import { simulateLcus } from '../../devices/gates/lcus-relay/simulator.ts'
import { simulateModbusRelay } from '../../devices/gates/modbus-relay/simulator.ts'
import { simulateTripod } from '../../devices/gates/tripod-serial/simulator.ts'
import { simulateSamSerial } from '../../devices/id-card-readers/sam-serial/simulator.ts'
import type { FoundPort, Identified } from '../../devices/identify/found.ts'
import { type IdentifyOptions, identifyPort } from '../../devices/identify/identify-port.ts'
import { probes } from '../../devices/identify/plan.ts'
import type { Kind } from '../../devices/kinds.ts'
import type { Clock } from '../../devices/lib/clock.ts'
import type { StreamLink, StreamOptions } from '../../devices/link/link.ts'
import { simulateEscpos } from '../../devices/receipt-printers/escpos/simulator.ts'
import { configureDevice, modelIds } from '../../devices/registry.ts'
import { simulateGy614v } from '../../devices/thermometers/gy-614v/simulator.ts'
import { simulateGy90614 } from '../../devices/thermometers/gy-90614/simulator.ts'
import { simulateGyMcu90640 } from '../../devices/thermometers/gy-mcu90640/simulator.ts'
import { simulateLu90614 } from '../../devices/thermometers/lu90614/simulator.ts'
import { simulateModbusInfrared } from '../../devices/thermometers/modbus-infrared/simulator.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { serialDevice } from '../support/serial-device.ts'

const path = '/dev/serial/by-path/one'
const port: FoundPort = {
  id: 'serial:one',
  transport: 'serial',
  path,
  node: '/dev/ttyUSB0',
  names: [path, '/dev/ttyUSB0'],
  label: 'USB Serial (1a86:7523), socket 1-1',
  troubles: [],
}

interface Model {
  readonly baudRate: number
  readonly kind: Kind
  attach(clock: Clock): (far: StreamLink) => void
  /** Other models that the same hardware may serve as. */
  readonly twins?: readonly string[]
}

const registers = {
  object: { function: 3, register: 0, unitsPerDegree: 100, sign: 'twos-complement' },
} as const
/** Every model on a serial line, at the speed it is delivered with. */
const models: Record<string, Model> = {
  'sam-serial': {
    baudRate: 115_200,
    kind: 'id-card-reader',
    attach: (clock) => simulateSamSerial({ clock }).attach,
  },
  vguang: { baudRate: 115_200, kind: 'code-scanner', attach: (clock) => simulateVguang({ clock }).attach },
  newland: { baudRate: 9600, kind: 'code-scanner', attach: (clock) => simulateNewland({ clock }).attach },
  'zebra-ssi': {
    baudRate: 9600,
    kind: 'code-scanner',
    attach: (clock) => simulateZebraSsi({ clock }).attach,
  },
  honeywell: { baudRate: 9600, kind: 'code-scanner', attach: (clock) => simulateHoneywell({ clock }).attach },
  gm65: { baudRate: 9600, kind: 'code-scanner', attach: (clock) => simulateGm65({ clock }).attach },
  'gy-614v': {
    baudRate: 9600,
    kind: 'thermometer',
    attach: (clock) => simulateGy614v({ clock, continuous: false }).attach,
  },
  'gy-90614': {
    baudRate: 115_200,
    kind: 'thermometer',
    attach: (clock) => simulateGy90614({ clock, continuous: false }).attach,
  },
  'gy-mcu90640': {
    baudRate: 115_200,
    kind: 'thermometer',
    attach: (clock) => simulateGyMcu90640({ clock, sending: false }).attach,
  },
  lu90614: { baudRate: 9600, kind: 'thermometer', attach: (clock) => simulateLu90614({ clock }).attach },
  'modbus-infrared': {
    baudRate: 9600,
    kind: 'thermometer',
    attach: (clock) =>
      simulateModbusInfrared({ clock, map: { ...registers, ambient: { ...registers.object, register: 1 } } })
        .attach,
  },
  'modbus-relay': {
    baudRate: 9600,
    kind: 'gate',
    attach: (clock) => simulateModbusRelay({ clock }).attach,
    twins: ['modbus-io'],
  },
  'lcus-relay': { baudRate: 9600, kind: 'gate', attach: (clock) => simulateLcus({ clock }).attach },
  'modbus-io': {
    baudRate: 9600,
    kind: 'auxiliaries',
    attach: (clock) => simulateModbusIo({ clock }).attach,
    twins: ['modbus-relay'],
  },
  escpos: { baudRate: 19_200, kind: 'receipt-printer', attach: (clock) => simulateEscpos({ clock }).attach },
}

/** They have no question that proves them: one sends nothing but codes, the other has no answers. */
const mute: Record<string, Model> = {
  'line-scanner': {
    baudRate: 9600,
    kind: 'code-scanner',
    attach: (clock) => simulateLineScanner({ clock }).attach,
  },
  'tripod-serial': { baudRate: 9600, kind: 'gate', attach: (clock) => simulateTripod({ clock }).attach },
}

async function identify(
  { attach, baudRate }: Pick<Model, 'attach' | 'baudRate'>,
  options: Partial<Pick<IdentifyOptions, 'claimed' | 'bauds'>> & { readonly port?: FoundPort } = {},
) {
  const clock = fakeClock()
  const device = serialDevice(attach(clock), baudRate)
  const { port: asked = port, ...rest } = options
  const identifying = identifyPort(asked, {
    openLink: device.openLink,
    clock,
    signal: new AbortController().signal,
    ...rest,
  })
  const found = await clock.until(identifying, 300_000)
  return { found, ...device }
}

// A model is loaded from the disk when it is proposed first, and the disk knows nothing of a test's clock.
beforeAll(async () => {
  await Promise.allSettled(modelIds.map((driver) => configureDevice({ id: 'x', driver, options: {} })))
})

const drivers = ({ candidates }: Identified) => candidates.map(({ driver }) => driver)
const askedOnlyIfClaimed = ['sam-serial', 'vguang', 'honeywell']

describe('A port is identified', () => {
  test('every model with a question that proves it is in this table', () => {
    const asked = probes.flatMap(({ suggestions }) => suggestions.map(({ driver }) => driver))
    expect([...new Set([...asked, 'escpos'])].sort()).toEqual(Object.keys(models).sort())
    const others = [
      'sam-usb',
      'sam-hid',
      'hid-pos',
      'modbus-tcp-relay',
      'dcttech-hid-relay',
      'hikvision-isapi',
      ...Object.keys(mute),
    ]
    expect([...Object.keys(models), ...others].sort()).toEqual([...modelIds].sort())
  })

  test.each(Object.keys(models).filter((id) => !askedOnlyIfClaimed.includes(id)))(
    'a %s as itself, though nobody said what it is',
    async (id) => {
      const model = models[id] as Model
      const { found, opened } = await identify(model)
      expect(drivers(found)).toEqual([id, ...(model.twins ?? [])])
      expect(found.candidates[0]).toMatchObject({
        port: 'serial:one',
        certainty: 'answered',
        evidence: { code: 'answered-probe', values: { baudRate: String(model.baudRate) } },
      })
      expect(opened.at(-1)).toBe(model.baudRate)
    },
  )

  test.each(Object.keys(models))(
    'a %s as itself, when the technician says of what kind it is',
    async (id) => {
      const model = models[id] as Model
      const { found } = await identify(model, { claimed: model.kind })
      expect(drivers(found)).toEqual([id, ...(model.twins ?? [])])
      expect(found.withheld).toEqual([])
    },
  )

  test('and every proposal passes the schema of its driver and travels as JSON', async () => {
    for (const model of Object.values(models)) {
      const { found } = await identify(model, { claimed: model.kind })
      expect(JSON.parse(JSON.stringify(found))).toEqual(found)
      for (const { driver, options, toBeSet } of found.candidates) {
        const configured = await configureDevice({ id: 'x', driver, options })
        if (!model.twins) expect(configured.driver.kind).toBe(model.kind)
        for (const name of toBeSet) expect(typeof name).toBe('string')
      }
    }
  })

  test.each([
    ['gy-90614', simulateGy90614],
    ['gy-614v', simulateGy614v],
    ['gy-mcu90640', simulateGyMcu90640],
  ] as const)('a %s that speaks by itself without a single byte sent', async (id, simulate) => {
    const baudRate = models[id]?.baudRate ?? 0
    const { found, sent } = await identify({ baudRate, attach: (clock) => simulate({ clock }).attach })
    expect(found.candidates).toMatchObject([
      { driver: id, certainty: 'heard', evidence: { values: { baudRate: String(baudRate) } } },
    ])
    expect(sent).toEqual([])
  })

  test('a Vguang head by the text it sends now and then', async () => {
    const baudRate = 115_200
    const { found, sent } = await identify({
      baudRate,
      attach: (clock) => (far) => {
        const simulator = simulateVguang({ clock })
        simulator.attach(far)
        if (far.name.length > 0)
          void clock.sleep(200, far.closed).then(
            () => simulator.controls.heartbeat('bare'),
            () => {},
          )
      },
    })
    expect([drivers(found), sent]).toEqual([['vguang'], []])
  })

  test('as nothing, when nothing answers, and with what was not asked', async () => {
    const { found } = await identify({ baudRate: 9600, attach: () => () => {} })
    expect(found).toEqual({ candidates: [], heard: false, withheld: ['code-scanner', 'id-card-reader'] })
  })

  test.each(Object.keys(mute))('as nothing, where a %s hangs', async (id) => {
    const { found } = await identify(mute[id] as Model)
    expect(found.candidates).toEqual([])
  })

  test('as nothing, where a wire leads back what is sent', async () => {
    for (const baudRate of [9600, 115_200]) {
      const attach = () => (far: StreamLink) => {
        const echo = async () => {
          for await (const bytes of far.bytes) await far.write(bytes).catch(() => {})
        }
        void echo()
      }
      for (const claimed of [undefined, 'id-card-reader', 'code-scanner'] as const) {
        const { found } = await identify({ baudRate, attach }, claimed ? { claimed } : {})
        expect([baudRate, claimed, drivers(found), found.heard]).toEqual([baudRate, claimed, [], true])
      }
    }
  })

  test('as nothing, through noise of every sort', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const attach = (clock: Clock) => (far: StreamLink) => {
        let state = seed * 7919
        const random = () => {
          state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
          return state >> 8
        }
        const babble = async () => {
          while (!far.closed.aborted) {
            await far.write(Uint8Array.from({ length: 1 + (random() % 9) }, () => random() & 0xff))
            await clock.sleep(20 + (random() % 200), far.closed)
          }
        }
        babble().catch(() => {})
      }
      const { found } = await identify({ baudRate: 9600, attach })
      expect([seed, drivers(found), found.heard]).toEqual([seed, [], true])
    }
  })

  test('through noise before every answer', async () => {
    const noise = Uint8Array.of(0x00, 0xff, 0x5a)
    const { found } = await identify({
      baudRate: 9600,
      attach: (clock) => simulateGm65({ clock, noise }).attach,
    })
    expect(drivers(found)).toEqual(['gm65'])
  })
})

describe('While a port is identified', () => {
  test('a printer is asked for its status alone', async () => {
    for (const baudRate of [9600, 19_200, 38_400, 57_600, 115_200]) {
      const { sent } = await identify({ ...(models.escpos as Model), baudRate })
      expect([...new Set(sent.map(({ bytes }) => Buffer.from(bytes).toString('hex')))]).toEqual(
        sent.length > 1 ? ['100401', '1b40'] : ['100401'],
      )
    }
  })

  test('progress is told, and never more than all', async () => {
    const steps: number[] = []
    const clock = fakeClock()
    const device = serialDevice(() => {}, 9600)
    await clock.until(
      identifyPort(port, {
        openLink: device.openLink,
        clock,
        signal: new AbortController().signal,
        onStep: ({ done, of }) => steps.push(done / of),
      }),
      300_000,
    )
    expect(steps[0]).toBe(0)
    expect(steps.toSorted((left, right) => left - right)).toEqual(steps)
    expect(steps.at(-1)).toBeLessThan(1)
    expect(steps.at(-1)).toBeGreaterThan(0.9)
  })

  test('a port that is in use is not opened', async () => {
    const device = serialDevice(() => {}, 9600)
    const ask = (asked: FoundPort) =>
      identifyPort(asked, {
        openLink: device.openLink,
        clock: fakeClock(),
        signal: new AbortController().signal,
      })
    for (const kiosk of [true, false])
      await expect(ask({ ...port, heldBy: { pid: 7, program: 'node', kiosk } })).rejects.toMatchObject({
        code: 'port-busy',
      })
    const console = { code: 'system-console', message: 'console', cure: [], values: {} } as const
    await expect(ask({ ...port, troubles: [console] })).rejects.toMatchObject({ code: 'port-busy' })
    expect(device.opened).toEqual([])
  })

  test('why a port cannot be opened is passed on', async () => {
    const refusal = new DeviceError('no-permission', 'no')
    const asking = identifyPort(port, {
      openLink: () => Promise.reject(refusal),
      clock: fakeClock(),
      signal: new AbortController().signal,
    })
    await expect(asking).rejects.toBe(refusal)
  })

  test('a speed that the adapter does not know is left out', async () => {
    const clock = fakeClock()
    const device = serialDevice(simulateNewland({ clock }).attach, 9600)
    const openLink = (options: StreamOptions) =>
      options.type === 'serial' && options.baudRate === 38_400
        ? Promise.reject(new DeviceError('open-failed', 'no such speed'))
        : device.openLink(options)
    const found = await clock.until(
      identifyPort(port, { openLink, clock, signal: new AbortController().signal }),
      300_000,
    )
    expect(drivers(found)).toEqual(['newland'])
  })

  test('an end that is asked for closes the port', async () => {
    const clock = fakeClock()
    const closed: AbortSignal[] = []
    const device = serialDevice((far) => closed.push(far.closed), 9600)
    const stopping = new AbortController()
    const asking = identifyPort(port, { openLink: device.openLink, clock, signal: stopping.signal })
    const ended = expect(asking).rejects.toThrow('enough')
    await clock.advance(3000)
    stopping.abort(new Error('enough'))
    await ended
    expect(closed.map(({ aborted }) => aborted)).toEqual(closed.map(() => true))
  })

  test('a cable that is pulled ends it', async () => {
    const clock = fakeClock()
    let end: StreamLink | undefined
    const device = serialDevice((far) => {
      end = far
    }, 9600)
    const asking = identifyPort(port, {
      openLink: device.openLink,
      clock,
      signal: new AbortController().signal,
    })
    const ended = expect(asking).rejects.toMatchObject({ code: 'link-lost' })
    await clock.advance(500)
    await end?.close()
    await ended
  })

  test('a scanner that USB calls one is asked every question of scanners, and first', async () => {
    const usb = { vendorId: 0x0c2e, productId: 0x0b61, socket: '1-1' }
    const { found, sent } = await identify(models.honeywell as Model, { port: { ...port, usb } })
    expect(drivers(found)).toEqual(['honeywell'])
    expect(sent.some(({ bytes }) => bytes[0] === 0x10)).toBe(false)
  })
})

describe('What is no serial port is judged by what it says of itself', () => {
  const nobody = () => Promise.reject(new Error('nothing is to be opened'))
  const judge = (judged: Partial<FoundPort>) =>
    identifyPort(
      { ...port, ...judged },
      { openLink: nobody, clock: fakeClock(), signal: new AbortController().signal },
    )

  test('a scanner in point-of-sale mode', async () => {
    const usb = { vendorId: 0x1eab, productId: 0x0c06, socket: '1-4', serialNumber: 'FA1' }
    const hid = [{ usagePage: 0x8c, usage: 2 }]
    expect(await judge({ transport: 'hid', path: '1eab:0c06', usb, hid })).toMatchObject({
      candidates: [
        { driver: 'hid-pos', options: { device: '1eab:0c06', serialNumber: 'FA1' }, certainty: 'identity' },
      ],
    })
  })

  test('an ID card reader with pipes', async () => {
    const usb = { vendorId: 0x0400, productId: 0xc35a, socket: '1-4' }
    expect(await judge({ transport: 'usb', path: '0400:c35a', usb })).toMatchObject({
      candidates: [{ driver: 'sam-usb', options: {}, kind: 'id-card-reader' }],
    })
  })

  test('a relay board of dcttech by its texts, and no other gadget of that identity', async () => {
    const usb = { vendorId: 0x16c0, productId: 0x05df, socket: '1-4', product: 'USBRelay2' }
    const hid = [{ usagePage: 0xff00, usage: 1 }]
    const asked = { transport: 'hid', path: '16c0:05df', hid } as const
    expect(await judge({ ...asked, usb: { ...usb, manufacturer: 'www.dcttech.com' } })).toMatchObject({
      candidates: [{ driver: 'dcttech-hid-relay', kind: 'auxiliaries', toBeSet: ['lights'] }],
    })
    expect(await judge({ ...asked, usb })).toMatchObject({ candidates: [] })
  })

  test.each([
    ['MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;', 'epson-tm-t88v', []],
    ['MFG:EPSON;MDL:TM-T88III;', 'epson-tm-t88iii', []],
    ['MFG:Citizen;MDL:PPU-231II;', 'citizen-ppu-231ii', []],
    ['MFG:;MDL:POS58 Printer;', 'generic-58', ['profile']],
    ['', 'generic-80', ['profile']],
  ])('a printer that says "%s"', async (printer, profile, toBeSet) => {
    const found = await judge({ transport: 'file', path: '/dev/usb/lp0', printer })
    expect(found.candidates).toMatchObject([
      { driver: 'escpos', options: { profile, transport: { type: 'file', path: '/dev/usb/lp0' } }, toBeSet },
    ])
  })

  test('and a keyboard as nothing', async () => {
    const usb = { vendorId: 0x05e0, productId: 0x1200, socket: '1-1' }
    expect((await judge({ transport: 'hid', usb, hid: [{ usagePage: 1, usage: 6 }] })).candidates).toEqual([])
  })
})
