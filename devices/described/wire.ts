import { blindReader, framedReader } from '../lib/wire/framed-reader.ts'
import { codeText } from '../lib/wire/line-wire.ts'
import { harmlessCode, plain, unexplained, type Vary, type Wire } from '../lib/wire/wire.ts'
import { describedCodec, type Values } from './codec.ts'
import { type Description, longestFrame } from './description.ts'

/** The wire of a device that is described by data: numbers are shown, text and bytes may be somebody's. */
export function describedWire(description: Description): Wire {
  const codec = describedCodec(description)
  const { poll } = description
  return {
    toDevice: poll
      ? {
          gapMs: undefined,
          push: (chunk) => [
            Buffer.compare(chunk, poll.bytes) === 0 ? plain(chunk, 'question') : unexplained(chunk.length),
          ],
          flush: () => [],
        }
      : blindReader(),
    fromDevice: framedReader({
      decode: codec.decode,
      maxLength: longestFrame(description.frame),
      describe,
      harmless: (values, vary) => codec.encode(withoutText(values, vary)),
    }),
  }
}

function describe(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (typeof value === 'number') return `${name} ${value}`
      return name === 'code' ? codeText(value.length) : `${name} of ${value.length} bytes`
    })
    .join(', ')
}

function withoutText(values: Values, vary: Vary): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'number') return [name, value]
      if (name === 'aim' && typeof value === 'string' && /^\][A-Za-z][0-9A-Za-z]$/.test(value))
        return [name, value]
      return [name, vary(harmlessCode(value.length))]
    }),
  )
}
