import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { modbusRelays, relayBoardUse } from '../../lib/modbus-relays.ts'
import { modbusRtuLine } from '../../lib/modbus-rtu-line.ts'
import { optionWords } from '../../lib/option-words.ts'
import {
  inputsDiffer,
  inputsDifferMessage,
  relayGateOptions,
  startRelayGate,
} from '../../lib/relay-gate-start.ts'

const options = z
  .object({
    path: z.string().min(1).describe('Serial port, e.g. "COM3" or "/dev/serial/by-path/…"'),
    baudRate: z.number().int().positive().default(9600).describe(optionWords.baudRate),
    unit: z.number().int().min(1).max(247).default(1).describe('Modbus address of the board'),
    ...relayGateOptions,
  })
  .refine(inputsDiffer, inputsDifferMessage)

/** A gate (闸机) opened by a Modbus RTU relay board with a pulse function. The board times the pulse, never this computer. */
export const modbusRelay = defineDriver({
  id: 'modbus-relay',
  kind: 'gate',
  label: 'Gate on a Modbus RTU relay board (serial, RS-485)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ path, baudRate }) => ({ type: 'serial', path, baudRate }),

  async start(session) {
    const { link, options, clock } = session
    const line = modbusRtuLine(link, { ...options, clock }, relayBoardUse)
    return startRelayGate(session, modbusRelays(line), `relay board ${options.unit}`)
  },
})
