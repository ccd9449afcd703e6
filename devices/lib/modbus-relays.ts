import { DeviceError } from '../errors.ts'
import type { Asking } from './asking.ts'
import { describeAnswer, type ModbusAnswer, type ModbusRequest, type ModbusUse } from './modbus-pdu.ts'
import type { RelayLine } from './relay-line.ts'

/** Relay boards answer with eight relays, eight inputs, or an echo. */
export const relayBoardUse = { 1: 1, 2: 1, 5: 4 } as const satisfies ModbusUse

export const readRelays = { function: 1, address: 0, value: 8 } as const satisfies ModbusRequest
export const readInputs = { function: 2, address: 0, value: 8 } as const satisfies ModbusRequest

/** There is no counterpart: no gate driver can say "on". */
export function switchOff(relay: number): ModbusRequest {
  return { function: 5, address: relay, value: 0 }
}

/** On now, off again after `pulseMs`, timed by the board: a computer that dies in between leaves nothing open. */
export function pulse(relay: number, pulseMs: number): ModbusRequest {
  return { function: 5, address: pulseAddress + relay, value: pulseMs / 100 }
}

/** Outside the Modbus standard, but what Waveshare and the makers of many like boards use. */
export const pulseAddress = 0x0200

/** The questions a relay board with eight relays and eight inputs is asked. */
export function modbusRelays(line: Asking<ModbusRequest, ModbusAnswer>): RelayLine {
  async function bits(question: ModbusRequest): Promise<number> {
    const answer = await line.ask(question)
    if (answer.type === 'bits') return answer.bits
    throw new DeviceError('bad-answer', `${line.name}: the board answered ${describeAnswer(answer)}`)
  }

  return {
    heard: line.heard,
    inputs: () => bits(readInputs),
    async relays() {
      const certain = line.certain(readRelays)
      return { bits: await bits(readRelays), certain }
    },
    async switchOff(relay) {
      const answer = await line.ask(switchOff(relay))
      if (answer.type !== 'echo')
        throw new DeviceError(
          'refused',
          `${line.name}: the board answered "off" with ${describeAnswer(answer)}`,
        )
    },
    async pulse({ relay, pulseMs, notAfter }) {
      const question = pulse(relay, pulseMs)
      const certain = line.certain(question)
      let writtenAt: number | undefined
      const onWritten = (at: number) => {
        writtenAt = at
      }
      const answer = await line.ask(question, { notAfter, onWritten }).catch((error) => {
        // Handed over is handed over, whether or not the cable lived to bring an answer.
        if (writtenAt === undefined) throw error
      })
      if (answer?.type === 'exception' && certain)
        throw new DeviceError(
          'refused',
          `${line.name}: the board refused the pulse, ${describeAnswer(answer)}`,
        )
      return { writtenAt: writtenAt ?? line.clock.monotonic(), echoed: certain && answer?.type === 'echo' }
    },
  }
}
