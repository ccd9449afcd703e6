import { blindReader, framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { Command, tripod } from './codec.ts'

/** Commands out; a turnstile that answers is none of this model. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: tripod.decode,
    describe: ({ address, command }) =>
      `turnstile ${address}: ${Object.entries(Command).find(([, code]) => code === command)?.[0] ?? command}`,
  }),
  fromDevice: blindReader(),
})
