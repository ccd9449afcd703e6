import type { KeptDriver, PerJobDriver } from '../../devices/driver.ts'
import type { Commands, DeviceEvent, Kind, PrintDocument, ResidentCard } from '../../devices/kinds.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { SamControls } from '../../devices/lib/sam/simulated-reader.ts'
import type { AuxiliariesControls } from '../../devices/lib/simulated-auxiliaries.ts'
import type { GateControls } from '../../devices/lib/simulated-gate.ts'
import type { ScannerControls } from '../../devices/lib/simulated-head.ts'
import type { ThermometerControls } from '../../devices/lib/simulated-sensor.ts'
import type { AnyLink, LinkKind, StreamLink } from '../../devices/link/link.ts'
import { configureDevice } from '../../devices/registry.ts'
import { demoPeople } from '../../kiosk-agent/bench/people.ts'
import { simulateDevice } from '../../kiosk-agent/bench/simulated-devices.ts'
import { createDeviceWire, type SeenPiece } from '../../kiosk-agent/technician/wire/device-wire.ts'
import { headerOf, lineOf, type Trace } from '../../kiosk-agent/technician/wire/trace-format.ts'

/** What must never be seen: an invented name, number and code. */
export const sentinel = {
  name: '甄隐私',
  idNumber: demoPeople[0]?.card.idNumber ?? '',
  code: 'YKM-8842-甄隐私-7Q3ZC5',
}

export const sentinelCard: ResidentCard = {
  ...(demoPeople[0]?.card as ResidentCard),
  name: sentinel.name,
  address: `密语路${sentinel.idNumber}号`,
}

export const sentinelSlip: PrintDocument = [
  { type: 'text', text: sentinel.name, size: 2, bold: true },
  { type: 'pair', label: 'No', value: sentinel.idNumber },
  { type: 'qr', data: 'YKM-8842-7Q3ZC5' },
]

type Settings = Record<string, unknown>

/** One model, set up, and what a person does at it so that its wire has everything on it. */
export interface Scene {
  readonly model: string
  readonly options: Settings
  readonly kind: Kind
}

const scanner = (model: string, options: Settings = {}): Scene => ({
  model,
  options: { path: 'x', ...options },
  kind: 'code-scanner',
})
const thermometer = (model: string, options: Settings = {}): Scene => ({
  model,
  options: { path: 'x', warmUpMs: 0, ...options },
  kind: 'thermometer',
})
const gate = (model: string, options: Settings = {}): Scene => ({
  model,
  options: { path: 'x', ...options },
  kind: 'gate',
})
const estimate = { offsetCentiCelsius: 230 }

/** Every model of the registry once, and the two described ones. */
export const scenes: readonly Scene[] = [
  { model: 'sam-serial', options: { path: 'x', pollMs: 100 }, kind: 'id-card-reader' },
  { model: 'sam-usb', options: { pollMs: 100 }, kind: 'id-card-reader' },
  {
    model: 'sam-hid',
    options: { device: '0103:6066', vendorCommand: 98, pollMs: 100 },
    kind: 'id-card-reader',
  },
  scanner('line-scanner', { aimId: true }),
  scanner('vguang', { aimId: true }),
  scanner('newland', { terminator: 'crlf' }),
  scanner('zebra-ssi'),
  scanner('honeywell', { stxEtx: true }),
  scanner('gm65', { prefix: '7e' }),
  { model: 'hid-pos', options: { device: '0c2e:0b6a', commands: 'honeywell' }, kind: 'code-scanner' },
  scanner('example-framed-scanner'),
  thermometer('gy-614v'),
  thermometer('gy-90614', { estimate }),
  thermometer('gy-mcu90640', { estimate }),
  thermometer('lu90614', { declaredAmbientCentiCelsius: 2400 }),
  thermometer('modbus-infrared', {
    map: { object: { register: 0 }, ambient: { register: 1 } },
    estimate,
  }),
  thermometer('example-polled-thermometer'),
  {
    model: 'hikvision-isapi',
    options: {
      host: '10.0.0.8',
      username: 'kiosk',
      password: 'not-to-be-told',
      declaredAmbientCentiCelsius: 2400,
      warmUpMs: 0,
    },
    kind: 'thermometer',
  },
  gate('modbus-relay'),
  { model: 'modbus-tcp-relay', options: { host: '10.0.0.9' }, kind: 'gate' },
  gate('lcus-relay'),
  gate('tripod-serial', { portConfirmed: true }),
  {
    model: 'modbus-io',
    options: {
      path: 'x',
      inputs: { presence: { input: 0 }, callButton: { input: 1 } },
      lights: { 'id-card-reader': 0 },
    },
    kind: 'auxiliaries',
  },
  { model: 'dcttech-hid-relay', options: { lights: { 'id-card-reader': 1 } }, kind: 'auxiliaries' },
  {
    model: 'escpos',
    options: { profile: 'generic-80', transport: { type: 'serial', path: 'x' } },
    kind: 'receipt-printer',
  },
]

/** What the agent tells the driver in a scene; the same when it is replayed. */
export function tell(kind: Kind, commands: Commands): void {
  if (kind === 'code-scanner') void (commands as Commands<'code-scanner'>).trigger?.(true).catch(() => {})
  if (kind === 'gate')
    void (commands as Commands<'gate'>).open({ notAfter: Number.MAX_SAFE_INTEGER }).catch(() => {})
  if (kind === 'auxiliaries')
    void (commands as Commands<'auxiliaries'>).light('id-card-reader', 'continuous').catch(() => {})
  if (kind === 'receipt-printer')
    void (commands as Commands<'receipt-printer'>).print({
      processId: 'A1B2',
      document: sentinelSlip,
      beforeFirstByte: async () => {},
    })
}

const sleep = (ms: number) => systemClock.sleep(ms)

/** What a person does at the simulated device. */
async function act(kind: Kind, controls: unknown): Promise<void> {
  if (kind === 'id-card-reader') {
    ;(controls as SamControls).layCard(sentinelCard)
    await sleep(500)
    ;(controls as SamControls).takeCard()
    await sleep(250)
  }
  if (kind === 'code-scanner') {
    await sleep(150)
    await (controls as ScannerControls).show(sentinel.code)
    await sleep(1200)
    await (controls as ScannerControls).show(Buffer.from(`${sentinel.idNumber}${'=4,'.repeat(120)}`))
    await sleep(300)
  }
  if (kind === 'thermometer') {
    ;(controls as ThermometerControls).setSkin({ bodyCentiCelsius: 3650 })
    await sleep(1200)
  }
  if (kind === 'gate') {
    await sleep(200)
    ;(controls as GateControls).walkThrough()
    await sleep(700)
  }
  if (kind === 'auxiliaries') {
    ;(controls as Partial<AuxiliariesControls>).pressCallButton?.()
    await sleep(700)
  }
  if (kind === 'receipt-printer') await sleep(1500)
}

export interface Played {
  readonly pieces: readonly SeenPiece[]
  readonly events: readonly DeviceEvent[]
  readonly trace: Trace
}

/** Plays a scene with the real driver on the simulator and watches the wire, its bytes cut by `cut`. */
export async function play(scene: Scene, cut?: () => number): Promise<Played> {
  const configured = await configureDevice({ id: 'device', driver: scene.model, options: scene.options })
  const simulated = await simulateDevice(configured)
  const wire = createDeviceWire({ clock: systemClock, log: () => {} })
  const pieces: SeenPiece[] = []
  let openedAt = 0
  const stop = await wire.watch('device', {
    onOpen: () => {
      openedAt = Date.now()
    },
    onPiece: (piece) => pieces.push(piece),
  })
  const raw = simulated.open()
  const link = await wire.tap(configured, cut && raw.kind === 'stream' ? rechunked(raw, cut) : raw)
  const events: DeviceEvent[] = []
  const session = {
    options: configured.options,
    signal: link.closed,
    clock: systemClock,
    log: () => {},
    emit: (event: DeviceEvent) => events.push(event),
  }
  const { driver } = configured
  const commands =
    driver.connection === 'per-job'
      ? await (driver as PerJobDriver<Kind, unknown>).start({
          ...session,
          useLink: (job) => job(link as StreamLink),
        })
      : await (driver as KeptDriver<Kind, unknown, LinkKind>).start({ ...session, link })
  tell(scene.kind, commands)
  await act(scene.kind, simulated.simulator.controls)
  await link.close()
  stop()
  const trace = {
    header: headerOf(configured, link, openedAt),
    lines: pieces.map((piece) => lineOf(piece, openedAt)),
  }
  return { pieces, events, trace }
}

/** The same link with what the device sends cut into other pieces. */
function rechunked(link: StreamLink, cut: () => number): AnyLink {
  async function* pieces() {
    for await (const chunk of link.bytes)
      for (let from = 0; from < chunk.length; ) {
        const to = from + cut()
        yield chunk.subarray(from, to)
        from = to
      }
  }
  return { ...link, bytes: pieces(), write: (bytes) => link.write(bytes), close: () => link.close() }
}
