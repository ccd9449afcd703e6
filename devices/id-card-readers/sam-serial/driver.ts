import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { asDeviceError } from '../../errors.ts'
import type { CardProblem } from '../../kinds.ts'
import { type Look, lookForCard } from './read-card.ts'
import { greet, type SamLine, samLine } from './sam-line.ts'

const baudRates = [9600, 19200, 38400, 57600, 115200] as const

const options = z.strictObject({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/ttyUSB0"'),
  baudRate: z.literal(baudRates).default(115200).describe('As set in the reader; delivered at 115200'),
  pollMs: z.int().min(100).max(2000).default(300).describe('Pause between two looks for a card'),
})

type Session = KeptSession<'id-card-reader', z.infer<typeof options>>

/**
 * Any reader of second-generation resident ID cards whose security module (SAM_V, SAM_A) speaks on a serial line, GA/T 467.
 * Tells each presentation of a card once; whether a card still lies there cannot be asked. Reads neither fingerprints nor
 * the appended address, drops the photo, and logs nothing of a card.
 */
export const samSerial = defineDriver({
  id: 'sam-serial',
  kind: 'id-card-reader',
  label: 'Resident ID card reader, serial (SAM_V / SAM_A)',
  connection: 'kept',
  linkKind: 'stream',
  options,
  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, clock, log } = session
    const line = samLine(link, clock)
    const samNumber = await greet(line, link, session.options.baudRate)
    log('ID card reader ready', { samNumber })

    void watchForCards(session, line)
    return { samNumber }
  },
})

/** Failures in a row after which the connection is given up; one is what noise on the line costs. */
const FAILURES = 2

/** Runs until the connection is over. */
async function watchForCards(session: Session, line: SamLine): Promise<void> {
  const { link, clock, signal, log } = session
  const tell = teller(session)
  let failures = 0
  while (!signal.aborted) {
    try {
      const look = await lookForCard(line, dateInChina(clock.now()))
      if (signal.aborted) return
      tell(look)
      failures = 0
    } catch (thrown) {
      if (signal.aborted || link.closed.aborted) return
      const error = asDeviceError(thrown, 'bad-answer', link.name)
      log('looking for a card failed', { code: error.code, message: error.message })
      failures++
      if (error.code === 'out-of-service' || failures === FAILURES) {
        // A driver has no other way to report that its device broke: the hub starts anew, and what the greeting then
        // finds (out of service, silent, another device) becomes the state that the technician sees.
        await link.close()
        return
      }
    }
    await clock.sleep(session.options.pollMs, signal).catch(() => {})
  }
}

/** Turns looks into events; a card that cannot be read and stays where it is tells its problem once. */
function teller({ emit, log }: Session): (look: Look) => void {
  let told: CardProblem | undefined
  return (look) => {
    if (look.type === 'problem') {
      if (look.problem === told) return
      told = look.problem
      log('card not read', { problem: look.problem, reason: look.reason })
      emit({ type: 'card-problem', problem: look.problem })
    } else if (look.type !== 'gone') {
      told = undefined
      if (look.type === 'card') emit({ type: 'card', card: look.card })
    }
  }
}

/** YYYYMMDD in China, where every card's dates are meant, whatever zone the machine is set to. */
function dateInChina(now: number): string {
  const eightHoursMs = 8 * 60 * 60 * 1000
  return new Date(now + eightHoursMs).toISOString().slice(0, 10).replaceAll('-', '')
}
