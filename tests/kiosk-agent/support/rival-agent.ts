import { openEmbeddedHallStore } from '../../../kiosk-agent/hall/embedded-hall-store.ts'
import { type ClaimAnswer, type ClaimOrder, StoreError } from '../../../kiosk-agent/hall/hall-store.ts'
import { seededRandom } from './random.ts'

/** One of several agents of a hall, a process of its own: claims what its parent says, at the moment it says. */
export interface RivalOrder {
  readonly order: ClaimOrder
  /** When to claim, wall time in milliseconds with a fraction; the seed adds up to half a millisecond. */
  readonly goAt: number
}
export type RivalAnswer = { readonly ready: true } | { readonly nonce: string; readonly answer: ClaimAnswer }

const [path = '', hallId = '', seed = '0'] = process.argv.slice(2)
const random = seededRandom(Number(seed))
const say = (answer: RivalAnswer) => process.send?.(answer)
const store = await openEmbeddedHallStore({ path, hallId, capacity: 1 })

process.on('message', ({ order, goAt }: RivalOrder) => {
  const moment = goAt + random() / 2
  // Spinning, because a timer is too coarse to meet the other process in the same instant.
  while (performance.timeOrigin + performance.now() < moment);
  void claim(order).then((answer) => say({ nonce: order.nonce, answer }))
})
process.on('disconnect', () => process.exit())
say({ ready: true })

/** A machine busy with other things may keep one of us waiting for longer than the store does. */
async function claim(order: ClaimOrder): Promise<ClaimAnswer> {
  for (;;) {
    try {
      return await store.claim(order)
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'busy') throw error
    }
  }
}
