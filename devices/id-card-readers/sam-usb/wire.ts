import { samWire } from '../../lib/wire/sam-wire.ts'
import type { OpenWire } from '../../lib/wire/wire.ts'

/** Head and rest of a frame travel on two pipes, one behind the other: together they are the module's own protocol. */
export const wire: OpenWire<unknown> = () => samWire()
