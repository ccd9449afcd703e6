import type { Clock } from '../devices/lib/clock.ts'
import type { HallStore } from './hall/hall-store.ts'
import type { Log } from './log.ts'

const HOUR_MS = 3_600_000

/** Salts outlive their use by hours, not days: without them nothing in the ledger leads to anybody. */
export function purgeSaltsHourly(store: HallStore, clock: Clock, log: Log): Disposable {
  const stopping = new AbortController()
  async function purge() {
    while (!stopping.signal.aborted) {
      await store.purgeSalts(clock.now()).catch((error) => log('expired salts were not purged', { error }))
      await clock.sleep(HOUR_MS, stopping.signal).catch(() => {})
    }
  }
  void purge()
  return { [Symbol.dispose]: () => stopping.abort() }
}
