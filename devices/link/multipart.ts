/** One part of an event stream. */
export interface HttpPart {
  readonly contentType: string
  readonly body: Uint8Array
}

/** Real events have some kilobytes; what is longer is none. */
const MAX_PART_BYTES = 64 * 1024
const MAX_HEADER_BYTES = 8 * 1024
const MAX_PREAMBLE_BYTES = 64 * 1024
/** Pictures pass by unread, but not for ever. */
const MAX_PASSED_BYTES = 16 * 1024 * 1024
/** After its boundary a delimiter line has two dashes, some blanks and its end. */
const LINE_REST_BYTES = 40

/** A stream that cannot be cut into parts. */
export class MultipartError extends Error {}

interface Delimiter {
  /** Where the line break before it begins to be no part of a body. */
  readonly at: number
  readonly after: number
  readonly closes: boolean
}

/**
 * Cuts an endless multipart stream (RFC 2046) into its parts as they come. Pure: no timers, no ports.
 *
 *   --boundary CRLF   Content-Type: application/json CRLF   Content-Length: 671 CRLF   CRLF   body CRLF   --boundary CRLF …
 *
 * Cameras take liberties: line feeds alone, dashes that belong to the boundary, a missing or wrong length, no boundary told at
 * all. A part is handed over as soon as it is whole, because the next delimiter comes with the next event. What is neither
 * JSON nor XML (pictures of faces) passes by and is never kept. Throws a MultipartError where no part can be found any more.
 */
export class MultipartCutter {
  #boundary: string | undefined
  /** Begins with a line break, so that every delimiter, the first one too, stands behind one. */
  #pending: Buffer = Buffer.from('\n')
  #state: 'preamble' | 'headers' | 'body' | 'passing' | 'ended' = 'preamble'
  #passed = 0
  #contentType = ''
  #length: number | undefined
  #headerBytes = 0

  /** `boundary`: as the answer's own header tells it, or undefined: then the first line that looks like one is taken. */
  constructor(boundary: string | undefined) {
    this.#boundary = boundary
  }

  /** Whether the closing delimiter was seen. */
  get ended(): boolean {
    return this.#state === 'ended'
  }

  push(chunk: Uint8Array): HttpPart[] {
    if (this.ended) return []
    this.#pending = Buffer.concat([this.#pending, chunk])
    const parts: HttpPart[] = []
    while (this.#step(parts));
    return parts
  }

  /** Takes one step; false when more bytes are needed. */
  #step(parts: HttpPart[]): boolean {
    switch (this.#state) {
      case 'ended':
        return false
      case 'preamble':
      case 'passing':
        return this.#seek()
      case 'headers':
        return this.#readHeader()
      case 'body':
        return this.#readBody(parts)
    }
  }

  #seek(): boolean {
    const found = this.#delimiter()
    if (found) return this.#pass(found)
    const keep = (this.#boundary?.length ?? 70) + 5 + LINE_REST_BYTES
    const drop = Math.max(0, this.#pending.length - keep)
    this.#passed += drop
    this.#pending = this.#pending.subarray(drop)
    const limit = this.#state === 'preamble' ? MAX_PREAMBLE_BYTES : MAX_PASSED_BYTES
    if (this.#passed > limit) throw new MultipartError(`no delimiter within ${limit} bytes`)
    return false
  }

  #pass({ after, closes }: Delimiter): boolean {
    // The line break at its end may be the one before the next delimiter.
    this.#pending = this.#pending.subarray(after - 1)
    this.#state = closes ? 'ended' : 'headers'
    this.#passed = 0
    this.#headerBytes = 0
    this.#contentType = ''
    this.#length = undefined
    return !closes
  }

  /** One line; `#pending` begins with the line break before it. */
  #readHeader(): boolean {
    const torn = this.#delimiter()
    if (torn?.at === 0) return this.#pass(torn)
    const end = this.#pending.indexOf('\n', 1)
    if (this.#headerBytes + (end < 0 ? this.#pending.length : end) > MAX_HEADER_BYTES)
      throw new MultipartError(`headers of more than ${MAX_HEADER_BYTES} bytes`)
    if (end < 0) return false
    const line = this.#pending.subarray(1, end).toString('latin1').trim()
    this.#headerBytes += end
    if (line === '') this.#beginBody(end)
    else {
      this.#pending = this.#pending.subarray(end)
      this.#note(line)
    }
    return true
  }

  #note(line: string): void {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    if (/^content-type$/i.test(name)) this.#contentType = value
    if (/^content-length$/i.test(name) && /^\d+$/.test(value)) this.#length = Number(value)
  }

  #beginBody(end: number): void {
    this.#pending = this.#pending.subarray(end)
    const isKept = /json|xml/i.test(this.#contentType) && (this.#length ?? 0) <= MAX_PART_BYTES
    this.#state = isKept ? 'body' : 'passing'
  }

  /** `#pending` begins with the line break before the body. A part that ends before it is whole was torn: nobody hears of it. */
  #readBody(parts: HttpPart[]): boolean {
    const delimiter = this.#delimiter()
    const body = this.#pending.subarray(1, delimiter?.at)
    const isComplete = delimiter !== undefined || body.length >= (this.#length ?? 0)
    const whole = isComplete && wholeDocument(this.#contentType, body)
    if (whole) parts.push({ contentType: this.#contentType, body: whole })
    if (delimiter) return this.#pass(delimiter)
    if (!whole && body.length <= MAX_PART_BYTES) return false
    // Some lengths count the line break behind the body, too: it stays for the delimiter.
    this.#pending = this.#pending.subarray(body.length)
    this.#state = 'passing'
    return true
  }

  /** The first whole delimiter line in `#pending`. */
  #delimiter(): Delimiter | undefined {
    if (this.#boundary === undefined) {
      const [, first] = /\n--(\S{1,70})\r?\n/.exec(this.#pending.toString('latin1')) ?? []
      if (first === undefined) return undefined
      this.#boundary = first
    }
    const own = [`\n--${this.#boundary}`]
    // Some cameras tell the dashes as part of the boundary, and then do not write them twice.
    if (this.#boundary.startsWith('--')) own.push(`\n${this.#boundary}`)
    const found = own.flatMap((needle) => this.#lines(needle))
    return found.sort((a, b) => a.at - b.at)[0]
  }

  #lines(needle: string): Delimiter[] {
    for (let at = this.#pending.indexOf(needle); at >= 0; at = this.#pending.indexOf(needle, at + 1)) {
      const from = at + needle.length
      const rest = this.#pending.subarray(from, from + LINE_REST_BYTES).toString('latin1')
      const [line, dashes] = /^(--)?[ \t]*\r?\n/.exec(rest) ?? []
      if (line !== undefined) return [{ at, after: from + line.length, closes: dashes !== undefined }]
    }
    return []
  }
}

/**
 * The document these bytes hold, when it has come to its end. Lengths alone are not believed: some are missing, some count
 * characters.
 */
function wholeDocument(contentType: string, bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('utf8').trim()
  return (/json/i.test(contentType) ? isJson(text) : isXml(text)) ? Buffer.from(text) : undefined
}

function isJson(text: string): boolean {
  if (!text.endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isXml(text: string): boolean {
  const [, root] = /^(?:<\?[^>]*\?>\s*)?<([A-Za-z][\w.-]*)[\s>]/.exec(text) ?? []
  return root !== undefined && text.endsWith(`</${root}>`)
}
