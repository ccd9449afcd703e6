import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** One page of SQLite's log and a bit: what a small commit appends. */
const APPENDED = Buffer.alloc(4096, 0x5a)

export interface DiskProbe extends Disposable {
  /** Appends 4 KiB and waits until the disk says that it has them. Milliseconds. */
  sync(): number
}

/** Measures the disk itself, in the folder in which the ledger lies, with the same call that SQLite makes. */
export function diskProbe(folder: string): DiskProbe {
  const path = join(folder, 'sync-probe')
  const file = openSync(path, 'w')
  return {
    sync() {
      const start = performance.now()
      writeSync(file, APPENDED)
      fdatasyncSync(file)
      return performance.now() - start
    },
    [Symbol.dispose]() {
      closeSync(file)
      rmSync(path)
    },
  }
}
