import { blindReader } from '../../lib/wire/framed-reader.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'
import { readPart } from './codec.ts'

/** Events tell of a face: of them only what was measured is said. */
export const wire: OpenWire<unknown> = () => ({
  toDevice: blindReader(),
  fromDevice: blindReader(),
  describeBody(contentType, body) {
    if (!/json|xml/i.test(contentType)) return undefined
    const event = readPart({ contentType, body })
    if (event.type !== 'face')
      return event.type === 'unclear' ? `no evidence: ${event.why}` : 'no measurement'
    return `face, ${event.bodyCentiCelsius / 100} °C${event.calledAbnormal ? ', called abnormal' : ''}`
  },
})
