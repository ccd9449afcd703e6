import type { ModbusRequest } from '../modbus-pdu.ts'
import { pulseAddress } from '../modbus-relays.ts'

/** What a gate's board is told, as a technician says it. */
export const relayBoardWords = {
  request({ function: code, address, value }: ModbusRequest): string | undefined {
    if (code === 5 && address >= pulseAddress)
      return `pulse relay ${address - pulseAddress}, ${value * 100} ms`
    if (code === 5 && value === 0) return `switch relay ${address} off`
    return undefined
  },
}
