import type { Bench, Check, Outcome, Paper, SessionView, Snapshot } from '../../kiosk-agent/api/contract.ts'
import { nextStep } from '../../kiosk-agent/entry/next-step.ts'
import { type ReasonCode, reasonFacts } from '../../kiosk-agent/entry/reasons.ts'
import { symbolRows } from '../../kiosk-agent/paper/symbol-rows.ts'

/** Every screen and variant of the visitor's terminal, as the agent would send it. Persons are invented. */

const at = '2026-03-18T10:42:00+08:00'
const device = (
  id: string,
  kind: string,
  state: Snapshot['service']['devices'][number]['state'] = 'online',
) => ({
  id,
  kind,
  state,
})

export const welcome: Snapshot = {
  version: 1,
  build: 'test',
  at,
  terminal: {
    id: 'entry-1',
    name: { 'zh-Hans': '1 号入口', 'zh-Hant': '1 號入口', en: 'Entrance 1' },
    simulated: false,
  },
  hall: {
    name: {
      'zh-Hans': '东莞市民服务中心',
      'zh-Hant': '東莞市民服務中心',
      en: 'Dongguan Citizen Service Centre',
    },
    phone: '0769-12345',
    open: true,
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ],
    inside: 212,
    capacity: 300,
  },
  language: 'zh-Hans',
  asks: ['hours', 'identity', 'appointment', 'capacity', 'health', 'temperature', 'mask'],
  service: {
    state: 'in-service',
    devices: [
      device('reader', 'id-card-reader'),
      device('scanner', 'code-scanner'),
      device('thermometer', 'thermometer'),
      device('gate', 'gate'),
      device('printer', 'receipt-printer'),
    ],
    notices: [],
  },
  session: null,
  outcome: null,
  cardLeft: false,
  help: null,
}

const slot = { slotStart: '2026-03-18T10:30:00+08:00', slotEnd: '2026-03-18T11:00:00+08:00' }
const item = {
  'zh-Hans': '二类医疗器械经营备案',
  'zh-Hant': '第二類醫療器械經營備案',
  en: 'Class II medical device trading record',
}

const identity: Check = {
  check: 'identity',
  state: 'passed',
  holder: { nameMasked: '王*明', idMasked: '1101**********002X' },
}
const appointment: Check = { check: 'appointment', state: 'passed', appointment: { ...slot, item } }
const health: Check = { check: 'health', state: 'passed' }
const temperature: Check = { check: 'temperature', state: 'passed', tenths: 365 }
const mask: Check = { check: 'mask', state: 'passed' }
const missing: readonly Check[] = [
  { check: 'identity', state: 'missing' },
  { check: 'appointment', state: 'missing' },
  { check: 'health', state: 'missing' },
  { check: 'temperature', state: 'missing' },
  { check: 'mask', state: 'missing' },
]

/** A visit with some checks as given and the rest missing. */
export function collecting(given: readonly Check[], more: Partial<SessionView> = {}): Snapshot {
  const checks = missing.map((check) => given.find((other) => other.check === check.check) ?? check)
  const session: SessionView = {
    id: 'session-1',
    phase: 'collecting',
    remainingMs: 58_000,
    paused: false,
    warning: false,
    persons: [{ checks }],
    current: 0,
    step: more.phase === 'committing' ? null : (nextStep(checks)?.check ?? null),
    ...more,
  }
  return { ...welcome, session }
}

/** The scanner is away, and the terminal has a camera. */
function byCamera(snapshot: Snapshot): Snapshot {
  const { service, terminal } = snapshot
  return {
    ...snapshot,
    terminal: { ...terminal, camera: true },
    service: { ...service, state: 'limited', notices: ['codes-by-camera'] },
  }
}

const decided: Omit<Outcome, 'decision'> = {
  id: 'outcome-1',
  reasons: [],
  next: [],
  persons: 1,
  slipCode: 'A7-3392',
  slip: 'printed',
  remainingMs: 20_000,
}

/** As the agent asks about a slip, with the symbol of its short code. */
function slipHelp(...offers: NonNullable<Outcome['slipHelp']>['offers']): NonNullable<Outcome['slipHelp']> {
  return { copy: 1, offers, qr: symbolRows(decided.slipCode, 'M') }
}

export function admitted(more: Partial<Outcome> = {}): Snapshot {
  return { ...welcome, outcome: { ...decided, decision: 'admit', lane: 'open', ...more } }
}

type Reason = Outcome['reasons'][number]

/** A refusal or referral for these reasons, with the next steps the agent would name. */
export function notAdmitted(reasons: readonly [Reason, ...Reason[]], more: Partial<Outcome> = {}): Snapshot {
  const facts = reasons.map(({ code }) => reasonFacts[code])
  const next = [...new Set(facts.flatMap((fact) => fact.next))]
  const decision = facts.some((fact) => fact.decision === 'refuse') ? 'refuse' : 'assist'
  return {
    ...welcome,
    outcome: { ...decided, remainingMs: 56_000, decision, reasons: [...reasons], next, ...more },
  }
}

const laterSlot = { slotStart: '2026-03-18T11:45:00+08:00', slotEnd: '2026-03-18T12:15:00+08:00' }

/** One of each reason, with its parameters. */
export const reasons: { readonly [Code in ReasonCode]: Extract<Reason, { code: Code }> } = {
  'hall-closed': { code: 'hall-closed', opensAt: '2026-03-19T09:00:00+08:00' },
  'card-not-readable': { code: 'card-not-readable' },
  'card-expired': { code: 'card-expired' },
  'no-appointment': { code: 'no-appointment' },
  'too-early': { code: 'too-early', ...laterSlot, admittedFrom: '2026-03-18T11:30:00+08:00', minutes: 48 },
  'too-late': {
    code: 'too-late',
    slotStart: '2026-03-18T09:00:00+08:00',
    slotEnd: '2026-03-18T09:30:00+08:00',
  },
  'appointment-used': { code: 'appointment-used' },
  'appointment-cancelled': { code: 'appointment-cancelled' },
  'appointments-unavailable': { code: 'appointments-unavailable' },
  'hall-full': { code: 'hall-full', capacity: 300 },
  'health-yellow': { code: 'health-yellow' },
  'health-red': { code: 'health-red' },
  'health-owner-mismatch': { code: 'health-owner-mismatch' },
  'health-code-rejected': { code: 'health-code-rejected' },
  'health-unknown': { code: 'health-unknown' },
  'health-unavailable': { code: 'health-unavailable' },
  'no-phone': { code: 'no-phone' },
  'temperature-high': { code: 'temperature-high', tenths: 373, limitTenths: 373 },
  'temperature-unavailable': { code: 'temperature-unavailable' },
  'store-unavailable': { code: 'store-unavailable' },
  'gate-unavailable': { code: 'gate-unavailable' },
}

const broken = (
  state: Snapshot['service']['state'],
  notices: Snapshot['service']['notices'] = [],
): Snapshot => ({
  ...welcome,
  service: { ...welcome.service, state, notices },
})

const identityProblems = ['hold-still', 'present-again', 'unrecognised', 'unknown-layout', 'expired'] as const
const healthProblems = [
  'expired-code',
  'not-a-health-code',
  'unknown-code',
  'owner-mismatch',
  'unavailable',
] as const
const temperatureProblems = ['stand-closer', 'unavailable'] as const

const named = <Key extends string>(keys: readonly Key[], prefix: string, make: (key: Key) => Snapshot) =>
  Object.fromEntries(keys.map((key) => [`${prefix}-${key}`, make(key)]))

/** All fixtures by name. */
export const snapshots: { readonly [name: string]: Snapshot } = {
  welcome,
  'welcome-notices': broken('limited', ['no-slips', 'no-health-checks']),
  'welcome-gate-held': broken('limited', ['gate-held', 'kiosk-open']),
  'welcome-all-notices': broken('limited', [
    'no-slips',
    'paper-low',
    'no-health-checks',
    'no-temperature',
    'no-store',
    'no-gate',
  ]),
  'welcome-needs-care': broken('limited', ['needs-care']),
  'out-of-service-clock': broken('out-of-service', ['clock-wrong']),
  'out-of-service-record': broken('out-of-service', ['record-damaged', 'disk-full']),
  'welcome-closed': {
    ...welcome,
    hall: { ...welcome.hall, open: false, opensAt: '2026-03-18T13:00:00+08:00' },
  },
  'welcome-closed-all-day': {
    ...welcome,
    hall: { ...welcome.hall, open: false, hours: [], opensAt: '2026-03-19T09:00:00+08:00' },
  },
  'welcome-full': { ...welcome, hall: { ...welcome.hall, inside: 300 } },
  'welcome-few-checks': {
    ...welcome,
    asks: ['identity', 'appointment'],
    hall: { ...welcome.hall, inside: 0, hours: [{ from: '00:00', to: '24:00' }] },
  },
  'welcome-no-store': {
    ...broken('limited', ['no-store']),
    hall: (({ inside: _, ...hall }) => hall)(welcome.hall),
  },
  'checklist-start': collecting([]),
  'checklist-reading': collecting([{ check: 'identity', state: 'working' }]),
  'checklist-looking-up': collecting([identity, { check: 'appointment', state: 'working' }]),
  'checklist-card-done': collecting([identity, appointment]),
  'checklist-camera': byCamera(collecting([identity, appointment])),
  'checklist-camera-again': byCamera(
    collecting([identity, appointment, { check: 'health', state: 'attention', problem: 'unknown-code' }]),
  ),
  'checklist-camera-beside-scanner': {
    ...collecting([identity, appointment]),
    terminal: { ...welcome.terminal, camera: true },
  },
  'welcome-camera': byCamera(welcome),
  'checklist-code-first': collecting([health, temperature]),
  'checklist-health-working': collecting([
    identity,
    appointment,
    temperature,
    mask,
    { check: 'health', state: 'working' },
  ]),
  'checklist-temperature-next': collecting([identity, appointment, health]),
  'checklist-mask-next': collecting([identity, appointment, health, temperature]),
  'checklist-committing': collecting([identity, appointment, health, temperature, mask], {
    phase: 'committing',
  }),
  'checklist-failed': collecting([
    identity,
    { check: 'appointment', state: 'failed' },
    health,
    temperature,
    mask,
  ]),
  'checklist-paused': collecting([identity, appointment], { paused: true, remainingMs: 60_000 }),
  'checklist-time-warning': collecting([identity, appointment], { warning: true, remainingMs: 12_000 }),
  ...named(identityProblems, 'checklist-identity', (problem) =>
    collecting([{ check: 'identity', state: 'attention', problem }]),
  ),
  ...named(healthProblems, 'checklist-health', (problem) =>
    collecting([identity, appointment, { check: 'health', state: 'attention', problem }]),
  ),
  ...named(temperatureProblems, 'checklist-temperature', (problem) =>
    collecting([identity, appointment, health, { check: 'temperature', state: 'attention', problem }]),
  ),
  'admitted-opening': admitted({ lane: 'opening', slip: 'printing' }),
  'admitted-open': admitted(),
  'admitted-passed': admitted({ lane: 'passed' }),
  'admitted-no-slip': admitted({ slip: 'none' }),
  'admitted-slip-held-out': admitted({ lane: 'passed', slip: 'held-out' }),
  'admitted-slip-in-hand': admitted({ slip: 'in-hand' }),
  'admitted-slip-failed': admitted({ slip: 'failed', persons: 2, slipHelp: slipHelp() }),
  'admitted-slip-incomplete': admitted({ slip: 'incomplete', slipHelp: slipHelp('print-again') }),
  'admitted-slip-unknown': admitted({ slip: 'unknown', slipHelp: slipHelp('have-slip', 'print-again') }),
  'admitted-gate-fault-slip-unknown': admitted({
    lane: 'fault',
    slip: 'unknown',
    slipHelp: slipHelp('have-slip', 'print-again'),
  }),
  'admitted-card-left': { ...admitted(), cardLeft: true },
  'card-left': { ...welcome, cardLeft: true },
  'card-left-after-passing': { ...admitted({ lane: 'passed' }), cardLeft: true },
  'refused-card-left': { ...notAdmitted([reasons['too-early']]), cardLeft: true },
  'admitted-timed-out': admitted({ lane: 'timed-out' }),
  'admitted-gate-fault': admitted({ lane: 'fault' }),
  ...named(Object.keys(reasons) as ReasonCode[], 'reason', (code) => notAdmitted([reasons[code]])),
  'refused-three-reasons': notAdmitted([
    reasons['too-late'],
    reasons['health-yellow'],
    reasons['temperature-high'],
  ]),
  'refused-slip-printing': notAdmitted([reasons['no-appointment']], { slip: 'printing' }),
  'refused-slip-held-out': notAdmitted([reasons['no-appointment']], { slip: 'held-out' }),
  'refused-slip-in-hand': notAdmitted([reasons['no-appointment']], { slip: 'in-hand' }),
  'refused-slip-not-taken': notAdmitted([reasons['too-early']], {
    slip: 'not-taken',
    slipHelp: slipHelp('print-again'),
  }),
  'refused-slip-incomplete': notAdmitted([reasons['no-appointment']], {
    slip: 'incomplete',
    slipHelp: slipHelp('print-again'),
  }),
  'refused-slip-failed': notAdmitted([reasons['no-appointment']], { slip: 'failed', slipHelp: slipHelp() }),
  'refused-slip-unknown': notAdmitted([reasons['no-appointment']], {
    slip: 'unknown',
    slipHelp: slipHelp('have-slip', 'print-again'),
  }),
  'refused-three-reasons-slip-unknown': notAdmitted(
    [reasons['too-late'], reasons['health-yellow'], reasons['temperature-high']],
    { slip: 'unknown', slipHelp: slipHelp('have-slip', 'print-again') },
  ),
  'assist-without-reason': {
    ...welcome,
    outcome: {
      ...decided,
      decision: 'assist',
      next: ['see-staff'],
      slip: 'unknown',
      slipHelp: slipHelp('have-slip', 'print-again'),
      remainingMs: 56_000,
    },
  },
  'help-coming': { ...welcome, help: { since: '2026-03-18T10:40:00+08:00' } },
  'help-just-called': { ...collecting([identity]), help: { since: at } },
  'out-of-service': {
    ...broken('out-of-service', ['no-gate']),
    service: {
      state: 'out-of-service',
      devices: [device('reader', 'id-card-reader', 'offline'), device('gate', 'gate', 'hardwareError')],
      notices: ['no-gate'],
    },
  },
  maintenance: broken('maintenance'),
  emergency: broken('emergency'),
  simulated: { ...welcome, terminal: { ...welcome.terminal, simulated: true } },
}

/** The ones that stand for all others where each costs time. */
export const mainScreens = [
  'welcome',
  'welcome-notices',
  'welcome-closed',
  'checklist-card-done',
  'checklist-camera-again',
  'checklist-mask-next',
  'checklist-health-owner-mismatch',
  'checklist-paused',
  'checklist-time-warning',
  'admitted-open',
  'card-left',
  'admitted-card-left',
  'admitted-gate-fault',
  'reason-too-early',
  'reason-no-phone',
  'refused-three-reasons',
  'help-coming',
  'out-of-service',
  'maintenance',
  'emergency',
  'admitted-slip-unknown',
  'refused-slip-unknown',
] as const

/** A slip as a 58 mm printer puts it on paper. */
export const paper: Paper = {
  widthDots: 384,
  heightDots: 470,
  items: [
    {
      type: 'text',
      x: 96,
      y: 20,
      width: 192,
      height: 48,
      text: '入厅凭条',
      bold: true,
      inverse: false,
      underline: false,
    },
    {
      type: 'text',
      x: 0,
      y: 92,
      width: 240,
      height: 24,
      text: '东莞市民服务中心 A7',
      bold: false,
      inverse: false,
      underline: false,
    },
    {
      type: 'text',
      x: 0,
      y: 128,
      width: 384,
      height: 24,
      text: '预约          10:30-11:00 Gate 1',
      bold: false,
      inverse: false,
      underline: true,
    },
    {
      type: 'text',
      x: 0,
      y: 164,
      width: 144,
      height: 24,
      text: '模拟 DEMO 12',
      bold: true,
      inverse: true,
      underline: false,
    },
    {
      type: 'bitmap',
      x: 120,
      y: 210,
      width: 144,
      height: 144,
      scale: 16,
      rows: [
        '###.#.###',
        '#.#..##.#',
        '###.#.###',
        '..#.##...',
        '#.##.#.##',
        '.#..#.#..',
        '###..#.##',
        '#.#.##..#',
        '###.#.#.#',
      ],
    },
    { type: 'cut', y: 440, partial: true },
  ],
}

const refusalPaper: Paper = {
  ...paper,
  items: [
    {
      type: 'text',
      x: 120,
      y: 20,
      width: 144,
      height: 48,
      text: '说明单',
      bold: true,
      inverse: false,
      underline: false,
    },
    {
      type: 'text',
      x: 0,
      y: 92,
      width: 204,
      height: 24,
      text: '编号：A7-3392 请',
      bold: false,
      inverse: false,
      underline: false,
    },
    { type: 'cut', y: 440, partial: false },
  ],
}

/** The simulated devices in the middle of a visit. */
export const bench: Bench = {
  persons: [
    {
      id: 'wang',
      label: '王小明',
      note: { 'zh-Hans': '有预约', 'zh-Hant': '有預約', en: 'has an appointment' },
    },
    {
      id: 'chen',
      label: '陈静',
      note: { 'zh-Hans': '没有预约', 'zh-Hant': '沒有預約', en: 'no appointment' },
    },
  ],
  codes: [
    { code: 'green', label: { 'zh-Hans': '王小明的绿码', 'zh-Hant': '王小明的綠碼', en: 'Wang, green' } },
    { code: 'yellow', label: { 'zh-Hans': '王小明的黄码', 'zh-Hant': '王小明的黃碼', en: 'Wang, yellow' } },
  ],
  devices: welcome.service.devices.map(({ id, kind }) => ({ id, kind, plugged: true })),
  card: 'wang',
  centiCelsius: 3650,
  gateway: 'up',
  paper: 'full',
  coverOpen: false,
  fire: false,
  pulses: 2,
  gateBlocked: false,
  around: {
    present: true,
    kioskOpen: false,
    lights: [
      { device: 'id-card-reader', lit: false },
      { device: 'code-scanner', lit: true },
      { device: 'thermometer', lit: false },
      { device: 'gate', lit: false },
      { device: 'receipt-printer', lit: false },
    ],
  },
  hallFull: false,
  slips: [
    { id: 'b', at, paper },
    { id: 'a', at: '2026-03-18T10:40:00+08:00', paper: refusalPaper },
  ],
}
