/** What a queue keeps for a reader that does not read. A receipt printer's driver may never ask what the printer says. */
const DEFAULT_LIMIT_BYTES = 1024 * 1024

/**
 * Chunks waiting for their one reader. `end` lets the reader finish what is there and then stops it.
 * Beyond `limitBytes` the oldest chunks are dropped: a kiosk runs for months.
 */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #limitBytes: number
  #chunks: Uint8Array[] = []
  #bytes = 0
  #waiting: (() => void)[] = []
  #ended = false
  #taken = false

  constructor(limitBytes = DEFAULT_LIMIT_BYTES) {
    this.#limitBytes = limitBytes
  }

  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#bytes > this.#limitBytes && this.#chunks.length > 1) this.#take()
    this.#waiting.shift()?.()
  }

  end(): void {
    this.#ended = true
    for (const wake of this.#waiting.splice(0)) wake()
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    if (this.#taken) throw new Error('A link has one reader: its bytes were already taken.')
    this.#taken = true
    return {
      next: async () => {
        while (this.#chunks.length === 0 && !this.#ended) {
          await new Promise<void>((resolve) => {
            this.#waiting.push(resolve)
          })
        }
        const value = this.#take()
        return value ? { value, done: false } : { value: undefined, done: true }
      },
      return: async () => {
        this.#chunks = []
        this.#bytes = 0
        this.end()
        return { value: undefined, done: true }
      },
    }
  }

  #take(): Uint8Array | undefined {
    const chunk = this.#chunks.shift()
    this.#bytes -= chunk?.length ?? 0
    return chunk
  }
}
