import { samWire } from '../../lib/wire/sam-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'

/** Nothing but the module's own protocol. */
export const wire: OpenWire<unknown> = () => samWire()
