import { z } from 'zod'
import { defineDriver } from '../../driver.ts'
import { modbusRelays, relayBoardUse } from '../../lib/modbus-relays.ts'
import { modbusTcpLine } from '../../lib/modbus-tcp-line.ts'
import {
  inputsDiffer,
  inputsDifferMessage,
  relayGateOptions,
  startRelayGate,
} from '../../lib/relay-gate-start.ts'
import type { RelayLine } from '../../lib/relay-line.ts'
import type { StreamLink } from '../../link/link.ts'

const options = z
  .object({
    host: z.string().min(1).describe('Address of the board, e.g. "192.168.1.200"'),
    port: z.number().int().min(1).max(65535).default(502).describe('TCP port of the device'),
    unit: z.number().int().min(0).max(255).default(1).describe('Modbus unit of the board'),
    ...relayGateOptions,
  })
  .refine(inputsDiffer, inputsDifferMessage)

/** A gate (闸机) opened by a Modbus TCP relay board with a pulse function. The board times the pulse, never this computer. */
export const modbusTcpRelay = defineDriver({
  id: 'modbus-tcp-relay',
  kind: 'gate',
  label: 'Gate on a Modbus TCP relay board (network)',
  wire: async () => (await import('./wire.ts')).wire,
  connection: 'kept',
  linkKind: 'stream',
  options,

  link: ({ host, port }) => ({ type: 'tcp', host, port, onClose: 'reset' }),

  async start(session) {
    const { link, options, clock } = session
    const line = modbusTcpLine(link, { ...options, clock }, relayBoardUse)
    return startRelayGate(session, unrepeated(link, modbusRelays(line)), `relay board ${options.unit}`)
  },
})

/**
 * The network keeps repeating what was not acknowledged, for minutes. So a pulse without an echo ends the connection by
 * reset: what the board has not got by then it never gets.
 */
function unrepeated(link: StreamLink, line: RelayLine): RelayLine {
  return {
    ...line,
    async pulse(order) {
      const pulsed = await line.pulse(order)
      if (!pulsed.echoed) await link.close()
      return pulsed
    },
  }
}
