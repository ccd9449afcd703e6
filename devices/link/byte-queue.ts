/**
 * Chunks waiting for their one reader. `end` lets the reader finish what is there and then stops it.
 */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  #chunks: Uint8Array[] = []
  #wake: (() => void) | undefined
  #ended = false
  #taken = false

  push(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#chunks.push(chunk)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    if (this.#taken) throw new Error('A link has one reader: its bytes were already taken.')
    this.#taken = true
    return {
      next: async () => {
        while (this.#chunks.length === 0 && !this.#ended) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
        const value = this.#chunks.shift()
        return value ? { value, done: false } : { value: undefined, done: true }
      },
      return: async () => {
        this.end()
        this.#chunks = []
        return { value: undefined, done: true }
      },
    }
  }
}
