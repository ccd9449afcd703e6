import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import type { Commands } from '../../kinds.ts'
import { type Asking, asking } from '../../lib/asking.ts'
import { optionWords } from '../../lib/option-words.ts'
import type { GateOptions } from '../../lib/relay-gate.ts'
import { startRelayGate } from '../../lib/relay-gate-start.ts'
import type { RelayLine } from '../../lib/relay-line.ts'
import { unansweredGate } from '../../lib/unanswered-gate.ts'
import { type LcusOperation, type LcusQuestion, type LcusState, lcusHost } from './codec.ts'

const timeoutMs = 250
const maxLatencyMs = 300
/** The board times its pulse and nobody prints how long; for so long a relay found on may be on from the pulse before. */
const longestPulseMs = 10_000

const options = z.object({
  path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
  baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
  channel: z.number().int().min(1).max(8).default(1).describe('Relay that opens the gate, counted from 1'),
  pollMs: z.number().int().min(50).max(1000).default(250).describe(optionWords.pollMs),
  silentBoard: z
    .boolean()
    .default(false)
    .describe('An old board that never answers, and you saw it pulse: every opening is unconfirmed'),
})

type LcusSession = KeptSession<'gate', z.infer<typeof options>>
type LcusLine = Asking<LcusQuestion, LcusState>

/** A gate (闸机) opened by an LCUS relay board on a USB serial port, by the board's own momentary pulse. It has no inputs. */
export const lcusRelay = defineDriver({
  id: 'lcus-relay',
  kind: 'gate',
  label: 'Gate on an LCUS relay board (USB serial)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock } = session
    const line = asking<LcusQuestion, LcusState>(link, {
      clock,
      codec: lcusHost,
      timeoutMs,
      maxLatencyMs,
      maxLength: 32,
      // Every answer is a state: only the channel tells one from another.
      sortOfQuestion: ({ channel }) => channel,
      sortOfAnswer: ({ channel }) => channel,
      fits: (question, answer) => question.channel === answer.channel,
    })
    const gate = { ...session, options: asGate(options) }
    try {
      return await startRelayGate(gate, relayLine(line, options.channel), 'an LCUS relay board')
    } catch (error) {
      if (!options.silentBoard || link.closed.aborted || line.heard())
        throw withAdvice(error, options.silentBoard)
      return startSilent(session)
    }
  },
})

/** Not a word from the board, as the technician said. It cannot be asked whether its relay is on, so it is told "off". */
async function startSilent(session: LcusSession): Promise<Commands<'gate'>> {
  const { link, options, log } = session
  const say = (operation: LcusOperation) => lcusHost.encode({ channel: options.channel, operation })
  await link.write(say('off-silently'))
  log('gate ready', { fire: 'not wired', state: 'never told' })
  return unansweredGate(session, say('pulse'))
}

function withAdvice(error: unknown, silentBoard: boolean): unknown {
  if (silentBoard || !(error instanceof DeviceError) || error.code !== 'timeout') return error
  return new DeviceError(
    'timeout',
    `${error.message}; an old board never answers: if you saw it pulse, set silentBoard`,
    { cause: error },
  )
}

function asGate({ channel, pollMs }: z.infer<typeof options>): GateOptions {
  return {
    relay: channel - 1,
    pulseMs: longestPulseMs,
    pollMs,
    timeoutMs,
    maxLatencyMs,
    passageInput: null,
    fireInput: null,
    fireActive: 'high',
  }
}

function relayLine(line: LcusLine, channel: number): RelayLine {
  const question = (operation: LcusOperation): LcusQuestion => ({ channel, operation })
  const bit = ({ on }: LcusState) => (on ? 1 << (channel - 1) : 0)
  return {
    heard: line.heard,
    inputs: () => Promise.reject(new DeviceError('unsupported', `${line.name}: this board has no inputs`)),
    async relays() {
      const certain = line.certain(question('query'))
      return { bits: bit(await line.ask(question('query'))), certain }
    },
    async switchOff() {
      await line.ask(question('off'))
    },
    async pulse({ notAfter }) {
      const certain = line.certain(question('pulse'))
      let writtenAt: number | undefined
      const onWritten = (at: number) => {
        writtenAt = at
      }
      const answer = await line.ask(question('pulse'), { notAfter, onWritten }).catch((error) => {
        // Handed over is handed over, whether or not the cable lived to bring an answer.
        if (writtenAt === undefined) throw error
      })
      return { writtenAt: writtenAt ?? line.clock.monotonic(), echoed: certain && answer?.on === true }
    },
  }
}
