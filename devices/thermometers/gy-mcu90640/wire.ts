import { framedReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { type ArrayAnswer, arrayHost, arrayModule, pictureLength } from './codec.ts'

/** Commands, and pictures: those are pictures of people, so their pixels are hidden and one grey replaces them in a trace. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: framedReader({
    decode: arrayModule.decode,
    describe: ({ command, value }) => `command ${command.toString(16)}: ${value}`,
  }),
  fromDevice: framedReader({
    decode: arrayHost.decode,
    maxLength: pictureLength,
    describe,
    harmless(answer, vary) {
      if (answer.type === 'emissivity') return undefined
      // Read as two bytes each, both of which vary.
      const [low = 0, high = 0] = vary(Uint8Array.of(grey & 0xff, grey >> 8))
      return arrayModule.encode({ ...answer, pixels: answer.pixels.map(() => (high << 8) | low) })
    },
  }),
})

/** Skin as seen from half a metre, hundredths of a degree. */
const grey = 3400

function describe(answer: ArrayAnswer): string {
  if (answer.type === 'emissivity') return `emissivity ${answer.percent} %`
  const warmest = answer.pixels.reduce((most, pixel) => Math.max(most, pixel), Number.NEGATIVE_INFINITY)
  return `picture, warmest ${warmest / 100} °C, ambient ${answer.ambientCentiCelsius / 100} °C`
}
