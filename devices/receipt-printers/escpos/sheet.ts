/** One thing on paper, in dots from the top left corner. */
export type DrawingItem =
  | {
      readonly type: 'text'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly text: string
      readonly bold: boolean
      readonly inverse: boolean
      readonly underline: boolean
    }
  | {
      readonly type: 'bitmap'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      /** Dots a module takes. */
      readonly scale: number
      /** One string a row, '#' black and '.' white. */
      readonly rows: string[]
    }
  | { readonly type: 'cut'; readonly y: number; readonly partial: boolean }

/** What stands on a piece of paper. */
export interface Drawing {
  readonly widthDots: number
  readonly heightDots: number
  readonly items: DrawingItem[]
}

export type QrEncoder = (data: Uint8Array, level: string) => string[]

const CHAR_WIDTH = 12
const CHAR_HEIGHT = 24
const DEFAULT_PITCH = 30
const MULTI_BYTE_FROM = 0x81
const SECOND_BYTE_FROM = 0x40

type TextItem = Extract<DrawingItem, { type: 'text' }>
const chinese = new TextDecoder('gb18030')

/** Paper under a print head: the print buffer of one line, and everything printed so far. */
export class Sheet {
  readonly #paperWidth: number
  readonly #items: DrawingItem[] = []
  #line: TextItem[] = []
  #y = 0

  style = { bold: false, inverse: false, underline: false, scaleX: 1, scaleY: 1 }
  multiByte = false
  align = 0
  areaLeft = 0
  areaWidth: number
  /** From the left edge of the print area. */
  x = 0
  pitch = DEFAULT_PITCH

  constructor(paperWidth: number) {
    this.#paperWidth = paperWidth
    this.areaWidth = paperWidth
  }

  /** ESC @: the print buffer and all settings. */
  reset(): void {
    this.#line = []
    this.style = { bold: false, inverse: false, underline: false, scaleX: 1, scaleY: 1 }
    this.multiByte = false
    this.align = 0
    this.areaLeft = 0
    this.areaWidth = this.#paperWidth
    this.x = 0
    this.pitch = DEFAULT_PITCH
  }

  defaultPitch(): void {
    this.pitch = DEFAULT_PITCH
  }

  text(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0
      const pair = bytes.subarray(index, index + 2)
      // What a board without 4-byte characters does with one shows here too: its digits come out.
      if (this.multiByte && byte >= MULTI_BYTE_FROM && (pair[1] ?? 0) >= SECOND_BYTE_FROM) {
        this.#character(chinese.decode(pair), 2)
        index++
      } else {
        this.#character(byte < 0x80 ? String.fromCharCode(byte) : '\ufffd', 1)
      }
    }
  }

  lineFeed(): void {
    const height = this.flush()
    this.#y += Math.max(this.pitch, height)
  }

  feed(dots: number): void {
    this.#y += this.flush() + dots
  }

  bitmap(rows: string[], scale: number): void {
    this.#y += this.flush()
    const [width, height] = [(rows[0]?.length ?? 0) * scale, rows.length * scale]
    // Wider than the print area: a printer prints nothing.
    if (width > this.areaWidth) return
    const x = this.areaLeft + this.#alignShift(width)
    this.#items.push({ type: 'bitmap', x, y: this.#y, width, height, scale, rows })
    this.#y += height
  }

  cut(partial: boolean, feedDots: number): void {
    this.#y += this.flush() + feedDots
    this.#items.push({ type: 'cut', y: this.#y, partial })
  }

  /** Prints the line buffer where the paper stands; tells how tall it was. */
  flush(): number {
    const height = Math.max(0, ...this.#line.map((item) => item.height))
    const end = Math.max(0, ...this.#line.map((item) => item.x + item.width))
    const shift = this.areaLeft + this.#alignShift(end)
    for (const item of this.#line)
      this.#items.push({ ...item, x: item.x + shift, y: this.#y + height - item.height })
    this.#line = []
    this.x = 0
    return height
  }

  drawing(): Drawing {
    return { widthDots: this.#paperWidth, heightDots: this.#y, items: this.#items }
  }

  #alignShift(width: number): number {
    return Math.floor(((this.areaWidth - width) * this.align) / 2)
  }

  #character(char: string, columns: number): void {
    const { scaleX, scaleY, ...look } = this.style
    const width = columns * CHAR_WIDTH * scaleX
    const height = CHAR_HEIGHT * scaleY
    if (this.x + width > this.areaWidth) this.lineFeed()
    const last = this.#line.at(-1)
    const joins =
      last !== undefined &&
      last.x + last.width === this.x &&
      last.height === height &&
      last.bold === look.bold &&
      last.inverse === look.inverse &&
      last.underline === look.underline
    if (joins)
      this.#line[this.#line.length - 1] = { ...last, width: last.width + width, text: last.text + char }
    else this.#line.push({ type: 'text', x: this.x, y: 0, width, height, text: char, ...look })
    this.x += width
  }
}
