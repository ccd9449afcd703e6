/**
 * How a technician reads what travels over the link of one model, without reading anybody's data. A byte is shown only where it
 * is known to tell of nobody; what no frame explains is never shown.
 */
export interface Wire {
  readonly toDevice: WireReader
  readonly fromDevice: WireReader
  /** Of a web device, what a body says besides its length; bodies themselves are never shown. */
  describeBody?(contentType: string, body: Uint8Array): string | undefined
}

/** One direction. On a link of reports each chunk is a whole report, on others chunks may be cut anywhere. */
export interface WireReader {
  /** Takes what travelled, and returns what is whole by now. */
  push(chunk: Uint8Array): WirePiece[]
  /** Returns what is unfinished, because nothing came for `gapMs` or the link is over. */
  flush(): WirePiece[]
  /** Silence after which nothing is waited for any more; undefined: the device waits for the rest for ever. */
  readonly gapMs: number | undefined
}

/** Some bytes that belong together. */
export interface WirePiece {
  /** Each byte as it travelled; undefined where it may tell of a person. */
  readonly shown: readonly (number | undefined)[]
  /** As many bytes, with harmless ones in place of those: what a trace keeps. A device's driver takes them for real. */
  readonly harmless: Uint8Array
  /** What they say, in words for the technician; undefined where no frame explains them. */
  readonly text?: string
}

/** What an open link tells of itself. */
export interface LinkFacts {
  readonly descriptor?: Uint8Array | undefined
}

/** Makes the reader of each direction, for a device with these options. */
export type OpenWire<Options> = (options: Options, facts: LinkFacts) => Wire

/**
 * Two ways of writing harmless bytes, both as long. What differs between them stands where a person's data would stand, so
 * it is hidden, and with it the check bytes that depend on it.
 */
export type Vary = (harmless: Uint8Array) => Uint8Array
const asTheyAre: Vary = (bytes) => bytes
/** Printable ASCII stays printable. */
const varied: Vary = (bytes) => bytes.map((byte) => byte ^ 0x15)

/** The piece of `bytes` that `rewrite` can write again without anybody's data. */
export function explained(bytes: Uint8Array, text: string, rewrite: (vary: Vary) => Uint8Array): WirePiece {
  const [harmless, other] = [rewrite(asTheyAre), rewrite(varied)]
  // Whatever does not come out byte for byte has something in it that the codec does not know of.
  const same = harmless.length === bytes.length && other.length === bytes.length
  return {
    shown: Array.from(bytes, (byte, at) =>
      same && harmless[at] === byte && other[at] === byte ? byte : undefined,
    ),
    harmless: Uint8Array.from(harmless),
    text,
  }
}

/** Bytes that tell of nobody. */
export function plain(bytes: Uint8Array, text: string): WirePiece {
  return { shown: [...bytes], harmless: Uint8Array.from(bytes), text }
}

/** Bytes that no frame explains: hidden wholly, zeros in a trace. */
export function unexplained(length: number): WirePiece {
  return { shown: Array.from({ length }, () => undefined), harmless: new Uint8Array(length) }
}

/** In place of a code somebody showed: as many characters, the same for everybody and in every packet of a long one. */
export function harmlessCode(length: number): Uint8Array {
  return new Uint8Array(length).fill(0x58)
}
