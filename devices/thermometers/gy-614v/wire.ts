import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { type GyAnswer, gyHost, gyModule, Register, readMeasurement, toMeasurement } from './codec.ts'

/** Questions and registers. */
export const wire: OpenWire<{ readonly address: number }> = ({ address }) => ({
  toDevice: framedReader({
    decode: gyModule(address).decode,
    describe: (request) =>
      request.type === 'read'
        ? `read ${request.count} registers from ${register(request.start)}`
        : `write ${register(request.register)}: ${request.value}`,
  }),
  fromDevice: framedReader({ decode: gyHost(address).decode, describe }),
})

function describe(answer: GyAnswer): string {
  if (answer.type === 'written') return `done: ${register(answer.register)} ${answer.value}`
  if (answer.start !== readMeasurement.start) return `chip ${answer.data[0]}, firmware ${answer.data[1]}`
  const { objectCentiCelsius, ambientCentiCelsius, bodyCentiCelsius } = toMeasurement(answer.data)
  return `object ${objectCentiCelsius / 100} °C, ambient ${ambientCentiCelsius / 100} °C, body ${bodyCentiCelsius / 100} °C`
}

function register(address: number): string {
  return Object.entries(Register).find(([, at]) => at === address)?.[0] ?? `register ${address}`
}
