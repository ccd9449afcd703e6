import { blindReader } from '../../lib/wire/framed-reader.ts'
import { type LineOptions, lineReader } from '../../lib/wire/line-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'

/** Such a head only speaks. */
export const wire: OpenWire<LineOptions> = (options) => ({
  toDevice: blindReader(),
  fromDevice: lineReader(options),
})
