import { z } from 'zod'
import type { KeptSession } from '../driver.ts'
import { DeviceError } from '../errors.ts'
import type { Commands } from '../kinds.ts'
import { InputWatch } from './gate-inputs.ts'
import { optionWords } from './option-words.ts'
import { type GateOptions, runGate } from './relay-gate.ts'
import { isOn, type RelayLine } from './relay-line.ts'

const channel = z.number().int().min(0).max(7)

/** What a technician sets for a gate on a relay board with a pulse function and inputs, however the board is reached. */
export const relayGateOptions = {
  relay: channel.default(0).describe('Relay that opens the gate, counted from 0'),
  pulseMs: z
    .number()
    .int()
    .min(100)
    .max(3200)
    .multipleOf(100)
    .default(700)
    .describe(
      'How long the relay is closed for one passage, milliseconds: as the gate’s manual asks for its opening input',
    ),
  passageInput: channel
    .nullable()
    .default(0)
    .describe('Input closed while somebody passes; null: passage is not seen'),
  fireInput: channel.nullable().default(1).describe('Input of the fire alarm; null: not wired'),
  fireActive: z.enum(['high', 'low']).default('high').describe('Level of the fire input during an alarm'),
  pollMs: z.number().int().min(20).max(1000).default(100).describe(optionWords.pollMs),
  maxLatencyMs: z
    .number()
    .int()
    .min(50)
    .max(5000)
    .default(300)
    .describe('Silence kept after an unanswered question; longer than the board can be late'),
  // Both waits together are shorter than the usual pulse: a pulse whose echo got lost can still be seen on the relay.
  timeoutMs: z.number().int().min(50).max(5000).default(250).describe(optionWords.timeoutMs),
} as const

/** For `refine`: one contact cannot tell of a passage and of a fire. */
export function inputsDiffer({ passageInput, fireInput }: Pick<GateOptions, 'passageInput' | 'fireInput'>) {
  return passageInput === null || passageInput !== fireInput
}
export const inputsDifferMessage = { message: 'passage and fire cannot share an input', path: ['fireInput'] }

type RelaySession = KeptSession<'gate', GateOptions>

/**
 * Greets a relay board and runs the gate behind it. Fire is read first, then which board this is; a relay found on is
 * switched off, unless there is fire. `model` is what should answer there, for the message when it is something else.
 */
export async function startRelayGate(
  session: RelaySession,
  line: RelayLine,
  model: string,
): Promise<Commands<'gate'>> {
  const { options, log, emit } = session
  const { inputs, relays } = await greet(session, line, model)
  const watch = new InputWatch(options, inputs)
  const on = isOn(relays, options.relay)
  if (on && !watch.fire) await release(session, line)
  log('gate ready', { fire: options.fireInput === null ? 'not wired' : watch.fire, relayFoundOn: on })
  if (watch.fire) emit({ type: 'fire', active: true })
  return runGate({ session, line, watch, foundOn: on && watch.fire })
}

/** Fire first, then identity: both only read, so this is safe at whatever answers on the port. */
async function greet({ link, options }: RelaySession, line: RelayLine, model: string) {
  const wired = options.passageInput !== null || options.fireInput !== null
  const inputs = await (wired ? line.inputs() : Promise.resolve(0)).catch((error: unknown) => ({ error }))
  const relays = await line.relays().catch((error) => {
    if (link.closed.aborted || !line.heard()) throw error
    throw new DeviceError(
      'wrong-device',
      `${link.name}: something speaks there, but not as ${model}; check port and settings`,
      { cause: error },
    )
  })
  if (typeof inputs === 'number') return { inputs, relays: relays.bits }
  throw new DeviceError(
    options.fireInput === null ? 'bad-answer' : 'fire',
    `${link.name}: the board's inputs cannot be read; nothing is opened or locked`,
    { cause: inputs.error },
  )
}

/** A relay left on by whoever was connected before would hold the gate open. */
async function release({ link, options, log }: RelaySession, line: RelayLine) {
  log('relay found on, switching it off')
  await line.switchOff(options.relay)
  const { bits } = await line.relays()
  if (isOn(bits, options.relay))
    throw new DeviceError('out-of-service', `${link.name}: relay ${options.relay} cannot be switched off`)
}
