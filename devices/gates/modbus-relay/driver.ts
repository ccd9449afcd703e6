import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { DeviceError } from '../../errors.ts'
import { runGate } from './gate.ts'
import { InputWatch } from './input-watch.ts'
import { type RelayLine, relayLine } from './relay-line.ts'

const channel = z.number().int().min(0).max(7)

const options = z
  .object({
    path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
    baudRate: z.number().int().positive().default(9600),
    unit: z.number().int().min(1).max(247).default(1).describe('Modbus address of the board'),
    relay: channel.default(0).describe('Relay that opens the gate, counted from 0'),
    pulseMs: z.number().int().min(100).max(3200).multipleOf(100).default(700),
    passageInput: channel
      .nullable()
      .default(0)
      .describe('Input closed while somebody passes; null: passage is not seen'),
    fireInput: channel.nullable().default(1).describe('Input of the fire alarm; null: not wired'),
    fireActive: z.enum(['high', 'low']).default('high').describe('Level of the fire input during an alarm'),
    pollMs: z.number().int().min(20).max(1000).default(50),
    maxLatencyMs: z
      .number()
      .int()
      .min(50)
      .max(5000)
      .default(300)
      .describe('Silence kept after an unanswered question; longer than the board can be late'),
    // Both waits together are shorter than the usual pulse: a pulse whose echo got lost can still be seen on the relay.
    timeoutMs: z.number().int().min(50).max(5000).default(250),
  })
  .refine(({ passageInput, fireInput }) => passageInput === null || passageInput !== fireInput, {
    message: 'passage and fire cannot share an input',
    path: ['fireInput'],
  })

type RelaySession = KeptSession<'gate', z.infer<typeof options>>

/** A gate (闸机) opened by a Modbus RTU relay board with a pulse function. The board times the pulse, never this computer. */
export const modbusRelay = defineDriver({
  id: 'modbus-relay',
  kind: 'gate',
  label: 'Gate on a Modbus RTU relay board (serial, RS-485)',
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock, log, emit } = session
    const line = relayLine(link, { ...options, clock })
    const { inputs, relays } = await greet(session, line)
    const watch = new InputWatch(options, inputs)
    const on = isOn(relays, options.relay)
    if (on && !watch.fire) await release(session, line)
    log('gate ready', { fire: watch.fire, relayFoundOn: on })
    if (watch.fire) emit({ type: 'fire', active: true })
    return runGate({ session, line, watch, foundOn: on && watch.fire })
  },
})

/** Fire first, then identity: both only read, so this is safe at whatever answers on the port. */
async function greet({ link, options }: RelaySession, line: RelayLine) {
  const wired = options.passageInput !== null || options.fireInput !== null
  const inputs = await (wired ? line.inputs() : Promise.resolve(0)).catch((error: unknown) => ({ error }))
  const relays = await line.relays().catch((error) => {
    if (link.closed.aborted || !line.heard()) throw error
    throw new DeviceError(
      'wrong-device',
      `${link.name}: something speaks there, but not as relay board ${options.unit}; check port, baud rate, unit`,
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

function isOn(bits: number, relay: number): boolean {
  return ((bits >> relay) & 1) === 1
}
