import { z } from 'zod'

const hexBytes = z.string().regex(/^[0-9A-F]{2}( [0-9A-F]{2})*$/)

/**
 * What one printer model can do, as data. The shape follows escpos-printer-db (media, columns, features), with the
 * Chinese, status and confirmation facts that database lacks.
 */
export const printerProfileSchema = z.strictObject({
  label: z.string(),
  media: z.strictObject({ widthMm: z.int(), widthDots: z.int(), dpi: z.int() }),
  /** Columns of 12 dots; a Han character takes two. */
  columns: z.int(),
  encoding: z.literal('gb18030'),
  /** Characters of the encoding which this board's font lacks. */
  missingGlyphs: z.string(),
  /** How a QR code is asked for. */
  qr: z.literal('gs(k'),
  status: z.strictObject({
    /** The n of DLE EOT n it answers; empty when it never answers. */
    eot: z.array(z.int().min(1).max(4)),
    /** Automatic status (GS a). */
    asb: z.boolean(),
    /** Process id confirmation (GS ( H function 48); `probe`: ask the printer once. */
    gsH48: z.union([z.boolean(), z.literal('probe')]),
    /** In-order paper status (GS r 1). */
    gsr: z.boolean(),
  }),
  cut: hexBytes.describe('the one cut command, e.g. "1D 56 42 00": feed to the cutter, partial cut'),
  /** Rows one GS v 0 may carry. */
  maxRasterRows: z.int().min(1),
  /** True where GS ! does not enlarge Han characters and FS ! must be sent as well. */
  needFSbang: z.boolean(),
  printMmPerSecond: z.number().positive(),
})
export type PrinterProfile = z.infer<typeof printerProfileSchema>

const generic = {
  encoding: 'gb18030',
  missingGlyphs: '',
  qr: 'gs(k',
  status: { eot: [1, 2, 3, 4], asb: true, gsH48: 'probe', gsr: true },
  cut: '1D 56 42 00',
  maxRasterRows: 255,
  needFSbang: false,
  printMmPerSecond: 60,
} as const

/** Settings name these, so a name is never changed and never reused. */
export const profileNames = ['generic-58', 'generic-80'] as const
export type ProfileName = (typeof profileNames)[number]

export const printerProfiles: { readonly [Name in ProfileName]: PrinterProfile } = {
  'generic-58': printerProfileSchema.parse({
    ...generic,
    label: '58 mm paper, 203 dpi, 32 columns',
    media: { widthMm: 58, widthDots: 384, dpi: 203 },
    columns: 32,
  }),
  'generic-80': printerProfileSchema.parse({
    ...generic,
    label: '80 mm paper, 203 dpi, 48 columns',
    media: { widthMm: 80, widthDots: 576, dpi: 203 },
    columns: 48,
  }),
}
