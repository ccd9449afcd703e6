import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '../../kiosk-agent/api/contract.ts'
import type { PortedTerminal } from '../support/ported-terminal.ts'
import type { ScreenClient } from '../support/screen-client.ts'
import { diskProbe } from './disk.ts'

export interface Visits {
  /** From the sending of the last evidence to the pulse command at the gate; one for each visit, milliseconds. */
  readonly evidenceToPulseMs: readonly number[]
  /** The disk's own sync time, taken between the visits, so that both saw the same minutes. Milliseconds. */
  readonly syncMs: readonly number[]
}

const PROBES_A_VISIT = 4
const CODES_APART_MS = 1200
/** In turn, so that no visitor is the one who was just here. */
const VISITORS = ['li', 'zhang'] as const

/** Sends so many visitors through the door, one after the other, each with a fresh appointment and a printed slip. */
export async function measureVisits(
  terminal: PortedTerminal,
  screen: ScreenClient,
  count: number,
): Promise<Visits> {
  const evidenceToPulseMs: number[] = []
  const syncMs: number[] = []
  using disk = diskProbe(dirname(terminal.ledgerPath))
  for (let visit = 0; visit < count; visit++) {
    const person = VISITORS[visit % VISITORS.length] ?? 'li'
    evidenceToPulseMs.push(await oneVisit(terminal, screen, person))
    for (let probe = 0; probe < PROBES_A_VISIT; probe++) syncMs.push(disk.sync())
  }
  return { evidenceToPulseMs, syncMs }
}

async function oneVisit(terminal: PortedTerminal, screen: ScreenClient, person: string): Promise<number> {
  const { bench } = terminal
  await bench.act({ type: 'reset' })
  await bench.act({ type: 'lay-card', person })
  await bench.act({ type: 'set-temperature', centiCelsius: 3650 })
  await screen.until(({ session }) => session !== null, 'a session')
  await bench.act({ type: 'show-code', code: `YKMDEMO:${person}` })
  const { session } = await screen.until(onlyMaskMissing, 'everything but the mask')
  const pulse = nextPulse(terminal)
  const sentAt = performance.now()
  const status = await screen.send({ type: 'attest-mask', about: session?.id ?? '' })
  if (status !== 202) throw new Error(`the mask intent was answered with ${status}`)
  const pulsedAt = await pulse
  await leave(terminal, screen, session?.id)
  return pulsedAt - sentAt
}

/**
 * Sends visitors who do everything at once: forehead and code are there as the card is laid down, the mask is confirmed as
 * soon as the screen asks for it. From the card to the pulse, milliseconds: what the machine takes of one admission.
 */
export async function measureHastyVisits(
  terminal: PortedTerminal,
  screen: ScreenClient,
  count: number,
): Promise<number[]> {
  const cardToPulseMs: number[] = []
  for (let visit = 0; visit < count; visit++) {
    const person = VISITORS[visit % VISITORS.length] ?? 'li'
    cardToPulseMs.push(await hastyVisit(terminal, screen, person))
  }
  return cardToPulseMs
}

async function hastyVisit(terminal: PortedTerminal, screen: ScreenClient, person: string): Promise<number> {
  const { bench } = terminal
  await bench.act({ type: 'reset' })
  // The scanner takes a code right behind another one for a slip of the hand. From then on anywhere between two looks of
  // the reader, and between two samples of the thermometer.
  await sleep(CODES_APART_MS + Math.random() * 300)
  const before = screen.snapshot.version
  await bench.act({ type: 'set-temperature', centiCelsius: 3650 })
  const pulse = nextPulse(terminal)
  await bench.act({ type: 'lay-card', person })
  const laidAt = performance.now()
  const shown = bench.act({ type: 'show-code', code: `YKMDEMO:${person}` })
  const { session } = await screen.until(
    (snapshot) => snapshot.version > before && snapshot.session !== null,
    'a session',
  )
  await screen.send({ type: 'attest-mask', about: session?.id ?? '' })
  const pulsedAt = await pulse
  await shown
  await leave(terminal, screen, session?.id)
  return pulsedAt - laidAt
}

async function leave(terminal: PortedTerminal, screen: ScreenClient, visit: string | undefined) {
  terminal.controls('gate').walkThrough()
  await screen.until(
    ({ outcome }) => outcome?.id === visit && outcome?.lane === 'passed' && outcome.slip === 'printed',
    'the end of a visit',
  )
}

function onlyMaskMissing({ session }: Snapshot): boolean {
  const checks = session?.persons[0]?.checks
  return checks?.every(({ check, state }) => state === (check === 'mask' ? 'missing' : 'passed')) ?? false
}

function nextPulse(terminal: PortedTerminal): Promise<number> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('no pulse within 10 s')), 10_000)
    const end = terminal.controls('gate').onPulse(() => {
      clearTimeout(limit)
      end()
      resolve(performance.now())
    })
  })
}
