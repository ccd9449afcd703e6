import type { KeptSession } from '../../driver.ts'
import { asDeviceError } from '../../errors.ts'
import type { CardProblem, Commands } from '../../kinds.ts'
import type { StreamLink } from '../../link/link.ts'
import { withAddedAddress } from './added-address.ts'
import type { CardOptions } from './card-options.ts'
import { type CardWatch, cardWatch } from './card-watch.ts'
import type { Look } from './read-card.ts'
import { greet, samLine } from './sam-line.ts'

type Session = Pick<
  KeptSession<'id-card-reader', CardOptions>,
  'options' | 'signal' | 'clock' | 'log' | 'emit'
>

/**
 * Greets the module at the end of `link` and tells each presentation of a card from then on, until the connection is over.
 * `alsoCheck` ends the technician's advice when nothing answers: "baudRate (now 9600)".
 */
export async function startReader(
  session: Session,
  link: StreamLink,
  alsoCheck: string,
): Promise<Commands<'id-card-reader'>> {
  const line = samLine(link, session.clock)
  const samNumber = await greet(line, link, alsoCheck)
  session.log('ID card reader ready', { samNumber })

  const watch = cardWatch(line, {
    today: () => dateInChina(session.clock.now()),
    complete: async (look) => (session.options.readAddedAddress ? withAddedAddress(line, look) : look),
    tell: tellerOf(session),
  })
  void watchForCards(session, link, watch)
  return session.options.repeatedRead ? { samNumber, stillThere: watch.stillThere } : { samNumber }
}

/** What is seen after the connection is over is told to nobody. */
function tellerOf(session: Session): (look: Look) => void {
  const tell = teller(session)
  return (look) => {
    if (!session.signal.aborted) tell(look)
  }
}

/** Failures in a row after which the connection is given up; one is what noise on the line costs. */
const FAILURES = 2

/** Runs until the connection is over. */
async function watchForCards(session: Session, link: StreamLink, watch: CardWatch): Promise<void> {
  const { clock, signal, log } = session
  let failures = 0
  while (!signal.aborted) {
    try {
      await watch.look()
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
