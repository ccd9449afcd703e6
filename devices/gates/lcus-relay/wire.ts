import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { lcusBoard, lcusHost } from './codec.ts'

const operations = ['off silently', 'on silently', 'off', 'on', 'toggle', 'query', 'pulse']

/** Operations and states. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: lcusBoard.decode,
    describe: ({ channel, code }) => `relay ${channel}: ${operations[code] ?? code}`,
  }),
  fromDevice: framedReader({
    decode: lcusHost.decode,
    describe: ({ channel, on }) => `relay ${channel} is ${on ? 'on' : 'off'}`,
  }),
})
