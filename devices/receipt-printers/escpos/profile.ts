import { z } from 'zod'

/** How a flag is known: from the maker's manual, asked of a real unit, or taken for likely. */
const sources = ['manual', 'probed', 'unverified'] as const

const flag = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, source: z.enum(sources) })

const hexBytes = z.string().regex(/^[0-9A-F]{2}( [0-9A-F]{2})*$/, 'expected bytes in hex, e.g. "1D 56 42 00"')
const COLUMN_DOTS = 12

/** What we add: the facts of Chinese kiosk printers that escpos-printer-db has no field for. */
const kioskBlock = z.strictObject({
  zh: z.strictObject({
    encoding: flag(z.literal('gb18030')),
    /** Characters of the encoding which this board's font lacks. */
    missingGlyphs: flag(z.string()),
    /** True where GS ! does not enlarge Han characters and FS ! must be sent as well. */
    needFSbang: flag(z.boolean()),
  }),
  /** How a QR code is asked for; `none`: it is drawn here and sent as a picture. */
  qr: flag(z.enum(['gs(k', 'escz', 'masung', 'none'])),
  status: z.strictObject({
    /** The n of DLE EOT n it answers; empty when it never answers. */
    eot: flag(z.array(z.int().min(1).max(4))),
    /** Automatic status (GS a). */
    asb: flag(z.boolean()),
    /** Process id confirmation (GS ( H function 48); `probe`: ask the printer once. */
    gsH48: flag(z.union([z.boolean(), z.literal('probe')])),
    /** In-order paper status (GS r 1). */
    gsr: flag(z.boolean()),
  }),
  /** Where makers give a status bit another meaning than Epson does. */
  bits: z.strictObject({
    /** DLE EOT 3, bit 2. */
    eot3bit2: flag(z.enum(['mechanical', 'paper-jam', 'black-mark'])),
    /** Paper end in DLE EOT 4: bits 5 and 6 together, or bit 5 alone because bit 6 is the presenter's sensor. */
    paperEnd: flag(z.enum(['bits-5-6', 'bit-5'])),
    /** Byte 2 of the automatic status, bit 1. */
    asb2bit1: flag(z.enum(['unused', 'presenter-jam'])),
  }),
  presenter: z.strictObject({
    dialect: flag(z.enum(['none', 'custom-ge', 'masung', 'citizen'])),
    /** True where a 0 of the presenter's status byte means yes. */
    activeLow: flag(z.boolean()),
  }),
  /** The one cut command, e.g. "1D 56 42 00": feed to the cutter, partial cut. */
  cut: flag(hexBytes),
  /** Rows one GS v 0 may carry. */
  maxRasterRows: flag(z.int().min(1).max(2048)),
  printMmPerSecond: flag(z.number().positive()),
  /** About how much paper is left when the near-end sensor begins to tell; to be measured in each housing. */
  nearEndTailMm: flag(z.int().positive()),
  /** What a cut that feeds to the cutter first moves the paper by. */
  headToCutterMm: flag(z.number().min(0)),
})

const font = z.strictObject({ name: z.string().optional(), columns: z.int().positive() })

/** A file of `config/printers/` with what it inherits: the fields of escpos-printer-db, and the block `kiosk`. */
export const profileFileSchema = z
  .strictObject({
    name: z.string(),
    vendor: z.string(),
    notes: z.string().optional(),
    inherits: z.string().optional(),
    media: z.strictObject({
      dpi: z.int().positive(),
      width: z.strictObject({ mm: z.number().positive(), pixels: z.int().positive() }),
    }),
    /** Font "0" is the one we print with: columns of 12 dots, of which a Han character takes two. */
    fonts: z.object({ '0': font }).catchall(font),
    /** Kept so that a profile of that database can be pasted in; text goes out as `kiosk.zh` says. */
    codePages: z.record(z.string(), z.string()).optional(),
    colors: z.record(z.string(), z.string()).optional(),
    features: z.record(z.string(), z.boolean()).optional(),
    kiosk: kioskBlock,
  })
  .superRefine(({ fonts, media }, context) => {
    if (fonts['0'].columns * COLUMN_DOTS <= media.width.pixels) return
    const message = `expected at most ${Math.floor(media.width.pixels / COLUMN_DOTS)} columns of ${COLUMN_DOTS} dots`
    context.addIssue({ code: 'custom', path: ['fonts', '0', 'columns'], message })
  })
export type ProfileFile = z.infer<typeof profileFileSchema>

type Kiosk = z.infer<typeof kioskBlock>
type Values<Block> = { readonly [Key in keyof Block]: Block[Key] extends { value: infer V } ? V : never }

export type QrDialect = Kiosk['qr']['value']
export type StatusBits = Values<Kiosk['bits']>

/** What one printer model can do, as the encoder and the dialogue need it. */
export interface PrinterProfile {
  readonly label: string
  readonly media: { readonly widthMm: number; readonly widthDots: number; readonly dpi: number }
  readonly columns: number
  readonly encoding: 'gb18030'
  readonly missingGlyphs: string
  readonly needFSbang: boolean
  readonly qr: QrDialect
  readonly status: Values<Kiosk['status']>
  readonly bits: StatusBits
  readonly presenter: Values<Kiosk['presenter']>
  readonly cut: string
  readonly maxRasterRows: number
  readonly printMmPerSecond: number
  readonly nearEndTailMm: number
  readonly headToCutterMm: number
}

export function profileOfFile({ name, vendor, media, fonts, kiosk }: ProfileFile): PrinterProfile {
  const { zh, status, bits, presenter } = kiosk
  return {
    label: `${vendor} ${name}`,
    media: { widthMm: media.width.mm, widthDots: media.width.pixels, dpi: media.dpi },
    columns: fonts['0'].columns,
    encoding: zh.encoding.value,
    missingGlyphs: zh.missingGlyphs.value,
    needFSbang: zh.needFSbang.value,
    qr: kiosk.qr.value,
    status: {
      eot: status.eot.value,
      asb: status.asb.value,
      gsH48: status.gsH48.value,
      gsr: status.gsr.value,
    },
    bits: {
      eot3bit2: bits.eot3bit2.value,
      paperEnd: bits.paperEnd.value,
      asb2bit1: bits.asb2bit1.value,
    },
    presenter: { dialect: presenter.dialect.value, activeLow: presenter.activeLow.value },
    cut: kiosk.cut.value,
    maxRasterRows: kiosk.maxRasterRows.value,
    printMmPerSecond: kiosk.printMmPerSecond.value,
    nearEndTailMm: kiosk.nearEndTailMm.value,
    headToCutterMm: kiosk.headToCutterMm.value,
  }
}
