import { z } from 'zod'

/**
 * A driver without code: how the frames of a device look, as data. For thermometers and code scanners on serial nobody wrote
 * a driver for. Positions count from 0; hex is in the order of the wire.
 */
const hex = z
  .string()
  .regex(/^([0-9a-f]{2})+$/i, 'expected hex, two digits a byte and no spaces, e.g. "55aa30"')
  .transform((text) => Uint8Array.from(Buffer.from(text, 'hex')))
const position = z.int().min(0).max(4096)
const size = z.int().min(1).max(4096)

const length = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), bytes: size }),
  z.strictObject({
    type: z.literal('field'),
    offset: position,
    size: z.union([z.literal(1), z.literal(2)]),
    endian: z.enum(['big', 'little']).default('big'),
    /** Added to the number found, to get the length of the whole frame. */
    adjust: z.int().min(-4096).max(4096),
    /** The longest frame; a longer one is noise. */
    max: size,
  }),
  z.strictObject({ type: z.literal('terminator'), bytes: hex, max: size }),
])

/** Stands at the end of the frame, low byte first where it has two. */
const checksum = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.enum(['sum8', 'xor8', 'crc16-modbus']),
    /** First byte covered. */
    from: position.default(0),
    /** Bytes right before the checksum that it does not cover. */
    before: position.default(0),
  }),
])

const field = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'expected a name such as "body"'),
  offset: position,
  type: z.enum(['u8', 'i8', 'u16be', 'u16le', 'i16be', 'i16le', 'ascii', 'bytes']),
  /** Of text and bytes; left out: up to the end of the data. */
  length: size.optional(),
  /** A number on the wire times this is the value. */
  scale: z.number().positive().default(1),
  unit: z.enum(['celsius', 'none']).default('none'),
})

export const descriptionShape = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected lower-case letters, digits and "-", at most 40'),
  kind: z.enum(['thermometer', 'code-scanner']),
  /** Shown to the technician. */
  label: z.string().min(1),
  /** Where the frames are documented. */
  source: z.string().min(1),
  serial: z.strictObject({
    baudRate: z.int().positive(),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  }),
  frame: z.strictObject({
    /** The bytes every frame begins with. */
    start: hex,
    length,
    checksum,
    fields: z.array(field).min(1),
  }),
  /** For devices that speak only when asked. */
  poll: z
    .strictObject({
      bytes: hex,
      intervalMs: z.int().min(50).max(10_000),
      timeoutMs: z.int().min(20).max(5000).default(500),
    })
    .optional(),
  /** Frames from the documentation, and what they mean; a number in its unit, bytes as hex. */
  golden: z
    .array(z.strictObject({ frame: hex, values: z.record(z.string(), z.union([z.number(), z.string()])) }))
    .min(1),
})

export type Description = z.infer<typeof descriptionShape>
export type Field = Description['frame']['fields'][number]
export type Checksum = Description['frame']['checksum']

const numberSizes = { u8: 1, i8: 1, u16be: 2, u16le: 2, i16be: 2, i16le: 2 } as const

export function isNumberField(field: Field): field is Field & { type: keyof typeof numberSizes } {
  return field.type in numberSizes
}

/** Bytes of a field; undefined: up to the end of the data. */
export function fieldBytes(field: Field): number | undefined {
  return isNumberField(field) ? numberSizes[field.type] : field.length
}

/** Bytes behind the data: checksum or terminator. */
export function tailBytes({ checksum, length }: Description['frame']): number {
  if (length.type === 'terminator') return length.bytes.length
  if (checksum.type === 'none') return 0
  return checksum.type === 'crc16-modbus' ? 2 : 1
}

export function longestFrame({ length }: Description['frame']): number {
  return length.type === 'fixed' ? length.bytes : length.max
}

/** A frame that is shorter cannot hold its fields. */
export function shortestFrame(frame: Description['frame']): number {
  const { start, length, fields } = frame
  if (length.type === 'fixed') return length.bytes
  const ends = fields.map((field) => field.offset + (fieldBytes(field) ?? 0))
  const header = length.type === 'field' ? length.offset + length.size : 0
  return Math.max(start.length, header, ...ends) + tailBytes(frame)
}
