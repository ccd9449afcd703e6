import { beforeAll, describe, expect, test } from 'vitest'
import { simulateGm65 } from '../../devices/code-scanners/gm65/simulator.ts'
import { simulateHoneywell } from '../../devices/code-scanners/honeywell/simulator.ts'
import { simulateLineScanner } from '../../devices/code-scanners/line-scanner/simulator.ts'
import { simulateNewland } from '../../devices/code-scanners/newland/simulator.ts'
import { scan as switchScanning, vguangHost } from '../../devices/code-scanners/vguang/codec.ts'
import { simulateVguang } from '../../devices/code-scanners/vguang/simulator.ts'
import { simulateZebraSsi } from '../../devices/code-scanners/zebra-ssi/simulator.ts'
import { DeviceError } from '../../devices/errors.ts'
import type { FoundPort } from '../../devices/identify/found.ts'
import { type ScanNowOptions, scanNow } from '../../devices/identify/scan-now.ts'
import { newPorts, watchPorts } from '../../devices/identify/watch-ports.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import type { StreamOptions } from '../../devices/link/link.ts'
import { memoryLink } from '../../devices/link/memory.ts'
import { configureDevice, modelIds } from '../../devices/registry.ts'
import type { Simulator } from '../../devices/simulation.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type SerialDevice, serialDevice } from '../support/serial-device.ts'

const secret = 'YKMDEMO:https://example.test/0123456789'

beforeAll(async () => {
  await Promise.allSettled(modelIds.map((driver) => configureDevice({ id: 'x', driver, options: {} })))
})

function portAt(path: string, more: Partial<FoundPort> = {}): FoundPort {
  return {
    id: `serial:${path}`,
    transport: 'serial',
    path,
    node: path,
    names: [path],
    label: path,
    troubles: [],
    ...more,
  }
}

/** Scans with these heads on these ports, and shows a code on one of them every second. */
async function scan(
  devices: Record<string, SerialDevice>,
  shown: { controls: ScannerControls } | undefined,
  options: Partial<ScanNowOptions> & { readonly ports?: readonly FoundPort[]; readonly code?: string } = {},
) {
  const clock = fakeClock()
  const { ports = Object.keys(devices).map((path) => portAt(path)), code = secret, ...rest } = options
  const stopping = new AbortController()
  const show = async () => {
    while (shown && !stopping.signal.aborted) {
      await clock.sleep(1000, stopping.signal)
      await shown.controls.show(code)
    }
  }
  show().catch(() => {})
  const openLink = (link: StreamOptions) => {
    const device = link.type === 'serial' ? devices[link.path] : undefined
    return device ? device.openLink(link) : Promise.reject(new DeviceError('not-found', 'no such port'))
  }
  const scanning = scanNow(ports, { openLink, clock, signal: new AbortController().signal, ...rest })
  const found = await clock.until(scanning, 300_000)
  stopping.abort(new Error('done'))
  return found
}

/** As whoever had the head before may have left it; heads that know no such command do not mind. */
async function switchOn(head: Simulator<ScannerControls>) {
  const { near, far } = memoryLink()
  head.attach(far)
  await near.write(vguangHost(64).encode(switchScanning(true)))
  await new Promise((resolve) => setImmediate(resolve))
}

const at = (simulator: Simulator<ScannerControls>, baudRate: number) =>
  serialDevice((far) => simulator.attach(far), baudRate)
const silent = () => serialDevice(() => {}, 9600)

describe('"This is my scanner, scan now"', () => {
  test.each([
    [{ terminator: 'cr' }, 9600],
    [{ terminator: 'lf' }, 115_200],
    [{ terminator: 'crlf' }, 57_600],
    [{ terminator: 'none' }, 38_400],
    [{ terminator: 'cr', aimId: true }, 19_200],
    [{ terminator: 'cr', stxEtx: true }, 9600],
    [{ terminator: 'none', stxEtx: true }, 9600],
  ] as const)('finds out how a head that sends %j is set up, and at %i baud', async (set, baudRate) => {
    const head = simulateLineScanner(set)
    const found = await scan({ one: silent(), two: at(head, baudRate), three: silent() }, head)
    expect(found).toMatchObject({
      candidates: [
        {
          port: 'serial:two',
          driver: 'line-scanner',
          options: { path: 'two', baudRate, aimId: false, stxEtx: false, ...set },
          certainty: 'heard',
          evidence: { code: 'code-arrived', values: { length: String(secret.length) } },
        },
      ],
      refused: [],
      keyboards: [],
    })
    for (const { driver, options } of found.candidates) await configureDevice({ id: 'x', driver, options })
  })

  test('never tells what the code says', async () => {
    const head = simulateLineScanner()
    const told: unknown[] = []
    const found = await scan({ one: at(head, 9600) }, head, { onStep: (step) => told.push(step) })
    expect(found.candidates).toHaveLength(1)
    expect(JSON.stringify([found, told])).not.toContain(secret.slice(0, 7))
  })

  test('reads a Chinese code in either coding', async () => {
    const head = simulateLineScanner()
    expect((await scan({ one: at(head, 9600) }, head, { code: '预约码：东莞' })).candidates).toHaveLength(1)
    const gb = Buffer.from('d4a4d4bcc2eba3bab6abddb8', 'hex')
    const shown = { controls: { show: () => head.controls.show(gb) } }
    expect((await scan({ one: at(head, 9600) }, shown)).candidates).toHaveLength(1)
  })

  test.each([
    ['gm65', simulateGm65],
    ['newland', simulateNewland],
    ['honeywell', simulateHoneywell],
  ] as const)(
    'asks who sent a code, and proposes %s before the driver that wants nothing but lines',
    async (id, simulate) => {
      const head = simulate({ aimId: true })
      const found = await scan({ one: at(head, 9600) }, head)
      expect(found.candidates).toMatchObject([
        { driver: id, certainty: 'answered', options: { baudRate: 9600, terminator: 'cr', aimId: true } },
        { driver: 'line-scanner', certainty: 'heard' },
      ])
      for (const { driver, options } of found.candidates) await configureDevice({ id: 'x', driver, options })
    },
  )

  test.each([
    ['vguang', simulateVguang],
    ['zebra-ssi', simulateZebraSsi],
  ] as const)('knows a %s by the frames of its codes, and sends nothing', async (id, simulate) => {
    const head = simulate()
    await switchOn(head)
    const device = at(head, 9600)
    const found = await scan({ one: device }, head)
    expect([found.candidates.map(({ driver }) => driver), device.sent]).toEqual([[id], []])
  })

  test('lets the others go as soon as a code came, and sends them nothing', async () => {
    const head = simulateGm65()
    const other = silent()
    const found = await scan({ one: at(head, 9600), two: other }, head, { dwellMs: 10_000_000, turns: 1 })
    expect([found.candidates.length, other.sent, other.opened]).toEqual([2, [], [9600]])
  })

  test('leaves out what is in use, and tells which ports it could not open', async () => {
    const head = simulateLineScanner()
    const used = silent()
    const ports = [
      portAt('used', { heldBy: { pid: 1, program: 'node', kiosk: true } }),
      portAt('gone'),
      portAt('one'),
    ]
    const found = await scan({ used, one: at(head, 9600) }, head, { ports })
    expect(found).toMatchObject({
      candidates: [{ port: 'serial:one' }],
      refused: [{ port: 'serial:gone', code: 'not-found' }],
    })
    expect(used.opened).toEqual([])
  })

  test('names the keyboards when nothing comes, for the scanner may be one of them', async () => {
    const keyboard = portAt('/dev/hidraw0', {
      transport: 'hid',
      label: 'Scanner',
      hid: [{ usagePage: 1, usage: 6 }],
    })
    const found = await scan({ one: silent() }, undefined, { ports: [portAt('one'), keyboard], turns: 1 })
    expect(found).toEqual({ candidates: [], refused: [], keyboards: ['Scanner'] })
  })

  test('proposes a scanner in point-of-sale mode by what it says of itself', async () => {
    const usb = { vendorId: 0x1eab, productId: 0x0c06, socket: '1-4' }
    const pos = portAt('1eab:0c06', { transport: 'hid', usb, hid: [{ usagePage: 0x8c, usage: 2 }] })
    const found = await scan({}, undefined, { ports: [pos] })
    expect(found.candidates).toMatchObject([{ driver: 'hid-pos', certainty: 'identity' }])
  })

  test.each([
    ['garbled lines', [0x00, 0xf8, 0x80, 0x0d, 0xe6, 0x1f, 0x0d, 0x0a, 0x8a, 0x0d]],
    ['two letters and an end', [0x33, 0x34, 0x0d]],
    ['bytes that would be Chinese, without an end', [0xd4, 0xa4, 0xd4, 0xbc, 0xc2, 0xeb]],
  ])('takes noise for no code: %s', async (_, bytes) => {
    const noisy = serialDevice((far) => {
      void far.write(Uint8Array.from(bytes))
    }, 9600)
    expect((await scan({ one: noisy }, undefined, { turns: 1 })).candidates).toEqual([])
  })

  test('closes every port at the end, and when it is ended', async () => {
    const closed: AbortSignal[] = []
    const clock = fakeClock()
    const device = serialDevice((far) => closed.push(far.closed), 9600)
    const stopping = new AbortController()
    const scanning = scanNow([portAt('one'), portAt('two')], {
      openLink: device.openLink,
      clock,
      signal: stopping.signal,
    })
    const ended = expect(scanning).rejects.toThrow('enough')
    await clock.advance(5000)
    stopping.abort(new Error('enough'))
    await ended
    expect(closed).toHaveLength(4)
    expect(closed.every(({ aborted }) => aborted)).toBe(true)
  })
})

describe('Unplug and replug', () => {
  const usb = { vendorId: 0x1a86, productId: 0x7523, socket: '1-1' }

  test('tells which port came and which went', () => {
    const [one, two] = [portAt('one'), portAt('two')]
    expect(newPorts([one], [one, two])).toEqual({ came: [two], went: [] })
    expect(newPorts([one, two], [two])).toEqual({ came: [], went: [one] })
    const other = portAt('one', { usb: { ...usb, productId: 0x55d4 } })
    expect(newPorts([portAt('one', { usb })], [other])).toMatchObject({ came: [other], went: [{ usb }] })
  })

  test('is noticed within a second, without opening a port', async () => {
    const clock = fakeClock()
    const stopping = new AbortController()
    let ports = [portAt('one'), portAt('two')]
    const seen: string[] = []
    const watch = async () => {
      for await (const { came, went } of watchPorts(async () => ports, { clock, signal: stopping.signal }))
        seen.push(`+${came.map(({ path }) => path)} -${went.map(({ path }) => path)}`)
    }
    const watching = watch()
    await clock.advance(2000)
    ports = [portAt('one')]
    await clock.advance(1000)
    ports = [portAt('one'), portAt('two')]
    await clock.advance(1000)
    expect(seen).toEqual(['+ -two', '+two -'])
    stopping.abort(new Error('done'))
    await watching
  })
})
