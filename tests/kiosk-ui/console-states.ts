import { z } from 'zod'
import { describedDriverIds, findDriver, modelIds } from '../../devices/registry.ts'
import type {
  Console,
  ConsoleDevice,
  Me,
  Model,
  WireFrame,
} from '../../kiosk-agent/api/technician-contract.ts'

/** States of the technician's console as the agent would send them. Persons and numbers are invented. */

const at = '2026-03-18T07:12:00+08:00'
const morning = '2026-03-18T07:01:12+08:00'

export const technician: Me = {
  account: 'chen-wei',
  name: 'Chen Wei',
  role: 'technician',
  mustChangePin: false,
}

const byPath = '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0'

export const scanner: ConsoleDevice = {
  id: 'scanner',
  driver: 'gm65',
  label: 'GM65-class code scanner module (serial)',
  kind: 'code-scanner',
  state: 'online',
  since: morning,
  last: {
    at: '2026-03-17T16:40:00+08:00',
    code: 'link-lost',
    message: `serial ${byPath}: the port is gone; is the cable plugged in?`,
  },
  address: `serial ${byPath}`,
  facts: { firmware: 'V1.3.2', model: 'GM65' },
  counters: { connections: 2, errors: 1, codes: 214, suppressed: 37 },
  options: { path: byPath },
  tests: ['read-code'],
}

const reader: ConsoleDevice = {
  id: 'reader',
  driver: 'sam-serial',
  label: 'Resident ID card reader, serial (SAM_V / SAM_A)',
  kind: 'id-card-reader',
  state: 'online',
  since: morning,
  address: 'serial /dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0',
  facts: { samNumber: '05.03-20240101-0001234567-0987654321' },
  counters: { connections: 1, errors: 0, cards: 1204 },
  options: { path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0' },
  tests: ['read-card'],
}

const thermometer: ConsoleDevice = {
  id: 'thermometer',
  driver: 'gy-614v',
  label: 'GY-614V thermometer module (serial)',
  kind: 'thermometer',
  state: 'starting',
  since: at,
  address: 'serial /dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0',
  facts: {},
  counters: { connections: 3, errors: 2 },
  options: { path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0' },
  tests: ['compare-temperature'],
}

const gate: ConsoleDevice = {
  id: 'gate',
  driver: 'modbus-relay',
  label: 'Gate on a Modbus RTU relay board (serial, RS-485)',
  kind: 'gate',
  state: 'noDevice',
  since: '2026-03-18T06:58:00+08:00',
  error: {
    code: 'wrong-device',
    message: 'serial /dev/ttyUSB3: expected a relay board that answers Modbus unit 1, heard "1d 48 01"',
  },
  address: 'serial /dev/ttyUSB3',
  facts: { seesFire: 'yes', seesPassage: 'yes' },
  counters: { connections: 0, errors: 41 },
  options: { path: '/dev/ttyUSB3', relay: 0, fireInput: 1 },
  tests: ['pulse-gate'],
}

const printer: ConsoleDevice = {
  id: 'printer',
  driver: 'escpos',
  label: 'ESC/POS receipt printer (network, serial, USB)',
  kind: 'receipt-printer',
  state: 'userError',
  since: '2026-03-18T07:10:00+08:00',
  error: { code: 'refused', message: 'tcp 192.168.1.50:9100: the printer says that it has no paper' },
  address: 'tcp 192.168.1.50:9100',
  facts: { paper: 'out', slipsLeft: '0', model: 'TM-T88V' },
  counters: { connections: 219, errors: 1, slips: 218 },
  options: { profile: 'epson-tm-t88v', transport: { type: 'tcp', host: '192.168.1.50' } },
  tests: ['print-slip'],
}

const lights: ConsoleDevice = {
  id: 'lights',
  driver: 'modbus-io',
  label: 'Sensors and guide lights on a Modbus RTU board (serial, RS-485)',
  kind: 'auxiliaries',
  state: 'deviceBusy',
  since: morning,
  address: 'serial /dev/ttyUSB4',
  facts: { lights: '4', presence: 'no', door: 'closed' },
  counters: { connections: 1, errors: 0 },
  options: { path: '/dev/ttyUSB4' },
  tests: ['lights-and-inputs'],
}

export const calm: Console = {
  version: 1,
  build: 'test',
  at,
  terminal: {
    id: 'entry-1',
    name: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
    simulated: false,
  },
  vendorMode: { state: 'visitors', since: morning },
  visitor: null,
  devices: [reader, scanner, thermometer, gate, printer, lights],
  identify: { state: 'idle', done: 0, total: 0, ports: [], troubles: [] },
  trial: null,
  changes: [
    { version: 3, at: '2026-03-18T07:05:00+08:00', who: 'Chen Wei', what: 'changed', devices: ['scanner'] },
    {
      version: 2,
      at: '2026-03-17T18:20:00+08:00',
      who: 'Lam Ka-yan',
      what: 'offset',
      devices: ['thermometer'],
    },
    {
      version: 1,
      at: '2026-03-12T09:00:00+08:00',
      who: 'Chen Wei',
      what: 'imported',
      devices: ['reader', 'gate'],
    },
  ],
  test: null,
  recording: [],
  traces: [
    {
      name: 'scanner-20260318-070900.trace.json',
      device: 'scanner',
      at: '2026-03-18T07:09:00+08:00',
      bytes: 48_120,
    },
  ],
  proof: {
    running: false,
    schedule: '07:30',
    last: {
      at: '2026-03-18T07:00:00+08:00',
      by: 'schedule',
      fitness: 'limited',
      checks: [
        {
          check: 'device',
          device: 'reader',
          result: 'good',
          findings: [{ code: 'online', ok: true, values: {} }],
        },
        {
          check: 'device',
          device: 'gate',
          result: 'bad',
          findings: [{ code: 'not-online', ok: false, values: { state: 'noDevice', error: 'wrong-device' } }],
        },
        {
          check: 'clock',
          result: 'good',
          findings: [{ code: 'clock-plausible', ok: true, values: { time: '07:00', zone: '+08:00' } }],
        },
        {
          check: 'disk',
          result: 'good',
          findings: [{ code: 'disk-writes', ok: true, values: { megabytes: '18204', milliseconds: '4' } }],
        },
        {
          check: 'ledger',
          result: 'good',
          findings: [{ code: 'ledger-sound', ok: true, values: { entries: '48210' } }],
        },
        {
          check: 'certificate',
          result: 'not-applicable',
          findings: [{ code: 'no-certificate', values: {} }],
        },
        {
          check: 'paper',
          device: 'printer',
          result: 'limited',
          findings: [{ code: 'paper-low', ok: false, values: {} }],
        },
      ],
      signature: 'm1HqS3oZr0J5uKq9Xc7dT2vYb8LwNfEgPaRiUoQxZkCtVhMjBsDyWnGeFl4A6I1O_pXrTuvKzHc2YqLwEoNsDQ',
      publicKey: 'q3zT9Yw0m6R1nVxKp4LsCjHdBfUaEoGiQtZyXrWvMkA',
    },
  },
  accounts: [
    { id: 'chen-wei', name: 'Chen Wei', role: 'technician', disabled: false, lastSignIn: at },
    {
      id: 'lam-ka-yan',
      name: 'Lam Ka-yan',
      role: 'technician',
      disabled: false,
      lockedUntil: '2026-03-18T07:20:00+08:00',
      lastSignIn: '2026-03-17T18:00:00+08:00',
    },
    { id: 'desk-2', name: '二号窗口', role: 'staff', disabled: true },
  ],
}

export const ours: Console = { ...calm, vendorMode: { state: 'active', since: at, by: 'Chen Wei' } }

const usb = {
  vendorId: 0x1a86,
  productId: 0x7523,
  product: 'USB Serial',
  manufacturer: 'QinHeng Electronics',
}

const ports: Console['identify']['ports'] = [
  {
    id: 'serial:usb-0:2',
    transport: 'serial',
    path: byPath,
    label: 'USB Serial (QinHeng Electronics)',
    usb,
    fresh: true,
    troubles: [],
    state: 'known',
    candidates: [
      {
        driver: 'gm65',
        label: 'GM65-class code scanner module (serial)',
        kind: 'code-scanner',
        options: { path: byPath, baudRate: 9600 },
        certainty: 'answered',
        evidence: 'at 9600 baud it answered the question for its zone bit as a GM65 does',
      },
    ],
  },
  {
    id: 'serial:usb-0:3',
    transport: 'serial',
    path: '/dev/ttyUSB1',
    label: 'USB Serial',
    usb,
    fresh: false,
    troubles: [
      {
        code: 'group-missing',
        message:
          '/dev/ttyUSB1: only root and the group dialout may use it, and kiosk is not in that group; after the command, sign in again (or restart the service)',
        cure: 'sudo usermod -aG dialout kiosk',
      },
    ],
    state: 'unasked',
    candidates: [],
  },
  {
    id: 'serial:usb-0:4',
    transport: 'serial',
    path: '/dev/ttyUSB2',
    label: 'FT232R USB UART',
    usb: { vendorId: 0x0403, productId: 0x6001, serialNumber: 'A10K4B2C' },
    fresh: false,
    troubles: [],
    state: 'unknown',
    candidates: [],
  },
  {
    id: 'serial:usb-0:1',
    transport: 'serial',
    path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0',
    label: 'CP2102 USB to UART Bridge',
    usedBy: 'reader',
    fresh: false,
    troubles: [],
    state: 'unasked',
    candidates: [],
  },
]

const machineTroubles: Console['identify']['troubles'] = [
  {
    code: 'modem-manager',
    message: 'ModemManager asks serial ports whether they are modems; a device may take that for a command',
    cure: 'sudo systemctl disable --now ModemManager',
  },
]

const identify = (change: Partial<Console['identify']>): Console => ({
  ...ours,
  identify: { ...ours.identify, ...change },
})
const test = (change: Partial<NonNullable<Console['test']>>): Console => ({
  ...ours,
  test: { device: 'printer', test: 'print-slip', state: 'running', startedAt: at, findings: [], ...change },
})
const trial = (change: Partial<NonNullable<Console['trial']>>): Console => ({
  ...ours,
  trial: {
    device: { id: 'scanner', driver: 'gm65', options: { path: byPath } },
    state: 'trying',
    facts: {},
    remainingMs: 240_000,
    ...change,
  },
})

/** Each screen of the console and its states: where to look, and what the agent says. */
export const consoleStates: { readonly [name: string]: { readonly view: string; readonly state: Console } } =
  {
    devices: { view: 'devices', state: calm },
    'devices-none': { view: 'devices', state: { ...ours, devices: [] } },
    'devices-visitor-here': { view: 'devices', state: { ...calm, visitor: { remainingMs: 41_000 } } },
    'devices-simulated': {
      view: 'devices',
      state: { ...ours, terminal: { ...calm.terminal, simulated: true } },
    },
    entering: {
      view: 'devices',
      state: {
        ...calm,
        vendorMode: { state: 'entering', since: at, by: 'Chen Wei' },
        visitor: { remainingMs: 41_000 },
      },
    },
    exiting: {
      view: 'devices',
      state: {
        ...calm,
        vendorMode: { state: 'exiting', since: at, by: 'Chen Wei', waitingFor: ['gate', 'printer'] },
      },
    },
    'held-by-other': {
      view: 'identify',
      state: { ...calm, vendorMode: { state: 'active', since: at, by: 'Lam Ka-yan' } },
    },
    'identify-none': { view: 'identify', state: calm },
    'identify-listing': { view: 'identify', state: identify({ state: 'listing' }) },
    'identify-asking': { view: 'identify', state: identify({ state: 'asking', done: 3, total: 12, ports }) },
    'identify-plug': { view: 'identify', state: identify({ state: 'plug', ports: ports.slice(3) }) },
    'identify-scan-now': {
      view: 'identify',
      state: identify({ state: 'scan-now', ports: ports.slice(1, 3) }),
    },
    'identify-found': { view: 'identify', state: identify({ ports, troubles: machineTroubles }) },
    configure: { view: 'configure', state: ours },
    'configure-visitors': { view: 'configure', state: { ...calm, changes: [] } },
    'trial-trying': { view: 'configure', state: trial({}) },
    'trial-works': { view: 'configure', state: trial({ state: 'works', facts: { firmware: 'V1.3.2' } }) },
    'trial-failed': {
      view: 'configure',
      state: trial({
        state: 'failed',
        error: {
          code: 'timeout',
          message: `serial ${byPath}: no answer to the greeting at 9600 baud within 500 ms`,
        },
      }),
    },
    test: { view: 'test', state: ours },
    'test-visitors': { view: 'test', state: calm },
    'test-person': {
      view: 'test',
      state: test({
        state: 'person',
        ask: 'scan-slip',
        findings: [{ code: 'slip-printed', ok: true, values: { state: 'printed' } }],
      }),
    },
    'test-card': {
      view: 'test',
      state: test({
        device: 'reader',
        test: 'read-card',
        state: 'passed',
        findings: [
          { code: 'sam-number', values: { number: '05.03-20240101-0001234567-0987654321' } },
          {
            code: 'card-read',
            ok: true,
            values: { name: '王*明', number: '1101**********002X', layout: 'resident' },
          },
        ],
      }),
    },
    'test-gate-failed': {
      view: 'test',
      state: test({
        device: 'gate',
        test: 'pulse-gate',
        state: 'failed',
        findings: [
          { code: 'pulse-confirmed', ok: true, values: {} },
          { code: 'nobody-passed', ok: false, values: { seconds: '8' } },
        ],
      }),
    },
    'test-temperature': {
      view: 'test',
      state: test({
        device: 'thermometer',
        test: 'compare-temperature',
        state: 'failed',
        offsetCentiCelsius: 42,
        findings: [
          {
            code: 'temperature-measured',
            values: { body: '3618', ambient: '2240', samples: '29', raw: '3391' },
          },
          { code: 'temperature-differs', ok: false, values: { reference: '3660', difference: '-42' } },
        ],
      }),
    },
    wire: { view: 'wire', state: { ...ours, recording: ['reader'] } },
    'wire-none': { view: 'wire', state: { ...ours, devices: [], traces: [] } },
    proof: { view: 'proof', state: ours },
    'proof-fit': {
      view: 'proof',
      state: {
        ...ours,
        proof: {
          ...calm.proof,
          ...(calm.proof.last && {
            last: {
              ...calm.proof.last,
              fitness: 'fit',
              checks: calm.proof.last.checks.filter(({ result }) => result === 'good'),
            },
          }),
        },
      },
    },
    'proof-never': { view: 'proof', state: { ...ours, proof: { running: false } } },
    'proof-running': { view: 'proof', state: { ...ours, proof: { running: true, schedule: '07:30' } } },
    accounts: { view: 'accounts', state: ours },
  }

export const frames: readonly WireFrame[] = [
  {
    at: '2026-03-18T07:11:58.120+08:00',
    direction: 'to-device',
    hex: 'aa aa aa 96 69 00 03 20 01 22',
    text: 'find card',
    masked: false,
  },
  {
    at: '2026-03-18T07:11:58.162+08:00',
    direction: 'from-device',
    hex: 'aa aa aa 96 69 00 08 00 00 9f 00 00 00 00 97',
    text: '9F found',
    masked: false,
  },
  {
    at: '2026-03-18T07:11:58.900+08:00',
    direction: 'from-device',
    hex: 'aa aa aa 96 69 05 08 00 00 90 01 00 04 00 ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··',
    text: '90 card text 256 B, photo 1024 B',
    masked: true,
  },
  { at: '2026-03-18T07:11:59.300+08:00', direction: 'from-device', hex: '00 ff 13', masked: false },
]

/** Every driver there is with the schema of its options, as the agent tells it. */
export async function allModels(): Promise<Model[]> {
  const ids = [...modelIds, ...(await describedDriverIds())]
  const drivers = await Promise.all(ids.map(findDriver))
  return drivers.flatMap((driver) => {
    if (!driver) return []
    const { id, kind, label } = driver
    const options = z.toJSONSchema(driver.options, { io: 'input', unrepresentable: 'any' })
    return [{ driver: id, label, kind, options: options as Model['options'] }]
  })
}
