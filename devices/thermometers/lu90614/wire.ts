import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { luHost, luModule } from './codec.ts'

/** Commands and temperatures. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: luModule.decode,
    describe: (command) => (command === 'measure' ? 'measure' : `mode ${command}`),
  }),
  fromDevice: framedReader({
    decode: luHost.decode,
    describe: ({ mode, centiCelsius }) => `${mode} ${centiCelsius / 100} °C`,
  }),
})
