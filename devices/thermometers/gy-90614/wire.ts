import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { Command, gy90614Host, gy90614Module } from './codec.ts'

/** Commands and readings. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: gy90614Module.decode,
    describe: (command) => Object.entries(Command).find(([, code]) => code === command)?.[0] ?? 'command',
  }),
  fromDevice: framedReader({
    decode: gy90614Host.decode,
    describe: ({ objectCentiCelsius, ambientCentiCelsius }) =>
      `object ${objectCentiCelsius / 100} °C, ambient ${ambientCentiCelsius / 100} °C`,
  }),
})
