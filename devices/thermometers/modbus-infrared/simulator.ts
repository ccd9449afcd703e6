import { systemClock } from '../../lib/clock.ts'
import { frames } from '../../lib/frames.ts'
import type { ModbusAnswer, ModbusRequest } from '../../lib/modbus-pdu.ts'
import { modbusRtuDevice } from '../../lib/modbus-rtu.ts'
import { pacedWriter } from '../../lib/paced.ts'
import { simulateSensor, type ThermometerControls } from '../../lib/simulated-sensor.ts'
import { simulatedVoice, type VoiceFaults } from '../../lib/simulated-voice.ts'
import type { StreamLink } from '../../link/link.ts'
import type { Simulator } from '../../simulation.ts'
import { entries, type RegisterMap, toWord } from './codec.ts'

export interface ModbusInfraredSimulation extends VoiceFaults {
  readonly unit?: number
  readonly map: RegisterMap
  /** Fault: says no to every question, as a sensor without these registers. */
  readonly refuses?: boolean
}

/** A sensor made of software that has just the registers of its map; all others are 0. */
export function simulateModbusInfrared(options: ModbusInfraredSimulation): Simulator<ThermometerControls> {
  const { clock = systemClock, unit = 1, map } = options
  const codec = modbusRtuDevice(unit, { 3: 2, 4: 2 })
  const sensor = simulateSensor()
  const voice = simulatedVoice(options)

  function answer({ function: code, address, value: count }: ModbusRequest): ModbusAnswer {
    if (options.refuses || (code !== 3 && code !== 4)) return { type: 'exception', function: code, code: 2 }
    const { raw, ambient, body } = sensor.measure()
    const values = { object: raw, ambient, body }
    const words = Array.from({ length: count }, (_, at) => {
      const found = entries(map).find(([, each]) => each.function === code && each.register === address + at)
      return found ? toWord(values[found[0]], found[1]) : 0
    })
    return { type: 'words', function: code, words }
  }

  return {
    attach(far: StreamLink) {
      const write = pacedWriter(far, clock, options.paceBaud)
      async function listen() {
        for await (const request of frames(far.bytes, codec))
          await voice.say(codec.encode(answer(request)), write)
      }
      void listen()
    },
    controls: { ...sensor.controls, ...voice.controls },
  }
}
