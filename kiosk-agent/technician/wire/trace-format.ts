import { z } from 'zod'
import type { AnyLink } from '../../../devices/link/link.ts'
import type { ConfiguredDevice } from '../../../devices/registry.ts'
import type { SeenPiece } from './device-wire.ts'

/**
 * A recorded trace: JSON lines, the first of which says what was recorded, each other one thing that travelled.
 *
 *   {"format":"hall-kiosk-trace-1","model":"sam-serial",…}
 *   {"t":12,"dir":"to","hex":"aaaaaa96690003110000…","text":"status (11 FF)"}
 *   {"t":31,"dir":"from","hex":"…","text":"90: done, card data (1284 bytes)"}
 *
 * Where a person's data stood there are harmless bytes of the same length with right check bytes: the specimen card, codes
 * of nothing but X, blank pictures. So it can be given away, and the model's own driver still takes it.
 */
const hex = z.string().regex(/^([0-9a-f]{2})*$/)
export const traceHeaderSchema = z.strictObject({
  format: z.literal('hall-kiosk-trace-1'),
  model: z.string(),
  kind: z.string(),
  options: z.record(z.string(), z.unknown()),
  link: z.strictObject({
    kind: z.enum(['stream', 'report', 'pipes', 'http']),
    descriptor: hex.optional(),
    /** What a HID device calls itself. */
    texts: z.strictObject({ manufacturer: z.string().optional(), product: z.string().optional() }).optional(),
    endpoints: z.strictObject({ in: z.array(z.int()), out: z.array(z.int()) }).optional(),
  }),
  at: z.iso.datetime(),
})
export type TraceHeader = z.infer<typeof traceHeaderSchema>

export const traceLineSchema = z.strictObject({
  /** Milliseconds since the link was opened. */
  t: z.int().nonnegative(),
  dir: z.enum(['to', 'from']),
  hex,
  text: z.string().optional(),
  via: z.literal('feature').optional(),
})
export type TraceLine = z.infer<typeof traceLineSchema>

export interface Trace {
  readonly header: TraceHeader
  readonly lines: readonly TraceLine[]
}

/** Throws when a line is none of this format, and says which. */
export function parseTrace(text: string): Trace {
  const [first = '', ...rest] = text.split('\n').filter((line) => line !== '')
  const read = <Output>(schema: z.ZodType<Output>, line: string, number: number): Output => {
    try {
      return schema.parse(JSON.parse(line))
    } catch (cause) {
      throw new Error(`line ${number} of the trace is not as it should be`, { cause })
    }
  }
  return {
    header: read(traceHeaderSchema, first, 1),
    lines: rest.map((line, at) => read(traceLineSchema, line, at + 2)),
  }
}

export function headerOf({ driver, options }: ConfiguredDevice, link: AnyLink, at: number): TraceHeader {
  return {
    format: 'hall-kiosk-trace-1',
    model: driver.id,
    kind: driver.kind,
    options: withoutSecrets(options) as Record<string, unknown>,
    link: {
      kind: link.kind,
      ...(link.kind === 'report' && link.descriptor
        ? { descriptor: Buffer.from(link.descriptor).toString('hex') }
        : {}),
      ...(link.kind === 'report' ? { texts: link.texts } : {}),
      ...(link.kind === 'pipes'
        ? { endpoints: { in: [...link.endpoints.in], out: [...link.endpoints.out] } }
        : {}),
    },
    at: new Date(at).toISOString(),
  }
}

export function lineOf(piece: SeenPiece, openedAt: number): TraceLine {
  return {
    t: Math.max(0, Math.round(piece.at - openedAt)),
    dir: piece.direction === 'to-device' ? 'to' : 'from',
    hex: Buffer.from(piece.harmless).toString('hex'),
    ...(piece.text === undefined ? {} : { text: piece.text }),
    ...(piece.via ? { via: piece.via } : {}),
  }
}

const secret = /secret|token|password|passwd|user|pin$|key|serialNumber/i

/** A trace is given to others: neither what signs in to a device nor what names one unit goes along. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name, each]) => each !== undefined && !secret.test(name))
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutSecrets(each)]))
}
