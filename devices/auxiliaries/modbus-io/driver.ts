import { z } from 'zod'
import { defineDriver, type KeptSession } from '../../driver.ts'
import { asDeviceError, DeviceError } from '../../errors.ts'
import type { Commands } from '../../kinds.ts'
import { greeted } from '../../lib/greeting.ts'
import { inTurn } from '../../lib/in-turn.ts'
import { Lights } from '../../lib/lights.ts'
import { describeAnswer, type ModbusRequest } from '../../lib/modbus-pdu.ts'
import { type ModbusLine, modbusRtuLine } from '../../lib/modbus-rtu-line.ts'
import { optionWords } from '../../lib/option-words.ts'
import { ioBoardUse, readInputs, switchOutput } from './codec.ts'
import { IoInputs } from './inputs.ts'

const channel = z.number().int().min(0).max(7)
const wired = z.object({
  input: channel.describe('Input of the board, counted from 0'),
  active: z.enum(['high', 'low']).default('high').describe('"low" where the contact opens when it happens'),
})
const unansweredLimit = 3

const options = z
  .object({
    path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
    baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
    unit: z
      .number()
      .int()
      .min(1)
      .max(247)
      .default(2)
      .describe('Modbus address of the board; another one than that of a gate'),
    inputs: z
      .object({
        presence: wired.optional().describe('Active: somebody stands before the kiosk'),
        callButton: wired.optional().describe('Active: pressed'),
        door: wired.optional().describe('Active: the door of the kiosk is open'),
      })
      .prefault({})
      .describe('What is wired to the inputs of the board'),
    lights: z
      .object({
        'id-card-reader': channel.optional().describe('Beside the card reader'),
        'code-scanner': channel.optional().describe('Beside the code scanner'),
        thermometer: channel.optional().describe('Beside the thermometer'),
        gate: channel.optional().describe('At the gate'),
        'receipt-printer': channel.optional().describe('Beside the printer'),
      })
      .prefault({})
      .describe('Output of the guide light beside each device, counted from 0'),
    pollMs: z.number().int().min(50).max(250).default(100).describe(optionWords.pollMs),
    timeoutMs: z.number().int().min(50).max(5000).default(250).describe(optionWords.timeoutMs),
    maxLatencyMs: z
      .number()
      .int()
      .min(50)
      .max(5000)
      .default(300)
      .describe('Silence kept after an unanswered question; longer than the board can be late'),
  })
  .refine(({ inputs }) => differ(Object.values(inputs).map((each) => each?.input)), {
    message: 'two sensors cannot share an input',
    path: ['inputs'],
  })
  .refine(({ lights }) => differ(Object.values(lights)), {
    message: 'two lights cannot share an output',
    path: ['lights'],
  })

/** With no light to switch the board is asked less often; a press of the button lasts longer than that. */
const CALM_FACTOR = 2

type IoSession = KeptSession<'auxiliaries', z.infer<typeof options>>

/** A Modbus RTU board for what is around the kiosk: presence sensor, call button, door contact and guide lights. */
export const modbusIo = defineDriver({
  id: 'modbus-io',
  kind: 'auxiliaries',
  label: 'Sensors and guide lights on a Modbus RTU board (serial, RS-485)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock, log } = session
    const line = modbusRtuLine(link, { ...options, clock }, ioBoardUse)
    // Reading comes first: an output of a board that is not this one must never be switched.
    const bits = await greeted(link, () => readBits(line), {
      heard: line.heard,
      model: `input and output board ${options.unit}`,
    })
    log('auxiliaries ready')
    return runIo(session, line, bits)
  },
})

function runIo(session: IoSession, line: ModbusLine, bits: number): Commands<'auxiliaries'> {
  const { link, options, signal, clock, log, emit } = session
  const inputs = new IoInputs(options.inputs, bits)
  const lights = new Lights(options.lights)
  const talk = inTurn()

  function tell(seen: number) {
    for (const event of inputs.see(seen, clock.monotonic())) emit(event)
  }

  /** A light that was not told is told again at the next look: unlike a gate it may be. */
  async function setLights() {
    for (const { output, on, told } of lights.due(clock.monotonic())) {
      told(false)
      const answer = await line.ask(switchOutput(output, on))
      if (answer.type !== 'echo') throw refusal(line, switchOutput(output, on), describeAnswer(answer))
      told(true)
    }
  }

  async function poll() {
    let unanswered = 0
    while (!signal.aborted) {
      try {
        await talk(async () => {
          tell(await readBits(line))
          await setLights()
        })
        unanswered = 0
      } catch (error) {
        if (signal.aborted || link.closed.aborted) return
        unanswered++
        log('board does not answer', { unanswered, code: asDeviceError(error, 'bad-answer', link.name).code })
        // Ending the connection is how a driver asks for a new start.
        if (unanswered >= unansweredLimit) return link.close()
      }
      await clock.sleep(lights.blinking ? options.pollMs : options.pollMs * CALM_FACTOR, signal)
    }
  }

  tell(bits)
  poll().catch(() => {}) // ends with the connection

  return {
    lights: lights.devices,
    presence: () => inputs.presence,
    doorOpen: () => inputs.door,
    async light(device, state) {
      if (!lights.set(device, state, clock.monotonic()))
        throw new DeviceError('unsupported', `${link.name}: no guide light beside the ${device} is set up`)
      await talk(setLights)
    },
  }
}

async function readBits(line: ModbusLine): Promise<number> {
  const answer = await line.ask(readInputs)
  if (answer.type === 'bits') return answer.bits
  throw new DeviceError('bad-answer', `${line.name}: the board answered ${describeAnswer(answer)}`)
}

function refusal(line: ModbusLine, { address }: ModbusRequest, answer: string): DeviceError {
  return new DeviceError('refused', `${line.name}: output ${address} was refused, ${answer}`)
}

function differ(channels: readonly (number | undefined)[]): boolean {
  const used = channels.filter((each) => each !== undefined)
  return new Set(used).size === used.length
}
